"""What leaves the house: columns by role below every export door, and who took it out when."""

import io
import json

import docx
import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command

from crm import models
from crm.access import Role
from crm.ledgers import templates
from crm.ledgers.exporting import export
from crm.ledgers.layout import understand
from crm.ledgers.reading import read
from crm.ledgers.sheets import SHEETS
from crm.models.audit import Action

from . import make

pytestmark = pytest.mark.django_db
PHONE, SECRET = "13812345678", "不可外传的投资额"
WITHHELD = ["investor", "planned", "problems"]


@pytest.fixture
def world():
    """A project that says something in each withheld column, and people who take it out."""
    firm = make.company(name="外传投资有限公司")
    content = f"万卡集群\n存在问题：{SECRET}"
    project = make.project(
        name="图灵小镇", lead_investor=firm, planned_yuan=7_654_320_000, content=content,
        contact=make.contact(company=firm, name="王五", mobile=PHONE),
    )  # fmt: skip
    make.export_rule(role=Role.STATISTICIAN, withheld=WITHHELD)
    project.people = {role: make.user(role) for role in (Role.STATISTICIAN, Role.BUREAU)}
    return project


def taken(user, format="json", **options) -> bytes:
    target = io.BytesIO()
    rows = models.Project.objects.live().visible_to(user)
    export("projects", rows, user, format=format, to=target, **options)
    return target.getvalue()


