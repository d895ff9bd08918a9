"""Ledgers out: the workbook, csv and json, columns that are chosen, and how much it asks for."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.ledgers.exporting import Reading, export
from crm.ledgers.sheets import SHEETS
from crm.periods import today
from tests import make
from tests.ledger_exports import (
    PHONE,
    csv_of,
    exported,
    fill_up,
    full_project,
    json_of,
    only,
    page_of,
    rows_of,
)

pytestmark = pytest.mark.django_db


# -- the workbook ----------------------------------------------------------------------------------


def test_the_workbook_has_title_date_unit_headings_rows_total_and_notes():
    full_project()
    make.project(name="二号", planned_yuan=Decimal("0.05"), planned_precision="about")
    make.project(name="三号")
    page = page_of("projects")

    assert page["A1"].value == _("Ledger of reserve projects")
    assert str(today().year) in page["A2"].value
    assert page["X2"].value == _("unit: %(unit)s") % {"unit": "万元"}
    assert [page.cell(3, place).value for place in (1, 2, 5)] == [
        _("no."), _("project name"), _("planned investment"),
    ]  # fmt: skip
    assert [page.cell(row, 1).value for row in (4, 5, 6)] == [1, 2, 3]
    assert (page["E4"].value, page["E5"].value, page["E6"].value) == (
        700000.000001, "约0.05元", None,
    )  # fmt: skip
    assert [page.cell(7, place).value for place in (1, 2, 5, 6)] == [
        _("sum"), "共 3 条" if _("sum") == "合计" else "3 rows", 700000.000006, 500000,
    ]  # fmt: skip
    assert [page.cell(row, 1).value is not None for row in (8, 9, 10, 11)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_cells_have_the_type_and_look_of_their_kind():
    full_project()
    page = page_of("projects")

    assert (page["E4"].number_format, page["F4"].number_format) == ("#,##0.00", "#,##0")
    assert (page["N4"].is_date, page["N4"].number_format) == (True, "yyyy-mm-dd")
    assert (page["R4"].value.date(), page["R4"].number_format) == (date(2025, 5, 1), "yyyy-mm")
    assert (page["V4"].value, page["V4"].data_type) == (PHONE, "s")
    assert (page["B4"].font.name, page["B4"].border.left.style) == ("SimSun", "thin")
    assert (page["B3"].font.name, page["A1"].font.name) == ("SimHei", "SimHei")
    assert page["E5"].font.bold


def test_the_workbook_prints_on_a4_landscape_with_its_headings_on_every_page():
    make.deal()
    page = page_of("deals")

    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$3:$4"
    assert page.freeze_panes == "C5"
    assert "&P" in page.oddFooter.center.text


def test_grouped_headings_are_merged_over_their_columns():
    make.deal()
    page = page_of("deals")
    merges = {str(area) for area in page.merged_cells.ranges}

    assert {"A1:Y1", "A3:A4", "B3:B4", "P3:R3"} <= merges
    assert page["P3"].value == _("money arrived")
    assert [page[f"{letter}4"].value for letter in "PQR"] == [
        _("cumulative"), _("this year"), _("of which outside money"),
    ]  # fmt: skip


def test_a_ledger_without_groups_has_one_row_of_headings():
    make.trip()

    assert page_of("trips").print_title_rows == "$3:$3"


@pytest.mark.parametrize("kind", SHEETS)
def test_every_ledger_is_written_even_without_rows(kind):
    page = page_of(kind)
    headings = 4 if any(column.group for column in SHEETS[kind].columns) else 3

    assert page.max_column == len(SHEETS[kind].columns) + 1
    assert page.cell(headings + 1, 1).value == _("sum")


def test_totals_are_the_exact_sums_of_the_rows():
    yuan = [Decimal("0.01"), Decimal("123456789012.34"), Decimal("99999999999.99")] * 7
    for amount in yuan:
        make.deal(amount_yuan=amount)
    user = make.user("bureau")
    reading = Reading(SHEETS["deals"], rows_of("deals", user), user, "元")
    list(reading)

    assert reading.totals["amount"] == sum(yuan)
    assert json_of("deals", user, unit="元")["totals"]["amount"] == f"{sum(yuan)}"


@pytest.mark.parametrize(
    ("unit", "amount"), [("元", "12345678.90"), ("万元", "1234.56789"), ("亿元", "0.123456789")]
)
def test_money_stands_in_the_wanted_unit_exactly(unit, amount):
    make.deal(amount_yuan=Decimal("12345678.90"))

    assert only("deals", unit=unit)["amount"] == amount
    assert page_of("deals", unit=unit)["I5"].value == float(amount)


AWKWARD = ["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "-2", "+1", "<b>&amp;", "_x0041_", "00123",
           "一\n二", " 两边 ", "a\x0bb", "😀"]  # fmt: skip


def test_text_stays_text_whatever_it_looks_like():
    for text in AWKWARD:
        make.trip(name=text)
    data = exported("trips")
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    cells = [page.cell(row, 2) for row in range(4, 4 + len(AWKWARD))]

    assert {cell.data_type for cell in cells} == {"s"}
    # openpyxl leaves the escapes as they stand; Excel and LibreOffice do not.
    read = [cell.value.replace("_x005F", "").replace("_x000B_", "\x0b") for cell in cells]
    assert read == AWKWARD
    assert "<f>" not in sheet
    assert "_x005F_x0041_" in sheet
    assert "a_x000B_b" in sheet


def test_high_rows_have_room_for_their_text():
    team = make.team(name="一专班")
    make.trip(summary="很长的成效" * 40, task_force=team)
    make.trip(name="短", summary="短", task_force=team)
    page = page_of("trips")

    assert page.row_dimensions[4].height > 100
    assert page.row_dimensions[5].height < 20


def test_sample_rows_are_announced_above_the_table():
    make.trip(is_sample=True)

    assert page_of("trips")["A2"].value.startswith(_("contains sample data"))


def test_no_name_of_a_person_or_machine_is_in_the_file():
    core = zipfile.ZipFile(io.BytesIO(exported("trips"))).read("docProps/core.xml").decode()

    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core


# -- csv and json ----------------------------------------------------------------------------------


def test_csv_has_a_byte_order_mark_one_heading_row_and_units_in_it():
    make.deal(amount_yuan=Decimal(70_000))
    head, row = csv_of("deals")

    assert exported("deals", format="csv").startswith(b"\xef\xbb\xbf")
    assert head[:2] == [_("no."), _("project name")]
    assert head[8] == f"{_('amount signed')}（万元）"
    assert (row[0], row[8]) == ("1", "7.00")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", " =1", "\t=1"]
)
def test_csv_text_that_looks_like_a_formula_gets_an_apostrophe(text):
    make.trip(name=text)

    assert csv_of("trips")[1][1] == f"'{text}"


def test_csv_quotes_line_breaks_commas_and_quotation_marks():
    make.trip(name='一,"二"\n三')

    assert csv_of("trips")[1][1] == '一,"二"\n三'


def test_json_says_what_it_holds():
    make.deal(amount_yuan=Decimal("0.01"))
    found = json_of("deals", columns=["project", "amount"])

    assert [found[key] for key in ("kind", "unit", "as_of", "count")] == [
        "deals", "万元", today().isoformat(), 1,
    ]  # fmt: skip
    assert [column["key"] for column in found["columns"]] == ["project", "amount"]
    assert (found["rows"][0]["amount"], found["totals"]) == ("0.000001", {"amount": "0.000001"})


# -- choosing --------------------------------------------------------------------------------------


def test_chosen_columns_come_in_the_chosen_order():
    make.project()
    page = page_of("projects", columns=["planned", "name", "team"])

    assert [cell.value for cell in page[3]] == [
        _("no."), _("planned investment"), _("project name"), _("first reporting task force"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [{"columns": ["name", "password"]}, {"columns": []}, {"format": "exe"}, {"unit": "美元"}],
)
def test_what_is_not_offered_is_refused(options):
    with pytest.raises(ValidationError):
        exported("projects", **options)


def test_one_column_alone_makes_a_sheet():
    make.project(name="甲")

    assert page_of("projects", columns=["name"])["B4"].value == "甲"


def test_the_number_of_rows_is_returned():
    make.trip()
    make.trip()
    user = make.user("bureau")

    assert export("trips", rows_of("trips", user), user, to=io.BytesIO()) == 2


# -- cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SHEETS)
def test_the_number_of_queries_does_not_grow_with_the_rows(kind):
    user = make.user("bureau")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            exported(kind, user)
        return len(queries)

    fill_up()
    few = asked()

    for number in range(4):
        fill_up(f"{number}")

    assert asked() == few


def test_chunks_follow_one_another_without_a_gap(monkeypatch):
    monkeypatch.setattr("crm.ledgers.exporting.CHUNK", 2)
    for number in range(5):
        make.trip(name=f"第{number}批", people_count=number)
    page = page_of("trips")

    assert [(page.cell(row, 1).value, page.cell(row, 2).value) for row in range(4, 9)] == [
        (number + 1, f"第{number}批") for number in range(5)
    ]
    assert page["F9"].value == 10


def test_headings_follow_the_reader_s_language():
    make.trip()
    with override("en"):
        assert page_of("trips")["B3"].value == "trip batch"
