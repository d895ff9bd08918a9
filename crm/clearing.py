"""Takes the sample rows out again: all of them or none."""

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import CASCADE, PROTECT, ProtectedError

from crm import models
from crm.models import Submission, User
from crm.models.audit import Action

# Children before parents, so that PROTECT only speaks up for rows that are not sample data.
# Task forces stay: their number is a fact, only their names are sample naming.
ORDER = (
    models.ChangeSet, models.SavedView,
    models.FrozenRow, models.FrozenMonth,
    models.FieldChange,
    models.Reply, models.Note, models.Directive, models.Robot,
    models.Subscription, models.ApiToken, models.PushHost,
    models.Attachment, models.FollowUp, models.Request, models.Arrival, models.Commitment,
    models.Attribution, models.Invitation, models.PlannedMeeting,
    models.MeetingAttendance, models.AllianceMeeting, models.AllianceCommitment,
    models.Introduction, models.PeopleNeed, models.TrainingYear, models.Programme,
    models.TrainingAgreement,
    models.DealParty, models.Deal, models.Visit, models.Trip, models.StageProposal,
    models.StatusChange, models.StageMove, models.ClaimRequest, models.Conflict, models.Merge,
    models.Assessment, models.Milestone, models.FactorGuarantee, models.DataCentreCompute,
    models.DataCentre, models.ParkSupply, models.EntryRule,
    models.ComputeCapacity, models.FactorNeeds, models.Phase, models.CreditShare,
    models.ProjectInvestor, models.Project, models.Event, models.AllianceMembership,
    models.Signal, models.CompanyMark, models.CompanyName, models.Contact, models.Company,
    models.TargetChange, models.TargetFactor,
    models.Target, models.ScoreAdjustment, models.ScoreRule,
    models.Membership, models.ReferenceProposal, models.LedgerTemplate, models.ImportJob,
    models.ExportLog,
)  # fmt: skip
# What only people enter, the facts have none of it: one such row and the system is in real use.
WORKED = (models.Visit, models.FollowUp, models.Request, models.Arrival, models.ImportJob)
AUTHORED = (*ORDER, models.TaskForce, models.Park, models.FactorTemplate,
            models.ReferenceFact)  # fmt: skip


def is_in_real_use() -> bool:
    """Whether people have entered rows of their own beside the sample."""
    return any(model._base_manager.filter(is_sample=False).exists() for model in WORKED)


def present() -> dict[str, int]:
    """How many sample rows of each kind there are: what ``clear`` would remove."""
    found = {
        str(model._meta.verbose_name_plural): model._base_manager.filter(is_sample=True).count()
        for model in (*ORDER, User, models.Department)
    }
    return {name: count for name, count in found.items() if count}


def clear() -> dict[str, int]:
    """Remove every sample row; returns how many of each kind.

    What sample accounts entered is sample data and goes with them. Raises ProtectedError, and
    removes nothing, when a real row refers to a sample one. An account that the audit trail or
    real history names is closed instead of removed.
    """
    removed = {}
    with transaction.atomic():
        for model in ORDER:
            removed[str(model._meta.verbose_name_plural)] = _clear_rows(model)
        removed[str(User._meta.verbose_name_plural)] = _clear_accounts()
        removed[str(models.Department._meta.verbose_name_plural)] = _clear_units()
        if rows := sum(removed.values()):
            models.AuditEntry.objects.record(Action.REMOVED, rows=rows, what="sample")
    return {name: count for name, count in removed.items() if count}


def _clear_rows(model) -> int:
    """Delete the sample rows of a model in one statement; there may be millions.

    Django would read each of them first, to find what hangs on it. Here every relation is asked
    once what of it is left, when its own sample rows are gone.
    """
    rows = model._base_manager.filter(is_sample=True)
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            _release(rows, relation)
    return rows._raw_delete(rows.db)


def _release(rows, relation) -> None:
    """Deal with what still refers to the rows: links go, parts go along, anything else protects."""
    left = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows})
    if relation.related_model is rows.model:
        # PROTECT also holds between rows that go together: a deal and the one it replaces.
        if relation.on_delete is PROTECT:
            left.filter(is_sample=True).update(**{relation.field.name: None})
        left = left.exclude(is_sample=True)
    if relation.related_model._meta.auto_created:
        left._raw_delete(left.db)
    elif relation.on_delete is CASCADE:
        left.delete()
    elif protected := list(left[:5]):
        raise ProtectedError("real rows refer to sample rows", protected)


def _clear_accounts() -> int:
    """Sample accounts, or at least their way in."""
    accounts = User.objects.filter(is_sample=True)
    count = accounts.count()
    LogEntry.objects.filter(user__in=accounts).delete()
    Submission.objects.filter(user__in=accounts).delete()
    models.HeadingMemory.objects.filter(saved_by__in=accounts).delete()
    for model in AUTHORED:
        if hasattr(model, "updated_by"):
            model._base_manager.filter(updated_by__in=accounts).update(updated_by=None)
            model._base_manager.filter(created_by__in=accounts).update(created_by=None)
    closed = accounts.filter(pk__in=_named(accounts))
    closed.update(is_active=False, role="", department=None, park=None, is_sample=False)
    accounts.update(department=None, park=None)
    User.objects.filter(is_sample=True).delete()
    return count


def _named(accounts) -> set[int]:
    """Those of the accounts that a row which stays refers to."""
    named = set()
    for relation in User._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            if relation.on_delete is not PROTECT:
                continue
            column = relation.field.attname
            rows = relation.related_model._base_manager.filter(**{f"{column}__in": accounts})
            named |= set(rows.values_list(column, flat=True))
    return named


def _clear_units() -> int:
    units = models.Department.objects.filter(is_sample=True)
    models.FactorTemplate.objects.filter(department__in=units).update(department=None)
    count = units.count()
    units.delete()
    return count
