"""The bureau's own workbook, filled: what stays, what is repeated, what is refused."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.styles import Border, Font, PatternFill, Side

from crm import models
from crm.ledgers.templates import check, fill
from crm.periods import today

from . import make

pytestmark = pytest.mark.django_db
THIN = Border(*(Side(style="thin"),) * 4)


def template(cells: dict | None = None) -> openpyxl.Workbook:
    """A ledger as a bureau draws it: title, unit line, headings, one row, total, signature."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "储备"
    page["A1"] = "{{标题}}"
    page["A1"].font = Font(name="SimHei", size=20, bold=True)
    page.merge_cells("A1:E1")
    page["A2"] = "单位：{{单位}}"
    page["E2"] = "{{日期}}"
    for place, text in enumerate(("序号", "项目", "投资方", "", "投资"), start=1):
        page.cell(3, place, text)
    for place, text in enumerate(("{{no}}", "{{name}}", "{{investor}}", None, "{{planned}}"), 1):
        page.cell(4, place, text).border = THIN
    page["E4"].number_format = "#,##0.0000"
    page["E4"].fill = PatternFill("solid", fgColor="FFEEAA")
    page.merge_cells("C4:D4")
    page.row_dimensions[4].height = 33
    page["A5"], page["E5"] = "合计 {{条数}} 个", "{{合计:planned}}"
    page["F5"] = "=SUM(E4:E4)"
    page["A6"] = "填表人："
    page.merge_cells("A6:E6")
    page.row_dimensions[6].height = 50
    page.column_dimensions["B"].width = 41
    page.page_setup.orientation = "landscape"
    page.print_title_rows = "1:3"
    page.print_area = "A1:F6"
    for place, text in (cells or {}).items():
        page[place] = text
    return book


def data_of(book) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def filled(book=None, **options):
    target = BytesIO()
    user = options.pop("user", None) or make.user("bureau")
    rows = models.Project.objects.live().visible_to(user).order_by("pk")
    fill(data_of(book or template()), "projects", rows, user, to=target, **options)
    return openpyxl.load_workbook(target)


@pytest.fixture
def three_projects():
    firm = make.company(name="新华三集团有限公司")
    for name, yuan in (("甲项目", "12345678.90"), ("=1+1", "10000"), ("丙项目", None)):
        make.project(name=name, lead_investor=firm, planned_yuan=yuan and Decimal(yuan))


def test_the_row_is_repeated_with_values_of_their_type(three_projects):
    page = filled().active

    assert [[page.cell(row, place).value for place in (1, 2, 3, 5)] for row in (4, 5, 6)] == [
        [1, "甲项目", "新华三集团有限公司", 1234.56789],
        [2, "=1+1", "新华三集团有限公司", 1],
        [3, "丙项目", "新华三集团有限公司", None],
    ]
    assert page["B5"].data_type == "s"


def test_title_unit_date_count_and_total_are_filled_in(three_projects):
    page, day = filled(unit="万元").active, today()

    assert page["A1"].value == _("Ledger of reserve projects")
    assert page["A2"].value == "单位：万元"
    assert f"{day.year}" in page["E2"].value
    assert (page["A7"].value, page["E7"].value) == ("合计 3 个", 1235.56789)


def test_styles_heights_widths_merges_and_print_set_up_are_kept(three_projects):
    page = filled().active

    assert (page["A1"].font.name, page["A1"].font.size) == ("SimHei", 20)
    assert {page.row_dimensions[row].height for row in (4, 5, 6)} == {33}
    assert (page.row_dimensions[7].height, page.row_dimensions[8].height) == (None, 50)
    assert page["E6"].number_format == "#,##0.0000"
    assert (page["E6"].fill.fgColor.rgb, page["E6"].border.left.style) == ("00FFEEAA", "thin")
    assert page.column_dimensions["B"].width == 41
    assert {str(area) for area in page.merged_cells.ranges} == {
        "A1:E1", "C4:D4", "C5:D5", "C6:D6", "A8:E8",
    }  # fmt: skip
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows == "$1:$3"
    assert page.print_area == "'储备'!$A$1:$F$8"


def test_formulas_below_take_the_new_rows_in(three_projects):
    assert filled().active["F7"].value == "=SUM(E4:E6)"


def test_a_formula_in_the_row_counts_each_row(three_projects):
    page = filled(template({"F4": "=E4*2"})).active

    assert [page[f"F{row}"].value for row in (4, 5, 6)] == ["=E4*2", "=E5*2", "=E6*2"]


def test_a_list_without_rows_leaves_one_empty_row():
    page = filled().active

    assert [cell.value for cell in page[4]] == [None] * 6
    assert (page["A5"].value, page["E5"].value) == ("合计 0 个", None)


def test_headings_of_the_ledger_name_its_columns_too(three_projects):
    heading = _("planned investment")
    page = filled(template({"E4": f"{{{{{heading}}}}}", "B4": "《{{name}}》"})).active

    assert (page["E4"].value, page["B4"].value) == (1234.56789, "《甲项目》")


def test_closed_projects_show_their_code_name_in_a_template_too():
    make.project(name="秘密工程", is_confidential=True, code_name="代号甲")
    page = filled(user=make.user("leader")).active

    assert (page["B4"].value, page["C4"].value) == ("代号甲", _("confidential"))


def test_a_good_template_passes_the_check():
    check(data_of(template()), "projects")


def test_an_unknown_placeholder_is_named_with_its_cell():
    with pytest.raises(ValidationError) as caught:
        check(data_of(template({"B4": "{{企业星座}}", "G9": "{{合计:name2}}"})), "projects")

    first, second = caught.value.messages
    assert "企业星座" in first
    assert "B4" in first
    assert "储备" in first
    assert "G9" in second


def test_a_column_outside_the_repeated_row_is_named_with_its_cell():
    with pytest.raises(ValidationError) as caught:
        check(data_of(template({"B9": "{{investor}}"})), "projects")

    (message,) = caught.value.messages
    assert "B9" in message
    assert "4" in message


def test_a_template_without_any_column_is_refused():
    book = openpyxl.Workbook()
    book.active["A1"] = "{{标题}}"

    with pytest.raises(ValidationError):
        check(data_of(book), "projects")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no zip", "名称,金额\n甲,1\n".encode()])
def test_what_is_no_xlsx_is_refused(data):
    with pytest.raises(ValidationError):
        check(data, "projects")


def test_too_many_rows_for_a_template_are_refused(three_projects, settings, monkeypatch):
    monkeypatch.setattr("crm.ledgers.templates.MOST_ROWS", 2)

    with pytest.raises(ValidationError):
        filled()
