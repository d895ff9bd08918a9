"""What a ledger file holds, whatever its format: sheets of plain values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Fault:
    """A cell without a usable value: ``#REF!``, or a formula nobody computed (``=A1+B1``)."""

    text: str

    def __str__(self) -> str:
        return self.text


Value = None | str | bool | Decimal | date | datetime | Fault


@dataclass
class Sheet:
    """One sheet as Excel shows it.

    ``rows[0]`` is Excel row 1; empty rows inside are kept, empty cells and rows at the end are
    not, so rows differ in length. A cell that is typed as a number is a Decimal, a date without a
    time is a ``date``. All numbers of ``merges`` and row sets are 1-based, bounds inclusive.
    """

    name: str
    is_hidden: bool = False
    rows: list[tuple[Value, ...]] = field(default_factory=list)
    # first row, first column, last row, last column
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    # every non-empty cell of the row is struck through
    struck_rows: frozenset[int] = frozenset()


@dataclass
class Book:
    """A file that was read: its sheets in order, its real format, the encoding of a text file."""

    sheets: list[Sheet]
    format: str = "xlsx"
    encoding: str = ""
    notes: list[str] = field(default_factory=list)


class UnusableFile(Exception):
    """The file cannot be read at all; ``str(error)`` is one sentence for the person who sent it."""

    def __init__(self, message, code: str = "unusable"):
        super().__init__(message)
        self.code = code
