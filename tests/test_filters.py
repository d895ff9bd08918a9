"""Filters of the lists: what they leave, what they refuse, and what they never give away."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict

from crm import filters, models
from crm.access import Role
from crm.filters.base import OneRow
from crm.forms import LongSelect
from crm.periods import today

from . import make

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)
ODD = ("1", "2024", "x", "-1", "9" * 30, "\0", "2024-12-31", "NaN", "1e9", "'", "待定", "=1+1")


def left(filter_set, query: str, user=None, **given):
    """Rows a filter set leaves of the address ``query``, for the bureau unless said otherwise."""
    chosen = filter_set(QueryDict(query), user=user or make.user("bureau"), **given)
    assert chosen.is_valid(), chosen.form.errors
    return set(chosen.qs)


def projects(query, user=None, **given):
    return left(filters.ProjectFilter, query, user, **given)


# -- projects --------------------------------------------------------------------------------------


def test_projects_by_stage_status_team_park_and_place():
    province = make.region(level="province")
    firm = make.company(region=make.region(parent=province), key_tier="A")
    segment = make.segment()
    wanted = make.project(
        stage="reserve", on=MAY, park=make.park(), segment=segment, lead_investor=firm,
        name="图灵小镇", planned_yuan=Decimal(150_000_000),
    )  # fmt: skip
    owner = wanted.owner
    held = make.project(stage="negotiating", on=MAY, status="on_hold")
    other = make.project(on=date(2023, 5, 1))

    assert projects("stage=reserve") == {wanted}
    assert projects("stage=reserve&stage=negotiating") == {wanted, held}
    assert projects("status=on_hold") == {held}
    assert projects(f"team={wanted.lead_team_id}") == {wanted}
    assert projects(f"park={wanted.park_id}") == {wanted}
    assert projects(f"chain={segment.chain_id}&segment={segment.pk}") == {wanted}
    assert projects(f"region={province.pk}") == {wanted}
    assert projects("planned_min=1.5亿元&planned_max=15000") == {wanted}
    assert projects("planned_min=1.6亿元") == set()
    assert projects("q=图灵") == {wanted}
    assert projects("reported=2023") == {other}
    assert projects("key_firms=on") == {wanted}
    assert projects(f"lead_investor={firm.pk}") == {wanted}
    assert projects("mine=on", owner) == {wanted}


def test_a_joint_team_finds_the_project_too():
    project, joint = make.project(on=MAY), make.team()
    make.credit_share(project=project, task_force=joint, percent=50)

    assert projects(f"team={joint.pk}") == {project}


def test_signed_in_a_year_means_the_first_counting_deal():
    project = make.project(stage="signed", on=date(2023, 5, 1))
    make.deal(project=project, signed_on=MAY)

    assert projects("signed=2023") == {project}
    assert projects("signed=2024") == set()


def test_where_projects_stood_is_read_from_the_history():
    moved = make.project(stage="reserve", on=MAY)
    make.bring_to(moved, "signed", on=date(2025, 2, 1))
    later = make.project(on=date(2025, 1, 1))

    assert projects("stood_in=reserve&cut=2024-12-31") == {moved}
    assert projects("stood_in=reserve") == set()
    assert projects("cut=2024-12-31") == {moved}
    assert projects("cut=2025-12-31") == {moved, later}


def test_the_day_of_a_report_is_the_cut_or_today():
    user = make.user("bureau")

    assert filters.ProjectFilter({"cut": "2024-12-31"}, user=user).day == date(2024, 12, 31)
    assert filters.ProjectFilter({}, user=user).day == today()
    assert filters.ProjectFilter(user=user, on=MAY).day == MAY


def test_late_stale_and_incomplete_projects():
    late = make.project(on=make.days_ago(3), next_step="回访", next_step_on=make.days_ago(1))
    stale = make.project(on=make.days_ago(46))
    jumped = make.project(on=make.days_ago(3))
    jumped.move_to("reserve", by=make.keeper(), on=make.days_ago(2), reason="已立项")

    assert projects("overdue=on") == {late}
    assert projects("stale=on") == {stale}
    assert projects("incomplete=on") == {jumped}


def test_archived_rows_show_when_asked_for():
    gone, here = make.project(on=MAY), make.project(on=MAY)
    gone.archive(by=make.keeper())

    assert projects("") == {here}
    assert projects("archived=on") == {gone, here}


# -- closed rows -----------------------------------------------------------------------------------


def test_a_closed_project_answers_to_safe_filters_only():
    closed = make.project(
        stage="reserve", on=MAY, is_confidential=True, code_name="代号甲", name="秘密工程",
        planned_yuan=Decimal(100_000_000), park=make.park(),
    )  # fmt: skip
    leader = make.user("leader")

    for query in ("stage=reserve", "status=active", "reported=2024", "q=代号甲",
                  "stood_in=reserve&cut=2024-12-31"):  # fmt: skip
        assert projects(query, leader) == {closed}
    for query in ("q=秘密", f"park={closed.park_id}", f"team={closed.lead_team_id}",
                  "planned_min=1", "stale=on", f"lead_investor={closed.lead_investor_id}",
                  f"segment={closed.segment_id}", "stage=reserve&stale=on"):  # fmt: skip
        assert projects(query, leader) == set()
    assert projects(f"park={closed.park_id}") == {closed}


def test_closed_deals_and_money_answer_to_year_and_counting():
    closed = make.project(stage="signed", on=MAY, is_confidential=True, code_name="代号甲")
    money = make.arrival(project=closed, month=MAY, state="confirmed")
    leader = make.user("leader")

    assert left(filters.DealFilter, "year=2024&counting=formal", leader) == {closed.deals.get()}
    assert left(filters.DealFilter, "amount_min=1", leader) == set()
    assert left(filters.ArrivalFilter, "year=2024&counting=on", leader) == {money}
    assert left(filters.ArrivalFilter, "origin=outside", leader) == set()


def test_choices_are_those_of_the_reader():
    trip, other = make.trip(), make.trip()
    user = make.user(team=trip.task_force)

    assert left(filters.VisitFilter, f"trip={trip.pk}", user) == set()
    chosen = filters.VisitFilter({"trip": other.pk}, user=user)
    assert list(chosen.form.errors) == ["trip"]


# -- the other lists -------------------------------------------------------------------------------


def test_a_long_box_is_written_as_django_writes_it():
    choices = [("", "全部"), (7, "南川<园区> & 东川"), ("8", "北川")]
    ours, theirs = (
        kind(choices=choices, attrs={"id": "id_park", "required": True}).render("park", "7")
        for kind in (LongSelect, forms.Select)
    )
    assert re.sub(r"\s*\n\s*", "", ours) == re.sub(r"\s*\n\s*", "", theirs)


def test_companies_by_their_public_part_and_by_visits():
    chain = make.segment()
    firm = make.company(name="浪潮算力有限公司", owning_team=make.team(), key_tier="A",
                        ownership="private", region=make.region())  # fmt: skip
    firm.segments.add(chain)
    make.company_mark(company=firm)
    make.alliance_membership(company=firm)
    make.visit(company=firm, held_on=MAY)
    free = make.company()

    for query in ("q=langchao", f"team={firm.owning_team_id}", f"region={firm.region_id}",
                  f"chain={chain.chain_id}", f"segment={chain.pk}", "tier=A",
                  "ownership=private", "mark=chain_leader", "alliance=on",
                  "visited=2024"):  # fmt: skip
        assert left(filters.CompanyFilter, query) == {firm}, query
    assert left(filters.CompanyFilter, "unclaimed=on") == {free}
    assert left(filters.CompanyFilter, "visited=2023") == set()


def test_contacts_by_name_and_firm():
    contact = make.contact(name="张功", is_primary=True, company=make.company(name="新华三"))
    make.contact(name="李四")

    for query in ("q=张功", "q=新华三", "primary=on", f"company={contact.company_id}"):
        assert left(filters.ContactFilter, query) == {contact}, query


def test_events_trips_and_visits():
    event = make.event(kind="qinghai_fair", started_on=MAY, name="青洽会")
    city = make.region()
    trip = make.trip(name="赴京招商", started_on=MAY, ended_on=MAY, cities=[city],
                     kind="promotion", head_rank="city")  # fmt: skip
    joint = make.team()
    trip.joint_teams.add(joint)
    visit = make.visit(trip=trip, held_on=MAY, city=city, mode="online", outcome="agreed",
                       company=make.company(name="华为技术"))  # fmt: skip
    make.event(), make.trip(), make.visit()

    for query in ("kind=qinghai_fair", "year=2024", "q=青洽"):
        assert left(filters.EventFilter, query) == {event}, query
    for query in ("q=赴京", "year=2024", f"team={joint.pk}", f"city={city.pk}",
                  "kind=promotion", "rank=city"):  # fmt: skip
        assert left(filters.TripFilter, query) == {trip}, query
    for query in ("q=华为", "year=2024", "mode=online", "outcome=agreed", f"trip={trip.pk}",
                  f"city={city.pk}", "until=2024-05-01"):  # fmt: skip
        assert left(filters.VisitFilter, query) == {visit}, query
    assert visit not in left(filters.VisitFilter, "since=2024-05-02")


def test_deals_and_money():
    project = make.project(stage="reserve", on=MAY, name="图灵小镇")
    framework = make.deal(project=project, kind="framework", signed_on=MAY, number="框-1",
                          amount_yuan=Decimal(100))  # fmt: skip
    formal = make.deal(signed_on=MAY)
    make.deal(signed_on=MAY, status="void")

    assert left(filters.DealFilter, "year=2024&counting=formal") == {formal}
    assert left(filters.DealFilter, "year=2024&counting=framework") == {formal, framework}
    for query in ("q=图灵", "q=框-1", "kind=framework", "amount_max=0.01",
                  f"project={project.pk}"):  # fmt: skip
        assert left(filters.DealFilter, query) == {framework}, query
    money = make.arrival(project=project, month=MAY)
    assert left(filters.ArrivalFilter, "q=图灵&year=2024&state=reported") == {money}
    assert left(filters.ArrivalFilter, "counting=on") == set()


def test_what_is_waiting_and_overdue():
    user = make.user("bureau")
    late = make.follow_up(owner=user, due_on=make.days_ago(1))
    waiting = make.follow_up(due_on=today())
    make.follow_up(done_on=today())
    request = make.request(raised_on=make.days_ago(9), due_on=make.days_ago(1))
    make.request(raised_on=MAY, due_on=MAY, closed_on=today())
    proposal = make.proposal()

    assert left(filters.FollowUpFilter, "mine=on&overdue=on", user) == {late}
    assert left(filters.FollowUpFilter, "waiting=on") == {late, waiting}
    assert left(filters.RequestFilter, "waiting=on&overdue=on") == {request}
    assert left(filters.ProposalFilter, "state=open&to_stage=signed") == {proposal}


# -- bad input -------------------------------------------------------------------------------------


def test_a_wrong_value_is_explained_and_the_list_stays_unfiltered():
    project = make.project(on=MAY)
    chosen = filters.ProjectFilter(
        QueryDict("planned_min=很多&reported=20x4&stage=signed"), user=make.user("bureau")
    )

    assert set(chosen.qs) == {project}
    assert chosen.form.errors["reported"] == ["“20x4”不是年份，应填写如 2024。"]
    assert "70亿元" in chosen.form.errors["planned_min"][0]
    assert chosen.in_use == {}


def test_an_undetermined_amount_is_no_bound():
    chosen = filters.ProjectFilter({"planned_min": "待定"}, user=make.user("bureau"))

    assert chosen.form.errors["planned_min"] == ["请填写金额，如 5000万元或 1.5亿元。"]


@pytest.mark.parametrize("model", filters.FOR_MODEL)
def test_no_value_of_any_filter_is_a_failure(model):
    filter_set, user = filters.FOR_MODEL[model], make.user("bureau")
    for name in filter_set.base_filters:
        for value in ODD:
            data = QueryDict(mutable=True)
            data.appendlist(name, value)
            list(filter_set(data, user=user).qs)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_gets_a_form_and_no_row_outside_its_scope(role):
    user = make.user(role)
    for model, filter_set in filters.FOR_MODEL.items():
        chosen = filter_set(user=user)
        chosen.form.as_p()
        assert set(chosen.qs) <= set(model.objects.visible_to(user))


def test_no_filter_lists_a_table_that_grows():
    growing = {models.Company, models.Project, models.Trip, models.Visit, models.Contact}
    for filter_set in filters.FOR_MODEL.values():
        for item in filter_set.base_filters.values():
            model = getattr(getattr(item, "queryset", None), "model", None)
            assert model not in growing or isinstance(item, OneRow)
