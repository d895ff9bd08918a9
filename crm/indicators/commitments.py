"""Promises of both sides: what is due, kept, late or disputed (履约台账).

Only those of deals in force that are open to the reader; a promise without a day is never late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Commitment, Department, Project, TaskForce
from crm.periods import Period, today

from .behind import SETS, Dimension, RowSet
from .scope import Scope

State = Commitment.State
OF_COMMITMENTS = {
    "unit": Dimension(_("responsible unit"), "department", Department),
    "kind": Dimension(_("kind of commitment"), "kind", choices=dict(Commitment.Kind.choices)),
    "side": Dimension(_("promised by"), "side", choices=dict(Commitment.Side.choices)),
    "team": Dimension(_("task force"), "deal__project__lead_team", TaskForce),
    "state": Dimension(_("state of keeping"), "state_then", choices=dict(State.choices)),
}


@dataclass(frozen=True)
class Tally:
    """How many promises are in each state; ``kept_rate`` is of all of them, None of nothing."""

    states: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.states.values())

    def of(self, state: str) -> int:
        return self.states.get(state, 0)

    @property
    def kept_rate(self) -> Fraction | None:
        return Fraction(self.of(State.FULFILLED), self.count) if self.count else None


def standing(scope: Scope, on):
    """Promises that bind, with their state at the end of a day."""
    rows = scope.of(None).rows(Commitment).filter(is_open=True).standing().with_state(on)
    if scope.team is not None:
        ours = Project.objects.all().of_teams_q([scope.team.pk], "deal__project__")
        rows = rows.filter(ours)
    return rows


def state_day(period: Period):
    """The day whose state is told: the cut, or today while the period is not over."""
    return min(period.cut, today())


def falling_due(scope: Scope, period: Period):
    """Due in the period, or before it and not kept when it began; as it stands by now at most."""
    carried = Q(due_on__lt=period.start) & (
        Q(fulfilled_on=None) | Q(fulfilled_on__gte=period.start)
    )
    due = Q(due_on__gte=period.start, due_on__lt=period.end)
    return standing(scope, state_day(period)).filter(due | carried)


def without_day(scope: Scope, period: Period):
    """Promises with no day to be kept by."""
    return standing(scope, state_day(period)).filter(due_on=None)


def tally(rows) -> Tally:
    """Of rows that carry their state."""
    found = rows.order_by().values_list("state_then").annotate(Count("pk"))
    return Tally(dict(found))


def tallies(rows, key: str) -> dict:
    """{value of a dimension: Tally}; one query."""
    path, found = OF_COMMITMENTS[key].path, {}
    for value, state, count in (
        rows.order_by().values_list(path, "state_then").annotate(Count("pk"))
    ):
        found.setdefault(value, {})[state] = count
    return {value: Tally(states) for value, states in found.items()}


def _narrowed(find, scope: Scope, period: Period, of):
    rows = find(scope, period)
    for key, value in of:
        rows = rows.filter(**{OF_COMMITMENTS[key].path: value or None})
    return rows


SETS |= {
    "commitments_due": RowSet(
        Commitment, _("commitments falling due"), partial(_narrowed, falling_due),
        dimensions=OF_COMMITMENTS,
    ),
    "commitments_undated": RowSet(
        Commitment, _("commitments without a day"), partial(_narrowed, without_day),
        dimensions=OF_COMMITMENTS,
    ),
}  # fmt: skip
