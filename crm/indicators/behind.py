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

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from crm.models import (
    Arrival,
    Company,
    Deal,
    Project,
    StatusChange,
    TaskForce,
    Trip,
    Visit,
)
from crm.periods import Period
from crm.stages import ORDER, ProjectStatus, Stage, reached

from . import chains
from .activity import outbound_visits
from .arrivals import confirmed, confirmed_in
from .completeness import ITEMS, lacking, looked_at
from .dimensions import CLOSED, DIMENSIONS, MONTHS, OF_VISITS, Dimension, narrowed
from .pool import entered
from .scope import Scope
from .signing import cohort, counting_deals

UNDERWAY = (Stage.SIGNED, Stage.LANDED, Stage.BUILDING)
BEFORE_SIGNING = (Stage.LEAD, Stage.NEGOTIATING, Stage.RESERVE)
ENDED = (ProjectStatus.LOST, ProjectStatus.TERMINATED)


# -- the sets --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RowSet:
    """``rows(scope, period, of)`` are rows of the model; ``of`` is what they are narrowed by.

    Where the set is made of rows of another model, as firms of visits, ``of`` narrows those.
    ``dimensions`` are the set's own, where it is narrowed by others than those of its model.
    """

    model: type
    label: str
    rows: Callable
    made_of: type | None = None
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


def _reported_and_came_to(stage: str, scope: Scope, period: Period):
    """Of the projects reported in the period: those that have been at the stage or later."""
    moves = Project._meta.get_field("moves").related_model.objects.standing().filter(
        project=OuterRef("pk"), to_stage__in=reached(stage), effective_on__lt=period.end
    )  # fmt: skip
    return entered(scope, Stage.LEAD, period).filter(Exists(moves))


def in_talks(projects, period: Period):
    """Of these projects, the ones that stood in talks or further at the cut."""
    return projects.at(period.cut).filter(stage_then__in=reached(Stage.NEGOTIATING))


def _left(stage: str, scope: Scope, period: Period):
    """Projects that went forward from the stage in the period."""
    moves = Project._meta.get_field("moves").related_model.objects.standing().filter(
        from_stage=stage, to_stage__in=reached(stage)[1:], effective_on__gte=period.start,
        effective_on__lt=period.end,
    )  # fmt: skip
    return scope.rows(Project).filter(pk__in=moves.values("project"))


def _signed_and_at(stage: str, scope: Scope, period: Period):
    """Of the period's signings: those that stand at the stage or later at the cut."""
    return cohort(scope, period).at(period.cut).filter(stage_then__in=reached(stage))


def deals_of(rows: Callable):
    """The counting deals of a set of projects, up to the cut."""
    return lambda scope, period: counting_deals(scope).filter(
        signed_on__lt=period.end, project__in=rows(scope, period).values("pk")
    )


def _arrivals_of(rows: Callable):
    return lambda scope, period: confirmed(scope).filter(
        month__lt=period.end, project__in=rows(scope, period).values("pk")
    )


def _paid(scope: Scope, period: Period, of):
    """Projects that the period's money is for."""
    money = narrowed(confirmed_in(scope, period), of)
    return scope.rows(Project).filter(pk__in=money.values("project"))


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
    days = visits.order_by().values("company").annotate(days=Count("held_on", distinct=True))
    return scope.of(None).rows(Company).filter(pk__in=days.filter(days__gt=1).values("company"))


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
    "underway_deals": RowSet(
        Deal, _("deals of the signed projects under way"),
        _plain(deals_of(partial(_standing_in, UNDERWAY))),
    ),
    "standing_deals": RowSet(Deal, _("deals of the active projects"), _plain(deals_of(standing))),
    "standing_arrivals": RowSet(
        Arrival, _("money for the active projects"), _plain(_arrivals_of(standing))
    ),
    "paid": RowSet(Project, _("projects that money arrived for"), _paid, made_of=Arrival),
    "ended": RowSet(Project, _("projects lost or terminated"), _plain(ended)),
    "trips": RowSet(
        Trip, _("outbound trips"),
        lambda s, t, of: s.rows(Trip).started_in(t).filter(_trips_q(of)),
    ),
    "visits": RowSet(Visit, _("visits to firms"), _visits, made_of=Visit),
    "firms": RowSet(
        Company, _("firms visited"), lambda s, t, of: met(s, _visits(s, t, of)), made_of=Visit
    ),
    "firms_again": RowSet(
        Company, _("firms visited again"), lambda s, t, of: met_again(s, _visits(s, t, of)),
        made_of=Visit,
    ),
    "led_to": RowSet(
        Project, _("projects after a visit"), lambda s, t, of: led_to(s, _visits(s, t, of), t),
        made_of=Visit,
    ),
    "led_to_deals": RowSet(
        Project, _("projects signed after a visit"),
        lambda s, t, of: led_to(s, _visits(s, t, of), t).filter(has_signed(t)), made_of=Visit,
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
        f"left_{stage}": RowSet(
            Project, _("projects that left the stage forward"), _plain(partial(_left, stage))
        )
        for stage in ORDER[:-1]
    }
    | {
        f"came_to_{stage}": RowSet(
            Project,
            _("projects reported that came so far"),
            _plain(partial(_reported_and_came_to, stage)),
        )
        for stage in ORDER
    }
    | {
        f"signed_and_at_{stage}": RowSet(
            Project, _("projects signed that came so far"), _plain(partial(_signed_and_at, stage))
        )
        for stage in (*UNDERWAY[1:], Stage.PRODUCING)
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
    return DIMENSIONS[row_set.made_of or row_set.model]


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 10


def _fits(key: str, value: str, dimension: Dimension) -> bool:
    """Whether a column of this kind can be compared with the value at all."""
    if value in ("", CLOSED):
        return True
    if dimension.model is not None:
        return _is_key(value)
    if dimension.choices is not None:
        return value in dimension.choices
    if key in MONTHS:
        return bool(date.fromisoformat(value))
    return len(value) <= 300 and not re.search("[\x00-\x1f]", value)
