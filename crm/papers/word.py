"""A paper as an editable Word file in the layout of GB/T 9704-2012.

A4, 22 lines of 28 characters: margins 37, 35, 28 and 26 mm, body 3号仿宋 on 28.95 pt lines, title
2号小标宋, headings 黑体. The fonts are licensed: they are named in the file, not shipped with it.
"""

from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from crm.watermark import watermark

from . import Grid, Paper, Section
from .marked_pages import mark_pages
from .native_chart import add_chart

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FANG_SONG, KAI, HEI, SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
TITLE_FONT = "方正小标宋简体"
PAGE_NUMBER, TABLE, SMALL = 14, 10.5, 9  # 4号 5号 小5号
WIDE = 8  # tables of more columns are set smaller
TYPE_AREA_MM = 156
NUMERALS = "一二三四五六七八九十"
CENTRE, LEFT, RIGHT = (
    WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT,
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """Sizes of type and line in points; margins in mm: top, bottom, left, right."""

    title: float
    body: float
    note: float
    line: float
    margins: tuple[int, int, int, int]


OFFICIAL = Form(22, 16, 12, 28.95, (37, 35, 28, 26))  # 2号, 3号
COMPACT = Form(18, 11, 9, 16.5, (16, 16, 20, 20))


def render(paper: Paper, *, by) -> bytes:
    """The paper as docx, marked with who takes it out."""
    form = COMPACT if paper.is_compact else OFFICIAL
    sheet = Sheet(Document(), form)
    sheet.lay_out(paper)
    mark_pages(sheet.document, watermark(by))
    title = sheet.line(align=CENTRE, pitch=Pt(form.title * 1.4))
    sheet.write(title, paper.title, font=TITLE_FONT, size=form.title)
    sheet.write(sheet.line(align=CENTRE), paper.subtitle, font=KAI)
    if paper.caution:
        pitch = Pt(form.note * 1.6)
        sheet.write(sheet.line(indent=True, pitch=pitch), paper.caution, font=KAI, size=form.note)
    for place, section in enumerate(paper.sections):
        sheet.section(f"{NUMERALS[place]}、{section.heading}", section)
    for note in paper.notes:
        pitch = Pt(form.note * 1.6)
        sheet.write(sheet.line(indent=True, pitch=pitch), note, font=KAI, size=form.note)
    target = BytesIO()
    sheet.document.save(target)
    return target.getvalue()


class Sheet:
    """The document being written, in one form."""

    def __init__(self, document, form: Form):
        self.document, self.form = document, form

    def section(self, heading: str, section: Section) -> None:
        title = self.line(indent=True)
        title.paragraph_format.keep_with_next = True
        self.write(title, heading, font=HEI)
        for text in section.paragraphs:
            self.write(self.line(indent=True), text)
        for number, text in enumerate(section.items, start=1):
            self.write(self.line(indent=True), f"{number}.{text}")
        if section.graph is not None:
            spot = self.line(align=CENTRE, pitch=None)
            add_chart(self.document, spot, section.graph, width_mm=TYPE_AREA_MM, height_mm=82)
        for grid in section.grids:
            self.grid(grid)

    # -- page ------------------------------------------------------------------------------------

    def lay_out(self, paper: Paper) -> None:
        document, (top, bottom, left, right) = self.document, self.form.margins
        document.core_properties.title = paper.title
        document.core_properties.author = document.core_properties.comments = ""
        section = document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.header_distance, section.footer_distance = Mm(top / 2), Mm(bottom * 2 / 3)
        normal = document.styles["Normal"]
        _set_font(normal.element.get_or_add_rPr(), normal.font, FANG_SONG, self.form.body)
        if self.form is OFFICIAL:
            document.settings.odd_and_even_pages_header_footer = True
            self.page_number(section.footer, RIGHT)
            self.page_number(section.even_page_footer, LEFT)

    def page_number(self, footer, align) -> None:
        """— 1 — one character in from the outer edge."""
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        side = paragraph.paragraph_format
        side.left_indent, side.right_indent = (Pt(14), None) if align == LEFT else (None, Pt(14))
        self.write(paragraph, "— ", font=SONG, size=PAGE_NUMBER)
        run = paragraph.add_run()
        _set_font(run._element.get_or_add_rPr(), run.font, SONG, PAGE_NUMBER)
        for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
            run._element.append(_field(kind, text))
        self.write(paragraph, " —", font=SONG, size=PAGE_NUMBER)

    # -- lines -----------------------------------------------------------------------------------

    def line(self, *, align=None, indent: bool = False, pitch=0):
        """A paragraph on the line grid; ``pitch`` None lets a chart take the height it needs."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(0)
        if pitch is not None:
            form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            form.line_spacing = pitch or Pt(self.form.line)
        if indent:
            form.first_line_indent = Pt(2 * self.form.body)
            # Two characters in, whatever the size of the type.
            paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")
        return paragraph

    def write(self, paragraph, text: str, *, font: str = FANG_SONG, size: float = 0) -> None:
        """Characters that XML cannot hold are left out."""
        run = paragraph.add_run(_clean(text))
        _set_font(run._element.get_or_add_rPr(), run.font, font, size or self.form.body)

    # -- tables ----------------------------------------------------------------------------------

    def grid(self, grid: Grid) -> None:
        title = self.line(align=CENTRE)
        title.paragraph_format.keep_with_next = True
        self.write(title, grid.title, font=HEI, size=14)
        table = self.document.add_table(rows=2, cols=len(grid.heads))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        _narrow_cells(table)
        for column, width in zip(table.columns, grid.widths, strict=True):
            column.width = Mm(width)
        head, pattern = table.rows
        _mark(head, "w:tblHeader")
        self.fill(head, grid.heads, grid, font=HEI, is_head=True)
        _mark(pattern, "w:cantSplit")
        self.fill(pattern, ["-"] * len(grid.heads), grid)
        _copies(pattern._tr, grid.rows)
        self.write(self.line(indent=True, pitch=Pt(20)), grid.note, font=KAI, size=TABLE)

    def fill(self, row, values, grid: Grid, *, font: str = FANG_SONG, is_head=False) -> None:
        size = TABLE if len(values) <= WIDE else SMALL
        for place, (cell, text) in enumerate(zip(row.cells, values, strict=True)):
            cell.width, cell.vertical_alignment = Mm(grid.widths[place]), WD_ALIGN_VERTICAL.CENTER
            paragraph = cell.paragraphs[0]
            form = paragraph.paragraph_format
            form.space_before = form.space_after = Pt(2)
            form.line_spacing = 1
            right = place in grid.numbers
            paragraph.alignment = CENTRE if is_head else RIGHT if right else LEFT
            self.write(paragraph, text, font=font, size=size)


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())


def _copies(pattern, rows) -> None:
    """The row once for each of ``rows``: copying is ten times as fast as laying out every cell."""
    for values in rows:
        row = deepcopy(pattern)
        for text, value in zip(row.iter(qn("w:t")), values, strict=True):
            text.text = _clean(value)
        pattern.addprevious(row)
    pattern.getparent().remove(pattern)


def _field(kind: str, text: str):
    element = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        element.set(qn("w:fldCharType"), kind)
    element.text = text or None
    return element


def _set_font(properties, font, name: str, size: float) -> None:
    """Chinese and Western type by the same name; Word asks for each by itself."""
    font.name, font.size = name, Pt(size)
    fonts = properties.get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(script), name)


def _narrow_cells(table) -> None:
    """1 mm between text and line at either side."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        element = OxmlElement(side)
        element.set(qn("w:w"), "57")
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)


def _mark(row, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
