"""A big workbook in the bureau's layout, written while the rows are read.

XlsxWriter makes the frame: styles, title, merged headings, widths, print set-up. The rows are
written into the frame's sheet as plain XML: eight times faster than cell by cell, in flat
memory. Text goes in as inline strings, so nothing in it can become a formula or a link.
"""

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

from xlsxwriter.utility import xl_col_to_name

from crm.reports.table import Kind
from crm.reports.xlsx import (
    LONGEST_TEXT,
    MOST_LINES,
    lines_of,
    row_points,
)

from .columns import Out, Sheet
from .frame import NUMBER, SHEET_PART, make_frame

FIRST_DAY = date(1899, 12, 30).toordinal()
# Level 3 is the knee: half the time of 6 for 4 % more bytes, a third smaller than 1.
LEVEL = 3
# Words of narrow columns stand in the middle, names and sentences at the left.
NARROW = 13
POINTS = [row_points(lines) for lines in range(MOST_LINES + 1)]
# What XML or Excel would read as something else than the character itself.
SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
# Blanks at the beginning or end of a text, among texts joined by line breaks.
EDGES = ("\n ", " \n", "\n\t", "\t\n", "\n\n")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Workbook:
    """One sheet: head at once, then chunks of cells, at last total and notes."""

    def __init__(self, to, sheet: Sheet, *, made: str, unit: str, mark: str):
        self.columns = (NUMBER, *sheet.columns)
        frame, self._styles, self._row = make_frame(sheet, self.columns, (made, unit, mark))
        self._count = 0
        self._fractions: list[bool] = []
        self._archive = zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        head = self._take_over(frame)
        self._part = self._archive.open(SHEET_PART, "w", force_zip64=True)
        self._part.write(head.encode())

    def _take_over(self, frame: bytes) -> str:
        """Copy the frame's parts; returns its sheet up to the rows and keeps the rest."""
        with zipfile.ZipFile(BytesIO(frame)) as parts:
            for name in parts.namelist():
                if name != SHEET_PART:
                    self._archive.writestr(name, parts.read(name))
            sheet = parts.read(SHEET_PART).decode()
        head, rest = sheet.split(f'<row r="{self._row}"', 1)
        self._rest = rest[rest.index("</sheetData>") :]
        return re.sub("<dimension[^>]*>", "", head)

    def write(self, cells: list) -> None:
        """One sequence of cells a column, all of the same length."""
        size = len(cells[0])
        if not self._fractions:
            self._fractions = [_has_fractions(values) for values in cells]
        counted = range(self._count + 1, self._count + size + 1)
        numbers = range(self._row, self._row + size)
        written = [self._column(0, NUMBER, counted, numbers)]
        heights = [1] * size
        for place, (column, values) in enumerate(zip(self.columns[1:], cells, strict=True), 1):
            written.append(self._column(place, column, values, numbers))
            if column.kind is Kind.TEXT and (lines := _lines(values, column.width)):
                heights = list(map(max, heights, lines))
        self._part.write(_rows(numbers, heights, written).encode("utf-8", "replace"))
        self._count += size
        self._row += size

    def _column(self, place: int, column: Out, values, numbers) -> list[str]:
        """The cells of a column as XML."""
        start = f'<c r="{xl_col_to_name(place)}'
        if column.kind is Kind.TEXT:
            style = self._styles["word" if column.width <= NARROW else "text"]
            return _texts(start, style, values, numbers)
        style = spare = self._styles[column.kind]
        if column.kind is Kind.MONEY:
            spare = self._styles["fractions"]
            style = spare if self._fractions[place - 1] else style
        if str not in set(map(type, values)):
            return _numbers(start, style, spare, values, numbers)
        word = self._styles["word"]
        return [
            _cell(f"{start}{n}", value, style, spare, word)
            for n, value in zip(numbers, values, strict=True)
        ]

    def close(self, label: str, count: str, totals: list, notes: list[str]) -> None:
        """Total row, notes below it, and the rest of the workbook."""
        styles = self._styles
        values = [label, *totals]
        first_text = next((i for i, c in enumerate(self.columns) if c.kind is Kind.TEXT), None)
        if first_text and values[first_text] is None:
            values[first_text] = count
        cells = [
            _cell(f'<c r="{xl_col_to_name(i)}{self._row}', v, *self._total_styles(i))
            for i, v in enumerate(values)
        ]
        rows = [_row(self._row, 1, cells)]
        for number, note in enumerate(notes, start=self._row + 1):
            cell = _cell(f'<c r="A{number}', note, *[styles["note"]] * 3)
            rows.append(_row(number, 1, [cell]))
        self._part.write("".join(rows).encode("utf-8", "replace"))
        self._part.write(self._rest.encode())
        self._part.close()
        self._archive.close()

    def _total_styles(self, place: int) -> tuple[str, str, str]:
        """Styles of a total for whole numbers, fractions and words."""
        kind, styles = self.columns[place].kind, self._styles
        word = styles["text total"] if kind is Kind.TEXT else styles["count total"]
        if kind is not Kind.MONEY:
            style = styles[f"{kind} total"]
            return style, style, word
        shown = self._fractions and self._fractions[place - 1]
        whole = "fractions total" if shown else "money total"
        return styles[whole], styles["fractions total"], word


