"""The figures of a written report: of its days, of the year up to then, and of the year before.

A month that is frozen gives the figures it was frozen with: the city's to whoever reads the city,
a task force's also to its own people.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from crm import freezing
from crm.access import TEAM_ROLES
from crm.indicators import BY_TEAM, Figure, Scope, TeamRow, figure_of
from crm.models import Target
from crm.periods import Period, share_of_year_gone


def own_scope(scope: Scope) -> Scope:
    """A member of a task force writes for the task force."""
    if scope.team is None and scope.reader.role in TEAM_ROLES:
        return scope.of(scope.reader.team)
    return scope


@dataclass(frozen=True)
class Figures:
    """``now`` is the report's period, ``year`` from 1 January to its last day."""

    scope: Scope
    period: Period
    _known: dict = field(default_factory=dict, repr=False, compare=False)

    def _once(self, place, find):
        """The same figure is asked for by several sentences and tables; it is computed once."""
        if place not in self._known:
            self._known[place] = find()
        return self._known[place]

    @cached_property
    def frozen(self) -> freezing.Kept | None:
        return self.frozen_in(self.period)

    def frozen_in(self, period: Period) -> freezing.Kept | None:
        """What is kept of the period for this scope, where it is a frozen month."""
        return self._once(("kept", period), lambda: freezing.kept_for(self.scope, period))

    @property
    def year_so_far(self) -> Period:
        return Period.year_to_date(self.period.cut)

    @property
    def is_year(self) -> bool:
        """Whether the report's days are the year so far: then nothing is said twice."""
        return self.period == self.year_so_far

    @cached_property
    def whose(self) -> str:
        return str(self.scope.team) if self.scope.team else _("whole city")

    def now(self, key: str) -> Figure:
        if self.frozen:
            return self.frozen.figures()[key]
        return self._figure(key, self.period)

    def year(self, key: str) -> Figure:
        if self.frozen:
            return self.frozen.figures(freezing.YEAR)[key]
        return self._figure(key, self.year_so_far)

    def _figure(self, key: str, period: Period) -> Figure:
        return self._once((key, period), lambda: figure_of(key, self.scope, period))

    def growth(self, key: str) -> Fraction | None:
        """同比 of the year so far; None where nothing was there a year before."""
        now, then = self.year(key).value, self._year_before(key).value
        return None if not then or now is None else Fraction(now) / Fraction(then) - 1

    def _year_before(self, key: str) -> Figure:
        if self.frozen and (frozen := self.frozen_in(self.period.previous_year())):
            return frozen.figures(freezing.YEAR)[key]
        return figure_of(key, self.scope, self.year_so_far.previous_year())

    def team_rows(self, key: str) -> list[TeamRow]:
        """The year so far by task force."""
        if self.frozen:
            return freezing.kept_team_rows(self.frozen.month, key, freezing.YEAR)
        scope = self.scope.of(None)
        return self._once(("teams", key), lambda: BY_TEAM[key](scope, self.year_so_far))

    def target(self, key: str, team_id: int | None = None) -> Decimal | None:
        """The year's target of the report's city or task force, or of the team given."""
        team_id = team_id or (self.scope.team.pk if self.scope.team else None)
        if self.frozen:
            return freezing.kept_target(self.frozen.month, key, team_id=team_id)
        return self._targets.get((key, team_id))

    @cached_property
    def _targets(self) -> dict:
        """The year's targets by indicator and task force; one query."""
        rows = self.scope.of(None).rows(Target).set_for(self.period.start.year).filter(park=None)
        found = rows.values_list("indicator", "task_force", "value")
        return {(key, team): value for key, team, value in found}

    @property
    def gone(self) -> Fraction:
        return share_of_year_gone(self.period.cut)
