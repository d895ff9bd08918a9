"""The recycle bin: what was archived, until when it can be brought back, and emptying it.

Only what nothing refers to is removed. A project never is: its history is append-only.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from crm import models
from crm.models.audit import Action

BIN_DAYS = 90
# Parts before what they belong to, so that a firm can go once its contacts are gone.
IN_BIN = (
    models.Attachment, models.FollowUp, models.Request, models.Arrival, models.Deal, models.Visit,
    models.Trip, models.Event, models.Contact, models.Project, models.Company,
)  # fmt: skip


def archived_rows(model, *, by):
    """What the user may bring back, the latest first; each row says whether it may be read."""
    rows = model.objects.editable_by(by).exclude(archived_at=None).marked_for(by)
    return rows.select_related("updated_by").order_by("-archived_at", "-pk")


def days_left(row, now=None) -> int:
    """Days until the row may be removed; 0 when it stays only because others refer to it."""
    gone = (now or timezone.now()) - row.archived_at
    return max(0, BIN_DAYS - gone.days)


def empty(*, now=None, dry_run: bool = False) -> dict[str, dict[str, int]]:
    """Remove what was archived more than 90 days ago; how many of each kind went and stayed."""
    before = (now or timezone.now()) - timedelta(days=BIN_DAYS)
    with transaction.atomic():
        counted = {str(model._meta.verbose_name_plural): _empty(model, before) for model in IN_BIN}
        if removed := sum(count["removed"] for count in counted.values()):
            models.AuditEntry.objects.record(Action.REMOVED, rows=removed, what="recycle bin")
        transaction.set_rollback(dry_run)
    return {name: count for name, count in counted.items() if any(count.values())}


def _empty(model, before) -> dict[str, int]:
    count = {"removed": 0, "kept": 0}
    for row in model.objects.filter(archived_at__lt=before).order_by("pk"):
        count["removed" if _remove(row) else "kept"] += 1
    return count


def _remove(row) -> bool:
    file = getattr(row, "file", None)
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return False
    if file:
        transaction.on_commit(lambda: file.storage.delete(file.name))
    return True
