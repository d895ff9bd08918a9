"""The workbench: each number equals the list behind it, and nobody sees more than the scope."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.access import ADMINISTRATORS, BUSINESS_ROLES, Role
from crm.home import home_for
from crm.models import ScreenSettings
from crm.periods import today

from . import make

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)


def cards(home) -> dict:
    return {card["label"]: card for card in home["cards"]}


def numbers(home) -> dict:
    return {label: card["value"] + card["unit"] for label, card in cards(home).items()}


def listed(user, url) -> list:
    """All rows of the list that a number links to, as the user's browser would get it."""
    client = Client()
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200, url
    return list(response.context["cl"].queryset)


@pytest.fixture
def year_2024():
    """A year with a confidential deal, an unknown amount, a supplement, and rows of other years."""
    secret = make.project(stage="signed", on=MAY, is_confidential=True, code_name="代号甲")
    make.project(stage="signed", on=MAY).deals.update(amount_yuan=None)
    make.deal(project=secret, kind="supplement", signed_on=date(2024, 8, 1), amount_yuan=100)
    make.project(stage="signed", on=date(2023, 5, 1))
    make.project(stage="landed", on=date(2023, 5, 1)).archive(by=make.keeper())
    moved = make.project(stage="reserve", on=MAY)
    make.bring_to(moved, "signed", on=date(2025, 2, 1))
    make.project(stage="reserve", on=MAY, is_confidential=True, code_name="代号乙")
    make.project(stage="negotiating", on=MAY, status="on_hold")
    make.arrival(project=secret, month=MAY, state="confirmed")
    make.arrival(project=secret, month=date(2024, 6, 1), amount_yuan=5)
    make.trip(started_on=MAY, ended_on=MAY)
    visit = make.visit(held_on=date(2024, 3, 1))
    make.visit(held_on=date(2024, 4, 1), company=visit.company, task_force=visit.task_force)
    make.project(on=make.days_ago(3), next_step="回访", next_step_on=make.days_ago(1))
    make.follow_up(due_on=make.days_ago(1))
    make.request(raised_on=MAY, due_on=MAY)
    make.project(on=make.days_ago(99), is_confidential=True, code_name="代号丙")


COUNTED = (
    "签约项目数", "储备项目数", "外出招商批次", "拜访企业家数", "拜访企业家次",
    "下一步超期项目", "超期跟进", "超期诉求", "久未推进",
)  # fmt: skip


@pytest.mark.parametrize("role", ["bureau", "statistician", "leader"])
def test_each_number_equals_the_list_it_links_to(year_2024, role):
    user = make.user(role)
    found = cards(home_for(user, {"year": "2024"}))

    counted = {label: int(found[label]["value"]) for label in COUNTED}
    assert counted == {label: len(listed(user, found[label]["url"])) for label in COUNTED}
    assert counted["签约项目数"] == 2
    assert counted["储备项目数"] == 2


@pytest.mark.parametrize("role", ["bureau", "leader"])
def test_each_amount_equals_the_sum_of_the_list_it_links_to(year_2024, role):
    user = make.user(role)
    found = cards(home_for(user, {"year": "2024"}))

    deals = listed(user, found["签约金额"]["url"])
    assert sum(deal.amount_yuan or 0 for deal in deals) == Decimal(300_000_100)
    assert numbers({"cards": [found["签约金额"]]}) == {"签约金额": "3亿元"}
    money = listed(user, found["到位资金"]["url"])
    assert [row.amount_yuan for row in money] == [Decimal(10_000_000)]


@pytest.mark.parametrize("role", ["bureau", "leader"])
def test_each_stage_of_the_funnel_equals_its_list(year_2024, role):
    user = make.user(role)
    steps = home_for(user, {"year": "2024"})["funnel"]["steps"]

    assert [step.count for step in steps] == [0, 0, 2, 3, 0, 0, 0]
    assert [len(listed(user, step.url)) for step in steps] == [step.count for step in steps]


def test_a_team_sees_its_own_numbers_and_its_own_target():
    own = make.team()
    user = make.user(team=own)
    make.project(stage="signed", on=MAY, team=own)
    make.project(stage="signed", on=MAY)
    make.target(year=2024, indicator="deals_signed", task_force=own, value=Decimal(2))
    found = cards(home_for(user, {"year": "2024"}))

    assert found["签约项目数"]["value"] == "1"
    assert found["签约项目数"]["reached"] == "50.0%"
    assert found["签约项目数"]["tone"] == "warn"
    assert found["签约金额"]["detail"] == "本年度未设目标"


