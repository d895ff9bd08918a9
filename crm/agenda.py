"""What a person has to do: follow-ups by their day, late lead clocks, missing next steps."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from crm.access import TEAM_ROLES, Role
from crm.models import (
    Commitment,
    Directive,
    FactorGuarantee,
    FollowUp,
    Project,
    Request,
    TimeLimit,
)
from crm.periods import Period
from crm.targeting import key_firms, rhythm_of
from crm.targeting.keeping_up import late_ones

MOST_ROWS = 60
MOST_PROJECTS, MOST_OWED = 12, 6
TITLES = {
    "overdue": _("Overdue"), "today": _("Today"), "week": _("This week"), "later": _("Later"),
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """Follow-ups of one stretch of days; ``count`` is of all, ``rows`` the first of them."""

    key: str
    rows: list
    count: int

    @property
    def title(self) -> str:
        return str(TITLES[self.key])


def follow_ups(user, *, everybody: bool):
    """Open follow-ups: one's own, or all that one may read."""
    rows = FollowUp.objects.live().open_to(user).waiting()
    return rows if everybody else rows.filter(owner=user.pk)


def stretches(on: date) -> dict[str, Q]:
    """Overdue, today, the rest of the week, later: every open follow-up is in exactly one."""
    sunday = Period.week(on).cut
    return {
        "overdue": Q(due_on__lt=on),
        "today": Q(due_on=on),
        "week": Q(due_on__gt=on, due_on__lte=sunday),
        "later": Q(due_on__gt=max(sunday, on)),
    }


def counts(user, on: date, *, everybody: bool = False) -> dict[str, int]:
    found = {key: Count("pk", filter=q) for key, q in stretches(on).items()}
    return follow_ups(user, everybody=everybody).aggregate(**found)


def sections(user, on: date, *, everybody: bool = False) -> list[Section]:
    """The four stretches with their first rows; two queries."""
    total = counts(user, on, everybody=everybody)
    rows = follow_ups(user, everybody=everybody).order_by("due_on", "id")
    rows = rows.select_related("company", "project", "owner")
    keys = [key for key in TITLES if total[key]]
    parts = {key: list(rows.filter(stretches(on)[key])[:MOST_ROWS]) for key in keys}
    return [Section(key, parts[key], total[key]) for key in keys]


def done_on(user, on: date) -> list:
    """What one finished on a day, to be taken back if it was a slip."""
    rows = FollowUp.objects.live().open_to(user).filter(owner=user.pk, done_on=on)
    return list(rows.select_related("company", "project").order_by("-updated_at")[:MOST_ROWS])


def own_projects(user, *, everybody: bool = False):
    """Projects whose pace is this person's business."""
    rows = Project.objects.live().open_to(user)
    if everybody or user.role == Role.BUREAU:
        return rows
    nobodys = Q(owner=None, lead_team__in=user.team_ids) if user.role in TEAM_ROLES else Q()
    return rows.filter(Q(owner=user.pk) | nobodys)


def late_on_the_clock(user, on: date, *, everybody: bool = False) -> tuple[list, int]:
    """Projects past a step of their lead clock, the longest first, and how many there are."""
    limits = TimeLimit.current_limits()
    late = own_projects(user, everybody=everybody).late_on_the_clock(on, limits)
    rows = late.with_clock().select_related("owner", "lead_team").order_by("reported_on", "id")
    first = list(rows[:MOST_PROJECTS])
    for project in first:
        project.ticks = project.clock(on, limits)
    return first, late.count()


def without_next_step(user, *, everybody: bool = False) -> tuple[list, int]:
    """Open projects with nothing planned, and how many there are."""
    rows = own_projects(user, everybody=everybody).without_next_step()
    shown = rows.select_related("owner", "lead_team").order_by("stage_since", "id")
    return list(shown[:MOST_PROJECTS]), rows.count()


def late_key_firms(user, on: date) -> tuple[list, int]:
    """Key firms of one's task forces past their rhythm (the bureau: of all), and how many."""
    firms = late_ones(key_firms(user, on))
    if user.role in TEAM_ROLES:
        firms = firms.filter(owning_team__in=user.team_ids)
    first = list(firms[:MOST_PROJECTS])
    for firm in first:
        firm.rhythm = rhythm_of(firm, on)
    return first, firms.count()


def matters(user, on: date) -> dict[str, int]:
    """Requests, directives and factors of this person: how many wait, how many are late."""
    requests = Request.objects.live().open_to(user).waiting()
    directives = Directive.objects.live().open_to(user).waiting()
    factors = FactorGuarantee.objects.live().open_to(user).owed_by(user).waiting()
    return {
        "factors": factors.count(), "factors_late": factors.overdue(on).count(),
        "requests": requests.count(), "requests_late": requests.overdue(on).count(),
        "directives": directives.count(), "directives_late": directives.overdue(on).count(),
    }  # fmt: skip


def commitments(user, on: date, *, everybody: bool = False) -> tuple[list, int]:
    """Promises of one's own projects that are overdue or due soon, and how many there are."""
    rows = Commitment.objects.open_to(user)
    if user.role != Role.DEPARTMENT:  # a unit reads its own promises and no others
        mine = own_projects(user, everybody=everybody)
        rows = rows.filter(deal__project__in=mine.values("pk"))
    rows = rows.overdue(on) | rows.due_soon(on)
    shown = rows.select_related("deal__project", "department").order_by("due_on", "pk")
    return list(shown[:MOST_OWED]), rows.count()


def factors(user, on: date, *, everybody: bool = False) -> tuple[list, int]:
    """Lines of checklists that are overdue or due soon: of one's unit, park or own projects."""
    rows = FactorGuarantee.objects.live().open_to(user)
    if user.role in (Role.DEPARTMENT, Role.PARK):
        rows = rows.owed_by(user)
    else:
        rows = rows.filter(project__in=own_projects(user, everybody=everybody).values("pk"))
    rows = rows.overdue(on) | rows.due_soon(on)
    shown = rows.with_project_name(user).select_related("project__park", "department")
    return list(shown.order_by("due_on", "pk")[:MOST_OWED]), rows.count()


def days_to_choose(on: date) -> list[tuple[str, date]]:
    """Days one tap away: tomorrow, in three days, next Monday, in two weeks."""
    monday = Period.week(on).end
    return [
        (_("tomorrow"), on + timedelta(days=1)), (_("in 3 days"), on + timedelta(days=3)),
        (_("next Monday"), monday), (_("in a week"), on + timedelta(days=7)),
        (_("in two weeks"), on + timedelta(days=14)),
    ]  # fmt: skip