# -- cells -----------------------------------------------------------------------------------------


def _texts(start: str, style: str, values, numbers) -> list[str]:
    """Cells that hold text or nothing; one look at all of them says whether any needs care."""
    texts = [value or "" for value in values]
    together = "\n".join(["", *filter(None, texts), ""])
    if SPECIAL.search(together) or max(map(len, texts)) > LONGEST_TEXT:
        texts = [safe(text) for text in texts]
    blank = f'" s="{style}"/>'
    keep = ' xml:space="preserve"' if any(edge in together for edge in EDGES) else ""
    before, after = f'" s="{style}" t="inlineStr"><is><t{keep}>', "</t></is></c>"
    return [
        f"{start}{n}{before}{text}{after}" if text else f"{start}{n}{blank}"
        for n, text in zip(numbers, texts, strict=True)
    ]


def _numbers(start: str, style: str, spare: str, values, numbers) -> list[str]:
    """Cells without words: numbers, dates or nothing, as ``_cell`` writes them but quicker."""
    if date in set(map(type, values)):
        values = [value and value.toordinal() - FIRST_DAY for value in values]
    blank, after = f'" s="{style}"/>', "</v></c>"
    whole, part = f'" s="{style}"><v>', f'" s="{spare}"><v>'
    if style == spare:
        pairs = zip(numbers, values, strict=True)
        return [f"{start}{n}{blank if v is None else f'{whole}{v}{after}'}" for n, v in pairs]
    return [
        f"{start}{n}{blank if v is None else f'{part if v % 1 else whole}{v}{after}'}"
        for n, v in zip(numbers, values, strict=True)
    ]


def safe(text: str) -> str:
    """A text as the content of an XML element that Excel reads back to the same text."""
    return SPECIAL.sub(_escape, text[:LONGEST_TEXT])


def _escape(found: re.Match) -> str:
    text = found[0]
    if text in _ENTITIES:
        return _ENTITIES[text]
    if len(text) > 1:  # _x000A_ as people write it would be read as a character code
        return f"_x005F{text}"
    return f"_x{ord(text):04X}_" if ord(text) < 0x20 else "\ufffd"


def _cell(start: str, value, style: str, fractions: str, word: str) -> str:
    """One cell by its type: ``fractions`` is the style of a number that is not whole."""
    if value is None or value == "":
        return f'{start}" s="{style}"/>'
    if isinstance(value, str):
        text = f'<is><t xml:space="preserve">{safe(value)}</t></is>'
        return f'{start}" s="{word}" t="inlineStr">{text}</c>'
    if isinstance(value, date):
        return f'{start}" s="{style}"><v>{value.toordinal() - FIRST_DAY}</v></c>'
    if isinstance(value, Decimal) and value % 1:
        style = fractions
    return f'{start}" s="{style}"><v>{value}</v></c>'


def _has_fractions(values) -> bool:
    return any(isinstance(value, Decimal) and value % 1 for value in values)


def _lines(values, width: int) -> list[int] | None:
    """Lines of each text; None where one is enough for all. Equal texts are measured once."""
    sure = (width - 1) // 2
    long = {v for v in set(values) if v and (len(v) > sure or "\n" in v)}
    lines = {text: min(lines_of(text, width), MOST_LINES) for text in long}
    if max(lines.values(), default=1) == 1:
        return None
    return [lines.get(value, 1) for value in values]


def _rows(numbers, heights, columns: list[list[str]]) -> str:
    rows = zip(numbers, heights, zip(*columns, strict=True), strict=True)
    return "".join([_row(number, lines, cells) for number, lines, cells in rows])


def _row(number: int, lines: int, cells) -> str:
    return f'<row r="{number}" ht="{POINTS[lines]}" customHeight="1">{"".join(cells)}</row>'
