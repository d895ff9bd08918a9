"""Written reports: sentences that say the figures and nothing else, in Word as offices do."""

import zipfile
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import docx
import openpyxl
import pytest
from django.core.management import call_command
from docx.oxml.ns import qn

from crm import freezing, indicators
from crm.access import Role
from crm.indicators import Scope, whole_city
from crm.models import ExportLog
from crm.papers import grids, sentences, word
from crm.papers.figures import Figures
from crm.periods import Period
from crm.reports import monthly, weekly

from . import make

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)
YEAR, MAY = Period.year(2024), Period.month(2024, 5)


def city(period=YEAR, scope=None) -> Figures:
    return Figures(scope or whole_city(), period)


def signed(yuan, on, **more):
    """A project with one contract of this amount, signed on the day."""
    project = make.project(on=on, **more)
    make.deal(project=project, amount_yuan=yuan, signed_on=on)
    return project


def said(paper) -> str:
    parts = [paper.title, paper.subtitle, *paper.notes]
    for section in paper.sections:
        parts += [section.heading, *section.paragraphs, *section.items]
        for grid in section.grids:
            parts += [grid.title, grid.note, *(cell for row in grid.rows for cell in row)]
    return "\n".join(parts)


# -- sentences, computed by hand -------------------------------------------------------------------


def test_the_year_against_target_pace_and_the_year_before():
    signed(Decimal("5.25") * YI, date(2024, 3, 1)), signed(YI / 2, date(2024, 6, 1))
    signed(5 * YI, date(2023, 4, 1))
    make.target(year=2024, indicator="signed_yuan", value=10 * YI)

    # 5.75 of 10 is 57.50 %; 1 July 2024 is day 183 of 366: 50 %; 5.75 against 5 is +15 %
    assert sentences.signed(city(Period(date(2024, 1, 1), date(2024, 7, 2)))) == (
        "截至2024年7月1日，全市年内新签约项目2个，签约金额5.75亿元，其中亿元以上项目1个，"
        "完成年度目标10亿元的57.50%，超时序进度7.50个百分点，较去年同期增长15.00%。"
    )


def test_without_target_and_year_before_nothing_is_said_of_them():
    signed(None, date(2024, 3, 1)), signed(YI, date(2024, 3, 2))

    assert sentences.signed(city()) == (
        "截至2024年12月31日，全市年内新签约项目2个，签约金额1亿元（另有1个金额待定），"
        "其中亿元以上项目1个。"
    )


@pytest.mark.parametrize(
    ("then", "words"),
    [(2 * YI, "较去年同期下降50.00%"), (YI, "与去年同期持平"), (YI / 2, "较去年同期增长100.00%")],
)
def test_less_as_much_or_more_than_a_year_before(then, words):
    signed(YI, date(2024, 3, 1)), signed(then, date(2023, 3, 1))

    assert sentences.signed(city()).endswith(f"，{words}。")


def test_money_that_arrived_names_what_came_from_outside():
    project = make.project()
    for origin, yuan in (("outside", 3 * YI), ("inside", YI)):
        make.arrival(project=project, month=date(2024, 5, 1), origin=origin, amount_yuan=yuan,
                     state="confirmed")  # fmt: skip
    make.target(year=2024, indicator="arrived_yuan", value=8 * YI)

    assert sentences.arrived(city()) == (
        "年内到位资金4亿元，其中省外资金3亿元，完成年度目标8亿元的50.00%，欠时序进度50.00个百分点。"
    )


def test_the_pool_carries_estimates_and_unknown_amounts():
    make.project(stage="reserve", on=date(2024, 5, 8), planned_yuan=220 * YI,
                 planned_precision="at_least")  # fmt: skip
    make.project(stage="reserve", on=date(2024, 5, 9), planned_precision="undetermined")

    text = sentences.pool(city())

    assert text.startswith("储备项目2个，计划投资")
    assert text == (
        f"储备项目2个，计划投资{sentences.amount(city().year('reserve_planned_yuan'))}，"
        "年内新增线索2个、在谈2个、储备2个。"
    )
    assert "超" in text


def test_outreach_says_firms_and_visits_apart():
    team, firm = make.team(), make.company()
    make.trip(task_force=team, started_on=date(2024, 5, 1), ended_on=date(2024, 5, 3))
    for day in (1, 2):
        make.visit(company=firm, task_force=team, held_on=date(2024, 5, day))
    make.visit(mode="inbound", held_on=date(2024, 5, 9), guest_count=6)

    assert sentences.outreach(city()) == (
        "外出招商1批次，拜访企业1家（2家次），接待客商1批次（6人次）。"
    )


