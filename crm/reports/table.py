"""A report as values: what every renderer is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

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
class Made:
    """How a number follows from others of its row: in words, and which columns they stand in.

    ``whole`` are columns of the total that it is measured by.
    """

    said: str
    parts: tuple[int, ...] = ()
    whole: tuple[int, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A number that is no count of rows: how it is made, and the rows it is made of, by label."""

    said: str
    parts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Column:
    """``width`` is in half-width characters: a Chinese character takes two.

    ``shows`` is the column of a ledger that it repeats (``projects.planned``): what a role may not
    take out of the one it does not take out of the other. ``empty`` is what stands for None in the
    rows on paper and screen, e.g. undetermined. ``made`` says how a derived number follows.
    """

    title: str
    kind: Kind = Kind.TEXT
    width: int = 12
    empty: str = ""
    shows: str = ""
    made: Made | None = None


@dataclass(frozen=True)
class Record:
    """The page of one record: where a name leads."""

    model: type
    pk: int


@dataclass(frozen=True)
class FrozenList:
    """The rows that a frozen month keeps behind one of its figures."""

    month: object
    key: str

    @property
    def model(self) -> type:
        return type(self.month)


@dataclass(frozen=True)
class Said:
    """A part of a report's answer in a few words: shown before chart and table."""

    label: str
    text: str
    behind: object = None


@dataclass(frozen=True)
class Table:
    """Rows hold str, int, Decimal, Fraction, date or None (an empty cell), one value a column.

    ``unit_line`` names unit and date, ``notes`` stand below the total, ``mark`` says who took it
    out. ``drills`` says what is behind a cell, by (row, column): the rows of a number or a record;
    the total's row is TOTAL. ``caution`` is what a reader has to know before reading: that the
    days are frozen, and whether the rows are the frozen ones. ``basis`` is what the rows were made
    from, where chart and answer need more than the rows.
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
    caution: str = ""
    basis: object = None

    def warned(self, caution: str, *, is_frozen: bool = False) -> "Table":
        """The table with its caution, in short also in the line under the title."""
        if not caution:
            return self
        said = _("frozen rows") if is_frozen else _("frozen days, today's records")
        return replace(self, caution=caution, unit_line=f"{said} · {self.unit_line}")

    @property
    def below(self) -> tuple[str, ...]:
        """The lines below the total."""
        return tuple(filter(None, (self.caution, *self.notes, self.definition, self.mark)))