def test_a_target_that_is_met_looks_good():
    make.project(stage="signed", on=MAY)
    make.target(year=2024, indicator="deals_signed", value=Decimal(1))
    found = cards(home_for(make.user("leader"), {"year": "2024"}))

    assert found["签约项目数"]["tone"] == "good"


def test_unknown_amounts_stand_beside_the_sum():
    make.project(stage="signed", on=MAY).deals.update(amount_yuan=None)
    found = cards(home_for(make.user("bureau"), {"year": "2024"}))

    assert found["签约金额"]["detail"] == "本年度未设目标 · 另有 1 个金额待定"
    assert all(card["definition"] and card["as_of"] for card in found.values())


def test_a_rate_of_nothing_is_a_dash():
    assert cards(home_for(make.user("bureau"), {}))["落地率"]["value"] == "—"


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_see_no_business_figures(year_2024, role):
    home = home_for(make.user(role), {})

    assert (home["cards"], home["lists"], home["choice"]) == ([], [], None)


@pytest.mark.parametrize("role", sorted(BUSINESS_ROLES))
def test_the_page_opens_for_every_role_and_names_no_closed_project(year_2024, role):
    make.project(on=make.days_ago(99), is_confidential=True, code_name="代号丁", name="绝密工程",
                 next_step="密谈", next_step_on=make.days_ago(1))  # fmt: skip
    client = Client()
    client.force_login(make.user(role, **({"team": make.team()} if role in _TEAM else {})))
    page = client.get("/").content.decode()

    assert ("绝密工程" in page) == (role == Role.BUREAU)


_TEAM = {Role.OFFICER, Role.TEAM_LEAD}


# -- what to do ------------------------------------------------------------------------------------


def lists(user) -> dict:
    return {entry["title"]: entry for entry in home_for(user, {})["lists"]}


@pytest.mark.parametrize("role", [Role.BUREAU, Role.LEADER])
def test_a_rate_stands_with_its_parts_and_each_equals_its_list(year_2024, role):
    user = make.user(role)
    rates = [card for card in home_for(user, {"year": "2024"})["cards"] if card.get("parts")]

    assert len(rates) == 3
    for part in (part for card in rates for part in card["parts"]):
        assert len(listed(user, part["url"])) == part["value"], part


def test_an_officer_sees_follow_ups_overdue_first_and_what_is_missing():
    own = make.team()
    user = make.user(team=own)
    make.follow_up(owner=user, task_force=own, what="送方案", due_on=today())
    make.follow_up(owner=user, task_force=own, what="回电话", due_on=make.days_ago(2))
    make.follow_up(task_force=own)
    jumped = make.project(on=make.days_ago(5), team=own, owner=user)
    jumped.move_to("reserve", by=make.keeper(), on=make.days_ago(4), reason="已立项")
    found = lists(user)

    rows = found["我的跟进"]["rows"]
    assert [(row["title"], row["late"]) for row in rows] == [("回电话", True), ("送方案", False)]
    assert [row["title"] for row in found["我的待补项目"]["rows"]] == [jumped.name]
    for entry in found.values():
        assert len(listed(user, entry["url"])) == len(entry["rows"])


def test_an_empty_list_offers_one_thing_to_do():
    found = lists(make.user(team=make.team()))

    assert found["我的跟进"]["empty"] == "暂无待办事项。"
    assert found["我的跟进"]["empty_action_url"] == "/crm/visit/add/"


def test_the_bureau_sees_proposals_what_is_late_and_what_stands_still():
    user = make.user("bureau")
    proposal = make.proposal()
    make.follow_up(due_on=make.days_ago(1))
    late = make.project(on=make.days_ago(3), next_step="回访", next_step_on=make.days_ago(1))
    stale = make.project(on=make.days_ago(99), lead_team=make.team())
    found = lists(user)

    assert [row["title"] for row in found["待投促局确认的提请"]["rows"]] == [proposal.project.name]
    assert len(found["超期跟进"]["rows"]) == 1
    assert [row["title"] for row in found["下一步超期项目"]["rows"]] == [late.name]
    assert stale.name in [row["title"] for row in found["久未推进项目"]["rows"]]
    for entry in found.values():
        assert len(listed(user, entry["url"])) == len(entry["rows"])


