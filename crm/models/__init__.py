"""The tables of the trade, one module per aggregate."""

from .accounts import Membership, User
from .attachments import Attachment
from .audit import AuditEntry
from .base import Record, StaleRecord
from .changes import FieldChange
from .companies import AllianceMembership, Company, CompanyMark, CompanyName, Contact
from .conflicts import ClaimRequest, Conflict, ProtectionRule
from .deals import Arrival, Commitment, Deal, DealParty
from .history import StageMove, StageProposal, StatusChange
from .identity import OldPassword, SecondFactorRule, SignIn
from .ledgers import (
    ColumnChoice,
    ExportLog,
    HeadingMemory,
    ImportJob,
    ImportRow,
    LedgerTemplate,
    ReferenceProposal,
)
from .merges import Merge
from .organisation import Department, StageRule, TaskForce
from .outreach import Event, FollowUp, Request, Trip, Visit
from .project_parts import (
    Assessment,
    ComputeCapacity,
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
from .submissions import Submission
from .targets import Target, TargetChange

__all__ = [
    "AllianceMembership",
    "Arrival",
    "Assessment",
    "Attachment",
    "AuditEntry",
    "Chain",
    "ClaimRequest",
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
    "HeadingMemory",
    "ImportJob",
    "ImportRow",
    "Industry",
    "Institution",
    "LedgerTemplate",
    "Membership",
    "Merge",
    "Milestone",
    "OldPassword",
    "Park",
    "Phase",
    "Project",
    "ProjectInvestor",
    "ProtectionRule",
    "Record",
    "ReferenceFact",
    "ReferenceProposal",
    "Region",
    "Request",
    "ScoreAdjustment",
    "ScoreRule",
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
]
