"""Written reports as values: sections of sentences, tables and a chart; all a renderer knows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Grid:
    """A table in a paper; ``widths`` in millimetres, ``numbers``: columns aligned right."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True)
class Graph:
    """Columns by category, one colour a series; None is a gap, not 0."""

    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Decimal | int | None, ...]], ...]


@dataclass(frozen=True)
class Section:
    """``heading`` is without its number: 一、 is put before it; ``items`` are numbered 1. 2. 3."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    graph: Graph | None = None


@dataclass(frozen=True)
class Paper:
    """``caution`` stands before the text: what the reader has to know of a frozen month.

    ``is_compact``: to be held in the hand, on one page, not in the layout of a document.
    """

    title: str
    subtitle: str
    as_of: date
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    caution: str = ""
    is_compact: bool = False
