"""Every report: its numbers are those of the rows behind them, for whoever asks."""

import csv
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO

import docx
import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import models
from crm.filters.base import BehindField
from crm.indicators import Scope, whole_city
from crm.indicators.behind import SETS, Behind
from crm.indicators.dimensions import CLOSED
from crm.pages.reports import link_for
from crm.periods import Period
from crm.reports import REPORTS, Asked, Document, add_document, files
from crm.reports.registry import DOCUMENTS
from crm.reports.table import TOTAL, Column, Formula, Kind, Record, Table

from . import make

pytestmark = pytest.mark.django_db
T = Period.year(2024)
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)
YUAN = Decimal
WAYS = [(name, by) for name, report in REPORTS.items() for by in (report.by or [""])]


def file_of(table, ending: str) -> bytes:
    return files.render(table, ending, by=whole_city().reader)


def asked(by="", *, reader=None, period=T, team=None):
    scope = whole_city() if reader is None else Scope(reader)
    return Asked(scope.of(team), period, by)


def built(name, by="", **given):
    report = REPORTS[name]
    return report.build(asked(by or next(iter(report.by), ""), **given))


def column(table, title):
    place = [c.title for c in table.columns].index(title)
    return [row[place] for row in table.rows]


@pytest.fixture
def world():
    """A bit of everything: two teams, a joint and a secret project, visits, money, losses."""
    one, two = make.team(name="甲专班"), make.team(name="乙专班")
    park = make.park(name="南川工业园区", district_area=make.district_area(name="集聚区"))
    segment = make.segment(chain=make.chain(name="算"))
    firm = make.company(key_tier="A", owning_team=one, region=make.region(code="440000"))
    make.company(key_tier="B", owning_team=two)
    trip, event = make.trip(task_force=one, started_on=MAY, ended_on=MAY), make.event()
    city = make.region(code="440100", name="广州市")
    for day in (date(2024, 3, 1), date(2024, 4, 1)):
        make.visit(company=firm, task_force=one, held_on=day, trip=trip, event=event, city=city)
    make.visit(company=firm, task_force=two, held_on=MAY)
    signed = make.project(
        stage="signed", on=MAY, team=one, lead_investor=firm, park=park, segment=segment,
        planned_yuan=YUAN(700_000_000), event=event,
    )  # fmt: skip
    signed.deals.update(amount_yuan=YUAN("300000000.01"), signed_on=MAY, event=event)
    make.deal(project=signed, kind="supplement", signed_on=JUNE, amount_yuan=None)
    make.arrival(project=signed, month=MAY, amount_yuan=YUAN(5_000_000), state="confirmed")
    make.arrival(
        project=signed, month=JUNE, amount_yuan=YUAN(70_000), state="confirmed", origin="inside"
    )
    make.milestone(project=signed, planned_on=date(2024, 8, 1))
    make.milestone(project=signed, planned_on=date(2025, 8, 1), kind="land")
    for amount, given in ((YUAN(100), {"park": park}), (None, {"segment": segment}), (YUAN(7), {})):
        project = make.project(stage="reserve", on=MAY, team=two, **given)
        type(project).objects.filter(pk=project.pk).update(
            planned_yuan=amount, planned_precision="" if amount else "undetermined"
        )
    make.project(
        stage="reserve", on=MAY, team=two, is_confidential=True, code_name="代号甲", park=park,
        name="绝密项目", planned_yuan=YUAN(900_000_000),
    )  # fmt: skip
    make.project(on=JUNE, team=two)
    lost = make.project(stage="negotiating", on=MAY, team=one, planned_yuan=YUAN(30))
    lost.set_status("lost", by=make.keeper(), on=JUNE, reason="落户外地")
    make.score_rule(valid_from=date(2024, 1, 1))
    make.target(year=2024, indicator="signed_yuan", task_force=one, value=YUAN(600_000_000))
    return one, two


# -- every number is the number of its rows --------------------------------------------------------


