"""A Table as a Word document: A4 landscape, the header row repeated on every page."""

from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from crm.papers.marked_pages import mark_pages

from .table import Column, Kind, Table
from .taking import taken_by
from .words import cell_text

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SONG, HEI = "宋体", "黑体"
RIGHT = {Kind.MONEY, Kind.NUMBER, Kind.SHARE}


def render(table: Table, *, by) -> bytes:
    """Title, unit line, table with its total, notes and the definition."""
    table = taken_by(by, table)
    document = Document()
    _lay_out(document)
    mark_pages(document, table.mark)
    _line(document, table.title, font=HEI, size=18, align=WD_ALIGN_PARAGRAPH.CENTER)
    unit = table.unit_line
    if table.has_sample:
        unit = _("contains sample data") + "　" + unit
    _line(document, unit, size=10, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _grid(document, table)
    for note in table.below:
        _line(document, note, size=9)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _lay_out(document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(15)


def _line(document, text: str, *, size: int, font: str = SONG, align=None) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(2)
    _write(paragraph, text, size=size, font=font)


def _write(paragraph, text: str, *, size: float, font: str = SONG, bold: bool = False) -> None:
    """Characters that XML cannot hold are left out; Chinese needs its own font name."""
    run = paragraph.add_run("".join(sign for sign in text if sign.isprintable() or sign == "\n"))
    run.font.size, run.font.name, run.bold = Pt(size), font, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _grid(document, table: Table) -> None:
    """Cells are filled through the rows' own lists: asking for each cell anew is far slower."""
    grid = document.add_table(rows=len(table.rows) + 2, cols=len(table.columns))
    grid.style = "Table Grid"
    rows = grid.rows
    header, *body = list(rows)
    _repeat(header)
    size = 9 if len(table.columns) <= 10 else 7
    for cell, column in zip(header.cells, table.columns, strict=True):
        _fill(cell, column.title, column, size=size, font=HEI)
    last = len(table.rows)
    for place, (row, values) in enumerate(zip(body, (*table.rows, table.total), strict=True)):
        for cell, value, column in zip(row.cells, values, table.columns, strict=True):
            text = cell_text(value, column, total=place == last)
            _fill(cell, text, column, size=size, bold=place == last)
    _set_widths(grid, table.columns)


def _fill(cell, text: str, column: Column, *, size, font: str = SONG, bold=False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = (
        WD_ALIGN_PARAGRAPH.RIGHT if column.kind in RIGHT else WD_ALIGN_PARAGRAPH.LEFT
    )
    if text:
        _write(paragraph, text, size=size, font=font, bold=bold)


def _repeat(row) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _set_widths(grid, columns) -> None:
    whole = sum(column.width for column in columns)
    for column, given in zip(grid.columns, columns, strict=True):
        column.width = Mm(267 * given.width / whole)
