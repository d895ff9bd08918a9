"""Trips and events from plan to effect: the signing is credited once, by the bureau's rule."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from crm import models
from crm.access import Role
from crm.indicators import Scope, effects_of, outings, together
from crm.indicators.behind import CLOSED, Behind
from crm.indicators.effects import TRIP
from crm.pages.effects import effect_of
from crm.periods import Period, today
from crm.reports import REPORTS, Asked

from . import make

pytestmark = pytest.mark.django_db

UNTIL_NOW = Period(make.days_ago(300), today() + timedelta(days=1))


def met(firm, days, **where):
    """A meeting with the firm so many days ago, on a trip or at an event."""
    on = make.days_ago(days)
    return make.visit(company=firm, held_on=on, **where)


@pytest.fixture
def courted():
    """A firm met on two trips and as a guest of an event between them; its deal is ten days old."""
    firm, team = make.company(), make.team()
    first = make.trip(
        task_force=team, started_on=make.days_ago(90), ended_on=make.days_ago(88),
        cost_yuan=Decimal(20_000),
    )  # fmt: skip
    last = make.trip(task_force=team, started_on=make.days_ago(30), ended_on=make.days_ago(28))
    fair = make.event(started_on=make.days_ago(60))
    met(firm, 89, trip=first, task_force=team)
    make.invitation(event=fair, company=firm, state="came", people_count=3)
    met(firm, 29, trip=last, task_force=team)
    project = make.project(
        lead_investor=firm, team=team, reported_on=make.days_ago(80), stage="negotiating"
    )
    deal = make.deal(project=project, signed_on=make.days_ago(10), amount_yuan=Decimal(5_000_000))
    return deal, first, fair, last


def credited(deal) -> tuple:
    row = models.Attribution.objects.credit(models.Deal.objects.filter(pk=deal.pk)).get()
    return row.credited_trip, row.credited_event


def test_without_a_rule_of_its_own_the_first_meeting_counts(courted):
    deal, first, _fair, _last = courted
    assert credited(deal) == (first.pk, None)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"meeting": "last"}, "last"),
        ({"meeting": "first", "days": 60}, "fair"),
        ({"meeting": "first", "days": 25}, "last"),
        ({"meeting": "last", "days": 5}, None),
        ({"meeting": "by_hand"}, None),
    ],
)
def test_the_bureau_sets_which_meeting_counts_and_how_long_before(courted, rule, expected):
    deal, first, fair, last = courted
    make.attribution_rule(**rule)
    keys = {"first": (first.pk, None), "fair": (None, fair.pk), "last": (last.pk, None)}
    assert credited(deal) == keys.get(expected, (None, None))


def test_a_deal_signed_at_an_event_may_count_for_that_event(courted):
    deal = courted[0]
    deal.event = make.event()
    deal.save()
    assert credited(deal)[1] is None
    make.attribution_rule(signing_event_first=True)
    assert credited(deal) == (None, deal.event_id)


def test_the_choice_by_hand_overrules_the_rule_even_when_it_is_none(courted):
    deal, _first, _fair, last = courted
    choice = make.attribution(deal=deal, trip=last)
    assert credited(deal) == (last.pk, None)
    choice.trip = None
    choice.save()
    assert credited(deal) == (None, None)


def test_meetings_after_the_signing_of_others_or_on_archived_trips_do_not_count():
    firm = make.company()
    deal = make.deal(project=make.project(lead_investor=firm), signed_on=make.days_ago(10))
    trip = make.trip()
    met(firm, 5, trip=trip)
    met(make.company(), 40, trip=trip)
    met(firm, 40, trip=make.trip()).trip.archive(by=make.keeper())
    met(firm, 45)
    assert credited(deal) == (None, None)


def test_only_the_bureau_sets_the_rule_and_chooses_by_hand(courted):
    officer = make.user(team=courted[0].project.lead_team)
    for row in (
        models.AttributionRule(meeting="last"),
        models.Attribution(deal=courted[0], trip=courted[3], reason="另有原因"),
    ):
        with pytest.raises(PermissionDenied):
            row.save_as(officer)
        row.save_as(make.keeper())


def test_the_rule_is_told_in_words():
    rule = models.AttributionRule(meeting="last", days=90, signing_event_first=True)
    assert rule.in_words() == (
        "投促局手动指定的从其指定；其余归功于签约时所在活动；其余归功于签约前的最后一次会见"
        "（签约前90天内）。每份签约最多归功一次。"
    )
    assert "会见" not in models.AttributionRule(meeting="by_hand").in_words()


# -- the effect ------------------------------------------------------------------------------------


def test_effects_add_deals_up_once_and_leads_as_a_union(courted):
    _deal, first, _fair, last = courted
    scope = Scope(make.keeper())
    rows = outings(TRIP, scope, UNTIL_NOW)
    found = effects_of(TRIP, scope, rows, UNTIL_NOW)
    whole = together(found.values())
    facts = {pk: (e.visits, len(e.firms), len(e.leads), e.deals) for pk, e in found.items()}
    assert facts == {first.pk: (1, 1, 1, 1), last.pk: (1, 1, 0, 0)}
    assert (whole.visits, len(whole.firms), len(whole.leads), len(whole.talks)) == (2, 1, 1, 1)
    assert (whole.deals, whole.yuan) == (1, Decimal(5_000_000))


def test_an_unknown_cost_is_not_nothing(courted):
    first, last = courted[1], courted[3]
    found = effects_of(TRIP, Scope(make.keeper()), models.Trip.objects.all(), UNTIL_NOW)
    assert (found[first.pk].cost, found[first.pk].cost_per_deal) == (20_000, 20_000)
    assert (found[last.pk].cost, found[last.pk].cost_per_lead) == (None, None)
    last.cost_yuan = Decimal(0)
    last.save()
    again = effects_of(TRIP, Scope(make.keeper()), models.Trip.objects.all(), UNTIL_NOW)
    assert together(again.values()).cost == 20_000
    assert again[last.pk].cost == 0


def test_of_a_confidential_project_no_trip_is_told_outside_its_circle(courted):
    deal, first, _fair, _last = courted
    deal.project.is_confidential, deal.project.code_name = True, "代号青松"
    deal.project.save()
    found = effects_of(
        TRIP, Scope(make.user(Role.LEADER)), models.Trip.objects.filter(pk=first.pk), UNTIL_NOW
    )
    assert (found[first.pk].leads, found[first.pk].deals) == (set(), 0)
    assert (len(found[CLOSED].leads), found[CLOSED].deals) == (1, 1)


@pytest.mark.parametrize("by", ["trip", "event", "team", "kind", "rank"])
def test_every_number_of_the_report_is_the_number_of_rows_behind_it(courted, by):
    make.event(date_text=f"{make.days_ago(80).year}年青洽会期间", started_on=None)
    reader = make.keeper()
    period = Period(make.days_ago(300), today() + timedelta(days=1))
    asked = Asked(Scope(reader), period, by)
    table = REPORTS["trip_results"].build(asked)
    behind = {
        (row, at): what for (row, at), what in table.drills.items() if isinstance(what, Behind)
    }
    for (row, at), what in behind.items():
        number = (table.total if row < 0 else table.rows[row])[at]
        rows = Behind.read(what.address).rows(reader)
        if at == 8:
            assert number * 10_000 == sum(deal.amount_yuan for deal in rows)
        elif at == 10:
            assert (number or 0) * 10_000 == sum(outing.cost_yuan for outing in rows)
        else:
            assert number == rows.count(), f"{table.columns[at].title} of {row}"
    assert len(behind) == (7 if by in ("trip", "event") else 8) * (len(table.rows) + 1)
    assert by in {"event"} or table.total[7] == 1


def test_the_report_is_written_as_a_file(courted, tmp_path):
    target = tmp_path / "trips.json"
    year = make.days_ago(10).year
    call_command("export_report", "trip_results", "--year", str(year), "--output", str(target))
    assert "外出招商与活动成效" in json.loads(target.read_text())["title"]


def test_the_page_tells_plan_people_meetings_and_results(courted, client):
    deal, first, _fair, _last = courted
    missed = make.planned_meeting(trip=first)
    make.planned_meeting(trip=first, company=deal.project.lead_investor)
    effect = effect_of(first, make.keeper())
    assert [step["value"] for step in effect["steps"]] == [2, 1, 1, 1]
    assert {row.company: row.was_met for row in effect["planned"]} == {
        missed.company: False, deal.project.lead_investor: True,
    }  # fmt: skip
    assert (list(effect["leads"]), list(effect["deals"])) == ([deal.project], [deal])
    client.force_login(make.user(Role.BUREAU))
    page = client.get(f"/crm/trip/{first.pk}/change/").content.decode()
    assert "从计划到成效" in page
    assert deal.project.name in page
    for step in effect["steps"][1:]:
        assert client.get(step["url"]).status_code == 200


def test_a_page_of_an_event_counts_its_guests(courted, client):
    fair = courted[2]
    make.invitation(event=fair, state="confirmed")
    make.invitation(event=fair, state="declined")
    steps = effect_of(fair, make.keeper())["steps"]
    assert (steps[0]["value"], steps[0]["note"]) == (3, "已确认2家")
    client.force_login(make.user(Role.LEADER))
    assert client.get(f"/crm/event/{fair.pk}/change/").status_code == 200


def test_a_trip_to_come_has_a_page_and_no_results():
    trip = make.trip(started_on=make.days_ago(-8), ended_on=make.days_ago(-9))
    effect = effect_of(trip, make.keeper())
    assert (effect["is_planned"], [step["value"] for step in effect["steps"]]) == (True, [0] * 4)


# -- guests ----------------------------------------------------------------------------------------


def test_whom_a_task_force_invites_is_its_guest_and_is_marked_by_it(client):
    team = make.team()
    officer = make.user(team=team)
    row = models.Invitation(event=make.event(), guest="省科技厅")
    row.save_as(officer)
    assert row.task_force == team
    client.force_login(officer)
    chosen = {"action": "came", "_selected_action": [row.pk]}
    client.post("/crm/invitation/", chosen)
    row.refresh_from_db()
    assert row.state == "came"


def test_attendance_is_not_known_before_the_day():
    row = make.invitation(event=make.event(started_on=make.days_ago(-3)))
    with pytest.raises(ValidationError) as refusal:
        row.mark("came", by=make.keeper())
    assert list(refusal.value.message_dict) == ["state"]
