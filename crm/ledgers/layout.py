"""Finding the table in a sheet: title, unit, heading rows, columns, and which rows are data."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from crm.people import is_same_as_above

from .book import Book, Fault, Sheet, UnusableFile
from .headings import EXACT, FIELDS, label, match, normal, unit_of

SEARCHED = 20
_YEAR = re.compile(r"(20[0-9]{2})\s*年|(二[〇零○]{1}[一二三四五六七八九〇零]{2})年")
_UNIT_LINE = re.compile(r"单位\s*[:：]?\s*[（(]?\s*(亿元|万元|元|亿|万)")
_TEAM = re.compile("(?:西宁市)?(?:招商)?第?[一二三四五六七八九十0-9]{1,3}(?:招商)?专班")
_GROUP = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]?|\([0-9]+个\)$")
_TOTALS = re.compile(r"^(?:本页)?(小计|合计|总计|共计|累计|汇总)")
_FOOT = re.compile(
    r"^(备注|注|说明|填表人|填报人|审核人|制表人?|负责人|联系人|单位负责人|审核|签字|填表说明)\s*[:：]"
)


@dataclass(frozen=True)
class Column:
    """A column of the sheet; ``field`` is None when nobody knows what it means."""

    index: int
    heading: str
    field: str | None
    unit: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Line:
    """A data row: its Excel number and one value per column."""

    number: int
    values: tuple


@dataclass(frozen=True)
class Skipped:
    number: int
    reason: str
    text: str


@dataclass(frozen=True)
class Doubt:
    index: int
    heading: str
    candidates: tuple[str, ...]


@dataclass
class Layout:
    """What a sheet says about itself, and its data rows."""

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
    """The layout of the sheet that fits best, or of the one named.

    ``mapping`` gives fields by normalised heading, "" for none. Raises UnusableFile when no heading
    row is found.
    """
    open_sheets = [s for s in book.sheets if not s.is_hidden]
    wanted = [s for s in book.sheets if s.name == sheet] if sheet else open_sheets
    found = [(head.score, -place, s, head) for place, s in enumerate(wanted)
             if (head := _head(s, kind, mapping))]  # fmt: skip
    if not found:
        names = "、".join(str(h.label) for h in FIELDS[kind] if h.needed)
        raise UnusableFile(
            _("No heading row was found; expected columns such as: %(names)s.") % {"names": names},
            "no_header",
        )
    *_rest, chosen, head = max(found, key=lambda f: f[:2])
    layout = _layout(chosen, kind, head)
    layout.notes += _other_sheets(book, chosen)
    return layout


def _other_sheets(book, chosen) -> list[str]:
    notes = []
    for other in book.sheets:
        if other is not chosen and any(any(row) for row in other.rows):
            text = (
                _("The hidden sheet “%(name)s” was not read.")
                if other.is_hidden
                else _("The sheet “%(name)s” was not read; choose it to import it.")
            )
            notes.append(text % {"name": other.name})
    return notes


# -- headings --------------------------------------------------------------------------------------


@dataclass
class _Head:
    first: int  # 0-based
    last: int
    columns: list[Column]
    doubts: list[Doubt]
    score: int


def _head(sheet: Sheet, kind: str, mapping) -> _Head | None:
    """The heading row, or two joined, that explains most columns."""
    best = None
    filled = [i for i, row in enumerate(sheet.rows) if any(_says(v) for v in row)][:SEARCHED]
    for first in filled:
        for last in (first, first + 1):
            head = _candidate(sheet, kind, mapping, first, last)
            if head and (best is None or head.score > best.score):
                best = head
    return best


def _candidate(sheet, kind, mapping, first: int, last: int) -> _Head | None:
    if last >= len(sheet.rows) or (last > first and not _is_two_level(sheet, first)):
        return None
    texts = _texts(sheet, first, last)
    columns, doubts = _columns(texts, kind, mapping)
    fields = {c.field for c in columns if c.field}
    needed = {h.key for h in FIELDS[kind] if h.needed}
    known = len(fields & needed)
    alone = len(fields) == 1 and known == len(needed) and _is_sure(kind, texts)
    if not known or (len(fields) < 2 and not alone):
        return None
    return _Head(first, last, columns, doubts, 100 * known + 10 * len(fields) + (last > first))


def _is_sure(kind, texts) -> bool:
    """A list of names has one column, headed by nothing but its name."""
    return any(match(kind, text)[:1] and match(kind, text)[0][0] == EXACT for text in texts)


def _is_two_level(sheet, first: int) -> bool:
    """Merged across one row, or down two rows: the row below belongs to the heading."""
    row = first + 1
    if len({str(v) for v in sheet.rows[first] if _says(v)}) < 2:  # a title
        return False
    return any(
        top == row and (left < right or bottom == row + 1)
        for top, left, bottom, right in sheet.merges
        if bottom <= row + 1
    )


def _texts(sheet, first: int, last: int) -> list[str]:
    """Headings from top to bottom, merged ones at every column they span."""
    width = max(len(row) for row in sheet.rows[first : last + 1])
    grid = [[_at(sheet, r, c) for c in range(width)] for r in range(first, last + 1)]
    for top, left, bottom, right in sheet.merges:
        for r in range(max(top - 1, first), min(bottom - 1, last) + 1):
            for c in range(left - 1, min(right, width)):
                grid[r - first][c] = _at(sheet, top - 1, left - 1)
    texts = []
    for column in range(width):
        parts = [str(row[column]) for row in grid if _says(row[column])]
        texts.append(" ".join(dict.fromkeys(" ".join(p.split()) for p in parts)))
    return texts


def _columns(texts: list[str], kind: str, mapping) -> tuple[list[Column], list[Doubt]]:
    chosen, doubts, taken = {}, [], set()
    ranked = []
    for index, text in enumerate(texts):
        if mapping is not None and normal(text) in mapping:
            key = mapping[normal(text)] or None
            chosen[index] = key
            taken.add(key)
            continue
        ranked += [(score, -index, key) for score, key in _options(kind, text)]
    for _score, place, key in sorted(ranked, reverse=True):
        if key not in taken and -place not in chosen:
            chosen[-place] = key
            taken.add(key)
    columns = [
        Column(i, text, chosen.get(i), unit_of(text), _letter(i)) for i, text in enumerate(texts)
    ]
    return columns, doubts


def _options(kind: str, text: str) -> list[tuple[int, str]]:
    """What the whole heading may mean, and, a little less surely, its lower level alone."""
    options = match(kind, text)
    parts = text.split(" ")
    if len(parts) > 1:
        lower = [(s - 5, key) for s, key in match(kind, parts[-1])]
        upper = [(s - 8, key) for s, key in match(kind, parts[0])
                 if parts[-1] in {"合计", "小计", "总额", "金额", "总计"}]  # fmt: skip
        options = options + lower + upper
    return options


def _letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# -- the whole sheet -------------------------------------------------------------------------------


def _layout(sheet: Sheet, kind: str, head: _Head) -> Layout:
    above = [str(v) for row in sheet.rows[: head.first] for v in row if _says(v)]
    told = "\n".join(above)
    fields = {c.field for c in head.columns}
    headings = [normal(c.heading) for c in head.columns]
    layout = Layout(
        sheet=sheet.name, title=above[0].strip() if above else "",
        header_rows=(head.first + 1, head.last + 1), columns=head.columns,
        year=_year(told), unit=_unit(told), team=_team(told), doubts=head.doubts,
        missing=[h.key for h in FIELDS[kind] if h.needed and h.key not in fields],
        fingerprint=hashlib.sha256(json.dumps([kind, headings]).encode()).hexdigest(),
    )  # fmt: skip
    _read_rows(sheet, head, layout)
    unknown = [c.heading for c in head.columns if c.heading and not c.field]
    unknown = [text for text in unknown if match(kind, text) or normal(text) not in _silent()]
    if unknown:
        text = _("Columns that are not taken over: %(names)s.")
        layout.notes.append(text % {"names": "、".join(unknown)})
    if layout.missing:
        names = "、".join(str(label(kind, key)) for key in layout.missing)
        layout.notes.append(_("Columns that are missing: %(names)s.") % {"names": names})
    return layout


def _silent() -> set[str]:
    return {"序号", "编号", "填报单位", "填报时间", "错误原因", ""}


def _year(text: str) -> int | None:
    match_ = _YEAR.search(unicodedata.normalize("NFKC", text))
    if match_ is None:
        return None
    digits = str.maketrans("〇零○一二三四五六七八九", "000123456789")
    return int(match_[1] or match_[2].translate(digits))


def _unit(text: str) -> str:
    match_ = _UNIT_LINE.search(unicodedata.normalize("NFKC", text))
    return {"亿": "亿元", "万": "万元"}.get(match_[1], match_[1]) if match_ else ""


def _team(text: str) -> str:
    match_ = _TEAM.search(unicodedata.normalize("NFKC", text))
    return match_[0] if match_ else ""


# -- rows ------------------------------------------------------------------------------------------


def _read_rows(sheet: Sheet, head: _Head, layout: Layout) -> None:
    heading = [normal(c.heading) for c in head.columns]
    places = [c.index for c in head.columns]
    merged = _vertical(sheet, head.last + 1)
    above: tuple = (None,) * len(places)
    for index in range(head.last + 1, len(sheet.rows)):
        number, row = index + 1, sheet.rows[index]
        if not any(_says(v) for v in row):
            continue
        values = tuple(_at(sheet, index, place) for place in places)
        if reason := _skip(values, row, heading, head.columns):
            layout.skipped.append(Skipped(number, reason, _line_text(row)))
            _keep_total(layout, values)
            continue
        values = _filled(values, above, merged.get(number, {}), places)
        if _is_bare(values, head.columns):
            continue
        layout.lines.append(Line(number, values))
        above = values
        _note_hidden(sheet, number, layout)


def _vertical(sheet, first: int) -> dict[int, dict]:
    """Row number → {column: value} of cells merged downwards below the heading."""
    found: dict[int, dict] = {}
    for top, left, bottom, right in sheet.merges:
        if top > first and bottom > top and bottom - top < 5_000:
            value = _at(sheet, top - 1, left - 1)
            for number in range(top + 1, bottom + 1):
                for column in range(left - 1, right):
                    found.setdefault(number, {})[column] = value
    return found


def _filled(values, above, merged, places) -> tuple:
    if not merged and not any(isinstance(v, str) and is_same_as_above(v) for v in values):
        return values
    return tuple(
        merged.get(place, value) if not _says(value)
        else above[i] if is_same_as_above(value) else value
        for i, (place, value) in enumerate(zip(places, values, strict=True))
    )  # fmt: skip


def _skip(values, row, heading, columns) -> str:
    """Why a row is no data; "" when it is."""
    said = [str(v).strip() for v in row if _says(v)]
    first = unicodedata.normalize("NFKC", said[0])
    texts = [s for s in said if not re.fullmatch(r"[0-9.,]+", s)]
    if any(_TOTALS.match(re.sub(r"\s+", "", s)) for s in texts[:2]) and _few_texts(texts):
        return _("total")
    if _FOOT.match(first):
        return _("note or signature")
    if [normal(v) if _says(v) else "" for v in values] == heading:
        return _("repeated heading")
    if len(set(said)) == 1 and _GROUP.match(first) and _GROUP.match(first)[0]:
        return _("group heading")
    if len(set(said)) == 1 and len(columns) > 3 and not _is_number(said[0]):
        return _("heading or note without data")
    return ""


def _few_texts(texts) -> bool:
    return len(texts) <= 3


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9.,]+", text))


def _keep_total(layout, values) -> None:
    if layout.skipped[-1].reason == _("total"):
        layout.stated_total = {
            c.field: str(v) for c, v in zip(layout.columns, values, strict=True)
            if c.field and _says(v) and _is_number(str(v))
        }  # fmt: skip


def _is_bare(values, columns) -> bool:
    """Nothing but a running number: a prepared, unused row."""
    return not any(_says(v) for v, c in zip(values, columns, strict=True) if c.field)


def _note_hidden(sheet, number: int, layout) -> None:
    if number in sheet.hidden_rows:
        layout.notes.append(_("Row %(row)s is hidden and was read.") % {"row": number})
    if number in sheet.struck_rows:
        layout.notes.append(_("Row %(row)s is struck through and was read.") % {"row": number})


def _line_text(row) -> str:
    return " ".join(dict.fromkeys(str(v).strip() for v in row if _says(v)))[:200]


def _at(sheet, row: int, column: int):
    values = sheet.rows[row]
    return values[column] if column < len(values) else None


def _says(value) -> bool:
    if value is None:
        return False
    return isinstance(value, Fault) or not isinstance(value, str) or bool(value.strip())