def test_a_department_sees_its_requests_and_a_park_its_projects():
    unit, park = make.department(), make.park()
    request = make.request(department=unit, raised_on=MAY, due_on=MAY)
    make.request()
    closed = make.project(
        stage="reserve", on=MAY, park=park, is_confidential=True, code_name="代号甲"
    )
    open_one = make.project(stage="reserve", on=MAY, park=park)
    make.project(stage="reserve", on=MAY)

    found = lists(make.user("department", department=unit))
    assert [(row["title"], row["late"]) for row in found["待办诉求"]["rows"]] == [
        (str(request), True)
    ]
    found = lists(make.user("park", park=park))
    assert {row["title"] for row in found["本园区项目"]["rows"]} == {
        open_one.name,
        closed.code_name,
    }


# -- the year --------------------------------------------------------------------------------------


def test_the_year_is_this_one_or_with_sample_rows_that_of_the_latest_deal():
    user = make.user("bureau")
    project = make.project(stage="signed", on=MAY)
    assert home_for(user, {})["choice"].year == today().year
    assert home_for(user, {})["as_of"] == today()

    type(project).objects.filter(pk=project.pk).update(is_sample=True)
    home = home_for(user, {})
    assert (home["choice"].year, home["as_of"]) == (2024, date(2024, 12, 31))
    assert home["choice"].years == list(range(today().year, 2023, -1))


def test_sample_rows_without_a_deal_leave_this_year():
    make.project(on=MAY, is_sample=True)

    assert home_for(make.user("bureau"), {})["choice"].year == today().year


@pytest.mark.parametrize("given", ["x", "20x4", "999999", "", "\0"])
def test_a_year_that_is_none_is_left_out(given):
    assert home_for(make.user("bureau"), {"year": given})["choice"].year == today().year


def test_the_page_asks_no_more_queries_for_more_rows():
    user = make.user("bureau")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            home_for(user, {"year": "2024"})
        return len(queries)

    def grow():
        make.project(stage="signed", on=MAY)
        make.project(on=make.days_ago(99), next_step="回访", next_step_on=make.days_ago(1))
        make.follow_up(due_on=make.days_ago(1))
        make.proposal()

    grow()
    few = asked()
    grow(), grow()

    assert asked() == few


# -- part of the year, one task force --------------------------------------------------------------


@pytest.mark.parametrize("part", ["q2", "m05"])
@pytest.mark.parametrize("role", ["bureau", "leader"])
def test_the_numbers_of_a_part_of_the_year_equal_their_lists(year_2024, role, part):
    user = make.user(role)
    found = cards(home_for(user, {"year": "2024", "part": part}))

    counted = {label: int(found[label]["value"]) for label in COUNTED}
    assert counted == {label: len(listed(user, found[label]["url"])) for label in COUNTED}
    assert (counted["签约项目数"], counted["外出招商批次"]) == (2, 1)
    assert "target" not in found["签约项目数"]


def test_planned_trips_are_not_counted_before_they_start():
    make.trip(started_on=make.days_ago(-5), ended_on=make.days_ago(-6))
    make.trip(started_on=today(), ended_on=today())
    user = make.user("bureau")
    trips = cards(home_for(user, {}))["外出招商批次"]

    assert trips["value"] == "1" == str(len(listed(user, trips["url"])))


