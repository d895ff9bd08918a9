"""The rows behind a number: one named set each, so that a number and its list cannot differ.

A report counts the rows of such a set; the link of the number names the same set, and the list
asks it again. Of rows closed to the reader only stage and amount are told, so where a set is
split by anything else they stand together under ``CLOSED``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Substr, TruncMonth
from django.utils.translation import gettext_lazy as _

from crm.models import (
    Arrival,
    Chain,
    Company,
    Deal,
    Event,
    Park,
    Project,
    Region,
    Segment,
    StatusChange,
    TaskForce,
    Trip,
    Visit,
)
from crm.money import UNITS
from crm.periods import Period
from crm.stages import ORDER, ProjectStatus, Stage, reached

from . import chains
from .activity import outbound_visits
from .arrivals import confirmed_in
from .completeness import ITEMS, lacking, looked_at
from .pool import entered
from .scope import Scope
from .signing import cohort, counting_deals

CLOSED = "closed"
YI = UNITS["亿元"]
# Lower bounds of the classes of size, largest first; what is unknown is a class of its own.
SIZES = ((50, _("5bn yuan and more")), (10, _("1bn to 5bn yuan")), (5, _("500m to 1bn yuan")),
         (1, _("100m to 500m yuan")), (0, _("less than 100m yuan")))  # fmt: skip
UNDERWAY = (Stage.SIGNED, Stage.LANDED, Stage.BUILDING)
BEFORE_SIGNING = (Stage.LEAD, Stage.NEGOTIATING, Stage.RESERVE)
ENDED = (ProjectStatus.LOST, ProjectStatus.TERMINATED)


@dataclass(frozen=True)
class Dimension:
    """What a set may be split by. ``path`` is a column or an expression over the row.

    ``told`` says that the value is known of closed rows, too.
    """

    label: str
    path: object
    model: type | None = None
    choices: dict | None = None
    told: bool = False


def _size() -> Case:
    known = [When(planned_yuan__gte=YI * bound, then=Value(str(bound))) for bound, _label in SIZES]
    return Case(*known, default=Value(""), output_field=CharField())


OF_PROJECTS = {
    "team": Dimension(_("task force"), "lead_team", TaskForce),
    "park": Dimension(_("park"), "park", Park),
    "chain": Dimension(_("industry chain"), "segment__chain", Chain),
    "segment": Dimension(_("chain segment"), "segment", Segment),
    "event": Dimension(_("event"), "event", Event),
    "size": Dimension(
        _("size of the investment"),
        _size(),
        choices={str(bound): label for bound, label in SIZES},
        told=True,
    ),
    "stage": Dimension(_("stage"), "stage_then", choices=dict(Stage.choices), told=True),
    "status": Dimension(_("status"), "status_then", choices=dict(ProjectStatus.choices)),
    "reason": Dimension(_("reason"), "ended_because"),
    "planned": Dimension(_("planned signing month"), TruncMonth("planned_signing_on")),
    "reported": Dimension(_("month of the report"), TruncMonth("reported_on")),
}
OF_DEALS = {
    "team": Dimension(_("task force"), "project__lead_team", TaskForce),
    "park": Dimension(_("park"), "project__park", Park),
    "month": Dimension(_("month"), TruncMonth("signed_on"), told=True),
    "event": Dimension(_("signing event"), "event", Event),
    "chain": Dimension(_("industry chain"), "project__segment__chain", Chain),
    "segment": Dimension(_("chain segment"), "project__segment", Segment),
}
OF_ARRIVALS = {
    "month": Dimension(_("month"), "month", told=True),
    "park": Dimension(_("park"), "project__park", Park),
    "team": Dimension(_("task force"), "project__lead_team", TaskForce),
    "project": Dimension(_("project"), "project", Project, told=True),
    "origin": Dimension(_("origin"), "origin", choices=dict(Arrival.Origin.choices), told=True),
}
OF_VISITS = {
    "team": Dimension(_("task force"), "task_force", TaskForce, told=True),
    "trip": Dimension(_("trip"), "trip", Trip, told=True),
    "event": Dimension(_("event"), "event", Event, told=True),
    "city": Dimension(_("city"), "city", Region, told=True),
    "month": Dimension(_("month"), TruncMonth("held_on"), told=True),
}
OF_FIRMS = {
    "tier": Dimension(
        _("key-firm tier"), "key_tier", choices=dict(Company.Tier.choices), told=True
    ),
    "team": Dimension(_("owning task force"), "owning_team", TaskForce, told=True),
    "province": Dimension(_("home province"), Substr("region__code", 1, 2), told=True),
    "segment": Dimension(_("chain segment"), "segments", Segment, told=True),
}
DIMENSIONS = {
    Project: OF_PROJECTS, Deal: OF_DEALS, Arrival: OF_ARRIVALS, Visit: OF_VISITS,
    Company: OF_FIRMS, Trip: {},
}  # fmt: skip


# -- the sets --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RowSet:
    """``rows(scope, period, of)`` are rows of the model; ``by`` is what they are narrowed by.

    Where the set is made of visits, ``by`` narrows the visits. ``dimensions`` are the set's own,
    where it is narrowed by others than those of its model.
    """

    model: type
    label: str
    rows: Callable
    of_visits: bool = False
    dimensions: dict | None = None


def standing(scope: Scope, period: Period):
    """Active projects that had been reported by the cut, where they stood then."""
    stood = scope.rows(Project).at(period.cut)
    return stood.filter(status_then=ProjectStatus.ACTIVE).exclude(stage_then=None)


def _standing_in(stages, scope: Scope, period: Period):
    return standing(scope, period).filter(stage_then__in=stages)


def _entered(stage: str, scope: Scope, period: Period):
    return entered(scope, stage, period)


def _went_on(stage: str, scope: Scope, period: Period):
    """Of those that entered the stage in the period: those that reached a later one by the cut."""
    later = Project._meta.get_field("moves").related_model.objects.standing().filter(
        project=OuterRef("pk"), to_stage__in=reached(stage)[1:], effective_on__lt=period.end
    )  # fmt: skip
    return entered(scope, stage, period).filter(Exists(later))


def ended(scope: Scope, period: Period):
    """Projects lost or terminated in the period and still so at its end, with the reason given."""
    changes = StatusChange.objects.filter(
        project=OuterRef("pk"), to_status__in=ENDED, effective_on__lt=period.end
    ).order_by("-effective_on", "-id")
    return (
        scope.rows(Project)
        .at(period.cut)
        .filter(status_then__in=ENDED)
        .annotate(
            ended_on=Subquery(changes.values("effective_on")[:1]),
            ended_because=Subquery(changes.values("reason")[:1]),
        )
        .filter(ended_on__gte=period.start)
    )


def met(scope: Scope, visits):
    """Firms of these visits."""
    return scope.of(None).rows(Company).filter(pk__in=visits.values("company"))


def met_again(scope: Scope, visits):
    """Firms of these visits that were met on two days or more."""
    other = visits.filter(company=OuterRef("company"), held_on__gt=OuterRef("held_on"))
    return met(scope, visits.filter(Exists(other)))


def led_to(scope: Scope, visits, period: Period):
    """Projects whose lead investor was met before (or when) they were reported, up to the cut."""
    before = visits.filter(company=OuterRef("lead_investor"), held_on__lte=OuterRef("reported_on"))
    known = scope.of(None).rows(Project).filter(reported_on__lt=period.end)
    return known.filter(Exists(before))


def has_signed(period: Period, project: str = "pk") -> Exists:
    """Whether the project has a counting deal by the cut."""
    deals = Deal.objects.counting().filter(signed_on__lt=period.end)
    return Exists(deals.filter(project=OuterRef(project)))


def _visits(scope: Scope, period: Period, of):
    return narrowed(outbound_visits(scope, period), of)


def key_firms(scope: Scope):
    return scope.rows(Company).key_companies()


def key_firms_met(scope: Scope, period: Period):
    return key_firms(scope).filter(pk__in=outbound_visits(scope, period).values("company"))


def key_firms_missed(scope: Scope, period: Period):
    return key_firms(scope).exclude(pk__in=outbound_visits(scope, period).values("company"))


def _plain(rows: Callable) -> Callable:
    """A set that is narrowed by columns of its own rows."""
    return lambda scope, period, of: narrowed(rows(scope, period), of)


SETS: dict[str, RowSet] = {
    "signed": RowSet(Project, _("projects signed"), _plain(cohort)),
    "deals": RowSet(
        Deal, _("deals that count"), _plain(lambda s, t: counting_deals(s).signed_in(t))
    ),
    "arrivals": RowSet(Arrival, _("money that counts as arrived"), _plain(confirmed_in)),
    "standing": RowSet(Project, _("active projects at the cut"), _plain(standing)),
    "reserve": RowSet(
        Project, _("reserve projects"), _plain(partial(_standing_in, [Stage.RESERVE]))
    ),
    "underway": RowSet(
        Project, _("signed projects under way"), _plain(partial(_standing_in, UNDERWAY))
    ),
    "before_signing": RowSet(
        Project, _("projects before signing"), _plain(partial(_standing_in, BEFORE_SIGNING))
    ),
    "ended": RowSet(Project, _("projects lost or terminated"), _plain(ended)),
    "trips": RowSet(
        Trip, _("outbound trips"),
        lambda s, t, of: s.rows(Trip).started_in(t).filter(_trips_q(of)),
    ),
    "visits": RowSet(Visit, _("visits to firms"), _visits, of_visits=True),
    "firms": RowSet(
        Company, _("firms visited"), lambda s, t, of: met(s, _visits(s, t, of)), of_visits=True
    ),
    "firms_again": RowSet(
        Company, _("firms visited again"), lambda s, t, of: met_again(s, _visits(s, t, of)),
        of_visits=True,
    ),
    "led_to": RowSet(
        Project, _("projects after a visit"), lambda s, t, of: led_to(s, _visits(s, t, of), t),
        of_visits=True,
    ),
    "led_to_deals": RowSet(
        Project, _("projects signed after a visit"),
        lambda s, t, of: led_to(s, _visits(s, t, of), t).filter(has_signed(t)), of_visits=True,
    ),
    "from_event": RowSet(
        Project, _("projects from the event"),
        _plain(lambda s, t: s.rows(Project).filter(reported_on__lt=t.end).exclude(event=None)),
    ),
    "key_firms": RowSet(Company, _("key firms"), _plain(lambda s, t: key_firms(s))),
    "key_firms_met": RowSet(Company, _("key firms visited"), _plain(key_firms_met)),
    "key_firms_missed": RowSet(Company, _("key firms not visited"), _plain(key_firms_missed)),
    "here": RowSet(Project, _("projects signed or later"), _plain(chains.projects_here)),
    "coming": RowSet(Project, _("projects not signed yet"), _plain(chains.projects_coming)),
    "deals_so_far": RowSet(Deal, _("deals signed so far"), _plain(chains.deals_so_far)),
    "chain_firms": RowSet(Company, _("firms of the chains"), _plain(chains.firms_in_chains)),
    "home_firms": RowSet(Company, _("firms at home here"), _plain(chains.home_firms)),
    "firms_to_win": RowSet(Company, _("firms to win"), _plain(chains.firms_to_win)),
    "gap_firms": RowSet(
        Company, _("firms to win for the chains"), _plain(chains.gap_firms)
    ),
}  # fmt: skip
SETS |= (
    {
        f"entered_{stage}": RowSet(
            Project, _("projects that entered the stage"), _plain(partial(_entered, stage))
        )
        for stage in ORDER
    }
    | {
        f"went_on_{stage}": RowSet(
            Project, _("projects that went on"), _plain(partial(_went_on, stage))
        )
        for stage in ORDER[:-1]
    }
    | {
        f"lacking_{item.key}": RowSet(
            item.model, _("rows that lack something"), _plain(partial(lacking, item.key))
        )
        for item in ITEMS.values()
    }
    | {
        f"looked_at_{model._meta.model_name}": RowSet(
            model, _("rows looked at"), _plain(partial(looked_at, model))
        )
        for model in dict.fromkeys(item.model for item in ITEMS.values())
    }
)


def _trips_q(of) -> Q:
    """Trips of a task force: led or joined. Trips are split by nothing else."""
    team = dict(of).get("team")
    if team is None:
        return Q()
    if not team:
        return Q(task_force=None)
    joint = Trip.joint_teams.through.objects.filter(taskforce=team)
    return Q(task_force=team) | Q(pk__in=joint.values("trip"))


def narrowed(rows, of):
    """The rows of these values; "" is the unknown value, CLOSED the rows closed to the reader."""
    for key, value in of:
        dimension = DIMENSIONS[rows.model][key]
        if value == CLOSED:
            rows = rows.filter(is_open=False)
            continue
        rows, column = with_column(rows, key, dimension)
        if not dimension.told:
            rows = rows.filter(is_open=True)
        unknown = Q(**{f"{column}__isnull": True})
        if dimension.model is None and key not in MONTHS:
            unknown |= Q(**{column: ""})
        rows = rows.filter(Q(**{column: value}) if value else unknown)
    return rows


MONTHS = {"month", "planned", "reported"}


def with_column(rows, key: str, dimension: Dimension):
    """The rows with the dimension as a column, and that column's name."""
    if isinstance(dimension.path, str):
        return rows, dimension.path
    column = f"by_{key}"
    return rows.annotate(**{column: dimension.path}), column


