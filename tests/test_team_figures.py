"""What task forces have of a figure: shares that add up to the city, their own rows."""

from datetime import date

import pytest

from crm import indicators as ind
from crm.indicators import whole_city

from . import make
from .figures import MAY, YUAN, T, city, joint, rows

pytestmark = pytest.mark.django_db


def test_joint_projects_are_split_exactly_and_add_up_to_the_city():
    one, two, three = make.team(name="甲"), make.team(name="乙"), make.team(name="丙")
    joint(YUAN("100.00"), (one, "33.33"), (two, "33.33"), (three, "33.34"), team=one)
    joint(YUAN("0.01"), (one, "50"), (two, "50"), team=one)
    split = rows(ind.signed_by_team(whole_city(), T))

    assert split == {"甲": YUAN("33.34"), "乙": YUAN("33.33"), "丙": YUAN("33.34")}
    assert sum(split.values()) == city("signed_yuan").value
    assert rows(ind.deals_by_team(whole_city(), T)) == {
        "甲": YUAN("0.83"), "乙": YUAN("0.83"), "丙": YUAN("0.34"),
    }  # fmt: skip
    assert rows(ind.deals_led_by_team(whole_city(), T)) == {"甲": 2}


def test_what_no_share_covers_belongs_to_the_main_team_or_to_none():
    one, two = make.team(name="甲"), make.team(name="乙")
    joint(YUAN(100), (two, "40"), team=one)
    orphan = joint(YUAN(7), team=one)
    type(orphan).objects.filter(pk=orphan.pk).update(lead_team=None)

    assert rows(ind.signed_by_team(whole_city(), T)) == {
        "甲": YUAN(60), "乙": YUAN(40), "未归入专班": YUAN(7),
    }  # fmt: skip


def test_reserve_and_arrivals_by_team():
    one, two = make.team(name="甲"), make.team(name="乙")
    project = joint(YUAN(100), (one, "50"), (two, "50"), team=one)
    make.arrival(project=project, month=MAY, amount_yuan=YUAN("0.03"), state="confirmed")
    make.project(stage="reserve", on=MAY, team=two)

    split = rows(ind.arrived_by_team(whole_city(), T))
    assert split == {"甲": YUAN("0.02"), "乙": YUAN("0.01")}
    assert rows(ind.reserve_by_team(whole_city(), T)) == {"乙": 1}


def test_a_team_has_its_share_of_the_credit_and_its_own_rows():
    one, two = make.team(name="甲"), make.team(name="乙")
    project = joint(YUAN(100), (one, "25"), (two, "75"), team=one)
    make.bring_to(project, "landed", on=date(2024, 9, 1))
    make.trip(task_force=two, joint_teams=[one], started_on=MAY, ended_on=MAY)
    make.visit(task_force=two, held_on=MAY, company=make.company(key_tier="A", owning_team=two))
    own = {team: whole_city().of(team) for team in (one, two)}

    def of(key, team):
        return ind.figure_of(key, own[team], T).value

    assert [of("signed_yuan", team) for team in (one, two)] == [YUAN(25), YUAN(75)]
    assert [of("deals_signed", team) for team in (one, two)] == [YUAN("0.25"), YUAN("0.75")]
    assert [of("trips", team) for team in (one, two)] == [1, 1]
    assert [of("landing_rate", team) for team in (one, two)] == [1, 1]
    assert [of("coverage", team) for team in (one, two)] == [None, 1]
    assert ind.figure_of("signed_yuan", whole_city(), T).value == YUAN(100)


def test_a_team_without_credit_has_nothing_of_a_split_figure():
    figure = ind.figure_of("signed_yuan", whole_city().of(make.team()), T)

    assert (figure.value, figure.text) == (YUAN("0.00"), "0元")