@pytest.mark.parametrize("role", ["bureau", "leader"])
def test_the_numbers_of_a_task_force_equal_their_lists(year_2024, role):
    own = make.team()
    secret = make.project(
        stage="signed", on=MAY, team=own, is_confidential=True, code_name="代号戊"
    )
    make.project(stage="signed", on=MAY, team=own)
    joint = make.project(stage="signed", on=MAY)
    joint.credit_shares.all().delete()
    make.credit_share(project=joint, task_force=own, percent=50)
    make.project(stage="reserve", on=MAY, team=own)
    make.arrival(project=secret, month=MAY, state="confirmed")
    visit = make.visit(task_force=own, held_on=MAY)
    make.trip(task_force=own, started_on=MAY, ended_on=MAY)
    make.visit(company=visit.company, held_on=MAY)
    user = make.user(role)
    found = cards(home_for(user, {"year": "2024", "team": str(own.pk)}))

    counted = {label: int(found[label]["value"]) for label in COUNTED}
    assert counted == {label: len(listed(user, found[label]["url"])) for label in COUNTED}
    assert counted["签约项目数"] == (3 if role == "bureau" else 2)
    amount = sum(deal.amount_yuan for deal in listed(user, found["签约金额"]["url"]))
    assert found["签约金额"]["value"] == str(amount // 100_000_000)


def test_a_team_chooses_no_other_team():
    user = make.user(team=make.team())
    choice = home_for(user, {"team": str(make.team().pk)})["choice"]

    assert (choice.team, choice.teams) == (None, [])


@pytest.mark.parametrize("part", ["q5", "m13", "m00", "x", "q1q1", "\0"])
def test_a_part_that_is_none_is_the_whole_year(part):
    choice = home_for(make.user("bureau"), {"year": "2024", "part": part})["choice"]

    assert (choice.part, choice.as_filter) == ("", "2024")


def test_parts_that_have_not_begun_are_not_offered():
    choice = home_for(make.user("bureau"), {"part": "m12"})["choice"]

    month = today().month
    assert len(choice.parts) == 1 + (month + 2) // 3 + month
    assert choice.part == ("m12" if month == 12 else "")


def test_the_page_keeps_the_choice():
    client, own = Client(), make.team()
    client.force_login(make.user("leader"))
    page = client.get(f"/?year=2024&part=q2&team={own.pk}").content.decode()

    for option in ('value="2024" selected', 'value="q2" selected', f'value="{own.pk}" selected'):
        assert option in page


# -- drawings --------------------------------------------------------------------------------------


def test_money_by_month_stands_beside_the_year_before():
    make.arrival(month=date(2024, 3, 1), amount_yuan=Decimal(20_000_000), state="confirmed")
    make.arrival(month=date(2023, 5, 1), amount_yuan=Decimal(30_000_000), state="confirmed")
    make.arrival(month=date(2024, 4, 1), amount_yuan=Decimal(90_000_000))
    drawing = home_for(make.user("leader"), {"year": "2024"})["arrivals"]["drawing"]

    assert ("3　2,000万元" in drawing, "5　3,000万元" in drawing) == (True, True)
    assert "9,000万元" not in drawing
    assert "year=2024-03&amp;counting=on" in drawing


def test_task_forces_are_ranked_by_their_credit():
    first, second = make.team(name="甲专班"), make.team(name="乙专班")
    make.project(stage="signed", on=MAY, team=second)
    joint = make.project(stage="signed", on=MAY)
    joint.credit_shares.all().delete()
    make.credit_share(project=joint, task_force=first, percent=60)
    make.credit_share(project=joint, task_force=second, percent=40)
    drawing = home_for(make.user("leader"), {"year": "2024"})["ranking"]["drawing"]

    wide = drawing.partition("chart-narrow")[0]
    assert wide.index("乙专班") < wide.index("甲专班")
    assert ("4.2亿元 1.4个项目" in wide, "1.8亿元 0.6个项目" in wide) == (True, True)


def test_the_bureau_switches_the_ranking_off():
    settings = ScreenSettings.objects.create(pk=1)
    settings.shows_ranking = False
    settings.save_as(make.user("bureau"))

    assert home_for(make.user("leader"), {})["ranking"] is None


def test_a_team_is_not_ranked():
    assert home_for(make.user(team=make.team()), {})["ranking"] is None


# -- with the article's facts ----------------------------------------------------------------------


def test_the_published_figures_stand_on_the_workbench():
    from crm import facts, sample

    facts.load()
    sample.load()
    user = make.user("leader")
    home = home_for(user, {})
    found = numbers(home)

    assert home["choice"].year == 2024
    assert (found["签约项目数"], found["签约金额"]) == ("17个", "88.62亿元")
    assert found["储备项目数"] == "72个"
    assert 40 < int(cards(home)["外出招商批次"]["value"]) < 50
    assert int(cards(home)["拜访企业家数"]["value"]) > 100
    assert len(listed(user, cards(home)["储备项目数"]["url"])) == 72