def test_rates_stand_with_their_counts_and_none_where_nothing_was_signed():
    assert sentences.progress(city()) == ""
    make.project(stage="landed", on=date(2024, 5, 8))
    signed(YI, date(2024, 5, 9))

    text = sentences.progress(city())

    assert "落地率 50.00%（1/2）" in text and "开工率 0.00%（0/2）" in text


def test_who_leads_and_who_lags():
    one, two = make.team(number=901, name="甲专班"), make.team(number=902, name="乙专班")
    signed(3 * YI, date(2024, 5, 1), team=one), signed(YI, date(2024, 5, 2), team=two)
    for team in (one, two):
        make.target(year=2024, indicator="signed_yuan", value=2 * YI, task_force=team)

    found = city()

    assert sentences.ranking(found, grids.team_rates(found)) == (
        "签约金额完成率居前的是甲专班（150.00%）、乙专班（50.00%），低于时序进度的有乙专班。"
    )


# -- the whole report ------------------------------------------------------------------------------


def test_every_figure_of_the_text_is_the_indicators():
    signed(Decimal("88.62") * YI, date(2024, 5, 8))
    make.project(stage="reserve", on=date(2024, 5, 8), planned_yuan=220 * YI,
                 planned_precision="at_least")  # fmt: skip

    text = said(monthly.build(whole_city(), YEAR))

    for key in ("deals_signed", "signed_yuan", "reserve_projects", "reserve_planned_yuan"):
        assert indicators.REGISTRY[key](whole_city(), YEAR).text in text
    assert "88.62亿元" in text and "超220亿元" in text


def test_a_month_is_told_beside_the_year_and_a_year_only_once():
    signed(YI, date(2024, 5, 8)), signed(YI, date(2024, 3, 8))

    month, year = monthly.build(whole_city(), MAY), monthly.build(whole_city(), YEAR)

    assert "2024年5月新签约项目1个，签约金额1亿元" in said(month)
    assert "截至2024年5月31日，全市年内新签约项目2个" in said(month)
    assert said(year).count("新签约项目2个") == 1


def test_the_team_table_has_the_citys_own_line():
    one, two = make.team(number=901, name="甲专班"), make.team(number=902, name="乙专班")
    project = signed(4 * YI, date(2024, 5, 8), team=one)
    make.credit_share(project=project, task_force=one, percent=Decimal(75))
    make.credit_share(project=project, task_force=two, percent=Decimal(25))
    make.target(year=2024, indicator="signed_yuan", value=6 * YI, task_force=one)

    grid = grids.teams(city())

    assert [row[:6] for row in grid.rows] == [
        ("甲专班", "0.75", "3.00", "6.00", "50.00%", "-50.00"),
        ("乙专班", "0.25", "1.00", "—", "—", "—"),
        ("全市", "1", "4.00", "—", "—", "—"),
    ]


def test_slow_projects_stand_with_the_reason():
    today = make.today()
    late = make.project(name="缓慢项目", stage="reserve", on=today - timedelta(days=90))
    missed = make.project(name="超期项目", stage="reserve", on=today - timedelta(days=5))
    make.milestone(project=missed, kind="energy", planned_on=today - timedelta(days=3))
    make.project(name="正常项目", stage="reserve", on=today - timedelta(days=5))

    found, _count = grids.slow_projects(city(Period.year_to_date(today)), today)

    assert {each.project: each.reason for each in found} == {
        late: "在本阶段已停留 90 天（上限 60 天）",
        missed: f"节能审查计划 {today - timedelta(days=3):%Y-%m-%d} 完成，尚未完成",
    }


def test_next_steps_are_signings_planned_and_what_is_due():
    project = make.project(name="待签项目", stage="reserve", on=date(2024, 5, 8), planned_yuan=YI)
    project.planned_signing_on, project.next_step = date(2024, 6, 1), "定稿合同"
    project.next_step_on = date(2024, 6, 5)
    project.save()
    make.follow_up(project=project, task_force=project.lead_team, what="送交方案",
                   due_on=date(2024, 6, 9))  # fmt: skip

    assert grids.plans(city(MAY), grids.ahead_of(MAY, 31)) == [
        "推动待签项目签约（计划投资1亿元）",
        "06-05，待签项目：定稿合同",
        "06-09，待签项目：送交方案",
    ]


def test_the_week_tells_moves_and_requests():
    on = date(2024, 6, 12)
    project = make.project(name="周内项目", stage="negotiating", on=on)
    make.request(raised_on=on, due_on=date(2024, 6, 30))

    text = said(weekly.build(whole_city(), Period.week(on)))

    assert "本周新增线索1个，新增在谈1个，新增储备0个。" in text
    assert "本周新提出诉求1件，办结0件" in text
    assert "周内项目" in text and "线索 → 在谈" in text and str(project.lead_team) in text


