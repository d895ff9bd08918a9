"""Deals: what counts, when, how much; and the money that arrives."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from crm.access import Role
from crm.models import Arrival, Deal
from crm.periods import Period, today
from crm.stages import Stage

from . import make

pytestmark = pytest.mark.django_db


# -- what counts -----------------------------------------------------------------------------------


def test_formal_contracts_and_supplements_in_force_count():
    contract = make.deal(kind="contract")
    increase = make.deal(kind="supplement", project=contract.project)
    make.deal(kind="framework")
    make.deal(kind="letter_of_intent")
    make.deal(status="void")
    make.deal(status="replaced")
    make.deal(archived_at=timezone.now())
    make.deal(project=make.project(archived_at=timezone.now()))
    assert set(Deal.objects.counting()) == {contract, increase}


def test_framework_agreements_count_when_they_are_asked_for():
    deals = {make.deal(kind=kind) for kind in ("contract", "framework", "letter_of_intent")}
    assert set(Deal.objects.counting(with_framework=True)) == deals


def test_a_deal_belongs_to_the_year_of_its_signature():
    first, last = make.deal(signed_on="2024-01-01"), make.deal(signed_on="2024-12-31")
    make.deal(signed_on="2023-12-31")
    make.deal(signed_on="2025-01-01")
    make.deal(signed_on=None)
    assert set(Deal.objects.signed_in(Period.year(2024))) == {first, last}


def test_a_hundred_million_is_a_big_deal_with_the_bound_included():
    big = make.deal(amount_yuan=Decimal("100000000"))
    make.deal(amount_yuan=Decimal("99999999.99"))
    make.deal(amount_yuan=None)
    assert list(Deal.objects.of_at_least(100_000_000)) == [big]


def test_a_contract_that_replaces_a_framework_counts_once():
    framework = make.deal(kind="framework")
    contract = Deal(project=framework.project, replaces=framework, amount_yuan=Decimal(5))
    contract.save_as(make.keeper())
    framework.refresh_from_db()
    assert (framework.status, framework.updated_by) == ("replaced", make.keeper())
    assert list(Deal.objects.counting(with_framework=True)) == [contract]


def test_a_deal_replaces_only_deals_of_the_same_project():
    with pytest.raises(ValidationError) as refusal:
        Deal(project=make.project(), replaces=make.deal()).save_as(make.keeper())
    assert list(refusal.value.message_dict) == ["replaces"]


def test_what_was_replaced_before_is_left_as_it_was():
    old = make.deal(kind="framework", status="ended")
    Deal(project=old.project, replaces=old).save_as(make.keeper())
    old.refresh_from_db()
    assert (old.status, old.version) == ("ended", 1)


# -- dates -----------------------------------------------------------------------------------------


def test_a_deal_is_not_signed_in_the_future():
    with pytest.raises(ValidationError) as refusal:
        Deal(project=make.project(), signed_on=make.days_ago(-1)).save_as(make.keeper())
    assert list(refusal.value.message_dict) == ["signed_on"]


def test_a_deal_is_not_signed_before_the_first_contact():
    project = make.project(stage=Stage.NEGOTIATING, on=make.days_ago(20))
    with pytest.raises(ValidationError, match="早于首次接洽日期"):
        Deal(project=project, signed_on=make.days_ago(21)).save_as(make.keeper())
    Deal(project=project, signed_on=make.days_ago(20)).save_as(make.keeper())
    assert project.deals.count() == 1


def test_without_a_logged_contact_any_past_day_will_do():
    deal = Deal(project=make.project(), signed_on=make.days_ago(900))
    deal.save_as(make.keeper())
    assert deal.first_contact_on() is None
    assert Deal().first_contact_on() is None


# -- a second pair of eyes -------------------------------------------------------------------------


def test_the_bureau_confirms_a_deal_and_the_team_can_no_longer_change_it():
    team = make.team()
    officer = make.user(team=team)
    deal = make.deal(project=make.project(team=team), created_by=officer)
    deal.confirm(by=make.keeper())
    assert deal.confirmed_by == make.keeper()
    deal.amount_yuan = Decimal(1)
    with pytest.raises(PermissionDenied):
        deal.save_as(officer)


def test_nobody_confirms_the_deal_or_the_money_they_entered():
    bureau = make.keeper()
    for row in (make.deal(created_by=bureau), make.arrival(created_by=bureau)):
        with pytest.raises(ValidationError) as refusal:
            row.confirm(by=bureau)
        assert refusal.value.code == "second_person"


@pytest.mark.parametrize("role", sorted({*Role.values} - {Role.BUREAU}))
def test_only_the_bureau_confirms_deals_and_money(role):
    for row in (make.deal(), make.arrival()):
        with pytest.raises(PermissionDenied):
            row.confirm(by=make.user(role))


# -- forms of a deal -------------------------------------------------------------------------------


def test_a_deal_goes_by_its_number():
    assert str(make.deal(number="XN-2024-1")) == "XN-2024-1"
    assert str(make.deal(number="")) == "无合同号"


def test_a_number_belongs_to_one_deal_but_many_may_be_without():
    make.deal(number="")
    make.deal(number="")
    make.deal(number="XN-2024-1")
    with pytest.raises(ValidationError, match="合同号"):
        Deal(project=make.project(), number="XN-2024-1").save_as(make.keeper())


@pytest.mark.parametrize(
    ("values", "checked"),
    [
        ({"has_support_clause": False}, True),
        ({"has_support_clause": True, "fair_review_no": "审〔2024〕1号"}, True),
        ({"has_support_clause": True}, False),
        ({"has_support_clause": None}, False),
    ],
)
def test_fair_competition_is_settled_by_a_check_or_by_having_no_support_clause(values, checked):
    assert Deal(**values).is_fair_checked() is checked


def test_a_party_is_a_firm_or_a_name():
    assert str(make.deal_party(company=make.company(name="新华三"), name="")) == "新华三"
    assert str(make.deal_party(name="西宁市人民政府")) == "西宁市人民政府"


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-5)])
def test_an_amount_is_more_than_nothing(amount):
    with pytest.raises(ValidationError):
        Deal(project=make.project(), amount_yuan=amount).save_as(make.keeper())
    assert not Deal.objects.exists()


# -- money arrived ---------------------------------------------------------------------------------


def test_only_confirmed_money_of_live_rows_counts():
    confirmed = make.arrival(state="confirmed")
    make.arrival(state="reported")
    make.arrival(state="rejected")
    make.arrival(state="confirmed", archived_at=timezone.now())
    assert list(Arrival.objects.confirmed()) == [confirmed]


def test_money_belongs_to_its_month():
    january, december = make.arrival(month="2024-01-01"), make.arrival(month="2024-12-01")
    make.arrival(month="2025-01-01")
    assert set(Arrival.objects.arrived_in(Period.year(2024))) == {january, december}


def test_money_does_not_arrive_in_the_future():
    month = make.days_ago(-40)
    with pytest.raises(ValidationError) as refusal:
        arrival = Arrival(project=make.project(), month=month, amount_yuan=Decimal(1))
        arrival.save_as(make.keeper())
    assert list(refusal.value.message_dict) == ["month"]


def test_the_bureau_confirms_money_that_a_team_reported():
    team = make.team()
    arrival = Arrival(project=make.project(team=team), month=today(), amount_yuan=Decimal(1))
    arrival.save_as(make.user(team=team))
    arrival.confirm(by=make.keeper())
    arrival.refresh_from_db()
    assert (arrival.state, arrival.confirmed_by) == ("confirmed", make.keeper())
    assert str(arrival) == f"{today():%Y-%m}"


def test_the_park_office_reports_money_for_its_park_only():
    park = make.park()
    office = make.user(Role.PARK, park=park)
    inside = make.project(park=park, stage=Stage.RESERVE)
    Arrival(project=inside, month=today(), amount_yuan=Decimal(1)).save_as(office)
    outside = Arrival(project=make.project(), month=today(), amount_yuan=Decimal(1))
    with pytest.raises(ValidationError):
        outside.save_as(office)
    assert Arrival.objects.get().project == inside