@pytest.mark.parametrize("role", ["bureau", "leader", "officer"])
@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_count_is_the_length_of_the_list_it_links_to(client, world, name, by, role):
    reader = make.user(role, team=world[0] if role == "officer" else None)
    client.force_login(reader)
    table, link = built(name, by, reader=reader), link_for(reader)

    wrong = []
    for (row, place), what in table.drills.items():
        value = (table.total if row == TOTAL else table.rows[row])[place]
        if isinstance(what, Record | Formula) or not value:
            continue
        if table.columns[place].kind is not Kind.COUNT:
            continue
        answer = client.get(link(what))
        if answer.context["cl"].result_count != value:
            wrong.append(
                (row, table.columns[place].title, value, answer.context["cl"].result_count)
            )
    assert wrong == []


FIELDS = {
    models.Project: "planned_yuan", models.Trip: "cost_yuan", models.Event: "cost_yuan",
}  # fmt: skip
NUMBERS = {Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.SHARE}


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_every_number_leads_to_its_rows_or_tells_how_it_is_made(world, name, by):
    table = built(name, by)

    for place, row in [*enumerate(table.rows), (TOTAL, table.total)]:
        for at, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            is_number = column.kind in NUMBERS and isinstance(value, int | Decimal | Fraction)
            if is_number and value and column.title not in ("序号", "名次"):
                assert table.drills.get((place, at)) or column.made, (place, column.title)


@pytest.mark.parametrize("name", [name for name, report in REPORTS.items() if report.answer])
def test_the_answer_at_the_top_is_that_of_the_lists_it_links_to(client, world, name):
    make.factor_guarantee(factor="land", due_on=MAY)
    make.data_centre_compute(online_p=YUAN(300))
    client.force_login(make.user("bureau"))
    reader = whole_city().reader
    said = REPORTS[name].answer(asked(next(iter(REPORTS[name].by))), built(name))
    for part in said:
        if part.text.isdigit() and isinstance(part.behind, Behind):
            assert part.behind.rows(reader).count() == int(part.text), part.label
    page = client.get(f"/reports/{name}/", {"year": 2024}).content.decode()
    assert [part.label for part in said if part.label not in page] == []


def test_the_answer_on_chain_gaps_names_the_firms_with_the_highest_scores():
    chain = make.chain()
    firms = [make.company(key_tier=tier) for tier in ("", "", "", "A")]
    for firm in firms:
        firm.segments.add(make.segment(chain=chain))
    table = built("chain_gaps")
    said = REPORTS["chain_gaps"].answer(asked("gap"), table)[-1].text.split("、")

    assert (len(said), said[0]) == (3, firms[3].name)


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_an_amount_is_the_sum_of_the_list_it_links_to(world, name, by):
    reader = whole_city().reader
    table = built(name, by)

    for (row, place), what in table.drills.items():
        value = (table.total if row == TOTAL else table.rows[row])[place]
        if isinstance(what, Record | Formula) or not value:
            continue
        if table.columns[place].kind is not Kind.MONEY:
            continue
        field = FIELDS.get(what.model, "amount_yuan")
        amounts = what.rows(reader).values_list(field, flat=True)
        assert value * 10_000 == sum(amount or 0 for amount in amounts), (row, place)


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_report_draws_and_writes_every_file(world, name, by):
    table = built(name, by)

    drawn = REPORTS[name].draw(asked(by), table, lambda what: "/x/")
    assert "<svg" in str(drawn), "the world above has something to draw for every report"
    assert " style=" not in str(drawn)
    for ending in files.FORMATS:
        assert len(file_of(table, ending)) > 100


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_report_of_nothing_says_so(client, name, by):
    client.force_login(make.user("bureau"))
    answer = client.get(f"/reports/{name}/", {"by": by, "year": 2019})

    assert answer.status_code == 200
    assert "口径" in answer.content.decode()


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_secret_project_is_named_in_no_report_to_a_leader(client, world, name, by):
    client.force_login(make.user("leader"))
    page = client.get(f"/reports/{name}/", {"by": by, "year": 2024}).content.decode()

    assert "绝密项目" not in page


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_report_of_one_team_holds_less_than_the_citys(world, name, by):
    city, own = built(name, by), built(name, by, team=world[1])

    assert len(own.rows) <= len(city.rows)
    assert "乙专班" in own.unit_line
    for mine, all_ in zip(own.total, city.total, strict=False):
        if isinstance(mine, int | Decimal) and isinstance(all_, int | Decimal):
            assert mine <= all_


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_report_asks_as_much_for_many_rows_as_for_few(client, world, name, by):
    client.force_login(make.user("bureau"))

    def asked_of(address):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            # By itself, so that no minute's mark of having been seen falls into it.
            client.get(address, headers={"X-Background": "1"})
        return len(captured)

    few = asked_of(f"/reports/{name}/?by={by}&year=2024")
    for _ in range(4):
        more = make.project(stage="signed", on=MAY, park=make.park(), segment=make.segment())
        make.visit(held_on=MAY, city=make.region(), trip=make.trip(), event=make.event())
        make.arrival(project=more, month=MAY, state="confirmed")
        make.project(stage="reserve", on=MAY, segment=make.segment())
        gone = make.project(on=MAY)
        gone.set_status("lost", by=make.keeper(), on=JUNE, reason=f"原因{gone.pk}")
    assert asked_of(f"/reports/{name}/?by={by}&year=2024") == few


