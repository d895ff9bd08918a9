"""The pipeline report: what stands in it, for whom, and whether its workbook is of use."""

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import models
from crm.indicators import Scope, whole_city
from crm.reports import pipeline, xlsx
from crm.reports.table import Column, Kind, Table

from . import make

pytestmark = pytest.mark.django_db
CUT = date(2024, 12, 31)


def build(user=None, on=CUT, rows=None):
    reader = user or whole_city().reader
    rows = Scope(reader).rows(models.Project) if rows is None else rows
    return pipeline.build(rows, user=reader, on=on)


def sheet_of(table: Table):
    return openpyxl.load_workbook(BytesIO(xlsx.render(table, by=whole_city().reader))).active


def test_a_row_tells_all_that_the_report_is_asked_for():
    team = make.team(name="招商一专班")
    segment = make.segment(name="智算中心", chain=make.chain(name="算"))
    project = make.project(
        name="图灵小镇", stage="signed", on=date(2024, 5, 1), team=team, segment=segment,
        lead_investor=make.company(name="新华三集团有限公司"), park=make.park(name="南川工业园区"),
        planned_yuan=Decimal(7_000_000_000), planned_precision="about",
        next_step="开工", next_step_on=date(2025, 3, 1),
    )  # fmt: skip
    project.deals.update(amount_yuan=Decimal("6500000000.00"))
    make.arrival(project=project, month=date(2024, 6, 1), amount_yuan=5_000_000, state="confirmed")

    assert build().rows == (
        (
            1, "图灵小镇", "新华三集团有限公司", "签约", "推进中", "算 · 智算中心", "南川工业园区",
            "招商一专班", Decimal(700_000), "约数", Decimal(650_000), Decimal(500),
            244, "开工", date(2025, 3, 1), "",
        ),
    )  # fmt: skip


def test_the_total_adds_unrounded_amounts_and_names_what_is_unknown():
    make.project(on=date(2024, 1, 1), planned_yuan=Decimal("1234.56"))
    make.project(on=date(2024, 1, 1), planned_yuan=Decimal("0.04"), planned_precision="at_least")
    make.project(on=date(2024, 1, 1))

    table = build()

    assert table.total[1] == "合计：3 个项目"
    assert table.total[8:12] == (Decimal("0.12346"), "超", Decimal(0), Decimal(0))
    assert table.notes == ("另有 1 个项目投资待定，未计入合计。",)


def test_projects_stand_as_they_stood_on_the_day_by_history():
    moved = make.project(stage="reserve", on=date(2024, 3, 1))
    make.bring_to(moved, "signed", on=date(2025, 2, 1))
    make.project(on=date(2025, 1, 1))

    assert [row[3] for row in build(on=CUT).rows] == ["储备"]
    assert sorted(row[3] for row in build(on=date(2025, 2, 1)).rows) == ["签约", "线索"]
    assert build(on=CUT).rows[0][10] is None


def test_money_after_the_day_deals_that_do_not_count_and_unconfirmed_money_stay_out():
    project = make.project(stage="signed", on=date(2024, 5, 1))
    make.deal(project=project, signed_on=date(2025, 1, 5), kind="supplement", amount_yuan=100)
    make.deal(project=project, signed_on=date(2024, 6, 1), status="void", amount_yuan=100)
    make.arrival(project=project, month=date(2024, 6, 1), state="reported")
    make.arrival(project=project, month=date(2025, 1, 1), state="confirmed")

    row = build().rows[0]

    assert (row[10], row[11]) == (Decimal(30_000), None)


def test_a_status_of_the_day_is_shown():
    project = make.project(stage="reserve", on=date(2024, 3, 1))
    project.set_status("on_hold", by=make.keeper(), on=date(2025, 1, 10), reason="等待用地")

    assert build(on=CUT).rows[0][4] == "推进中"
    assert build(on=date(2025, 1, 10)).rows[0][4] == "暂缓"


def test_what_was_overridden_and_still_lacks_is_listed():
    project = make.project(on=date(2024, 1, 1))
    project.move_to("reserve", by=make.keeper(), on=date(2024, 2, 1), reason="已立项")
    make.complete(project, "reserve", on=date(2024, 2, 1), without=("site", "owner"))

    assert build().rows[0][15] == "拟落地园区或选址、责任人员" or "、" in build().rows[0][15]
    make.complete(project, "reserve", on=date(2024, 2, 1))
    assert build().rows[0][15] == ""


