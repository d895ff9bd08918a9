"""Ledgers on the pages: who may, what each state shows, and that nobody sees another's import."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.access import Role
from crm.ledgers import jobs
from crm.models import Company, ExportLog, ImportJob, LedgerTemplate
from tests import make
from tests.ledger_samples import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]

NEW = "/crm/importjob/new/"
FIRMS = [["企业名称", "主营业务"], ["示例甲有限公司", "芯片"], ["示例乙有限公司", "服务器"]]
MAY_IMPORT = {Role.OFFICER, Role.TEAM_LEAD, Role.BUREAU}
MAY_EXPORT = {Role.TEAM_LEAD, Role.BUREAU, Role.STATISTICIAN}


@pytest.fixture
def bureau(client):
    user = make.user(Role.BUREAU)
    client.force_login(user)
    return user


def sent(client, rows, *, kind="companies", name="名录.xlsx"):
    data = rows if isinstance(rows, bytes) else workbook(rows)
    file = SimpleUploadedFile(name, data)
    return client.post(NEW, {"kind": kind, "file": file})


def page_of(job) -> str:
    return f"/crm/importjob/{job.pk}/change/"


@pytest.mark.parametrize("role", Role.values)
def test_only_who_writes_may_upload(client, role):
    client.force_login(make.user(role, team=make.team()))
    expected = 200 if role in MAY_IMPORT else 403
    assert client.get(NEW).status_code == expected
    sent(client, FIRMS)
    assert ImportJob.objects.count() == (1 if role in MAY_IMPORT else 0)


@pytest.mark.parametrize("role", Role.values)
def test_only_some_may_take_ledgers_out(client, role):
    client.force_login(make.user(role, team=make.team()))
    expected = 200 if role in MAY_EXPORT else 403
    assert client.get("/crm/importjob/export/companies/").status_code == expected


def test_a_ledger_is_in_after_upload_and_one_click(client, bureau):
    answer = sent(client, FIRMS)
    page = client.get(answer.url)
    assert "示例甲有限公司" in page.content.decode()
    assert Company.objects.count() == 0
    client.post(answer.url.replace("change", "commit"))
    assert Company.objects.count() == 2
    assert "撤销导入" in client.get(answer.url).content.decode()


def test_an_import_is_taken_back_by_one_post(client, bureau):
    url = sent(client, FIRMS).url
    client.post(url.replace("change", "commit"))
    client.post(url.replace("change", "undo"))
    assert Company.objects.count() == 0
    assert "已撤销" in client.get(url).content.decode()


def test_a_replayed_commit_and_undo_change_nothing_more(client, bureau):
    url = sent(client, FIRMS).url
    for _again in range(3):
        assert client.post(url.replace("change", "commit")).status_code == 302
    assert Company.objects.count() == 2
    for _again in range(3):
        assert client.post(url.replace("change", "undo")).status_code == 302
    assert Company.objects.count() == 0


@pytest.mark.parametrize("what", ["change", "bad", "progress"])
def test_nobody_opens_anothers_import(client, bureau, what):
    job = jobs.upload(make.user(Role.BUREAU), "companies", workbook(FIRMS), "a.xlsx")
    assert client.get(page_of(job).replace("change", what)).status_code == 404


@pytest.mark.parametrize("what", ["commit", "check", "undo"])
def test_nobody_drives_anothers_import(client, bureau, what):
    job = jobs.upload(make.user(Role.BUREAU), "companies", workbook(FIRMS), "a.xlsx")
    assert client.post(page_of(job).replace("change", what)).status_code == 404
    job.refresh_from_db()
    assert job.state == "uploaded"


def test_an_upload_without_a_file_says_so(client, bureau):
    assert "请先选择文件" in client.post(NEW, {"kind": "companies"}).content.decode()


def test_an_unknown_kind_is_not_found(client, bureau):
    assert client.get(f"{NEW}?kind=nonsense").status_code == 404
    assert client.get("/crm/importjob/export/nonsense/").status_code == 404


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 2000, b"<html><table></table></html>", b"PK\x03\x04"]
)
def test_an_unusable_file_ends_on_a_page_with_a_sentence(client, bureau, data):
    answer = sent(client, data, name="坏.xls")
    page = client.get(answer.url) if answer.status_code == 302 else answer
    assert page.status_code == 200
    assert 'class="errornote"' in page.content.decode()


def test_bad_rows_come_back_marked_with_their_reasons(client, bureau):
    rows = [["名录"], ["企业名称", "统一社会信用代码"], ["示例甲有限公司", "91630000000000000X"],
            ["示例乙有限公司", None]]  # fmt: skip
    url = sent(client, rows).url
    answer = client.get(url.replace("change", "bad"))
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [[cell.value for cell in row] for row in page.iter_rows()][:2][1] == [
        "企业名称", "统一社会信用代码", "错误原因",
    ]  # fmt: skip
    assert (page.max_row, page["A3"].value) == (3, "示例甲有限公司")
    assert page["B3"].fill.fgColor.rgb == "FFFDE2E1"
    assert "8" in page["C3"].value


def test_mended_rows_go_in(client, bureau):
    rows = [["企业名称", "统一社会信用代码"], ["示例甲有限公司", "91630000000000000X"]]
    url = sent(client, rows).url
    book = openpyxl.load_workbook(io.BytesIO(client.get(url.replace("change", "bad")).content))
    book.active["B2"] = None
    target = io.BytesIO()
    book.save(target)
    again = sent(client, target.getvalue()).url
    client.post(again.replace("change", "commit"))
    assert list(Company.objects.values_list("name", flat=True)) == ["示例甲有限公司"]


def test_columns_assigned_by_hand_are_used(client, bureau):
    url = sent(client, [["企业名称", "干什么的"], ["示例甲有限公司", "造芯片"]]).url
    client.post(url.replace("change", "check"),
                {"choose": "1", "column-0": "name", "column-1": "main_business"})  # fmt: skip
    client.post(url.replace("change", "commit"))
    assert Company.objects.get().main_business == "造芯片"


def test_the_rows_of_a_tab_come_fifty_a_page(client, bureau):
    url = sent(client, [["企业名称"], *([f"示例{i}有限公司"] for i in range(120))]).url
    page = client.get(f"{url}?tab=new&p=3").content.decode()
    assert "3 / 3" in page
    assert page.count('scope="row"') == 20


def test_an_export_is_the_filtered_list_and_is_logged(client, bureau):
    make.company(name="示例光伏有限公司")
    make.company(name="示例储能有限公司")
    answer = client.post("/crm/importjob/export/companies/?q=光伏", {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    names = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "示例光伏有限公司" in names
    assert "示例储能有限公司" not in names
    log = ExportLog.objects.get()
    assert (log.row_count, log.kind, log.user) == (1, "companies", bureau)
    assert log.query


def test_chosen_columns_are_kept_for_the_next_time(client, bureau):
    make.company()
    url = "/crm/importjob/export/companies/"
    client.post(url, {"format": "csv", "columns": ["name", "uscc"]})
    page = client.get(url).content.decode()
    assert page.count("checked") == 2


def test_the_export_page_asks_as_much_for_many_rows_as_for_few(client, bureau):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.post("/crm/importjob/export/companies/", {"format": "xlsx"})
        return len(queries)

    make.company()
    asked()  # the first time also notes what the person likes
    few = asked()
    for _row in range(20):
        make.company()

    assert asked() == few


def template(*cells) -> SimpleUploadedFile:
    return SimpleUploadedFile("模板.xlsx", workbook([["{{标题}}"], ["企业"], list(cells)]))


def test_a_bureaus_own_workbook_is_filled(client, bureau):
    make.company(name="示例光伏有限公司")
    client.post("/crm/ledgertemplate/add/",
                {"name": "局模板", "kind": "companies", "file": template("{{name}}")})  # fmt: skip
    kept = LedgerTemplate.objects.get()
    answer = client.post("/crm/importjob/export/companies/", {"template": kept.pk})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet["A3"].value == "示例光伏有限公司"
    assert ExportLog.objects.get().row_count == 1


def test_a_template_with_an_unknown_placeholder_is_refused_with_its_cell(client, bureau):
    answer = client.post("/crm/ledgertemplate/add/",
                         {"name": "坏模板", "kind": "companies",
                          "file": template("{{name}}", "{{没有这一列}}")})  # fmt: skip
    assert LedgerTemplate.objects.count() == 0
    page = answer.content.decode()
    assert "没有这一列" in page
    assert "B3" in page


DOUBTFUL = [["项目名称", "建设单位", "计划投资", "开工时间"],
            ["示例项目", "示例建设有限公司", 100, "2024-05-12"]]  # fmt: skip


def test_a_doubt_about_a_heading_is_answered_by_one_click_and_remembered(client, bureau):
    url = sent(client, DOUBTFUL, kind="building").url
    assert 'name="answer" value="2:year_plan"' in client.get(url).content.decode()

    client.post(url.replace("change", "check"), {"answer": "2:year_plan"})

    job = ImportJob.objects.get()
    assert (job.layout["columns"][2]["field"], job.layout["doubts"]) == ("year_plan", [])
    sent(client, DOUBTFUL, kind="building")
    again = ImportJob.objects.latest("pk")
    assert (again.layout["columns"][2]["field"], again.layout["doubts"]) == ("year_plan", [])


def test_an_answer_nobody_asked_for_changes_nothing(client, bureau):
    url = sent(client, DOUBTFUL, kind="building").url

    client.post(url.replace("change", "check"), {"answer": "0:year_plan"})

    job = ImportJob.objects.get()
    assert (job.mapping, job.layout["columns"][0]["field"]) == ({}, "name")
