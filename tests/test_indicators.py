"""Every indicator against figures computed by hand, with the traps of the trade."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import indicators as ind
from crm.indicators import Scope, whole_city
from crm.indicators.figures import carried, ratio
from crm.money import in_unit, parse_amount
from crm.periods import Period

from . import make
from .figures import MAY, YUAN, T, city, rows, signed

pytestmark = pytest.mark.django_db


# -- published figures -----------------------------------------------------------------------------


def test_published_rates_come_out_as_published():
    assert ind.percent(ratio(180 + 18, 292)["value"], 1) == YUAN("67.8")
    assert ind.percent(ratio(370, 1077)["value"]) == YUAN("34.35")
    assert ind.percent(Fraction("1.2564") - Fraction("0.8333")) == YUAN("42.31")


def test_8862_in_the_two_units():
    assert in_unit(parse_amount("88.62亿元").yuan, "万元") == 886_200


def test_a_rate_of_nothing_cannot_be_said():
    assert ratio(3, 0)["value"] is None
    assert city("landing_rate").text == "—"


# -- going out -------------------------------------------------------------------------------------


def test_task_forces_of_the_cut():
    make.team()
    make.team(set_up_on=date(2025, 1, 1))
    make.team(is_disabled=True)
    make.team(dissolved_on=date(2024, 12, 31), is_disabled=True)
    make.team(dissolved_on=date(2024, 12, 30))

    assert city("task_forces").value == 2


def test_a_trip_belongs_to_the_period_it_starts_in_and_is_one_however_many_teams():
    one, two = make.team(name="甲"), make.team(name="乙")
    make.trip(task_force=one, joint_teams=[one, two], started_on=date(2024, 12, 31),
              ended_on=date(2025, 1, 3))  # fmt: skip
    make.trip(task_force=two, started_on=date(2025, 1, 1), ended_on=date(2025, 1, 1))
    make.trip(task_force=None, started_on=MAY, ended_on=MAY)

    assert city("trips").value == 2
    assert rows(ind.trips_by_team(whole_city(), T)) == {"甲": 1, "乙": 1}


def test_visits_are_counted_by_meeting_and_firms_once_for_the_city():
    one, two, firm = make.team(name="甲"), make.team(name="乙"), make.company()
    make.visit(company=firm, task_force=one, held_on=MAY)
    make.visit(company=firm, task_force=two, held_on=MAY)
    make.visit(task_force=two, held_on=MAY)
    make.visit(task_force=two, held_on=MAY, mode="online")
    make.visit(task_force=two, held_on=MAY, mode="call")
    make.visit(task_force=two, held_on=date(2025, 1, 1))

    assert (city("visits").value, city("firms_visited").value) == (3, 2)
    assert rows(ind.firms_by_team(whole_city(), T)) == {"甲": 1, "乙": 2}


def test_delegations_and_their_guests():
    make.visit(mode="inbound", held_on=MAY, guest_count=5)
    make.visit(mode="inbound", held_on=MAY, guest_count=7)
    make.visit(mode="inbound", held_on=MAY)
    figure = city("delegations_received")

    assert (figure.value, figure.unknown, figure.parts) == (3, 1, {"guests": 12})


def test_key_firms_reached():
    make.visit(company=make.company(key_tier="A"), held_on=MAY)
    make.company(key_tier="B")
    make.visit(held_on=MAY)

    assert (city("coverage").numerator, city("coverage").denominator) == (1, 2)


# -- the pool --------------------------------------------------------------------------------------


def test_reserve_is_read_from_the_history_at_the_cut():
    moved_on = make.project(stage="reserve", on=MAY, planned_yuan=YUAN(100))
    make.bring_to(moved_on, "signed", on=date(2025, 2, 1))
    held = make.project(stage="reserve", on=MAY, planned_yuan=YUAN(10))
    held.set_status("on_hold", by=make.keeper(), on=date(2024, 8, 1), reason="等待")
    make.project(stage="reserve", on=date(2025, 1, 1), planned_yuan=YUAN(1))
    make.project(stage="reserve", on=MAY).archive(by=make.keeper())

    assert city("reserve_projects").value == 1
    assert city("reserve_planned_yuan").value == YUAN(100)
    assert city("reserve_projects", Period.year(2025)).value == 1


def test_uncertainty_carries_up_and_unknown_is_counted_not_added():
    make.project(stage="reserve", on=MAY, planned_yuan=YUAN("0.10"))
    make.project(stage="reserve", on=MAY, planned_yuan=YUAN("0.20"), planned_precision="at_least")
    unknown = make.project(stage="reserve", on=MAY)
    type(unknown).objects.filter(pk=unknown.pk).update(
        planned_yuan=None, planned_precision="undetermined"
    )
    figure = city("reserve_planned_yuan")

    assert (figure.value, figure.unknown, figure.precision) == (YUAN("0.30"), 1, "at_least")
    assert (carried(1, 5), carried(0, 0)) == ("about", "")
    assert figure.text.startswith("超")


def test_new_entries_count_the_first_entry_only():
    back = make.project(stage="reserve", on=date(2023, 5, 1))
    back.move_to("negotiating", by=make.keeper(), on=MAY, reason="条件变化")
    back.move_to("reserve", by=make.keeper(), on=date(2024, 6, 1), reason="")
    make.project(stage="reserve", on=MAY)

    assert [city(key).value for key in ("leads_new", "negotiating_new", "reserve_new")] == [1, 1, 1]


def test_stages_are_all_listed_and_the_reserve_row_equals_the_reserve_figures():
    make.project(stage="reserve", on=MAY, planned_yuan=YUAN(5), planned_precision="about")
    make.project(on=MAY)
    make.project(on=MAY, status="lost")
    found = {row.stage: row for row in ind.projects_by_stage(whole_city(), T)}

    assert [row.count for row in found.values()] == [1, 0, 1, 0, 0, 0, 0]
    assert (found["reserve"].planned_yuan, found["reserve"].precision) == (YUAN(5), "about")
    assert (found["lead"].unknown, found["lead"].planned_text) == (1, "待定")
    assert found["signed"].planned_text == "0元"


def test_the_pipeline_is_weighted_by_stage_and_by_the_bureaus_rule():
    make.project(stage="reserve", on=MAY, planned_yuan=YUAN(1000))
    make.project(on=MAY, planned_yuan=YUAN(1000))
    assert city("weighted_pipeline_yuan").value == YUAN(600)

    make.stage_rule(stage="reserve", likelihood=YUAN("12.5"))
    assert city("weighted_pipeline_yuan").value == YUAN(225)


def test_reserve_turned_into_deals():
    for _ in range(3):
        make.project(stage="reserve", on=date(2023, 5, 1))
    converted = make.project(stage="reserve", on=date(2023, 5, 1))
    make.bring_to(converted, "signed", on=MAY)
    signed(on=MAY)

    assert city("reserve_conversion").value == Fraction(1, 4)


# -- signing ---------------------------------------------------------------------------------------


def test_a_second_contract_adds_money_but_no_project():
    project = signed(amount=YUAN("100.01"))
    make.deal(project=project, signed_on=date(2024, 9, 1), amount_yuan=YUAN("0.02"))

    assert (city("deals_signed").value, city("signed_yuan").value) == (1, YUAN("100.03"))


def test_a_supplement_counts_its_increase_in_its_own_year_and_no_new_project():
    project = signed(amount=YUAN(100))
    make.deal(project=project, kind="supplement", signed_on=date(2025, 2, 1), amount_yuan=YUAN(7))

    assert city("signed_yuan").value == YUAN(100)
    assert city("signed_yuan", Period.year(2025)).value == YUAN(7)
    assert city("deals_signed", Period.year(2025)).value == 0


def test_a_framework_that_a_contract_replaced_counts_once_in_the_contracts_year():
    project = make.project(stage="reserve", on=date(2023, 5, 1))
    framework = make.deal(
        project=project, kind="framework", signed_on=date(2023, 6, 1), amount_yuan=YUAN(500)
    )
    assert city("signed_yuan_with_framework", Period.year(2023)).value == YUAN(500)
    assert city("deals_signed", Period.year(2023)).value == 0

    make.deal(project=project, signed_on=MAY, amount_yuan=YUAN(450), replaces=framework)
    framework.status = "replaced"
    framework.save()

    assert city("deals_signed_with_framework", Period.year(2023)).value == 0
    assert city("signed_yuan_with_framework").value == YUAN(450)


def test_void_ended_archived_deals_and_archived_projects_do_not_count():
    signed(amount=YUAN(1)).deals.update(status="void")
    signed(amount=YUAN(2)).deals.update(status="ended")
    signed(amount=YUAN(4)).deals.get().archive(by=make.keeper())
    signed(amount=YUAN(8)).archive(by=make.keeper())
    signed(amount=YUAN(16))

    assert (city("deals_signed").value, city("signed_yuan").value) == (1, YUAN(16))


def test_an_unknown_amount_and_an_undated_deal_stand_beside_the_figure():
    signed(amount=None)
    signed(amount=YUAN(5)).deals.update(signed_on=None)
    figure = city("signed_yuan")

    assert (figure.value, figure.unknown) == (YUAN(0), 1)
    assert (city("deals_signed").value, city("deals_signed").unknown) == (1, 1)


def test_a_deal_of_exactly_100_million_is_big():
    signed(amount=YUAN(100_000_000))
    signed(amount=YUAN("99999999.99"))
    figure = city("big_deals")

    assert (figure.value, figure.parts) == (1, {"yuan": YUAN(100_000_000)})


def test_sums_are_exact_to_the_fen_beyond_what_floats_hold():
    for _ in range(3):
        signed(amount=YUAN("900000000000.01"))

    assert city("signed_yuan").value == YUAN("2700000000000.03")


# -- money and rates -------------------------------------------------------------------------------


def test_money_counts_when_confirmed_in_its_month_whatever_the_year_of_signing():
    old, new = signed(on=date(2023, 5, 1)), signed(on=MAY)
    make.arrival(project=old, month=MAY, amount_yuan=YUAN(10), state="confirmed")
    make.arrival(project=new, month=MAY, amount_yuan=YUAN(4), state="confirmed", origin="inside")
    make.arrival(project=new, month=date(2024, 6, 1), amount_yuan=YUAN(3), state="confirmed")
    make.arrival(project=new, month=date(2024, 7, 1), amount_yuan=YUAN(90))
    make.arrival(project=new, month=date(2025, 1, 1), amount_yuan=YUAN(50), state="confirmed")
    figure = city("arrived_yuan")

    assert figure.value == YUAN(17)
    assert figure.parts == {"outside": YUAN(13), "inside": YUAN(4), "own_signings": YUAN(7)}
    assert [(row.month.month, row.yuan, row.outside_yuan)
            for row in ind.arrived_by_month(whole_city(), T)] == [
        (5, YUAN(14), YUAN(10)), (6, YUAN(3), YUAN(3)),
    ]  # fmt: skip


def test_the_arrival_rate_is_of_the_cohorts_own_contracts():
    new = signed(amount=YUAN(200))
    signed(amount=None)
    make.arrival(project=new, month=MAY, amount_yuan=YUAN(50), state="confirmed")
    make.arrival(project=signed(on=date(2023, 5, 1)), month=MAY, state="confirmed")
    figure = city("arrival_rate")

    assert (figure.value, figure.unknown, figure.text) == (Fraction(1, 4), 1, "25.00%")


def test_the_three_rates_share_the_cohort_as_denominator():
    for stage in ("landed", "building", "producing"):
        make.bring_to(signed(), stage, on=date(2024, 9, 1))
    signed()
    make.bring_to(signed(), "landed", on=date(2025, 2, 1))
    make.project(stage="landed", on=date(2023, 5, 1))

    parts = [(city(f"{key}_rate").numerator, city(f"{key}_rate").denominator)
             for key in ("landing", "start", "production")]  # fmt: skip
    assert parts == [(3, 5), (2, 5), (1, 5)]


def test_fulfilment_takes_a_filing_a_site_or_money_after_signing():
    signed()
    paid, early = signed(), signed()
    make.arrival(project=paid, month=MAY, state="confirmed")
    make.arrival(project=early, month=date(2024, 4, 1), state="confirmed")
    for field in ("filed_on", "site_secured_on"):
        project = signed()
        type(project).objects.filter(pk=project.pk).update(**{field: date(2024, 8, 1)})
    make.bring_to(signed(), "landed", on=date(2024, 9, 1))

    assert (city("fulfilment_rate").numerator, city("fulfilment_rate").denominator) == (4, 6)


# -- late ------------------------------------------------------------------------------------------


def test_overdue_counts_what_is_open_past_its_date():
    project = make.project(on=MAY, next_step="回访", next_step_on=date(2024, 12, 30))
    make.follow_up(due_on=date(2024, 12, 30))
    make.follow_up(due_on=date(2024, 12, 31))
    make.follow_up(due_on=date(2024, 12, 1), done_on=date(2024, 12, 2))
    make.request(raised_on=MAY, due_on=date(2024, 6, 1))
    make.milestone(project=project, planned_on=date(2024, 6, 1))
    make.milestone(project=project, planned_on=date(2024, 6, 1), is_not_applicable=True)
    figure = city("overdue")

    assert figure.parts == {"follow_ups": 1, "requests": 1, "milestones": 1, "projects": 1}
    assert figure.value == 4


def test_stale_follows_the_days_of_the_stage():
    make.project(on=date(2024, 11, 16))
    make.project(on=date(2024, 11, 15))

    assert city("stale").value == 1


# -- scope -----------------------------------------------------------------------------------------


def test_confidential_projects_count_for_every_city_reader():
    signed(amount=YUAN(100), is_confidential=True, code_name="代号甲")

    for role in ("bureau", "statistician", "leader"):
        reader = Scope(make.user(role))
        assert ind.deals_signed(reader, T).value == 1
        assert ind.signed_yuan(reader, T).value == YUAN(100)


def test_a_team_counts_its_own_rows_and_administrators_none():
    own = make.team()
    signed(amount=YUAN(100), team=own)
    signed(amount=YUAN(11))

    assert ind.signed_yuan(Scope(make.user(team=own)), T).value == YUAN(100)
    for role in ("system_admin", "security_admin", "auditor"):
        assert ind.signed_yuan(Scope(make.user(role)), T).value == 0


def test_only_the_city_itself_counts_without_a_person():
    with pytest.raises(AttributeError):
        ind.trips(Scope(None), T)
    assert str(whole_city().reader) == ""


def test_the_running_year_is_cut_today():
    assert ind.year_until(2026, date(2026, 11, 23)).cut == date(2026, 11, 23)
    assert ind.year_until(2024, date(2026, 11, 23)) == T


def test_no_indicator_asks_more_queries_for_more_rows():
    def asked():
        with CaptureQueriesContext(connection) as queries:
            for function in ind.REGISTRY.values():
                function(whole_city(), T)
            for by_team in ind.BY_TEAM.values():
                by_team(whole_city(), T)
        return len(queries)

    signed()
    few = asked()
    for _ in range(4):
        make.arrival(project=signed(), month=MAY, state="confirmed")

    assert asked() == few


def test_counts_read_with_thousands():
    figure = city("trips")
    assert ind.Figure(**{**figure.__dict__, "value": 12_345}).text == "12,345"


# -- any days, an empty city -----------------------------------------------------------------------


def test_any_days_make_a_period_and_the_cut_is_its_last():
    signed(on=date(2024, 3, 31), amount=YUAN(1))
    signed(on=date(2024, 4, 1), amount=YUAN(2))
    signed(on=date(2024, 6, 30), amount=YUAN(4))
    signed(on=date(2024, 7, 1), amount=YUAN(8))
    quarter = city("signed_yuan", Period.quarter(2024, 2))

    assert (quarter.value, quarter.as_of) == (YUAN(6), date(2024, 6, 30))
    assert city("signed_yuan", Period.month(2024, 4)).value == YUAN(2)


@pytest.mark.parametrize("key", sorted(ind.REGISTRY))
def test_every_figure_has_words_a_cut_and_a_value_for_an_empty_city_and_team(key):
    for scope in (whole_city(), whole_city().of(make.team())):
        figure = ind.figure_of(key, scope, Period.month(2024, 5))

        assert figure.definition
        assert figure.label
        assert figure.as_of == date(2024, 5, 31)
        assert figure.value in (None, 0) or key in ("pace", "task_forces")
        assert figure.text
