"""What falls due is told once: follow-ups, promises, overdue requests, directives; escalation."""

from datetime import date, timedelta

from django.db.models import Q

from crm.clock import Step
from crm.models import Commitment, Directive, FollowUp, Notice, Request, TimeLimit
from crm.models.directives import escalate

CHUNK = 500


def remind(on: date) -> None:
    """Put everything that fell due by the day into the inboxes; a second run adds nothing."""
    _follow_ups(on)
    for model in (Request, Directive):
        _overdue(model, on)
    _commitments(on)
    _escalate(on)


def _follow_ups(on: date) -> None:
    due = Q(remind_on=None, due_on__lte=on) | Q(remind_on__lte=on)
    rows = FollowUp.objects.live().waiting().filter(due).select_related("owner", "project")
    for item in rows.order_by("pk").iterator(CHUNK):
        key = f"due-{item.pk}-{item.remind_on or item.due_on}"
        Notice.objects.tell([item.owner], "follow_up", item, key=key)


def _overdue(model, on: date) -> None:
    rows = model.objects.live().overdue(on).select_related("project", "created_by")
    for row in rows.order_by("pk").iterator(CHUNK):
        key = f"overdue-{model._meta.model_name}-{row.pk}-{row.due_on}"
        Notice.objects.tell(row.involved(), "overdue", row, key=key)


def _commitments(on: date) -> None:
    """A promise is told when it is due soon, and again when its day has passed."""
    linked = ("deal__project", "department")
    for kind, rows in (
        ("commitment", Commitment.objects.due_soon(on)),
        ("overdue", Commitment.objects.overdue(on)),
    ):
        for row in rows.select_related(*linked).order_by("pk").iterator(CHUNK):
            key = f"{kind}-promise-{row.pk}-{row.due_on}"
            Notice.objects.tell(row.involved(), kind, row, key=key)


def _escalate(on: date) -> None:
    """An overdue request goes to the bureau, then to the city, after the days the bureau set."""
    limits = TimeLimit.current_limits()
    for step, level in ((Step.TO_CITY, "city"), (Step.TO_BUREAU, "bureau")):
        late = Request.objects.live().overdue(on - timedelta(days=limits.days(step) - 1))
        below = ["", "bureau"] if level == "city" else [""]
        for row in late.filter(supervision__in=below).order_by("pk"):
            escalate(row, level)
