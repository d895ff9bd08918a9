"""Corrections of frozen months: what was added, changed or taken back since they were reported."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.indicators import whole_city
from crm.models import FrozenMonth, FrozenRow
from crm.periods import Period

from .lines import FLOWS, LISTED, Line, lines_of


@dataclass(frozen=True)
class Correction:
    """What changed in a frozen month since it was last reported; ``after`` None: taken out."""

    key: str
    of_month: date
    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        return self.after or self.before

    @property
    def count(self) -> int:
        return (self.after is not None) - (self.before is not None)

    @property
    def yuan(self) -> Decimal:
        """By how much the sum of the month changes; an unknown amount is in no sum."""
        return _known(self.after) - _known(self.before)

    @property
    def kind(self) -> str:
        is_less = self.count < 0 or (not self.count and self.yuan < 0)
        return FrozenRow.Kind.REVERSAL if is_less else FrozenRow.Kind.LATE


def _known(line: Line | None) -> Decimal:
    return (line and line.amount_yuan) or Decimal(0)


def pending() -> list[Correction]:
    """Corrections of frozen months that no later month has reported yet, oldest month first."""
    months = set(FrozenMonth.objects.values_list("month", flat=True))
    if not months:
        return []
    reported = FrozenRow.objects.filter(key__in=FLOWS, of_month__in=months).order_by("id")
    return _differences(_standing(reported), _flows_now(months))


def since_frozen(frozen: FrozenMonth) -> list[Correction]:
    """All that changed in one frozen month since the day it was frozen, reported or not."""
    own = frozen.rows.filter(kind=FrozenRow.Kind.OWN).order_by("id")
    now = (line for key in LISTED for line in lines_of(whole_city(), key, frozen.period))
    return _differences(_standing(own), now)


def changed_months() -> dict[date, int]:
    """How many rows differ today from each frozen month; months that agree are left out."""
    months = set(FrozenMonth.objects.values_list("month", flat=True))
    return Counter(each.of_month for each in since_any(months))


def since_any(months: set[date]) -> list[Correction]:
    """What happened in these frozen months and is told otherwise today, oldest month first."""
    if not months:
        return []
    own = FrozenRow.objects.filter(
        kind=FrozenRow.Kind.OWN, key__in=FLOWS, of_month__in=months
    ).order_by("id")
    return _differences(_standing(own), _flows_now(months))


def _flows_now(months: set[date]) -> list[Line]:
    """The rows of these months as they are today; three queries however many months."""
    last = max(months)
    whole = Period(min(months), Period.month(last.year, last.month).end)
    now = [line for key in FLOWS for line in lines_of(whole_city(), key, whole)]
    return [line for line in now if line.of_month in months]


def _standing(rows: Iterable[FrozenRow]) -> dict:
    """What each month was last reported to hold, by (indicator, month, source)."""
    found = {}
    for row in rows:
        line = Line(row.key, row.source, row.project_id, row.on, row.amount_yuan)
        found[row.key, row.of_month, row.source] = line if row.counts else None
    return {place: line for place, line in found.items() if line}


def _differences(then: dict, now: Iterable[Line]) -> list[Correction]:
    live = {(line.key, line.of_month, line.source): line for line in now}
    found = [
        Correction(key, month, then.get((key, month, source)), live.get((key, month, source)))
        for key, month, source in then.keys() | live.keys()
    ]
    changed = [each for each in found if each.count or _moved(each)]
    return sorted(changed, key=lambda c: (c.of_month, c.key, c.line.on, c.line.source))


def _moved(each: Correction) -> bool:
    """Whether the amount is another one; a new day within the month changes no figure."""
    return each.before.amount_yuan != each.after.amount_yuan
