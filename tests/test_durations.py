"""How long projects take: days in a stage, and days from the report to the contract."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from crm import indicators as ind
from crm.indicators import whole_city

from . import make
from .figures import MAY, T, city

pytestmark = pytest.mark.django_db


def test_days_in_a_stage_are_those_of_stays_that_ended_forward_in_the_period():
    early = make.project(on=date(2023, 12, 1))
    make.bring_to(early, "negotiating", on=date(2024, 1, 10))
    late = make.project(on=date(2024, 2, 1))
    make.bring_to(late, "negotiating", on=date(2024, 2, 11))
    make.bring_to(late, "reserve", on=date(2024, 3, 12))
    late.move_to("negotiating", by=make.keeper(), on=date(2024, 4, 1), reason="条件变化")
    make.bring_to(make.project(on=date(2024, 12, 1)), "negotiating", on=date(2025, 1, 5))

    found = {row.stage: row for row in ind.stage_days_by_stage(whole_city(), T)}

    assert (found["lead"].n, found["lead"].median, found["lead"].mean) == (2, 25, 25)
    assert (found["negotiating"].n, found["negotiating"].median) == (1, 30)
    assert (found["reserve"].n, found["reserve"].median) == (0, None)
    figure = city("stage_days")
    assert (figure.value, figure.text) == (30, "30.0")
    assert figure.parts == {"mean": Fraction(80, 3), "n": 3, "lead": 25, "negotiating": 30}


def test_days_to_the_contract_run_from_the_report_to_the_first_contract():
    for days, deals in ((10, 2), (30, 1), (60, 1)):
        project = make.project(on=MAY)
        for extra in range(deals):
            make.deal(project=project, signed_on=MAY + timedelta(days=days + extra))
    make.deal(project=make.project(on=MAY), signed_on=date(2025, 1, 1))
    figure = city("signing_days")

    assert (figure.value, figure.parts) == (30, {"mean": Fraction(100, 3), "n": 3})


def test_the_median_of_an_even_number_lies_half_way():
    assert ind.durations.median([1, 4]) == Fraction(5, 2)
    assert ind.durations.median([]) is None