def test_a_task_force_reads_and_writes_about_itself():
    team = make.team(name="甲专班")
    signed(YI, date(2024, 5, 8), team=team), signed(9 * YI, date(2024, 5, 8))

    text = said(monthly.build(Scope(make.user(team=team)), YEAR))

    assert "甲专班年内新签约项目1个，签约金额1亿元" in text
    assert "10亿元" not in text and "9亿元" not in text


def test_a_period_that_is_not_over_ends_today():
    today = make.today()

    paper = monthly.build(whole_city(), Period.month(today.year, today.month))

    assert paper.as_of == today


@pytest.mark.parametrize("report", [monthly, weekly])
def test_a_confidential_project_stands_under_its_code_name(report):
    team = make.team()
    firm = make.company(name="绝密投资人有限公司", owning_team=team)
    secret = make.project(
        name="绝密雪豹", code_name="代号青松", is_confidential=True, lead_investor=firm, team=team,
        stage="signed", on=date(2024, 5, 8), park=make.park(name="绝密园区"),
    )  # fmt: skip
    secret.next_step, secret.next_step_on = "绝密签约安排", date(2024, 6, 3)
    secret.save()
    make.milestone(project=secret, planned_on=date(2024, 5, 1), title="绝密节点")

    text = said(report.build(Scope(make.user(Role.LEADER)), MAY))

    assert "代号青松" in text and "绝密" not in text


# -- frozen months ---------------------------------------------------------------------------------


def test_a_frozen_month_speaks_with_its_frozen_figures_and_says_so():
    project = signed(4 * YI, date(2024, 5, 8), name="冻结项目")
    freezing.freeze(MAY, by=make.user(Role.BUREAU, full_name="赵科长"))
    before = said(monthly.build(whole_city(), MAY))
    project.deals.update(amount_yuan=9 * YI)
    signed(YI, date(2024, 5, 9), name="补报项目")

    text = said(monthly.build(whole_city(), MAY))

    assert text == before
    assert "签约金额4亿元" in text
    assert "由赵科长冻结" in monthly.build(whole_city(), MAY).caution
    june = said(monthly.build(whole_city(), Period.month(2024, 6)))
    assert "补报项目" in june and "+5亿元" in june and "签约金额10亿元" in june


def test_a_month_frozen_later_keeps_the_corrections_it_reported():
    project = signed(4 * YI, date(2024, 5, 8), name="核减项目")
    bureau = make.user(Role.BUREAU)
    freezing.freeze(MAY, by=bureau)
    project.deals.update(status="void")
    freezing.freeze(Period.month(2024, 6), by=bureau)

    text = said(monthly.build(whole_city(), Period.month(2024, 6)))

    assert "以前月份补报、核减情况" in text and "核减项目" in text and "−4亿元" in text


def test_a_task_forces_month_is_frozen_too_for_the_bureau_and_its_own_people():
    team, bureau = make.team(), make.user(Role.BUREAU)
    project = signed(4 * YI, date(2024, 5, 8), name="冻结项目", team=team)
    freezing.freeze(MAY, by=bureau)
    readers = [Scope(bureau).of(team), Scope(make.user(team=team))]
    before = [said(monthly.build(scope, MAY)) for scope in readers]
    project.deals.update(amount_yuan=9 * YI)
    signed(YI, date(2024, 5, 9), name="补报项目", team=team)

    assert [said(monthly.build(scope, MAY)) for scope in readers] == before
    assert before[0] == before[1] and "签约金额4亿元" in before[0] and "冻结项目" in before[0]
    june = said(monthly.build(readers[1], Period.month(2024, 6)))
    assert "补报项目" in june and "+5亿元" in june and "签约金额10亿元" in june


def test_what_was_not_kept_of_a_task_force_is_told_as_of_today():
    freezing.freeze(MAY, by=make.user(Role.BUREAU, full_name="赵科长"))
    team = make.team()
    signed(4 * YI, date(2024, 5, 8), team=team)

    for scope in (whole_city().of(team), Scope(make.user(team=team))):
        paper = monthly.build(scope, MAY)
        assert "签约金额4亿元" in said(paper)
        assert "由赵科长冻结" in paper.caution and "为当前数据" in paper.caution
        content = docx.Document(BytesIO(monthly.render(scope, MAY)))
        assert paper.caution in [each.text for each in content.paragraphs]


# -- the Word file ---------------------------------------------------------------------------------


@pytest.fixture
def document():
    signed(4 * YI, date(2024, 5, 8), name="乙<项目>&\x0b")
    content = monthly.render(whole_city(), MAY)
    return docx.Document(BytesIO(content)), zipfile.ZipFile(BytesIO(content))


def test_the_page_is_laid_out_by_the_standard(document):
    section = document[0].sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert document[0].settings.odd_and_even_pages_header_footer
    assert [f.paragraphs[0].text for f in (section.footer, section.even_page_footer)] == [
        "—  —"
    ] * 2
    assert "PAGE" in section.footer._element.xml


