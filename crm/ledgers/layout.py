"""What a sheet says about itself: its table, title, year and unit, and which rows are data."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .book import Book, Sheet, UnusableFile
from .header import Column, Doubt, Header, header_of, says
from .headings import FIELDS, IGNORED, is_read, label, normal
from .lines import Line, Skipped, lines_of, named

__all__ = ["Column", "Doubt", "Layout", "Line", "Skipped", "understand"]

_YEARS = (
    re.compile(r"(?<![0-9])(20[0-9]{2})年"),
    re.compile("(二[〇零○][〇零○一二三四五六七八九]{2})年"),
    re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])"),
)
# When a ledger was filled in says nothing about the year it tells of.
_FILLED_IN = re.compile(
    r"(?:填报|填表|报送|上报|制表|统计|更新|打印|导出)(?:时间|日期)[:\s]*[^\n]*|\n[^\n]*截[至止][^\n]*"
)
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_UNITS = (
    re.compile(
        r"(?<![\u4e00-\u9fff])(?:金额|计量|货币|投资)?单位[:为]?[^\n]{0,12}?(亿元|万元|元|亿|万)"
        r"(?![\u4e00-\u9fff])"
    ),
    re.compile(r"\((亿元|万元)\)"),
    re.compile(r"(?:^|\n)(亿元|万元)(?:\n|$)"),
)
_TEAM = re.compile("(?:西宁市)?(?:招商)?第?[一二三四五六七八九十0-9]{1,3}(?:招商)?专班")


@dataclass
class Layout:
    """The table of a sheet. ``year``, ``unit`` (元, 万元, 亿元) and ``team`` stand above it.

    ``stated_total`` is the ledger's own 合计 by field, as written and never trusted. The same
    ``fingerprint`` means the same kind with the same headings, in whatever order.
    """

    sheet: str
    title: str
    header_rows: tuple[int, int]
    columns: list[Column]
    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    year: int | None = None
    unit: str = ""
    team: str = ""
    notes: list[str] = field(default_factory=list)
    fingerprint: str = ""
    missing: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    stated_total: dict = field(default_factory=dict)


def understand(
    book: Book, kind: str, *, sheet: str | None = None, mapping: dict[str, str] | None = None
) -> Layout:
    """The layout of the visible sheet that fits best, or of the one named.

    ``mapping`` gives fields by normalised heading, "" for none; it wins over everything else.
    Raises UnusableFile when there is no such sheet or no heading row in it.
    """
    wanted = [s for s in book.sheets if (s.name == sheet if sheet else not s.is_hidden)]
    if sheet and not wanted:
        text = _("There is no sheet “%(name)s” in this file.")
        raise UnusableFile(text % {"name": sheet[:80]}, "no_sheet")
    found = [
        (header.score, -place, candidate, header)
        for place, candidate in enumerate(wanted)
        if (header := header_of(candidate, kind, mapping))
    ]
    if not found:
        raise _without_header(book, kind)
    *_rest, chosen, header = max(found, key=lambda f: f[:2])
    layout = _layout(chosen, kind, header)
    layout.notes += _other_sheets(book, chosen)
    return layout


def _without_header(book: Book, kind: str) -> UnusableFile:
    names = "、".join(str(heading.label) for heading in FIELDS[kind] if heading.needed)
    hidden = [s.name for s in book.sheets if s.is_hidden and s.rows]
    if hidden:
        text = _(
            "No heading row was found in the visible sheets; expected columns such as: %(names)s. "
            "Hidden sheets: %(hidden)s."
        )
        return UnusableFile(text % {"names": names, "hidden": named(hidden)}, "no_header")
    text = _("No heading row was found; expected columns such as: %(names)s.")
    return UnusableFile(text % {"names": names}, "no_header")


def _other_sheets(book: Book, chosen: Sheet) -> list[str]:
    others = [s for s in book.sheets if s is not chosen and any(map(any, s.rows))]
    told = (
        (_("Hidden sheets that were not read: %(names)s."), [s for s in others if s.is_hidden]),
        (_("Sheets that were not read: %(names)s; choose one to import it."),
         [s for s in others if not s.is_hidden]),
    )  # fmt: skip
    return [text % {"names": named([s.name for s in left])} for text, left in told if left]


def _layout(sheet: Sheet, kind: str, header: Header) -> Layout:
    above = [str(v).strip() for row in sheet.rows[: header.first] for v in row if says(v)]
    told = unicodedata.normalize("NFKC", "\n".join([*above, sheet.name]))
    fields = {column.field for column in header.columns}
    below = lines_of(sheet, kind, header)
    layout = Layout(
        sheet=sheet.name, title=above[0] if above else "",
        header_rows=(header.first + 1, header.last + 1), columns=header.columns,
        lines=below.lines, skipped=below.skipped, year=_year(told), unit=_unit(told),
        team=_team(told), notes=below.notes, fingerprint=_fingerprint(kind, header.columns),
        missing=[h.key for h in FIELDS[kind] if h.needed and h.key not in fields],
        doubts=header.doubts, stated_total=below.stated_total,
    )  # fmt: skip
    layout.notes = _about_columns(layout, kind) + layout.notes
    return layout


def _about_columns(layout: Layout, kind: str) -> list[str]:
    """Columns we do not take over or miss."""
    idle = [
        column.heading
        for column in layout.columns
        if normal(column.heading) not in {"", *IGNORED} and not is_read(kind, column.field)
    ]
    missing = [str(label(kind, key)) for key in layout.missing]
    told = (
        (_("Columns that are not taken over: %(names)s."), idle),
        (_("Columns that are missing: %(names)s."), missing),
    )
    return [text % {"names": "、".join(dict.fromkeys(names))} for text, names in told if names]


def _fingerprint(kind: str, columns: list[Column]) -> str:
    headings = sorted({normal(column.heading) for column in columns} - {""})
    return hashlib.sha256(json.dumps([kind, headings]).encode()).hexdigest()


def _first(patterns, told: str) -> str:
    return next((found[1] for pattern in patterns if (found := pattern.search(told))), "")


def _year(told: str) -> int | None:
    """2024年 before 二〇二四年 before a bare 2024; the title stands first."""
    year = _first(_YEARS, _FILLED_IN.sub("\n", told))
    return int(year.translate(_DIGITS)) if year else None


def _unit(told: str) -> str:
    unit = _first(_UNITS, told)
    return {"亿": "亿元", "万": "万元"}.get(unit, unit)


def _team(told: str) -> str:
    found = _TEAM.search(told)
    return found[0] if found else ""