def words_of(data: bytes) -> str:
    """All cells of all sheets as one text."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(str(v) for s in book for row in s.iter_rows(values_only=True) for v in row)


def hidden_in(text: str) -> list[str]:
    wanted = ("外传投资", "765432", "765,432", "76.54", SECRET, PHONE, PHONE[-4:])
    return [word for word in wanted if word in text]


@pytest.mark.parametrize("format", ["json", "csv", "xlsx"])
def test_a_withheld_column_is_in_no_file_and_neither_is_what_it_says(world, format):
    data = taken(world.people[Role.STATISTICIAN], format)
    text = words_of(data) if format == "xlsx" else data.decode()

    assert hidden_in(text) == []
    assert "图灵小镇" in text
    assert "万卡集群" in text


def test_what_is_withheld_from_one_role_another_takes_out(world):
    row = json.loads(taken(world.people[Role.BUREAU]))["rows"][0]
    assert (row["investor"], row["planned"], row["phone"]) == (
        "外传投资有限公司", "765432.00", PHONE,
    )  # fmt: skip
    assert row["problems"] == SECRET


@pytest.mark.parametrize("key", ["planned", "phone"])
def test_asking_for_a_withheld_column_by_name_is_refused(world, key):
    with pytest.raises(ValidationError):
        taken(world.people[Role.STATISTICIAN], columns=["name", key])


def test_a_template_that_asks_for_withheld_columns_leaves_them_empty_and_says_so(world):
    book = openpyxl.Workbook()
    for place, key in enumerate(("name", "planned", "investor", "phone", "content"), start=1):
        book.active.cell(1, place, "{{%s}}" % key)  # noqa: UP031 - braces
    book.active.cell(2, 1, "{{合计:计划投资}}")
    source, target = io.BytesIO(), io.BytesIO()
    book.save(source)
    user = world.people[Role.STATISTICIAN]

    templates.fill(
        source.getvalue(), "projects", models.Project.objects.visible_to(user), user, to=target
    )

    text = words_of(target.getvalue())
    assert hidden_in(text) == []
    assert "图灵小镇" in text
    sheet = openpyxl.load_workbook(target).active
    assert user.username in sheet.oddHeader.right.text
    assert user.username in sheet.cell(sheet.max_row, 1).value


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json", "docx"])
def test_reports_follow_the_same_lists_also_from_the_command_line(world, ending, tmp_path):
    user, path = world.people[Role.STATISTICIAN], tmp_path / f"report.{ending}"
    call_command("export_report", "pipeline", f"--as={user.username}", f"--output={path}")

    data = path.read_bytes()
    if ending == "docx":
        rows = docx.Document(path).tables[0].rows
        text = "\n".join(cell.text for row in rows for cell in row.cells)
    else:
        text = words_of(data) if ending == "xlsx" else data.decode()
    assert hidden_in(text) == []
    assert "图灵小镇" in text
    entry = models.AuditEntry.objects.get(action=Action.EXPORTED)
    assert (entry.by, entry.details["format"], entry.details["rows"]) == (user, ending, 1)


def test_the_page_offers_and_the_audit_trail_keeps_only_what_was_taken(client, world):
    user = world.people[Role.STATISTICIAN]
    client.force_login(user)
    page = client.get("/crm/importjob/export/projects/").content.decode()
    assert 'value="planned"' not in page
    assert "计划投资" in page.partition("不能导出")[2]

    client.post("/crm/importjob/export/projects/", {"columns": ["name", "planned", "phone"]})

    entry = models.AuditEntry.objects.get(action=Action.EXPORTED)
    assert (entry.by, entry.details["columns"]) == (user, "name")


# -- the mark --------------------------------------------------------------------------------------


def test_a_ledger_says_who_took_it_out_and_is_read_again_without_that_line(world):
    user = make.user(Role.BUREAU, username="li&si", full_name="李四")
    data = taken(user, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active

    last = sheet.cell(sheet.max_row, 1).value
    assert last.startswith("注：由 李四（li&si） 于 20")
    assert "李四（li&&si）" in sheet.oddHeader.right.text
    layout = understand(read(data, "x.xlsx"), "projects")
    assert [line.values[1] for line in layout.lines] == ["图灵小镇"]


def test_reports_say_who_took_them_out_in_print_and_below_the_table(world, tmp_path):
    user = make.user(Role.BUREAU, username="wang", full_name="王处长")
    for ending in ("xlsx", "docx"):
        path = tmp_path / f"r.{ending}"
        call_command("export_report", "pipeline", f"--as={user.username}", f"--output={path}")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    document = docx.Document(tmp_path / "r.docx")

    assert "王处长（wang）" in sheet.oddFooter.right.text
    assert "王处长（wang）" in sheet.cell(sheet.max_row, 1).value
    assert "王处长（wang）" in document.sections[0].header.paragraphs[0].text
    assert "王处长（wang）" in document.paragraphs[-1].text


def test_the_official_document_carries_it_on_odd_and_even_pages(world, tmp_path):
    path = tmp_path / "m.docx"
    call_command("export_report", "monthly", "--month=2024-05", f"--output={path}")
    section = docx.Document(path).sections[0]
    heads = [section.header, section.even_page_header]
    assert ["服务器" in head.paragraphs[0].text for head in heads] == [True, True]


# -- the rules -------------------------------------------------------------------------------------

PAGE = "/export-rules/"


def rule(user, client, kind="contacts", *, without=(), seen=""):
    roles = ("officer", "team_lead", "bureau", "statistician")
    keys = [column.key for column in SHEETS[kind].columns]
    take = {f"{role}:{key}" for role in roles for key in keys} - set(without)
    client.force_login(user)
    return client.post(PAGE, {"kind": kind, "take": sorted(take), "seen": seen}, follow=True)


def test_the_security_administrator_decides_and_it_is_noted(client):
    boss = make.user(Role.SECURITY_ADMIN)
    rule(boss, client, without={"bureau:note", "bureau:position"})

    row = models.ExportRule.objects.get()
    assert (row.role, row.kind, row.withheld) == ("bureau", "contacts", ["position", "note"])
    entry = models.AuditEntry.objects.get(action=Action.RULE_CHANGED)
    assert entry.details == {
        "role": "bureau", "kind": "contacts", "before": [], "after": ["position", "note"],
    }  # fmt: skip
    keys = models.ExportRule.objects.withheld_from("bureau", "contacts")
    assert keys == {"position", "note"}


def test_numbers_stay_for_whoever_reads_them_masked_whatever_is_sent(client):
    rule(make.user(Role.SECURITY_ADMIN), client)  # every box ticked, also those not on the page
    assert models.ExportRule.objects.withheld_from("statistician", "contacts") == {
        "phone", "mobile",
    }  # fmt: skip


def test_a_page_that_is_out_of_date_and_an_empty_ledger_change_nothing(client):
    boss = make.user(Role.SECURITY_ADMIN)
    rule(boss, client, without={"bureau:note"})
    stale = rule(boss, client).content.decode()
    everything = {f"bureau:{column.key}" for column in SHEETS["contacts"].columns}
    empty = rule(boss, client, without=everything, seen="bureau:1").content.decode()

    assert "其他人" in stale
    assert "至少" in empty
    assert models.ExportRule.objects.get().withheld == ["note"]
    rule(boss, client, seen="bureau:1")
    assert models.ExportRule.objects.get().withheld == []


def test_a_printed_page_says_who_opened_it_and_a_screen_does_not_show_it(client):
    client.force_login(make.user(Role.LEADER, username="zhao", full_name="赵市长"))
    page = client.get("/reports/").content.decode()
    assert '<p class="print-mark">由 赵市长（zhao） 于 20' in page
    for name in ("admin", "phone"):
        style = (settings.BASE_DIR / f"crm/static/crm/{name}.css").read_text(encoding="utf-8")
        assert ".print-mark { display: none; }" in style
