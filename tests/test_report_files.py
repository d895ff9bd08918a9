"""Reports as pages and files: who reads and takes them, and that no number changes on the way."""

import csv
import json
from fractions import Fraction
from io import BytesIO, StringIO

import docx
import openpyxl
import pytest

from crm import models
from crm.indicators import whole_city
from crm.reports import REPORTS, Document, add_document
from crm.reports.registry import DOCUMENTS
from crm.reports.table import Column, Kind, Table

from . import make
from .report_world import MAY, YUAN, T, built, file_of, world

pytestmark = pytest.mark.django_db
FIXTURES = (world,)  # asked for by name


@pytest.mark.parametrize("role", ["bureau", "leader", "statistician", "officer", "team_lead"])
def test_the_reports_are_offered_to_those_who_read_them(client, world, role):
    client.force_login(make.user(role, team=world[0] if role in ("officer", "team_lead") else None))
    page = client.get("/reports/").content.decode()

    for report in REPORTS.values():
        assert str(report.title) in page
    assert ("下载" in page) is False


@pytest.mark.parametrize("role", ["park", "department", "system_admin", "auditor"])
def test_the_reports_are_closed_to_all_others(client, role):
    client.force_login(make.user(role))

    assert client.get("/reports/").status_code == 403
    assert client.get("/reports/pipeline/").status_code == 403


def test_a_report_that_does_not_exist_or_a_kind_of_file_is_not_found(client):
    client.force_login(make.user("bureau"))

    assert client.get("/reports/nothing/").status_code == 404
    assert client.get("/reports/pipeline/?format=exe").status_code == 404


def test_files_are_for_those_who_may_export_and_leave_a_trace(client, world):
    leader, statistician = make.user("leader"), make.user("statistician")
    client.force_login(leader)
    assert client.get("/reports/reserve_pool/?format=xlsx").status_code == 403
    assert "format=xlsx" not in client.get("/reports/reserve_pool/").content.decode()
    assert not models.ExportLog.objects.exists()

    client.force_login(statistician)
    answer = client.get("/reports/reserve_pool/?year=2024&by=chain&format=xlsx")
    log = models.ExportLog.objects.get()

    assert answer["Content-Disposition"].startswith("attachment")
    assert (log.user, log.report, log.format) == (statistician, "reserve_pool", "xlsx")
    rows = built("reserve_pool", "chain", reader=statistician).rows
    assert (log.row_count, log.query) == (len(rows), "year=2024&by=chain")


def test_a_long_report_comes_in_pages_and_its_total_is_of_all(client):
    for _ in range(55):
        make.project(on=MAY)
    client.force_login(make.user("bureau"))
    first = client.get("/reports/pipeline/?year=2024")
    last = client.get("/reports/pipeline/?year=2024&page=2")

    assert (len(first.context["rows"]), len(last.context["rows"])) == (50, 5)
    assert first.context["total"][1]["text"] == "合计：55 个项目"
    assert first.context["total"] == last.context["total"]
    assert "page=2" in first.content.decode()


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("year=2024", "2024-01-01", "2024-12-31"),
        ("year=2024&part=q2", "2024-04-01", "2024-06-30"),
        ("year=2024&part=m2", "2024-02-01", "2024-02-29"),
        ("since=2024-02-03&until=2024-02-03", "2024-02-03", "2024-02-03"),
    ],
)
def test_the_page_takes_a_year_a_quarter_a_month_or_any_days(client, query, first, last):
    client.force_login(make.user("bureau"))
    period = client.get(f"/reports/outreach/?{query}").context["asked"].period

    assert (str(period.start), str(period.cut)) == (first, last)


@pytest.mark.parametrize(
    "query", ["year=20x4", "part=m13", "team=zz", "since=2024-05-01", "by=colour",
              "since=2024-05-02&until=2024-05-01", "since=1&until=2"],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out_and_the_page_says_so(client, query):
    client.force_login(make.user("bureau"))
    answer = client.get(f"/reports/outreach/?{query}")

    assert answer.status_code == 200
    assert "无法识别" in answer.content.decode()


def test_the_csv_opens_in_excel_and_no_cell_becomes_a_formula(world):
    models.Project.objects.filter(stage="reserve").update(name="=cmd()")
    text = file_of(built("pipeline"), "csv")

    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(text.decode("utf-8-sig"))))
    assert rows[2][1] == "项目名称"
    assert "'=cmd()" in [row[1] for row in rows if len(row) > 1]


def test_the_json_has_money_in_yuan_and_the_unknown_as_null(world):
    said = json.loads(file_of(built("signed_projects"), "json"))

    assert [row[5] for row in said["rows"]] == ["300000000.01", None]
    assert said["total"][5] == "300000000.01"
    assert said["as_of"] == "2024-12-31"


def test_word_and_workbook_write_the_unknown_and_the_total(world):
    table = built("signed_projects")
    document = docx.Document(BytesIO(file_of(table, "docx")))
    sheet = openpyxl.load_workbook(BytesIO(file_of(table, "xlsx"))).active

    cells = [cell.text for cell in document.tables[0].columns[5].cells]
    assert cells == ["签约金额", "30,000", "待定", "30,000"]
    assert [sheet.cell(row, 6).value for row in (5, 6)] == ["待定", 30000.000001]
    assert document.sections[0].page_width > document.sections[0].page_height


def test_shares_are_written_as_percent_everywhere():
    table = Table(
        "表", "单位",
        (Column("率", Kind.SHARE), Column("月", Kind.MONTH), Column("数", Kind.NUMBER)),
        ((Fraction(1, 3), MAY, YUAN("1.50")),), (None, None, None), (), "", MAY,
    )  # fmt: skip
    sheet = openpyxl.load_workbook(BytesIO(file_of(table, "xlsx"))).active
    document = docx.Document(BytesIO(file_of(table, "docx")))

    assert sheet["A4"].number_format == "0.0%"
    assert [c.text for c in document.tables[0].rows[1].cells] == ["33.3%", "2024-05", "1.5"]
    assert "33.33%,2024-05,1.5" in file_of(table, "csv").decode()
    assert json.loads(file_of(table, "json"))["rows"] == [["33.33", "2024-05-01", "1.50"]]


def test_a_document_stands_beside_the_reports():
    document = add_document(Document("probe", "样稿", "试写", lambda scope, period: b"%d" % 1))
    try:
        assert DOCUMENTS["probe"].render(whole_city(), T) == b"1"
        assert document.suffix == "docx"
    finally:
        del DOCUMENTS["probe"]
