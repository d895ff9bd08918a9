"""The tables of the trade, one module per aggregate."""

from .accounts import Membership, User
from .attachments import Attachment
from .audit import AuditEntry
from .base import Record, StaleRecord
from .bulk_changes import ChangedRow, ChangeSet
from .calendar_feeds import CalendarFeed
from .changes import FieldChange
from .companies import AllianceMembership, Company, CompanyMark, CompanyName, Contact
from .conflicts import ClaimRequest, Conflict, ProtectionRule
from .deals import Arrival, Commitment, Deal, DealParty
from .directives import Directive, Reply
from .history import StageMove, StageProposal, StatusChange
from .identity import OldPassword, SecondFactorRule, SignIn
from .imports import ImportJob, ImportPlan, ImportRow
from .ledgers import (
    ColumnChoice,
    ExportLog,
    HeadingMemory,
    LedgerTemplate,
    ReferenceProposal,
)
from .list_views import ListLayout, SavedView
from .merges import Merge
from .months import FrozenMonth, FrozenRow
from .notes import Note
from .notices import Digest, Notice
from .organisation import Department, StageRule, TaskForce, TimeLimit
from .outbox import Outgoing, Robot
from .outreach import Event, Trip, Visit
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
from .screens import ScreenSettings, WallToken
from .submissions import Submission
from .targets import Target, TargetChange
from .tasks import FollowUp, Request

__all__ = [
    "AllianceMembership",
    "Arrival",
    "Assessment",
    "Attachment",
    "AuditEntry",
    "CalendarFeed",
    "Chain",
    "ChangeSet",
    "ChangedRow",
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
    "Digest",
    "Directive",
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
    "ListLayout",
    "Membership",
    "Merge",
    "Milestone",
    "Note",
    "Notice",
    "OldPassword",
    "Outgoing",
    "Park",
    "Phase",
    "Project",
    "ProjectInvestor",
    "ProtectionRule",
    "Record",
    "ReferenceFact",
    "ReferenceProposal",
    "Region",
    "Reply",
    "Request",
    "Robot",
    "SavedView",
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
    "TimeLimit",
    "Trip",
    "User",
    "Visit",
    "WallToken",
]
