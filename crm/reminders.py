"""What falls due is told once: follow-ups, overdue requests and directives; escalation."""

from datetime import date, timedelta

from django.db.models import Q

from crm.clock import Step
from crm.models import Directive, FactorGuarantee, FollowUp, Notice, Project, Request, TimeLimit
from crm.models.directives import escalate
from crm.stages import Stage

CHUNK = 500
LATELY = 31


def remind(on: date) -> None:
    """Put everything that fell due by the day into the inboxes; a second run adds nothing."""
    _follow_ups(on)
    _complete_checklists(on)
    for model in (Request, Directive, FactorGuarantee):
        _overdue(model, on)
    _escalate(on)


def _follow_ups(on: date) -> None:
    due = Q(remind_on=None, due_on__lte=on) | Q(remind_on__lte=on)
    rows = FollowUp.objects.live().waiting().filter(due).select_related("owner", "project")
    for item in rows.order_by("pk").iterator(CHUNK):
        key = f"due-{item.pk}-{item.remind_on or item.due_on}"
        Notice.objects.tell([item.owner], "follow_up", item, key=key)


def _complete_checklists(on: date) -> None:
    """Projects that lately came into a stage by a ledger get its lines of the factor checklist."""
    lately = Project.objects.live().active().filter(stage_since__gt=on - timedelta(days=LATELY))
    FactorGuarantee.objects.complete(lately.exclude(stage=Stage.PRODUCING), since=on)


def _overdue(model, on: date) -> None:
    rows = model.objects.live().overdue(on).select_related("project", "created_by")
    for row in rows.order_by("pk").iterator(CHUNK):
        key = f"overdue-{model._meta.model_name}-{row.pk}-{row.due_on}"
        Notice.objects.tell(row.involved(), "overdue", row, key=key)


def _escalate(on: date) -> None:
    """An overdue request goes to the bureau, then to the city, after the days the bureau set."""
    limits = TimeLimit.current_limits()
    for step, level in ((Step.TO_CITY, "city"), (Step.TO_BUREAU, "bureau")):
        late = Request.objects.live().overdue(on - timedelta(days=limits.days(step) - 1))
        below = ["", "bureau"] if level == "city" else [""]
        for row in late.filter(supervision__in=below).order_by("pk"):
            escalate(row, level)
