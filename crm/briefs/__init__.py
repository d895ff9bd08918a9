"""One page about a project or a firm: what a leader has to know, as values for page and print."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator

LONGEST = 44  # of a line: with its date it takes two lines of a phone


@dataclass(frozen=True)
class Line:
    """``meta`` stands small beside the text, ``is_late`` marks what is overdue."""

    text: str
    meta: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Block:
    """``more``: how many further rows there are than the lines shown."""

    heading: str
    lines: tuple[Line, ...]
    empty: str = ""
    more: int = 0


@dataclass(frozen=True)
class Step:
    stage: str
    label: str
    state: str
    on: date | None


@dataclass(frozen=True)
class Brief:
    title: str
    sub: str
    marks: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    steps: tuple[Step, ...] = ()
    is_sample: bool = False


def block(heading: str, rows, describe, *, empty: str = "", most: int = 3) -> Block:
    """The first rows of a queryset or list as lines, and how many more there are."""
    shown = list(rows[: most + 1])
    more = 0
    if len(shown) > most:
        more = (rows.count() if hasattr(rows, "model") else len(rows)) - most
    return Block(heading, tuple(describe(row) for row in shown[:most]), empty, more)


def joined(*parts) -> str:
    return " · ".join(str(part) for part in parts if part)


def shortened(text: str) -> str:
    return Truncator(text).chars(LONGEST)
