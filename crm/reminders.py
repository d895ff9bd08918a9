"""What falls due is told once: follow-ups, promises, requests, key firms …; escalation."""

from datetime import date, timedelta

from django.db.models import Q

from crm.access import Role
from crm.clock import Step
from crm.indicators import whole_city
from crm.models import (
    Commitment,
    Directive,
    FactorGuarantee,
    FollowUp,
    Membership,
    Notice,
    Project,
    Request,
    TimeLimit,
    User,
)
from crm.models.directives import escalate
from crm.stages import Stage
from crm.targeting import key_firms
from crm.targeting.keeping_up import late_ones

CHUNK = 500
LATELY = 31


def remind(on: date) -> None:
    """Put everything that fell due by the day into the inboxes; a second run adds nothing."""
    _follow_ups(on)
    _complete_checklists(on)
    for model in (Request, Directive, FactorGuarantee):
        _overdue(model, on)
    _key_firms(on)
    _commitments(on)
    _factors(on)
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


def _factors(on: date) -> None:
    """A line of a checklist is told to its unit and to the officer before its day, too."""
    rows = FactorGuarantee.objects.live().due_soon(on).select_related("project")
    for row in rows.order_by("pk").iterator(CHUNK):
        key = f"factor-due-{row.pk}-{row.due_on}"
        Notice.objects.tell(row.involved(), "factor", row, key=key)


def _key_firms(on: date) -> None:
    """A key firm not contacted in its rhythm: told to the leads of its task force, once a lapse."""
    leads: dict[int, list[User]] = {}
    rows = Membership.objects.filter(left_on=None, user__role=Role.TEAM_LEAD, user__is_active=True)
    for row in rows.select_related("user"):
        leads.setdefault(row.task_force_id, []).append(row.user)
    for firm in late_ones(key_firms(whole_city().reader, on)).filter(owning_team__in=leads):
        key = f"key-firm-{firm.pk}-{firm.last_contact_on or 'never'}"
        Notice.objects.tell(leads[firm.owning_team_id], "key_firm", firm, key=key)


def _escalate(on: date) -> None:
    """An overdue request goes to the bureau, then to the city, after the days the bureau set."""
    limits = TimeLimit.current_limits()
    for step, level in ((Step.TO_CITY, "city"), (Step.TO_BUREAU, "bureau")):
        late = Request.objects.live().overdue(on - timedelta(days=limits.days(step) - 1))
        below = ["", "bureau"] if level == "city" else [""]
        for row in late.filter(supervision__in=below).order_by("pk"):
            escalate(row, level)
