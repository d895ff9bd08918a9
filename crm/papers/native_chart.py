"""A chart that Word itself draws and edits: a DrawingML chart with its workbook inside the file.

python-docx writes no charts, so the three parts are put together here: the chart's XML with the
values cached, the workbook it takes them from, and the frame in the paragraph.
"""

from io import BytesIO
from xml.sax.saxutils import escape

import xlsxwriter
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from . import Graph

COLOURS = ("0F5E9C", "B8C4D0", "C77700")
MAIN = "http://schemas.openxmlformats.org/drawingml/2006"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "Sheet1"


def add_chart(document, paragraph, graph: Graph, *, width_mm: int, height_mm: int) -> None:
    """Put the chart into a paragraph of the document."""
    package = document.part.package
    number = 1 + sum("/word/charts/" in str(part.partname) for part in package.iter_parts())
    workbook = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        _workbook(graph),
        package,
    )
    name = PackURI(f"/word/charts/chart{number}.xml")
    chart = Part(name, CONTENT_TYPE.DML_CHART, b"", package)
    link = chart.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)
    chart._blob = _chart_xml(graph, link).encode()
    frame = document.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    paragraph.add_run()._r.append(_frame(frame, number, graph.title, Mm(width_mm), Mm(height_mm)))


def _workbook(graph: Graph) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 1, [name for name, _values in graph.series])
        sheet.write_column(1, 0, graph.categories)
        for column, (_name, values) in enumerate(graph.series, start=1):
            for row, value in enumerate(values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value)
    return target.getvalue()


def _frame(link: str, number: int, title: str, width: int, height: int):
    label = escape(title, {'"': "&quot;"})
    return parse_xml(
        f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:wp="{MAIN}/wordprocessingDrawing" xmlns:a="{MAIN}/main" xmlns:r="{REL}">'
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="Chart {number}" descr="{label}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{MAIN}/chart"><c:chart xmlns:c="{MAIN}/chart" '
        f'r:id="{link}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )


def _chart_xml(graph: Graph, link: str) -> str:
    series = "".join(_series(graph, place) for place in range(len(graph.series)))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{MAIN}/chart" xmlns:a="{MAIN}/main" xmlns:r="{REL}">'
        '<c:roundedCorners val="0"/><c:chart>'
        f'<c:title><c:tx>{_rich(graph.title, 1200)}</c:tx><c:overlay val="0"/></c:title>'
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f"{_category_axis()}{_value_axis(graph.unit)}</c:plotArea>"
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_plain(1050)}</c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:externalData r:id="{link}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _series(graph: Graph, place: int) -> str:
    name, values = graph.series[place]
    column, last = chr(ord("B") + place), len(graph.categories) + 1
    names = "".join(_point(i, text) for i, text in enumerate(graph.categories))
    points = "".join(_point(i, value) for i, value in enumerate(values) if value is not None)
    labels = (
        f'<c:dLbls>{_plain(900)}<c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls>'
    )
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f'<c:tx><c:strRef><c:f>{SHEET}!${column}$1</c:f><c:strCache><c:ptCount val="1"/>'
        f"{_point(0, name)}</c:strCache></c:strRef></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{COLOURS[place % 3]}"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/>{labels if place == 0 else ""}'
        f"<c:cat><c:strRef><c:f>{SHEET}!$A$2:$A${last}</c:f><c:strCache>"
        f'<c:ptCount val="{last - 1}"/>{names}</c:strCache></c:strRef></c:cat>'
        f"<c:val><c:numRef><c:f>{SHEET}!${column}$2:${column}${last}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{last - 1}"/>{points}'
        "</c:numCache></c:numRef></c:val></c:ser>"
    )


def _point(place: int, value) -> str:
    return f'<c:pt idx="{place}"><c:v>{escape(str(value))}</c:v></c:pt>'


def _category_axis() -> str:
    return (
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'{_plain(1000)}<c:crossAx val="2"/></c:catAx>'
    )


def _value_axis(unit: str) -> str:
    grey = '<a:ln><a:solidFill><a:srgbClr val="DCE2E9"/></a:solidFill></a:ln>'
    return (
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/>'
        '</c:scaling><c:delete val="0"/><c:axPos val="l"/>'
        f"<c:majorGridlines><c:spPr>{grey}</c:spPr></c:majorGridlines>"
        f'<c:title><c:tx>{_rich(unit, 1000)}</c:tx><c:overlay val="0"/></c:title>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'{_plain(1000)}<c:crossAx val="1"/></c:valAx>'
    )


def _font(size: int) -> str:
    return f'sz="{size}" b="0"><a:latin typeface="仿宋_GB2312"/><a:ea typeface="仿宋_GB2312"/>'


def _rich(text: str, size: int) -> str:
    return (
        f"<c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr {_font(size)}</a:defRPr></a:pPr>"
        f"<a:r><a:rPr {_font(size)}</a:rPr><a:t>{escape(text)}</a:t></a:r></a:p></c:rich>"
    )


def _plain(size: int) -> str:
    return (
        f"<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr {_font(size)}</a:defRPr></a:pPr></a:p></c:txPr>"
    )
