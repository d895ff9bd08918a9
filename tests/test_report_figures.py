"""What stands in each report, against figures worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest

from crm import models
from crm.indicators import whole_city
from crm.periods import Period
from crm.reports.table import TOTAL, Record

from . import make
from .report_world import JUNE, MAY, YUAN, built, column, world

pytestmark = pytest.mark.django_db
FIXTURES = (world,)  # asked for by name


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
