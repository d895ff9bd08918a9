"""What the reader chose to look at: a year, a part of it, a task force; and whose rows it is."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Min
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from crm import indicators
from crm.access import CITY_READERS, TEAM_ROLES
from crm.indicators import Scope
from crm.models import Company, Project, TaskForce, Visit
from crm.periods import Period, parse_year

MOST_YEARS = 12
# Their lists answer to a task force also where the row is closed to the reader.
ANSWERING = (Company, Visit)


@dataclass(frozen=True)
class OpenScope(Scope):
    """One task force's rows as its lists show them: closed rows answer to no team filter."""

    def rows(self, model):
        rows = super().rows(model)
        return rows if model in ANSWERING or self.team is None else rows.filter(is_open=True)


class Choice:
    """``period`` ends today at the latest; ``scope`` is the reader's, or of one task force."""

    def __init__(self, user, params, on: date):
        self.user, self.on = user, on
        self.year = year_asked(params.get("year", ""), on)
        self.part = self._part(params.get("part", ""))
        self.period = self._period()
        self.team = self._team(params.get("team", ""))
        self.scope = OpenScope(user, self.team)

    def _part(self, given: str) -> str:
        """``q3`` or ``m05`` where that has begun; else the whole year."""
        known = re.fullmatch(r"q[1-4]|m(0[1-9]|1[0-2])", given)
        return given if known and self._days(given).start <= self.on else ""

    def _days(self, part: str) -> Period:
        number = int(part[1:])
        return (
            Period.quarter(self.year, number) if part[0] == "q" else Period.month(self.year, number)
        )

    def _period(self) -> Period:
        if not self.part:
            return indicators.year_until(self.year, self.on)
        return self._days(self.part).until(self.on)

    def _team(self, given: str):
        if self.user.role not in CITY_READERS or not re.fullmatch("[0-9]{1,18}", given):
            return None
        return TaskForce.objects.visible_to(self.user).filter(pk=int(given)).first()

    @property
    def is_year(self) -> bool:
        return not self.part

    @property
    def as_filter(self) -> str:
        """The period as the lists' filters read it; a whole year also while it runs."""
        return str(self.year) if self.is_year else self.period.code

    def filters(self, **given) -> dict:
        """Filters of a list, with the task force where one is chosen."""
        return given | ({"team": self.team.pk} if self.team else {})

    @property
    def target_team(self):
        """The task force whose target counts: the chosen one, or the reader's own."""
        if self.team is None and self.user.role in TEAM_ROLES:
            return self.user.team
        return self.team

    # -- what can be chosen --------------------------------------------------------------------

    @cached_property
    def years(self) -> list[int]:
        """Newest first."""
        first = Scope(self.user).rows(Project).aggregate(first=Min("reported_on"))["first"]
        oldest = max(min((first or self.on).year, self.year), self.on.year - MOST_YEARS)
        return sorted({self.year, *range(oldest, self.on.year + 1)}, reverse=True)

    @property
    def parts(self) -> list[tuple[str, str]]:
        quarters = [(f"q{n}", _("quarter %(n)s") % {"n": n}) for n in range(1, 5)]
        months = [(f"m{n:02d}", _("month %(n)s") % {"n": n}) for n in range(1, 13)]
        begun = [(key, label) for key, label in quarters + months if self._begun(key)]
        return [("", _("whole year")), *begun]

    def _begun(self, part: str) -> bool:
        return self._days(part).start <= self.on

    @cached_property
    def teams(self) -> list:
        """Task forces to choose from; only readers of the whole city choose."""
        if self.user.role not in CITY_READERS:
            return []
        return list(TaskForce.objects.live().visible_to(self.user).current())


def year_asked(given: str, on: date) -> int:
    """The year asked for, at most this one; else the one that figures begin with."""
    try:
        return min(parse_year(given).start.year, on.year)
    except ValidationError:
        return indicators.default_year()
