"""A report as values: what every renderer is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

TOTAL = -1


class Kind(StrEnum):
    """What a column holds; money is in the unit that the unit line names, not rounded.

    A count is a whole number, a number may have decimals, a month is a date: its first day, a
    share is a fraction where 1 is 100 %.
    """

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"
    SHARE = "share"


@dataclass(frozen=True)
class Column:
    """``width`` is in half-width characters: a Chinese character takes two.

    ``shows`` is the column of a ledger that it repeats (``projects.planned``): what a role may not
    take out of the one it does not take out of the other. ``empty`` is what stands for None in the
    rows on paper and screen, e.g. undetermined.
    """

    title: str
    kind: Kind = Kind.TEXT
    width: int = 12
    empty: str = ""
    shows: str = ""


@dataclass(frozen=True)
class Record:
    """The page of one record: where a name leads."""

    model: type
    pk: int


@dataclass(frozen=True)
class Table:
    """Rows hold str, int, Decimal, Fraction, date or None (an empty cell), one value a column.

    ``unit_line`` names unit and date, ``notes`` stand below the total, ``mark`` says who took it
    out. ``drills`` says what is behind a cell, by (row, column): the rows of a number or a record;
    the total's row is TOTAL.
    """

    title: str
    unit_line: str
    columns: tuple[Column, ...]
    rows: tuple[tuple, ...]
    total: tuple
    notes: tuple[str, ...]
    definition: str
    as_of: date
    has_sample: bool = False
    mark: str = ""
    drills: Mapping[tuple[int, int], object] = field(default_factory=dict)

    @property
    def below(self) -> tuple[str, ...]:
        """The lines below the total."""
        return tuple(filter(None, (*self.notes, self.definition, self.mark)))
