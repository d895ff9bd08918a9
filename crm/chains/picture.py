"""A chain drawn from upstream to downstream; each number names the rows behind it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from crm.indicators import Scope
from crm.indicators.behind import Behind
from crm.indicators.chains import Judged, judged
from crm.indicators.dimensions import CLOSED
from crm.indicators.grouping import grouped
from crm.models import Chain, Segment
from crm.periods import FIRST_YEAR, Period
from crm.strength import State

COUNT = {"count": Count("pk", distinct=True)}
MONEY = COUNT | {"yuan": Sum("amount_yuan")}
SETS = {
    "here": COUNT, "coming": COUNT, "deals_so_far": MONEY, "chain_firms": COUNT,
    "home_firms": COUNT, "gap_firms": COUNT,
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A count, perhaps with money, and the rows behind it."""

    count: int
    behind: Behind
    yuan: Decimal | None = None


@dataclass(frozen=True)
class Cell:
    """A segment with its numbers, by the names of their sets."""

    judged: Judged
    numbers: dict[str, Number]

    @property
    def segment(self) -> Segment:
        return self.judged.segment

    @property
    def is_gap(self) -> bool:
        return self.judged.state != State.STRONG


@dataclass(frozen=True)
class Stretch:
    """Upstream, midstream or downstream, with its segments in their order."""

    label: str
    key: str
    cells: list[Cell]


@dataclass(frozen=True)
class Picture:
    """A chain; ``closed`` are projects of all chains that are closed to the reader."""

    chain: Chain
    cells: list[Cell]
    closed: int = 0
    states: Counter = field(default_factory=Counter)

    @property
    def stretches(self) -> list[Stretch]:
        made = [
            Stretch(label, key, [c for c in self.cells if c.segment.position == key])
            for key, label in Segment.Position.choices
        ]
        return [stretch for stretch in made if stretch.cells]

    @property
    def shares(self) -> list[tuple[str, str, int]]:
        """(state, its word, how many segments), the strong ones first."""
        order = (State.STRONG, State.WEAK, State.MISSING)
        return [(s.value, s.label, self.states[s]) for s in order]

    def total(self, name: str) -> int:
        """Sum over the segments; a row is in one segment only, but for firms."""
        return sum(cell.numbers[name].count for cell in self.cells)

    @property
    def yuan(self) -> Decimal:
        return sum((cell.numbers["deals_so_far"].yuan or 0 for cell in self.cells), Decimal(0))


def until(on: date) -> Period:
    """Everything up to the day: what stands, whatever year it is of."""
    return Period(date(FIRST_YEAR, 1, 1), on + timedelta(days=1))


def pictures(reader, on: date, *, team=None) -> list[Picture]:
    """Every chain in use; the same number of queries however much stands in them.

    With a ``team`` the numbers are of its own rows; the states stay the city's.
    """
    found = judged(on)
    scope, period = Scope(reader).of(team), until(on)
    behind = {name: Behind(name, period, team and team.pk) for name in SETS}
    groups = {
        name: grouped(behind[name].row_set.rows(scope, period, ()), "segment", aggregates)
        for name, aggregates in SETS.items()
    }
    closed = groups["here"].get(CLOSED, {"count": 0})["count"]
    cells = [Cell(item, _numbers(item.segment.pk, groups, behind)) for item in found.values()]
    chains = dict.fromkeys(cell.segment.chain for cell in cells)
    empty = Chain.objects.current().exclude(pk__in=[chain.pk for chain in chains])
    made = [_picture(chain, cells, closed) for chain in [*chains, *empty]]
    return sorted(made, key=lambda picture: (picture.chain.sequence, picture.chain.pk))


def _picture(chain: Chain, cells: list[Cell], closed: int) -> Picture:
    own = [cell for cell in cells if cell.segment.chain_id == chain.pk]
    return Picture(chain, own, closed, Counter(cell.judged.state for cell in own))


def _numbers(segment: int, groups: dict, behind: dict) -> dict[str, Number]:
    nothing: dict = {"count": 0}
    return {
        name: Number(
            found.get(segment, nothing)["count"],
            behind[name].where(segment=segment),
            found.get(segment, nothing).get("yuan"),
        )
        for name, found in groups.items()
    }
