"""A Table as a workbook that a bureau can print and go on working with.

Text is written as text, whatever it begins with: a name like ``=1+1`` never becomes a formula.
"""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from crm.indicators.figures import in_decimal

from .table import Column, Kind, Table
from .taking import taken_by

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FONT = {"font_name": "SimSun", "font_size": 10, "valign": "vcenter"}
GRID = FONT | {"border": 1, "border_color": "#9AA5B1"}
STRONG = {"bold": True, "bg_color": "#EEF2F6"}
WHOLE, FRACTIONS = "#,##0", "#,##0.00"
HEADER_ROWS = 3
LONGEST_TEXT = 32_767
LINE_POINTS, MOST_LINES = 14, 12
A4 = 9


def render(*tables: Table, by) -> bytes:
    """Each table a sheet: title, unit line, header, rows, total, notes; ready to print on A4.

    ``by`` takes it out: without the columns that stay, and marked on every sheet.
    """
    taken = [taken_by(by, table) for table in tables]
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"title": taken[0].title})
        for table in taken:
            _write_sheet(book, table)
    return target.getvalue()


def _write_sheet(book, table: Table) -> None:
    sheet = book.add_worksheet(sheet_name(table.title))
    formats = cell_formats(book, money=FRACTIONS if _has_fractions(table) else WHOLE)
    widths = [column.width for column in table.columns]
    prepare_page(sheet, widths, header=(HEADER_ROWS - 1, HEADER_ROWS - 1), mark=table.mark)
    _write_head(sheet, table, formats)
    for index, row in enumerate(table.rows, start=HEADER_ROWS):
        _write_row(sheet, index, row, table.columns, formats)
    end = HEADER_ROWS + len(table.rows)
    plain = tuple(replace(column, empty="") for column in table.columns)
    _write_row(sheet, end, table.total, plain, _bold(formats))
    for index, note in enumerate(table.below, start=end + 1):
        sheet.write_string(index, 0, note, formats["note"])


def sheet_name(title: str) -> str:
    """At most 31 characters, none of those that a sheet name may not have."""
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31]


def cell_formats(book, *, money: str) -> dict:
    """The looks of a bureau's table: a format for each kind, its total, and title, head, note."""
    kinds = {
        Kind.TEXT: {"text_wrap": True, "align": "left", "num_format": "@"},
        Kind.COUNT: {"num_format": "0", "align": "center"},
        Kind.NUMBER: {"align": "center"},
        Kind.MONEY: {"num_format": money, "align": "right"},
        Kind.DATE: {"num_format": "yyyy-mm-dd", "align": "center"},
        Kind.MONTH: {"num_format": "yyyy-mm", "align": "center"},
        Kind.SHARE: {"num_format": "0.0%", "align": "right"},
    }
    formats = {kind: book.add_format(GRID | own) for kind, own in kinds.items()}
    formats |= {
        f"{kind} total": book.add_format(GRID | own | STRONG) for kind, own in kinds.items()
    }
    head = GRID | STRONG | {"text_wrap": True, "align": "center", "font_name": "SimHei"}
    return formats | {
        "title": book.add_format(FONT | {"font_size": 18, "bold": True, "align": "center",
                                         "font_name": "SimHei"}),
        "unit": book.add_format(FONT | {"align": "right"}),
        "head": book.add_format(head),
        "note": book.add_format(FONT | {"font_color": "#52606D"}),
    }  # fmt: skip


def _bold(formats: dict) -> dict:
    return {kind: formats[f"{kind} total"] for kind in Kind}


def _has_fractions(table: Table) -> bool:
    places = [i for i, column in enumerate(table.columns) if column.kind is Kind.MONEY]
    rows = (*table.rows, table.total)
    values = (row[i] for row in rows for i in places)
    return any(value != int(value) for value in values if not isinstance(value, str | None))


def prepare_page(sheet, widths, *, header: tuple[int, int], mark: str) -> None:
    """Ready for A4 landscape, one page wide; the rows ``header`` stay on screen and every page."""
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(header[1] + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*header)
    sheet.set_header("&R&8" + mark.replace("&", "&&"))
    sheet.set_footer("&C" + _("page &P of &N") + "&R&8" + mark.replace("&", "&&"))
    sheet.center_horizontally()


def _write_head(sheet, table: Table, formats: dict) -> None:
    last = len(table.columns) - 1
    sheet.set_row(0, 32)
    sheet.merge_range(0, 0, 0, last, table.title, formats["title"])
    line = table.unit_line
    if table.has_sample:
        line = _("contains sample data") + "　" + line
    sheet.set_row(1, 18)
    sheet.merge_range(1, 0, 1, last, line, formats["unit"])
    sheet.set_row(2, 32)
    for index, column in enumerate(table.columns):
        sheet.write_string(2, index, column.title, formats["head"])


def _write_row(sheet, index: int, row: tuple, columns: tuple[Column, ...], formats: dict) -> None:
    sheet.set_row(index, row_points(_lines(row, columns)))
    for place, (value, column) in enumerate(zip(row, columns, strict=True)):
        shown = column.empty if value is None else value
        _write_cell(sheet, index, place, shown, formats[column.kind])


def row_points(lines: int) -> int:
    """Height of a row; programs do not all fit the height to wrapped text themselves."""
    return LINE_POINTS * min(max(lines, 1), MOST_LINES) + 4


def _lines(row: tuple, columns: tuple[Column, ...]) -> int:
    pairs = zip(row, columns, strict=True)
    return max((lines_of(v, c.width) for v, c in pairs if isinstance(v, str)), default=1)


def lines_of(text: str, width: int) -> int:
    """Lines that a text takes in a column of this width, at least one."""
    if "\n" in text:
        return sum(lines_of(line, width) for line in text.split("\n"))
    return max(1, -(-half_widths(text) // (width - 1)))


def half_widths(line: str) -> int:
    """Width of a text where a Chinese character (three bytes of UTF-8) takes two places."""
    return (len(line) + len(line.encode("utf-8", "replace"))) // 2


def _write_cell(sheet, row: int, place: int, value, form) -> None:
    if value is None or value == "":
        sheet.write_blank(row, place, None, form)
    elif isinstance(value, str):
        sheet.write_string(row, place, value[:LONGEST_TEXT], form)
    elif isinstance(value, Fraction):
        sheet.write_number(row, place, in_decimal(value), form)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, place, value, form)
    else:
        sheet.write_datetime(row, place, value, form)
