"""A figure against its target, the time gone, the year before and the month before."""

from datetime import date
from fractions import Fraction

import pytest

from crm import indicators as ind
from crm.indicators import whole_city
from crm.periods import Period

from . import make
from .figures import MAY, YUAN, T, city, joint, signed

pytestmark = pytest.mark.django_db


def test_target_pace_and_gap_are_not_capped():
    for _ in range(3):
        signed(on=MAY)
    make.target(year=2024, indicator="deals_signed", value=YUAN(2))
    half = Period.year_to_date(date(2024, 7, 1))

    assert ind.target_rate(whole_city(), half, "deals_signed").text == "150.00%"
    assert city("pace", half).value == Fraction(183, 366)
    assert ind.pace_gap(whole_city(), half, "deals_signed").text == "+100.00"
    assert ind.pace_gap(whole_city(), half, "signed_yuan").text == "—"


def test_a_team_is_held_to_its_own_target_by_its_share():
    one, two = make.team(), make.team()
    joint(YUAN(100), (one, "25"), (two, "75"), team=one)
    make.target(year=2024, indicator="signed_yuan", task_force=one, value=YUAN(50))
    make.target(year=2024, indicator="trips", task_force=one, value=YUAN(2))

    assert ind.target_rate(whole_city(), T, "signed_yuan", one).value == Fraction(1, 2)
    assert ind.target_rate(whole_city(), T, "trips", one).value == 0


def test_change_against_the_year_before():
    signed(on=date(2023, 5, 1), amount=YUAN(100))
    make.bring_to(signed(amount=YUAN(150)), "landed", on=date(2024, 9, 1))

    assert ind.year_on_year(whole_city(), T, "signed_yuan").text == "+50.00"
    assert ind.year_on_year(whole_city(), T, "landing_rate").text == "+100.00"
    assert ind.year_on_year(whole_city(), Period.year(2023), "signed_yuan").value is None
    assert ind.year_on_year(whole_city(), Period.year(2023), "landing_rate").value is None


def test_a_month_is_compared_with_the_month_before_it():
    signed(on=date(2024, 4, 30), amount=YUAN(200))
    signed(on=MAY, amount=YUAN(150))
    may = Period.month(2024, 5)
    change = ind.month_on_month(whole_city(), may, "signed_yuan")

    assert (change.text, change.numerator, change.denominator) == ("-25.00", YUAN(150), YUAN(200))
    assert ind.month_on_month(whole_city(), Period.month(2024, 4), "signed_yuan").text == "—"


def test_rates_change_by_points_against_the_period_before():
    make.bring_to(signed(on=date(2024, 4, 1)), "landed", on=date(2024, 4, 2))
    signed(on=date(2024, 5, 1))

    change = ind.month_on_month(whole_city(), Period.month(2024, 5), "landing_rate")

    assert change.value == -1
