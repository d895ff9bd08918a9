"""The empty workbook of a ledger: styles, title, headings, widths, print set-up."""

import re
import zipfile
from io import BytesIO
from itertools import groupby

import xlsxwriter
from django.utils.translation import gettext as _

from crm.reports.table import Kind
from crm.reports.xlsx import (
    FONT,
    FRACTIONS,
    GRID,
    OPTIONS,
    STRONG,
    WHOLE,
    cell_formats,
    prepare_page,
    sheet_name,
)

from .columns import Out, Sheet

SHEET_PART = "xl/worksheets/sheet1.xml"
TITLE_ROWS = 2
NUMBER_WIDTH = 6
NUMBER = Out("", "", NUMBER_WIDTH, None, kind=Kind.COUNT)


def make_frame(sheet: Sheet, columns: tuple[Out, ...], words: tuple[str, str, str]):
    """The workbook without rows, its styles' numbers by name, and the number of the first row.

    ``words``: when it was made, its unit, and who took it out.
    """
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS | {"constant_memory": False}) as book:
        book.set_properties({"title": str(sheet.title)})
        page = book.add_worksheet(sheet_name(sheet.name))
        formats = _formats(book)
        first = _write_head(page, sheet, columns, formats, words)
        for place, form in enumerate(formats.values()):
            page.write_blank(first, place, None, form)
    with zipfile.ZipFile(target) as parts:
        pattern = parts.read(SHEET_PART).decode().split(f'<row r="{first + 1}"', 1)[1]
    numbers = re.findall(' s="([0-9]+)"', pattern)
    return target.getvalue(), dict(zip(formats, numbers, strict=True)), first + 1


def _formats(book) -> dict:
    formats = {str(name): form for name, form in cell_formats(book, money=WHOLE).items()}
    money = GRID | {"num_format": FRACTIONS, "align": "right"}
    return formats | {
        "fractions": book.add_format(money),
        "fractions total": book.add_format(money | STRONG),
        "word": book.add_format(GRID | {"align": "center", "num_format": "@", "text_wrap": True}),
        "left": book.add_format(FONT | {"align": "left"}),
    }


def _write_head(page, sheet: Sheet, columns, formats: dict, words) -> int:
    """Title, the line with date and unit, headings in one or two rows; returns the row below."""
    made, unit, mark = words
    last = len(columns) - 1
    has_groups = any(column.group for column in columns)
    below = TITLE_ROWS + (1 if has_groups else 0)
    prepare_page(page, [column.width for column in columns], header=(TITLE_ROWS, below), mark=mark)
    page.set_row(0, 32)
    _merge(page, (0, 0, 0, last), str(sheet.title), formats["title"])
    page.set_row(1, 18)
    # Not merged: both run over the empty cells beside them, and no reader takes them for headings.
    page.write_string(1, 0, made, formats["left"])
    if last and unit:
        page.write_string(1, last, unit, formats["unit"])
    place = 0
    for group, members in groupby(columns, key=lambda column: str(column.group)):
        place = _write_headings(page, list(members), group, place, (below, formats["head"]))
    for row in range(TITLE_ROWS, below + 1):
        page.set_row(row, 22 if has_groups else 32)
    return below + 1


def _write_headings(page, members, group: str, place: int, look) -> int:
    """Headings from ``place`` on: under their group, or over both rows; returns the next place."""
    below, form = look
    if group:
        _merge(page, (TITLE_ROWS, place, TITLE_ROWS, place + len(members) - 1), group, form)
    for column in members:
        label = str(column.label) if column is not NUMBER else _("no.")
        top = below if group else TITLE_ROWS
        _merge(page, (top, place, below, place), label, form)
        place += 1
    return place


def _merge(page, area: tuple[int, int, int, int], text: str, form) -> None:
    """Write into one cell or into several merged to one."""
    if area[:2] == area[2:]:
        page.write_string(area[0], area[1], text, form)
    else:
        page.merge_range(*area, "", form)
        page.write_string(area[0], area[1], text, form)