# -- what stands in them ---------------------------------------------------------------------------


def test_signed_projects_tell_deal_by_deal_and_count_the_project_once(world):
    table = built("signed_projects")

    assert column(table, "签约金额") == [YUAN("30000.000001"), None]
    assert column(table, "计入方式") == ["新签项目", "增资或补充"]
    assert table.total[1] == "合计：1 个项目"
    assert table.total[3] == "2 份协议"
    assert table.notes[0].startswith("其中 1 项金额待定")


def test_the_reserve_by_size_puts_bounds_in_the_upper_class_and_unknown_last():
    for amount in (YUAN(100_000_000), YUAN("99999999.99"), YUAN(5_000_000_000)):
        make.project(stage="reserve", on=MAY, planned_yuan=amount)
    unknown = make.project(stage="reserve", on=MAY)
    models.Project.objects.filter(pk=unknown.pk).update(planned_yuan=None)
    table = built("reserve_pool", "size")

    assert [row[:3] for row in table.rows] == [
        ("50亿元及以上", 1, YUAN(500_000)),
        ("1亿元（含）至5亿元", 1, YUAN(10_000)),
        ("1亿元以下", 1, YUAN("9999.999999")),
        ("未填写", 1, None),
    ]
    assert table.total[1:3] == (4, YUAN("519999.999999"))
    assert sum(row[4] or 0 for row in table.rows) == 1


def test_closed_projects_are_one_group_where_their_park_would_be_told(world):
    leader = make.user("leader")
    table = built("reserve_pool", "park", reader=leader)

    rows = {row[0]: row[1] for row in table.rows}
    assert (rows["南川工业园区"], rows["保密项目"]) == (1, 1)
    assert table.total[1] == 4
    assert {row[0]: row[1] for row in built("reserve_pool", "park").rows}["南川工业园区"] == 2


def test_outreach_counts_firms_again_and_what_came_of_the_visits(world):
    table = built("outreach", "team")
    rows = {row[0]: row[1:] for row in table.rows}

    # 甲: two visits of one firm on two days, before its project was reported and signed, and the
    # visits that the other makers' projects needed
    assert rows["甲专班"][0] == 1
    assert rows["甲专班"][3] == 1
    assert table.total[4] == 1
    firms = {row[0]: row[3] for row in table.rows}
    assert table.total[3] <= sum(firms.values())


