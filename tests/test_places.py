"""Parks: what they have, what projects take of it, and which of them fits a project."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm import siting
from crm.access import Role
from crm.factors import EnergyReview, energy_review
from crm.indicators import sites
from crm.models import ParkSupply, Project, StageRule
from crm.siting import Verdict
from crm.stages import Stage

from . import make

SECRET = {"is_confidential": True, "code_name": "代号青松"}


def in_park(park, stage, mw, **values):
    project = make.project(park=park, stage=stage, **values)
    make.factor_needs(project=project, load_mw=mw and Decimal(mw))
    return project


@pytest.fixture
def park(db):
    """100 MW; 10 wanted, 20 promised, 30 taken, and one that takes nobody knows how much."""
    park = make.park(name="测试南川园区")
    make.park_supply(park=park, amount=Decimal(100))
    in_park(park, Stage.NEGOTIATING, 500)
    in_park(park, Stage.RESERVE, 10)
    in_park(park, Stage.SIGNED, 20, name="绝密雪豹工程", **SECRET)
    in_park(park, Stage.BUILDING, 30)
    in_park(park, Stage.PRODUCING, None)
    return park


def power(park, **given):
    return sites.balances(**given)[(park.pk, "load_mw")]


# -- what is left ----------------------------------------------------------------------------------


def test_what_is_left_is_what_there_is_less_what_is_taken_and_promised(park):
    balance = power(park)
    assert (balance.wanted, balance.promised, balance.taken, balance.left) == (10, 20, 30, 50)
    assert balance.unknown == 1


def test_a_figure_that_nobody_entered_is_not_zero(park):
    land = sites.balances()[(park.pk, "land_mu")]
    assert (land.has, land.left, land.is_over) == (None, None, False)


def test_a_project_gives_back_what_it_had_when_it_is_lost_or_archived(park):
    Project.objects.filter(stage=Stage.BUILDING).update(status="terminated")
    assert power(park).taken == 0
    Project.objects.filter(stage=Stage.SIGNED).update(status="on_hold")
    assert power(park).promised == 20


def test_the_bureau_says_what_a_stage_claims(park):
    make.stage_rule(name="储备", stage=Stage.RESERVE, claim="promised")
    assert (power(park).promised, power(park).wanted) == (30, 0)
    StageRule.objects.update(claim="")
    assert power(park).promised == 20


def test_the_latest_figure_counts_and_the_earlier_ones_stay(park):
    make.park_supply(park=park, amount=Decimal(80), as_of=date(2026, 9, 30))
    make.park_supply(park=park, amount=Decimal(999), as_of=None)
    assert power(park).has == 80
    assert ParkSupply.objects.filter(park=park).count() == 3


def test_what_others_claim_outside_ones_list_is_told_as_a_sum(park):
    mine = make.user(Role.OFFICER, team=Project.objects.get(stage=Stage.RESERVE).lead_team)
    outside = sites.outside_of(park, mine)
    assert (outside.projects, outside.load_mw) == (3, 50)
    assert sites.outside_of(park, make.user(Role.BUREAU)).projects == 0


def test_needs_add_up_by_the_month_of_the_last_deadline(park):
    wanting = Project.objects.get(stage=Stage.RESERVE)
    make.factor_guarantee(project=wanting, due_on=date(2027, 1, 20))
    make.factor_guarantee(project=wanting, due_on=date(2027, 3, 2), title="外部供电工程")
    make.factor_guarantee(project=wanting, due_on=date(2028, 1, 1), factor="land")
    needs = sites.needs_by_month("load_mw", park)
    assert [(need.month, need.amount) for need in needs] == [(date(2027, 3, 1), 10), (None, 20)]
    assert sites.available("load_mw", park) == (70, [])


# -- pages -----------------------------------------------------------------------------------------


def test_the_pages_of_parks_name_no_project_outside_ones_list(client, park):
    client.force_login(make.user(Role.LEADER))
    for path in ("/parks/", f"/parks/{park.pk}/"):
        text = client.get(path).content.decode()
        assert "绝密雪豹" not in text
    assert "代号青松" in text
    client.force_login(make.user(Role.OFFICER, team=make.team()))
    text = client.get(f"/parks/{park.pk}/").content.decode()
    assert "代号青松" not in text
    assert "50" in text  # what they claim is still not left


def test_the_office_of_a_park_enters_the_figures_of_its_own_park_only(client, park):
    own = make.user(Role.PARK, park=park)
    client.force_login(own)
    sent = {"what": "land_mu", "amount": "1750", "as_of": "2026-10-01", "source": "园区报送"}
    assert client.post(f"/parks/{park.pk}/", sent).status_code == 302
    again = client.post(f"/parks/{park.pk}/", sent)
    assert (again.status_code, ParkSupply.objects.filter(what="land_mu").count()) == (422, 1)
    assert client.post(f"/parks/{make.park().pk}/", sent).status_code == 403
    with pytest.raises(PermissionDenied):
        ParkSupply(park=make.park(), what="land_mu", amount=Decimal(1), source="x").save_as(own)


def test_the_pages_ask_as_much_with_many_parks_and_projects(client, park):
    client.force_login(make.user(Role.BUREAU))
    make.data_centre_compute(data_centre=make.data_centre(park=park))
    few = [_queries(client, path) for path in ("/parks/", f"/parks/{park.pk}/")]
    for _ in range(8):
        in_park(park, Stage.SIGNED, 1)
        make.data_centre_compute(data_centre=make.data_centre(park=park))
        make.entry_rule(park=park)
        make.park_supply()
    assert [_queries(client, path) for path in ("/parks/", f"/parks/{park.pk}/")] == few


def _queries(client, path):
    from tests.test_query_counts import queries

    return queries(client, path)


# -- which park fits -------------------------------------------------------------------------------


@pytest.fixture
def wanting(park):
    project = make.project(planned_yuan=Decimal(300_000_000))
    make.factor_needs(
        project=project, load_mw=Decimal(60), land_mu=Decimal(100),
        green_power_share=Decimal(80), floor_m2=Decimal(0),
    )  # fmt: skip
    return project


def reasons(project, park):
    site = next(site for site in siting.sites_for(project) if site.park == park)
    return site, {reason.label: reason for reason in site.reasons}


def test_every_need_is_judged_against_what_is_left(park, wanting):
    make.park_supply(park=park, what="green_power_share", amount=Decimal(85))
    site, found = reasons(wanting, park)
    verdicts = [reason.verdict for reason in found.values()]
    # land not entered by the park, no floor space needed, 10 MW short, bandwidth unknown, green
    assert verdicts == [Verdict.UNKNOWN, Verdict.FITS, Verdict.FAILS, Verdict.UNKNOWN, Verdict.FITS]
    assert "10MW" in [reason.note for reason in found.values()][2]
    assert site.verdict == Verdict.FAILS


def test_what_the_project_itself_takes_counts_as_left_for_it(park, wanting):
    wanting.park, wanting.stage = park, Stage.SIGNED
    wanting.save()
    assert power(park).left == -10
    _site, found = reasons(wanting, park)
    assert list(found.values())[2].offered == "50MW"


@pytest.mark.parametrize(
    ("kind", "value", "verdict"),
    [
        ("investment", 30000, Verdict.FITS), ("investment", 30001, Verdict.FAILS),
        ("intensity", 300, Verdict.FITS), ("intensity", "300.1", Verdict.FAILS),
        ("green", 80, Verdict.FITS), ("green", 81, Verdict.FAILS),
        ("pue", "1.2", Verdict.UNKNOWN), ("other", None, Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_rules_of_entry_are_checked_with_their_bounds(park, wanting, kind, value, verdict):
    value = None if value is None else Decimal(value)
    rule = make.entry_rule(park=park, kind=kind, value=value)
    _site, found = reasons(wanting, park)
    assert found[rule.name].verdict == verdict


def test_the_best_park_stands_first_and_can_be_chosen(client, park, wanting):
    better = make.park()
    for what in ("load_mw", "land_mu", "bandwidth_gbps"):
        make.park_supply(park=better, what=what, amount=Decimal(500))
    make.park_supply(park=better, what="green_power_share", amount=Decimal(90))
    assert [site.park for site in siting.sites_for(wanting)] == [better, park]
    client.force_login(make.user(Role.OFFICER, team=wanting.lead_team))
    assert client.get(f"/projects/{wanting.pk}/sites/").status_code == 200
    sent = {"park": better.pk, "version": wanting.version}
    client.post(f"/projects/{wanting.pk}/sites/choose/", sent)
    assert Project.objects.get(pk=wanting.pk).park == better
    client.post(f"/projects/{wanting.pk}/sites/choose/", sent | {"park": park.pk})
    assert Project.objects.get(pk=wanting.pk).park == better, "a stale page changes nothing"


# -- energy-saving review --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("load", "kwh", "review"),
    [
        (None, None, EnergyReview.UNKNOWN), ("0.57", None, EnergyReview.NONE),
        ("0.571", None, EnergyReview.CITY), (None, 4_999_999, EnergyReview.NONE),
        (None, 5_000_000, EnergyReview.CITY), ("9.2", None, EnergyReview.CITY),
        ("9.3", None, EnergyReview.PROVINCE), ("30", 1_000_000, EnergyReview.NONE),
    ],
)  # fmt: skip
def test_the_review_follows_the_use_of_a_year(load, kwh, review):
    asked = (load and Decimal(load), kwh and Decimal(kwh))
    assert energy_review(*asked) == review


@given(st.decimals(0, 1000, places=3), st.decimals(0, 1000, places=3))
def test_a_higher_load_never_needs_less_of_a_review(one, other):
    order = [EnergyReview.NONE, EnergyReview.CITY, EnergyReview.PROVINCE]
    low, high = sorted([one, other])
    assert order.index(energy_review(low, None)) <= order.index(energy_review(high, None))


def test_a_figure_of_the_future_is_refused(park):
    row = ParkSupply(park=park, what="land_mu", amount=Decimal(1), source="x",
                     as_of=date(2999, 1, 1))  # fmt: skip
    with pytest.raises(ValidationError, match="今天"):
        row.save_as(make.user(Role.BUREAU))