def test_fonts_are_named_for_chinese_type(document):
    title, _subtitle, heading, body, *_rest = document[0].paragraphs
    fonts = [
        (p.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")), p.runs[0].font.size.pt)
        for p in (title, heading, body)
    ]

    assert fonts == [("方正小标宋简体", 22), ("黑体", 16), ("仿宋_GB2312", 16)]
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert body.paragraph_format.line_spacing.pt == pytest.approx(28.95)
    assert heading.text == "一、签约和到位资金情况"


def test_the_chart_is_words_own_with_its_workbook(document):
    _document, archive = document
    chart = archive.read("word/charts/chart1.xml").decode()
    sheet = openpyxl.load_workbook(BytesIO(archive.read("word/embeddings/chart1.xlsx"))).active

    assert "<c:barChart>" in chart and "全市分月签约金额" in chart
    assert (sheet["B1"].value, sheet["A6"].value, sheet["B6"].value) == ("2024年", "5月", 4)
    assert "word/embeddings/chart1.xlsx" in archive.namelist()
    assert "embeddings/chart1.xlsx" in archive.read("word/charts/_rels/chart1.xml.rels").decode()


def test_tables_repeat_their_head_and_hold_names_as_they_are(document):
    table = next(t for t in document[0].tables if t.cell(0, 1).text == "项目")

    assert table.cell(1, 1).text == "乙<项目>&"
    assert "w:tblHeader" in table.rows[0]._tr.xml


def test_a_report_of_nothing_is_a_report():
    for report in (monthly, weekly):
        assert docx.Document(BytesIO(report.render(whole_city(), MAY))).paragraphs


# -- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["weekly", "monthly"])
def test_the_report_is_read_on_the_page_and_taken_out_in_one_click(client, name):
    signed(4 * YI, date(2024, 5, 8))
    user = make.user(Role.BUREAU)
    client.force_login(user)

    page = client.get(f"/papers/{name}/?month=2024-05&day=2024-05-08")
    file = client.get(page.context["file_url"])

    assert "4亿元" in page.content.decode()
    assert docx.Document(BytesIO(file.content)).paragraphs[0].text == page.context["paper"].title
    assert file["Content-Type"] == word.CONTENT_TYPE
    assert [(log.user, log.report, log.format) for log in ExportLog.objects.all()] == [
        (user, name, "docx")
    ]


@pytest.mark.parametrize(
    "query", ["", "month=2024-13", "year=x", "day=2024-02-31", "team=x", "team=0"]
)
@pytest.mark.parametrize("name", ["weekly", "monthly"])
def test_nonsense_in_the_address_shows_a_report(client, name, query):
    client.force_login(make.user(Role.STATISTICIAN))
    assert client.get(f"/papers/{name}/?{query}").status_code == 200


def test_the_bureau_reads_about_one_task_force(client):
    team = make.team(name="甲专班")
    signed(YI, date(2024, 5, 8), team=team), signed(9 * YI, date(2024, 5, 8))
    client.force_login(make.user(Role.BUREAU))

    page = client.get(f"/papers/monthly/?year=2024&team={team.pk}").content.decode()

    assert "甲专班年内新签约项目1个，签约金额1亿元" in page


def test_a_member_cannot_ask_for_another_task_force(client):
    other = make.team(name="乙专班")
    client.force_login(make.user(team=make.team(name="甲专班")))

    page = client.get(f"/papers/monthly/?year=2024&team={other.pk}").content.decode()

    assert "甲专班招商引资" in page and "乙专班" not in page


def test_a_leader_reads_and_takes_nothing_out(client):
    client.force_login(make.user(Role.LEADER))

    page = client.get("/papers/monthly/?year=2024")

    assert (page.status_code, "take-out" in page.content.decode()) == (200, False)
    assert client.get("/papers/monthly/?year=2024&format=docx").status_code == 403


@pytest.mark.parametrize("role", [Role.PARK, Role.DEPARTMENT, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_others_do_not_get_in(client, role):
    client.force_login(make.user(role))
    assert client.get("/papers/weekly/").status_code == 403
    assert client.get("/papers/monthly/").status_code == 403


# -- command and reports ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "when", "title"),
    [
        ("monthly", ["--year=2024"], "全市招商引资工作情况通报"),
        ("monthly", ["--month=2024-05"], "全市招商引资工作情况通报"),
        ("weekly", ["--from=2024-05-06", "--to=2024-05-12"], "全市招商引资工作周报"),
    ],
)
def test_the_command_writes_them(tmp_path, name, when, title):
    path = tmp_path / "r.docx"

    call_command("export_report", name, *when, f"--output={path}")

    assert docx.Document(path).paragraphs[0].text == title