def test_a_firm_met_by_two_teams_is_one_in_the_total():
    firm = make.company()
    for team in (make.team(name="甲"), make.team(name="乙")):
        make.visit(company=firm, task_force=team, held_on=MAY)
    make.project(lead_investor=firm, on=date(2024, 4, 30))
    made = make.project(lead_investor=firm, on=MAY)
    table = built("outreach", "team")

    assert {row[:6] for row in table.rows} == {("甲", 0, 1, 1, 0, 1), ("乙", 0, 1, 1, 0, 1)}
    # met again: on two days, whoever went; both on one day here
    assert table.total[:7] == ("合计", 0, 2, 1, 0, 1, 0)
    assert list(table.drills[TOTAL, 5].rows(whole_city().reader)) == [made]


def test_outreach_of_trips_and_events():
    trip = make.trip(name="赴广州", started_on=MAY, ended_on=MAY)
    make.visit(trip=trip, task_force=trip.task_force, held_on=MAY)
    make.visit(held_on=MAY)
    table = built("outreach", "trip")

    assert [row[:3] for row in table.rows] == [("赴广州", 1, 1), ("未填写", 1, 1)]
    assert table.drills[0, 0] == Record(models.Trip, trip.pk)


def test_arrivals_by_month_leave_out_what_is_not_confirmed(world):
    make.arrival(project=make.project(), month=JUNE, amount_yuan=YUAN(9))
    table = built("arrivals", "month")

    assert table.rows == (
        ("2024-05", 1, YUAN(500), YUAN(500), YUAN(0)),
        ("2024-06", 1, YUAN(7), YUAN(0), YUAN(7)),
    )
    assert table.total == ("合计", 1, YUAN(507), YUAN(500), YUAN(7))


def test_progress_says_who_is_late_since_when_and_why(world):
    table = built("progress")
    row = dict(zip([c.title for c in table.columns], table.rows[0], strict=True))

    assert row["推进状态"] == "滞后"
    assert row["滞后天数"] == (date(2024, 12, 31) - date(2024, 8, 1)).days
    assert row["原因"]
    assert row["计划日期"] == date(2025, 8, 1)
    assert table.total[7] == "滞后 1"


def test_what_was_done_by_the_cut_is_not_late_and_what_was_done_later_was():
    project = make.project(stage="signed", on=MAY, next_step="", next_step_on=None)
    models.Project.objects.update(next_step_on=None)
    make.milestone(project=project, planned_on=date(2024, 8, 1), actual_on=date(2025, 1, 2))

    assert column(built("progress"), "推进状态") == ["滞后"]
    assert column(built("progress", period=Period.year(2025)), "推进状态") == ["无计划"]


def test_the_ranking_shows_what_was_done_against_what_target_and_the_weights(world):
    table = built("team_ranking")

    assert table.rows[0][1] == "甲专班"
    assert table.rows[0][2] == YUAN("20.00")  # 40 × 300000000.01 / 600000000
    assert table.rows[0][5] == YUAN("300000000.01") / YUAN(600_000_000)
    assert "40分" in table.notes[0]
    assert built("team_ranking", period=Period.year(2020)).notes == ("投促局尚未设定考核权重。",)


def test_conversion_follows_who_entered_a_stage_in_the_period():
    on = make.project(on=MAY)
    make.bring_to(on, "negotiating", on=JUNE)
    make.project(on=MAY)
    make.bring_to(make.project(on=MAY), "negotiating", on=date(2025, 1, 5))
    table = built("stage_conversion", "stage")

    assert table.rows[0] == ("线索", 3, 1, Fraction(1, 3), 1, YUAN("31.0"), YUAN("31.0"))
    cohort = built("stage_conversion", "reported").rows
    assert [row[:4] for row in cohort] == [("2024-05", 3, 1, Fraction(1, 3))]


