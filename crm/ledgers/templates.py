"""The bureau's own workbook, filled: styles, merges, widths and print set-up stay as they are.

One row holds column placeholders ({{项目名称}} or {{name}}); it is repeated for every row of the
ledger. Elsewhere may stand {{标题}}, {{单位}}, {{日期}}, {{条数}} and {{合计:计划投资}}.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.formula.translate import Translator

from crm.names import match_key
from crm.periods import today

from .book import UnusableFile
from .exporting import Reading, heading
from .growing import make_room
from .reading import read
from .sheets import SHEETS

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
# A filled template is held in memory, unlike the bureau's own layouts.
MOST_ROWS = 20_000
WORDS = {"标题": "title", "单位": "unit", "日期": "date", "条数": "count"}
WORDS |= {word: word for word in WORDS.values()}
NUMBERS = ("序号", "no")
TOTALS = ("合计", "sum")


@dataclass
class Found:
    """What a template asks for. ``row``: the row to repeat on the sheet named ``sheet``."""

    sheet: str = ""
    row: int = 0
    keys: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def check(data: bytes, kind: str) -> None:
    """Raises ValidationError: no usable workbook, or a placeholder that means nothing, by cell."""
    try:
        book = read(data, "template.xlsx")
    except UnusableFile as error:
        raise ValidationError(str(error), code=error.code) from error
    if book.format != "xlsx":
        raise ValidationError(_("A template is a workbook saved as .xlsx."), code="format")
    found = _look(_open(data), kind)
    if found.faults:
        raise ValidationError(found.faults)


def fill(data: bytes, kind: str, rows, user, *, unit: str = "万元", to) -> int:
    """Write the template with the rows of a queryset into a binary file; returns how many rows.

    Raises ValidationError: a placeholder that means nothing, or more than MOST_ROWS rows.
    """
    book = _open(data)
    found = _look(book, kind)
    if found.faults:
        raise ValidationError(found.faults)
    reading = Reading(SHEETS[kind].with_columns(found.keys), rows, user, unit)
    lines = _lines(reading)
    _repeat(book[found.sheet], found.row, kind, reading, lines)
    values = _values(reading)
    last = book[found.sheet].max_row
    for page in book.worksheets:
        below = (
            range(found.row, found.row + max(len(lines), 1)) if page.title == found.sheet else ()
        )
        _put_words(page, kind, values, without=below)
        _mark(page, reading.mark)
    _set(book[found.sheet].cell(last + 1, 1), reading.signed_notes()[-1])
    book.save(to)
    return reading.count


def _open(data: bytes):
    try:
        return load_workbook(BytesIO(data))
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise ValidationError(_("The template cannot be opened."), code="damaged") from error


def _mark(page, mark: str) -> None:
    """In the header of every printed page, behind what the bureau put there."""
    for header in (page.oddHeader, page.evenHeader, page.firstHeader):
        lines = [header.right.text, mark.replace("&", "&&")]
        header.right.text = "\n".join(filter(None, lines))


# -- what stands in it -----------------------------------------------------------------------------


def names_of(kind: str) -> dict[str, str]:
    """Every way a template may name a column of the ledger, compared like names."""
    names = {}
    for column in SHEETS[kind].columns:
        for name in (heading(column), str(column.label), column.key):
            names.setdefault(match_key(name), column.key)
    return names


def _look(book, kind: str) -> Found:
    """Finds the row to repeat and judges every placeholder."""
    names = names_of(kind)
    placed = [(page, cell, name) for page in book.worksheets for cell, name in _placeholders(page)]
    found = Found(*_row_to_repeat(placed, names))
    for page, cell, name in placed:
        in_row = (page.title, cell.row) == (found.sheet, found.row)
        key = _key(name, names, in_row=in_row)
        if key is None:
            found.faults.append(_fault(name, page, cell, names, found))
        elif key and key not in found.keys:
            found.keys.append(key)
    if not found.row and not found.faults:
        found.faults.append(_("The template has no row with columns such as {{%(name)s}}.") % {
            "name": SHEETS[kind].columns[0].label})  # fmt: skip
    return found


def _placeholders(page):
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                for name in PLACEHOLDER.findall(cell.value):
                    yield cell, name


def _row_to_repeat(placed, names) -> tuple[str, int]:
    """The row with the most columns named in it, the first of equals; ("", 0) for none."""
    counts: dict[tuple[str, int], int] = {}
    for page, cell, name in placed:
        if match_key(name) in names and name not in WORDS:
            place = (page.title, cell.row)
            counts[place] = counts.get(place, 0) + 1
    return max(counts, key=counts.get, default=("", 0))


def _key(name: str, names: dict, *, in_row: bool) -> str | None:
    """The column a placeholder needs, "" when it needs none, None when it means nothing here."""
    if in_row:
        return "" if name in NUMBERS else names.get(match_key(name))
    if name in WORDS:
        return ""
    word, colon, column = name.replace("：", ":").partition(":")
    return names.get(match_key(column)) if colon and word.strip() in TOTALS else None


def _fault(name: str, page, cell, names, found: Found) -> str:
    where = {"name": name, "cell": cell.coordinate, "sheet": page.title, "row": found.row}
    if match_key(name) in names:
        return (
            _(
                "“{{%(name)s}}” in cell %(cell)s of sheet “%(sheet)s” stands outside the repeated "
                "row %(row)s."
            )
            % where
        )
    return _("“{{%(name)s}}” in cell %(cell)s of sheet “%(sheet)s” is not known.") % where


# -- filling ---------------------------------------------------------------------------------------


def _lines(reading: Reading) -> list[tuple]:
    lines = []
    for cells in reading:
        lines += zip(*cells, strict=True)
        if len(lines) > MOST_ROWS:
            raise ValidationError(
                _("A template takes at most %(most)s rows; filter the list or export without it."),
                code="rows", params={"most": MOST_ROWS},
            )  # fmt: skip
    return lines


def _values(reading: Reading) -> dict:
    day = today()
    date = _("%(year)s-%(month)s-%(day)s") % {
        "year": day.year, "month": day.month, "day": day.day,
    }  # fmt: skip
    totals = {column.key: reading.total_of(column) for column in reading.columns}
    values = {"title": str(reading.sheet.title), "unit": reading.unit, "count": reading.count}
    return values | {"date": date, "totals": totals}


def _repeat(page, row: int, kind: str, reading: Reading, lines: list[tuple]) -> None:
    """The row once for every line, each with the style, height and formulas of the first."""
    pattern = [(cell.column, cell.value, cell._style) for cell in page[row]]
    make_room(page, row, max(len(lines), 1))
    keys = [column.key for column in reading.columns]
    names = names_of(kind)
    for number, line in enumerate(lines or [(None,) * len(keys)], start=1):
        values = dict(zip(keys, line, strict=True))
        for place, content, style in pattern:
            cell = page.cell(row + number - 1, place)
            cell._style = style
            if isinstance(cell, MergedCell):
                continue
            value = _line_value(content, names, values, number if lines else None)
            if isinstance(value, str) and value.startswith("=") and value == content:
                cell.value = Translator(value, f"A{row}").translate_formula(f"A{cell.row}")
            else:
                _set(cell, value)


def _line_value(content, names, values: dict, number: int | None):
    """A lone placeholder keeps its type; among other words it becomes text."""
    if not isinstance(content, str):
        return content

    def value_of(name):
        return number if name in NUMBERS else values[names[match_key(name)]]

    if lone := PLACEHOLDER.fullmatch(content.strip()):
        return value_of(lone[1])
    return PLACEHOLDER.sub(lambda found: _as_text(value_of(found[1])), content)


def _put_words(page, kind: str, values: dict, *, without) -> None:
    """Title, unit, date, count and totals wherever they stand outside the repeated rows."""
    names = names_of(kind)

    def value_of(name):
        if name in WORDS:
            return values[WORDS[name]]
        return values["totals"][names[match_key(name.replace("：", ":").partition(":")[2])]]

    for cell in {cell for cell, _name in _placeholders(page) if cell.row not in without}:
        if lone := PLACEHOLDER.fullmatch(cell.value.strip()):
            _set(cell, value_of(lone[1]))
        else:
            _set(cell, PLACEHOLDER.sub(lambda found: _as_text(value_of(found[1])), cell.value))


def _as_text(value) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return "" if value is None else str(value)


def _set(cell, value) -> None:
    """Text stays text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value