def test_a_closed_project_shows_code_name_stage_and_amounts_only():
    make.project(
        stage="signed", on=date(2024, 5, 1), name="秘密工程", is_confidential=True,
        code_name="代号甲", planned_yuan=Decimal(500_000_000), site_text="城西",
    )  # fmt: skip
    table = build(make.user("leader"))

    assert table.rows == (
        (
            1, "代号甲", None, "签约", None, None, None, None,
            Decimal(50_000), "", Decimal(30_000), None, None, None, None, None,
        ),
    )  # fmt: skip
    assert table.total[8] == Decimal(50_000)
    assert table.notes == ("1 个保密项目以代号列示。",)
    assert build(make.user("bureau")).rows[0][1] == "秘密工程"


def test_a_reader_gets_the_rows_of_the_own_scope_only():
    own, other = make.team(), make.team()
    make.project(team=own, on=date(2024, 1, 1), name="本专班项目")
    make.project(team=other, on=date(2024, 1, 1), name="外专班项目")

    assert [row[1] for row in build(make.user(team=own)).rows] == ["本专班项目"]


def test_the_number_of_queries_does_not_grow_with_the_rows():
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            build()
        return len(queries)

    for _ in range(2):
        make.project(stage="reserve", on=date(2024, 5, 1))
    jumped = make.project(on=date(2024, 1, 1))
    jumped.move_to("reserve", by=make.keeper(), on=date(2024, 2, 1), reason="已立项")
    few = asked()
    for _ in range(4):
        make.project(stage="signed", on=date(2024, 5, 1))
        more = make.project(on=date(2024, 1, 1))
        more.move_to("reserve", by=make.keeper(), on=date(2024, 2, 1), reason="已立项")

    assert asked() == few


def test_an_empty_report_is_a_report():
    sheet = sheet_of(build())

    assert [cell.value for cell in sheet[4]][1] == "合计：0 个项目"


# -- the workbook ----------------------------------------------------------------------------------


def test_the_workbook_has_title_unit_line_header_numbers_and_total():
    make.project(
        on=date(2024, 1, 1), name="=1+1", planned_yuan=Decimal("12345600.00"),
        next_step_on=date(2025, 3, 1),
    )  # fmt: skip
    sheet = sheet_of(build())

    assert sheet["A1"].value == "招商引资项目进展表"
    assert sheet["A2"].value == "单位：万元 · 截至 2024-12-31"
    assert [sheet.cell(3, n).value for n in (1, 2, 9)] == ["序号", "项目名称", "计划投资"]
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=1+1", "s")
    assert (sheet["I4"].value, sheet["I4"].number_format) == (1234.56, "#,##0.00")
    assert sheet["O4"].value.date() == date(2025, 3, 1)
    assert sheet["O4"].number_format == "yyyy-mm-dd"
    assert (sheet["I5"].value, sheet["B5"].value) == (1234.56, "合计：1 个项目")
    assert sheet.title == "招商引资项目进展表"


def test_whole_amounts_are_shown_without_decimals():
    make.project(on=date(2024, 1, 1), planned_yuan=Decimal(70_000))

    assert sheet_of(build())["I4"].number_format == "#,##0"


def test_the_workbook_prints_on_a4_landscape_with_the_header_on_every_page():
    sheet = sheet_of(build())

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "C4"
    assert "&P" in sheet.oddFooter.center.text


def test_sample_rows_are_announced_in_the_unit_line():
    make.project(on=date(2024, 1, 1), is_sample=True)

    assert sheet_of(build())["A2"].value.startswith("含示例数据")


def test_no_formula_link_or_name_of_a_machine_is_in_the_file():
    make.project(on=date(2024, 1, 1), name='=HYPERLINK("http://x")', next_step="@SUM(A1)")
    book = zipfile.ZipFile(BytesIO(xlsx.render(build(), by=whole_city().reader)))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    core = book.read("docProps/core.xml").decode()

    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.replace("HYPERLINK", "")
    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core


def test_awkward_texts_and_titles_are_written():
    table = Table(
        title="a/b:c*d?[e]'" + "长" * 40, unit_line="单位：元", definition="口径",
        columns=(Column("名称"), Column("数", Kind.COUNT)),
        rows=(("x" * 40_000, 1), ("一\n二\x0b", 2)), total=("合计", 3), notes=(), as_of=CUT,
    )  # fmt: skip
    sheet = sheet_of(table)

    assert len(sheet["A4"].value) == 32_767
    assert sheet.max_row == 8
