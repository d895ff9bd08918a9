"""Who took a Word file out, in the header of every page."""

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

GREY = RGBColor(0x8A, 0x8F, 0x98)


def mark_pages(document, mark: str) -> None:
    """Small, grey and at the right; even pages have a header of their own where they differ."""
    for section in document.sections:
        headers = [section.header]
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        for header in headers:
            header.is_linked_to_previous = False
            _write(header.paragraphs[0], mark)


def _write(paragraph, mark: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run("".join(sign for sign in mark if sign.isprintable()))
    run.font.size, run.font.color.rgb, run.font.name = Pt(7.5), GREY, "宋体"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
