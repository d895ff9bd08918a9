"""The tables of the trade, one module per aggregate."""

from .accounts import Membership, User
from .attachments import Attachment
from .audit import AuditEntry
from .base import Record, StaleRecord
from .changes import FieldChange
from .companies import AllianceMembership, Company, CompanyMark, CompanyName, Contact
from .deals import Arrival, Commitment, Deal, DealParty
from .history import StageMove, StageProposal, StatusChange
from .identity import OldPassword, SecondFactorRule, SignIn
from .ledgers import (
    ColumnChoice,
    ExportLog,
    HeadingMemory,
    ImportJob,
    ImportPlan,
    ImportRow,
    LedgerTemplate,
    ReferenceProposal,
)
from .months import FrozenMonth, FrozenRow
from .organisation import Department, StageRule, TaskForce
from .outreach import Event, FollowUp, Request, Trip, Visit
from .project_parts import (
    Assessment,
    ComputeCapacity,
    Conflict,
    CreditShare,
    FactorNeeds,
    Milestone,
    Phase,
    ProjectInvestor,
)
from .projects import Project
from .reference import (
    Chain,
    DataCentre,
    DistrictArea,
    Industry,
    Institution,
    Park,
    ReferenceFact,
    Region,
    Segment,
)
from .scoring import ScoreAdjustment, ScoreRule
from .screens import ScreenSettings, WallToken
from .submissions import Submission
from .targets import Target, TargetChange

__all__ = [
    "AllianceMembership",
    "Arrival",
    "Assessment",
    "Attachment",
    "AuditEntry",
    "Chain",
    "ColumnChoice",
    "Commitment",
    "Company",
    "CompanyMark",
    "CompanyName",
    "ComputeCapacity",
    "Conflict",
    "Contact",
    "CreditShare",
    "DataCentre",
    "Deal",
    "DealParty",
    "Department",
    "DistrictArea",
    "Event",
    "ExportLog",
    "FactorNeeds",
    "FieldChange",
    "FollowUp",
    "FrozenMonth",
    "FrozenRow",
    "HeadingMemory",
    "ImportJob",
    "ImportPlan",
    "ImportRow",
    "Industry",
    "Institution",
    "LedgerTemplate",
    "Membership",
    "Milestone",
    "OldPassword",
    "Park",
    "Phase",
    "Project",
    "ProjectInvestor",
    "Record",
    "ReferenceFact",
    "ReferenceProposal",
    "Region",
    "Request",
    "ScoreAdjustment",
    "ScoreRule",
    "ScreenSettings",
    "SecondFactorRule",
    "Segment",
    "SignIn",
    "StageMove",
    "StageProposal",
    "StageRule",
    "StaleRecord",
    "StatusChange",
    "Submission",
    "Target",
    "TargetChange",
    "TaskForce",
    "Trip",
    "User",
    "Visit",
    "WallToken",
]