# -- a number's rows, as a link carries them -------------------------------------------------------


@dataclass(frozen=True)
class Behind:
    """A set of rows in a period, of one task force or of all, narrowed by values of dimensions."""

    name: str
    period: Period
    team_id: int | None = None
    of: tuple[tuple[str, str], ...] = ()

    @property
    def row_set(self) -> RowSet:
        return SETS[self.name]

    @property
    def model(self) -> type:
        return self.row_set.model

    def where(self, **of) -> "Behind":
        """The part of it with these values; None is the unknown value."""
        more = ((key, "" if value is None else str(value)) for key, value in of.items())
        return replace(self, of=(*self.of, *more))

    def rows(self, reader):
        """The rows that this reader may list; a task force out of reach has none."""
        scope = Scope(reader)
        if self.team_id is not None:
            team = scope.rows(TaskForce).filter(pk=self.team_id).first()
            if team is None:
                return scope.rows(self.model).none()
            scope = scope.of(team)
        return self.row_set.rows(scope, self.period, self.of)

    def __str__(self):
        """In words, for whoever stands before the list."""
        return f"{self.row_set.label} · {self.period.label}"

    @property
    def address(self) -> str:
        """As written into an address; ``read`` is the other way round."""
        days = f"{self.period.start}~{self.period.cut}~{self.team_id or ''}"
        return "~".join([self.name, days, *(f"{key}:{value}" for key, value in self.of)])

    @classmethod
    def read(cls, text: str) -> "Behind":
        """Raises ValueError for what is no such text."""
        name, first, last, team, *of = text.split("~")
        days = Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
        pairs = tuple((key, value) for key, _colon, value in (part.partition(":") for part in of))
        if name not in SETS or not (_is_key(team) or not team):
            raise ValueError(text)
        known = _dimensions_of(name)
        if not all(key in known and _fits(key, value, known[key]) for key, value in pairs):
            raise ValueError(text)
        return cls(name, days, int(team) if team else None, pairs)


def _dimensions_of(name: str) -> dict[str, Dimension]:
    row_set = SETS[name]
    if row_set.dimensions is not None:
        return row_set.dimensions
    if row_set.model is Trip:
        return {"team": OF_VISITS["team"]}
    return DIMENSIONS[Visit if row_set.of_visits else row_set.model]


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 10


def _fits(key: str, value: str, dimension: Dimension) -> bool:
    """Whether a column of this kind can be compared with the value at all."""
    if value in ("", CLOSED):
        return True
    if dimension.model is not None:
        return _is_key(value)
    if key in MONTHS:
        return bool(date.fromisoformat(value))
    return len(value) <= 300 and not re.search("[\x00-\x1f]", value)
