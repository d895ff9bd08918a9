"""A report as values: what every renderer is given."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds; money is in the unit that the unit line names, not rounded.

    A count is a whole number, a number may have decimals, a month is a date: its first day.
    """

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"


@dataclass(frozen=True)
class Column:
    """``width`` is in half-width characters: a Chinese character takes two."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 12


@dataclass(frozen=True)
class Table:
    """Rows hold str, int, Decimal, date or None (an empty cell), one value a column.

    ``unit_line`` names unit and date, ``notes`` stand below the total.
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