def test_the_forecast_weighs_by_stage_and_says_where_the_weights_come_from():
    make.project(stage="reserve", on=MAY, planned_yuan=YUAN(1_000_000))
    make.project(on=MAY, planned_yuan=YUAN(500_000))
    make.project(stage="signed", on=MAY, planned_yuan=YUAN(9_000_000))
    make.stage_rule(stage="reserve", likelihood=YUAN(40))
    table = built("forecast", "stage")

    assert [(row[0], row[1], row[2], row[4]) for row in table.rows] == [
        ("线索", 1, YUAN(50), YUAN(5)), ("储备", 1, YUAN(100), YUAN(40)),
    ]  # fmt: skip
    assert table.total[1:5] == (2, YUAN(150), "", YUAN(45))
    assert "储备 40%（投促局设定）" in table.notes[0]
    assert "线索 10%（默认）" in table.notes[0]


def test_loss_is_counted_in_the_period_it_happened_and_not_when_taken_up_again():
    for day in (JUNE, date(2025, 2, 1)):
        project = make.project(on=MAY)
        project.set_status("lost", by=make.keeper(), on=day, reason="电价")
    back = make.project(on=MAY)
    back.set_status("lost", by=make.keeper(), on=JUNE, reason="电价")
    back.set_status("active", by=make.keeper(), on=date(2024, 7, 1), reason="重启")

    assert [row[:2] for row in built("loss_reasons").rows] == [("电价", 1)]
    assert built("loss_reasons", period=Period.year(2025)).total[1] == 1


def test_coverage_lists_who_was_not_visited(world):
    table = built("key_firm_coverage")

    assert [row[1:] for row in table.rows] == [
        (1, 1, 0, Fraction(1)), (1, 0, 1, Fraction(0)),
    ]  # fmt: skip
    assert table.total[1:] == (2, 1, 1, Fraction(1, 2))


def test_completeness_counts_what_is_missing_and_lists_it():
    make.project(next_step_on=None)
    make.project(next_step_on=date(2026, 1, 1))
    table = built("data_completeness")
    row = next(row for row in table.rows if row[1] == "有期限的下一步")

    assert row[2:] == (2, 1, 1, Fraction(1, 2))


# -- links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SETS)
def test_the_rows_behind_a_number_survive_the_address(name):
    behind = Behind(name, Period.month(2024, 5), 3)

    assert Behind.read(behind.address) == behind
    assert list(behind.rows(whole_city().reader)) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "signed", "x~2024-01-01~2024-12-31~", "signed~2024-01-01~2023-01-01~",
        "signed~2024-01-01~9999-12-31~", "signed~2024-01-01~2024-12-31~1e9",
        "signed~2024-01-01~2024-12-31~~park:abc", "signed~2024-01-01~2024-12-31~~nothing:1",
        "deals~2024-01-01~2024-12-31~~month:5", "trips~2024-01-01~2024-12-31~~city:1",
        "ended~2024-01-01~2024-12-31~~reason:a\x00b",
        "signed~2024-01-01~2024-12-31~99999999999999999999",
        "signed~2024-01-01~2024-12-31~~size:huge", "claim_unknown~2024-01-01~2024-12-31~~what:x",
    ],
)  # fmt: skip
def test_a_link_that_was_tampered_with_is_refused(client, text):
    client.force_login(make.user("bureau"))
    answer = client.get("/crm/project/", {"behind": text})

    assert answer.status_code == 200
    with pytest.raises(ValidationError):
        BehindField(model=models.Project, required=True).clean(text)


def test_a_link_shows_nobody_more_than_they_may_list(client, world):
    stranger = make.user(team=make.team())
    for name, row_set in SETS.items():
        if row_set.model is models.Project:
            assert list(Behind(name, T).rows(stranger)) == []


def test_the_team_of_a_link_is_one_that_the_reader_may_list():
    assert list(Behind("trips", T, 999).rows(make.user("bureau"))) == []


def test_closed_rows_can_be_listed_as_such(world):
    behind = Behind("reserve", T).where(park=CLOSED)

    assert [row.code_name for row in behind.rows(make.user("leader"))] == ["代号甲"]
    assert list(behind.rows(make.user("bureau"))) == []


# -- pages and files -------------------------------------------------------------------------------


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
