"""Visits, trips, follow-ups, milestones and events of a stretch of days, as one reader sees them.

One query for each kind. Of visits, follow-ups and milestones only the first of each day are read,
with the number of all of them, so that a month costs the same at any size.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Q
from django.db.models import Window as Over
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.models import Event, FollowUp, Milestone, Trip, Visit
from crm.periods import Period


@dataclass(frozen=True)
class Asked:
    """Who looks at which days: ``mine`` or all, perhaps of one team, at most ``most`` a day."""

    user: object
    period: Period
    mine: bool = False
    team: object = None
    most: int = 4


@dataclass(frozen=True)
class Entry:
    """One thing in the calendar. ``title`` is for the reader's eyes, ``plain`` names nobody."""

    kind: str
    key: int
    first: date
    last: date
    title: str
    plain: str
    detail: str = ""
    is_secret: bool = False
    is_done: bool = False
    changed_at: datetime | None = None
    version: int = 1
    project_key: int | None = None


@dataclass
class Window:
    """What was found: entries, and by kind and day how many there are altogether."""

    entries: list[Entry] = field(default_factory=list)
    totals: dict[tuple[str, date], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    label: str
    permission: str
    rows: Callable
    entry: Callable
    day: str = ""  # the field of its day; "" for what lasts from a first day to a last


def entries_of(asked: Asked, kinds) -> Window:
    """The entries of these kinds that the reader may open, by day."""
    window = Window()
    for name in kinds:
        kind = KINDS[name]
        if kind.permission in permissions_of(asked.user.role):
            _add(window, name, kind, asked)
    window.entries.sort(key=_order)
    return window


def nearest_entries(asked: Asked, kinds, *, on: date, limit: int) -> list[Entry]:
    """The entries of the period by day; of more than ``limit`` those nearest to the day."""
    found = []
    for name in kinds:
        kind = KINDS[name]
        if kind.permission in permissions_of(asked.user.role):
            found += [kind.entry(row) for row in _nearest(kind, asked, on, limit)]
    found.sort(key=lambda entry: abs((entry.first - on).days))
    return sorted(found[:limit], key=_order)


def _nearest(kind, asked, on: date, limit: int) -> list:
    day = kind.day or "started_on"
    rows = kind.rows(asked)
    if kind.day:
        span = {f"{day}__gte": asked.period.start, f"{day}__lt": asked.period.end}
        rows = rows.filter(**span)
    after = rows.filter(**{f"{day}__gte": on}).order_by(day, "pk")
    before = rows.filter(**{f"{day}__lt": on}).order_by(f"-{day}", "-pk")
    return [*after[:limit], *before[:limit]]


def _order(entry: Entry) -> tuple:
    return (entry.first, ORDER.index(entry.kind), entry.key)


def _add(window, name, kind, asked) -> None:
    rows = kind.rows(asked)
    if kind.day:
        rows = _first_of_each_day(rows, kind.day, asked)
    for row in rows:
        entry = kind.entry(row)
        window.entries.append(entry)
        if kind.day:
            window.totals[name, entry.first] = row.of_day


def _first_of_each_day(rows, day: str, asked):
    span = {f"{day}__gte": asked.period.start, f"{day}__lt": asked.period.end}
    of_day = Over(Count("pk"), partition_by=F(day))
    place = Over(RowNumber(), partition_by=F(day), order_by=F("pk").asc())
    rows = rows.filter(**span).annotate(of_day=of_day, place=place)
    return rows.filter(place__lte=asked.most).order_by(day, "pk")


def _lasting(rows, asked):
    """Rows whose days meet the period; what has no last day lasts one day."""
    ended = Q(ended_on__gte=asked.period.start) | Q(
        ended_on=None, started_on__gte=asked.period.start
    )
    return rows.filter(ended, started_on__lt=asked.period.end).order_by("started_on", "pk")


# -- the kinds -------------------------------------------------------------------------------------


def _visits(asked):
    rows = Visit.objects.live().open_to(asked.user).select_related("company", "project")
    if asked.mine:
        rows = rows.of_person(asked.user)
    return rows.filter(task_force=asked.team) if asked.team else rows


def _visit(row):
    secret = bool(row.project and row.project.is_confidential)
    title = f"{row.get_mode_display()} · {row.company}"
    return _entry(
        "visit", row, row.held_on, title=title, secret=secret, project=row.project,
        plain=title, detail=row.get_outcome_display(),
    )  # fmt: skip


def _trips(asked):
    rows = Trip.objects.live().visible_to(asked.user)
    if asked.mine:
        rows = rows.filter(task_force__in=asked.user.team_ids)
    if asked.team:
        joint = Trip.joint_teams.through.objects.filter(taskforce=asked.team)
        rows = rows.filter(Q(task_force=asked.team) | Q(pk__in=joint.values("trip")))
    return _lasting(rows, asked)


def _trip(row):
    return _entry("trip", row, row.started_on, row.ended_on, title=row.name, plain=row.name)


def _follow_ups(asked):
    rows = FollowUp.objects.live().open_to(asked.user).select_related("company", "project")
    if asked.mine:
        rows = rows.filter(owner=asked.user)
    return rows.filter(task_force=asked.team) if asked.team else rows


def _follow_up(row):
    about = row.project or row.company
    secret = bool(row.project and row.project.is_confidential)
    title = f"{row.what} · {about}" if about else row.what
    return _entry(
        "follow_up", row, row.due_on, title=title, secret=secret, project=row.project,
        plain=title, done=row.done_on is not None,
    )  # fmt: skip


def _milestones(asked):
    rows = Milestone.objects.live().open_to(asked.user).select_related("project")
    rows = rows.exclude(planned_on=None).filter(is_not_applicable=False, project__archived_at=None)
    if asked.mine:
        rows = rows.filter(project__owner=asked.user)
    return rows.filter(project__lead_team=asked.team) if asked.team else rows


def _milestone(row):
    title = f"{row} · {row.project}"
    return _entry(
        "milestone", row, row.planned_on, title=title, plain=title, project=row.project,
        secret=row.project.is_confidential, done=row.actual_on is not None,
    )  # fmt: skip


def _events(asked):
    return _lasting(Event.objects.live().visible_to(asked.user), asked)


def _event(row):
    last = row.ended_on or row.started_on
    return _entry("event", row, row.started_on, last, title=row.name, plain=row.name)


def _entry(kind, row, first, last=None, *, project=None, secret=False, done=False, plain, **said):
    """``plain`` is what a feed may carry: of a confidential project its code name at most."""
    if secret:
        plain = f"{KINDS[kind].label} · {project.code_name}"
    return Entry(
        kind=kind, key=row.pk, first=first, last=last or first, is_secret=secret, is_done=done,
        plain=plain, changed_at=row.updated_at, version=row.version,
        project_key=project.pk if project else None, **said,
    )  # fmt: skip


# In the order of a day: what has to be done stands before what is logged.
KINDS = {
    "trip": Kind(_("trips"), "view_trip", _trips, _trip),
    "event": Kind(_("events"), "view_event", _events, _event),
    "follow_up": Kind(_("follow-ups"), "view_followup", _follow_ups, _follow_up, "due_on"),
    "milestone": Kind(_("milestones"), "view_milestone", _milestones, _milestone, "planned_on"),
    "visit": Kind(_("visits"), "view_visit", _visits, _visit, "held_on"),
}
ORDER = list(KINDS)
