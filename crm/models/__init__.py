"""The tables of the trade, one module per aggregate."""

from .accounts import Membership, User
from .alliance import (
    AllianceCommitment,
    AllianceMeeting,
    AllianceMembership,
    Introduction,
    MeetingAttendance,
)
from .api_answers import ApiAnswer
from .api_tokens import ApiToken
from .api_uses import ApiUse
from .attachments import Attachment
from .attribution import Attribution, AttributionRule
from .audit import AuditEntry
from .base import Record, StaleRecord
from .bulk_changes import ChangedRow, ChangeSet
from .calendar_feeds import CalendarFeed
from .changes import FieldChange
from .commitments import Commitment
from .companies import Company, CompanyMark, CompanyName, Contact
from .conflicts import ClaimRequest, Conflict, ProtectionRule
from .data_centres import DataCentre, DataCentreCompute
from .deals import Arrival, Deal, DealParty
from .directives import Directive, Reply
from .erasures import Erasure
from .export_rules import ExportRule
from .feed import FeedEntry
from .guarantees import FactorGuarantee, FactorTemplate
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
from .places import EntryRule, ParkSupply
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
from .subscriptions import PushHost, Subscription
from .talent import PeopleNeed, Programme, TrainingAgreement, TrainingYear
from .targeting import Signal, TargetFactor
from .targets import Target, TargetChange
from .tasks import FollowUp, Request
from .trip_plans import Invitation, PlannedMeeting

__all__ = [
    "AllianceCommitment",
    "AllianceMeeting",
    "AllianceMembership",
    "ApiAnswer",
    "ApiToken",
    "ApiUse",
    "Arrival",
    "Assessment",
    "Attachment",
    "Attribution",
    "AttributionRule",
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
    "DataCentreCompute",
    "Deal",
    "DealParty",
    "Department",
    "Digest",
    "Directive",
    "DistrictArea",
    "EntryRule",
    "Erasure",
    "Event",
    "ExportLog",
    "ExportRule",
    "FactorGuarantee",
    "FactorNeeds",
    "FactorTemplate",
    "FeedEntry",
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
    "Introduction",
    "Invitation",
    "LedgerTemplate",
    "ListLayout",
    "MeetingAttendance",
    "Membership",
    "Merge",
    "Milestone",
    "Note",
    "Notice",
    "OldPassword",
    "Outgoing",
    "Park",
    "ParkSupply",
    "PeopleNeed",
    "Phase",
    "PlannedMeeting",
    "Programme",
    "Project",
    "ProjectInvestor",
    "ProtectionRule",
    "PushHost",
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
    "Signal",
    "StageMove",
    "StageProposal",
    "StageRule",
    "StaleRecord",
    "StatusChange",
    "Submission",
    "Subscription",
    "Target",
    "TargetChange",
    "TargetFactor",
    "TaskForce",
    "TimeLimit",
    "TrainingAgreement",
    "TrainingYear",
    "Trip",
    "User",
    "Visit",
    "WallToken",
]
