"""Reports of frozen days: the frozen rows where they were kept, else a clear word about it."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import docx
import openpyxl
import pytest
from django.core.management import call_command

from crm import freezing
from crm.access import Role
from crm.home import home_for
from crm.indicators import Scope, as_published, whole_city
from crm.pages.reports import link_for
from crm.periods import Period
from crm.reports import REPORTS, Asked, files
from crm.reports.table import TOTAL

from . import make

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)
MAY, JUNE, YEAR = Period.month(2024, 5), Period.month(2024, 6), Period.year(2024)


def signed(yuan, on=date(2024, 5, 8), **more):
    row = make.project(stage="signed", on=on, **more)
    row.deals.update(amount_yuan=yuan)
    return row


@pytest.fixture
def corrected():
    """May was frozen with 甲 4亿 and the secret 乙 2亿; since then 甲 is 9亿, 丙 1亿 came late."""
    team, bureau = make.team(), make.user(Role.BUREAU, full_name="赵科长")
    first = signed(4 * YI, name="甲项目", team=team)
    signed(2 * YI, name="乙项目", is_confidential=True, code_name="代号乙")
    make.arrival(project=first, month=MAY.start, amount_yuan=YI, state="confirmed")
    freezing.freeze(MAY, by=bureau)
    first.deals.update(amount_yuan=9 * YI)
    signed(YI, date(2024, 5, 9), name="丙项目")
    first.arrivals.update(amount_yuan=3 * YI)
    return team, bureau


def report(name, scope, period=MAY):
    found = REPORTS[name]
    return found.build(Asked(scope, period, next(iter(found.by), "")))


def names_and_amounts(table):
    return [(row[1], row[5]) for row in table.rows]


def test_signings_of_a_frozen_month_are_the_frozen_rows(corrected):
    table = report("signed_projects", whole_city())

    assert names_and_amounts(table) == [("甲项目", 40_000), ("乙项目", 20_000)]
    assert (table.total[1], table.total[5]) == ("合计：2 个项目", 60_000)
    assert "由赵科长冻结" in table.caution and table.unit_line.startswith("冻结明细")


def test_their_total_leads_to_as_many_rows_on_the_page_of_the_month(client, corrected):
    client.force_login(corrected[1])
    table = report("signed_projects", Scope(corrected[1]))
    url = link_for(corrected[1])(table.drills[TOTAL, 5])

    page = client.get(url).content.decode()
    rows = page.split(f'id="{url.partition("#")[2]}"')[1].split("</table>")[0]
    assert rows.count("<tr>") - 1 == len(table.rows) == 2


def test_a_confidential_row_of_a_frozen_month_is_a_code_name(corrected):
    for scope in (as_published(), Scope(make.user(Role.LEADER))):
        table = report("signed_projects", scope)
        assert [row[1] for row in table.rows] == ["甲项目", "代号乙"]
        assert "乙项目" not in str(table.rows)


def test_a_task_force_reads_its_own_frozen_rows(corrected):
    for reader in (corrected[1], make.user(team=corrected[0])):
        table = report("signed_projects", Scope(reader).of(corrected[0]))
        assert names_and_amounts(table) == [("甲项目", 40_000)]
        assert table.total[5] == 40_000


def test_a_deal_that_is_gone_keeps_its_frozen_row(corrected):
    make.models.Deal.objects.filter(amount_yuan=9 * YI).delete()

    assert names_and_amounts(report("signed_projects", whole_city()))[0] == ("甲项目", 40_000)


@pytest.mark.parametrize(("role", "differing"), [(Role.BUREAU, 4), (Role.OFFICER, 2)])
def test_every_report_of_a_frozen_month_says_so_on_top_and_in_every_file(
    corrected, role, differing
):
    reader = make.user(role, team=corrected[0] if role == Role.OFFICER else None)
    for name in REPORTS:
        table = report(name, Scope(reader))
        assert "冻结" in table.caution and "冻结" in table.unit_line, name
        if name != "signed_projects" or role == Role.OFFICER:
            assert "为当前数据" in table.caution and f"{differing}条" in table.caution, name
        in_words = [
            p.text
            for p in docx.Document(BytesIO(files.render(table, "docx", by=reader))).paragraphs
        ]
        book = openpyxl.load_workbook(BytesIO(files.render(table, "xlsx", by=reader))).active
        cells = [cell.value for row in book.iter_rows() for cell in row]
        assert table.caution in in_words and table.caution in cells, name
        assert table.caution in files.render(table, "csv", by=reader).decode()
        assert json.loads(files.render(table, "json", by=reader))["caution"] == table.caution


def test_other_days_are_warned_of_only_where_a_frozen_month_was_corrected(corrected):
    stranger = make.user(team=make.team())

    said = report("signed_projects", whole_city(), YEAR).caution
    assert "2024年5月" in said and "为当前数据" in said
    assert report("signed_projects", whole_city(), Period.quarter(2024, 3)).caution == ""
    assert report("signed_projects", Scope(stranger), YEAR).caution == ""


def test_the_next_month_tells_the_corrections_beside_its_own_rows(corrected):
    signings = " ".join(report("signed_projects", whole_city(), JUNE).notes)
    money = " ".join(report("arrivals", whole_city(), JUNE).notes)

    assert "补报 2024-05 甲项目 签约金额 +5亿元" in signings and "丙项目" in signings
    assert "补报 2024-05 甲项目 到位资金 +2亿元" in money and "丙项目" not in money
    freezing.freeze(JUNE, by=corrected[1])
    assert "丙项目" in " ".join(report("signed_projects", whole_city(), JUNE).notes)
    assert "丙项目" not in " ".join(report("signed_projects", whole_city(), MAY).notes)


def test_the_cards_of_the_reports_and_the_command_tell_the_frozen_figures(client, corrected):
    client.force_login(corrected[1])
    page = client.get("/reports/?year=2024&part=m5").content.decode()
    figures = [run("indicators", "--month", "2024-05", *more) for more in ((), ("--live",))]

    assert "6亿元" in page and "卡片上为冻结数据" in page
    assert [(f["signed_yuan"], bool(f["frozen_at"])) for f in figures] == [
        ("600000000.00", True), ("1200000000.00", False)
    ]  # fmt: skip


def run(*arguments) -> dict:
    target = StringIO()
    call_command(*arguments, "--format", "json", stdout=target)
    return json.loads(target.getvalue())


def test_the_workbench_of_a_frozen_month_says_that_it_shows_todays_records(client, corrected):
    client.force_login(corrected[1])

    assert "为当前数据" in client.get("/?year=2024&part=m05").content.decode()
    assert home_for(corrected[1], {"year": "2024"})["caution"] == ""
