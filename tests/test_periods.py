"""Periods of business dates: half-open, in the city's time zone, named for people."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from crm.periods import Period, parse_month, parse_year, share_of_year_gone, today

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("period", "start", "cut"),
    [
        (Period.year(2024), date(2024, 1, 1), date(2024, 12, 31)),
        (Period.quarter(2024, 1), date(2024, 1, 1), date(2024, 3, 31)),
        (Period.quarter(2024, 4), date(2024, 10, 1), date(2024, 12, 31)),
        (Period.month(2024, 2), date(2024, 2, 1), date(2024, 2, 29)),
        (Period.month(2024, 12), date(2024, 12, 1), date(2024, 12, 31)),
        (Period.week(date(2026, 11, 23)), date(2026, 11, 23), date(2026, 11, 29)),
        (Period.week(date(2027, 1, 1)), date(2026, 12, 28), date(2027, 1, 3)),
        (Period.year_to_date(date(2026, 11, 23)), date(2026, 1, 1), date(2026, 11, 23)),
        (Period.year_to_date(date(2026, 1, 1)), date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_has_a_first_day_and_a_cut(period, start, cut):
    assert (period.start, period.cut) == (start, cut)


def test_the_first_day_belongs_to_a_period_and_the_end_does_not():
    may = Period.month(2024, 5)
    assert [day in may for day in (may.start, may.cut, may.end)] == [True, True, False]


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(date(2024, 5, 1), date(2024, 5, 1))


@pytest.mark.parametrize("quarter", [0, 5])
def test_there_are_four_quarters(quarter):
    with pytest.raises(ValueError, match="month must be in"):
        Period.quarter(2024, quarter)


@given(days)
def test_every_day_belongs_to_exactly_one_month_quarter_and_year(day):
    months = [Period.month(day.year, number) for number in range(1, 13)]
    quarters = [Period.quarter(day.year, number) for number in range(1, 5)]
    assert sum(day in month for month in months) == 1
    assert sum(day in quarter for quarter in quarters) == 1
    assert day in Period.year(day.year)
    assert day in Period.week(day)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period.year(2024), Period.year(2023)),
        (Period.month(2024, 2), Period.month(2023, 2)),
        (Period.month(2025, 2), Period.month(2024, 2)),
        (Period.year_to_date(date(2024, 2, 29)), Period.year_to_date(date(2023, 2, 28))),
        (Period.year_to_date(date(2024, 2, 28)), Period.year_to_date(date(2023, 2, 28))),
        (Period(date(2024, 2, 29), date(2024, 3, 1)), Period(date(2023, 2, 28), date(2023, 3, 1))),
    ],
)
def test_the_period_a_year_before_has_the_same_days_and_whole_februaries(period, before):
    assert period.previous_year() == before


@given(days, st.integers(1, 400))
def test_every_period_has_one_a_year_before(day, length):
    period = Period(day, date.fromordinal(day.toordinal() + length))
    assert period.previous_year().cut < period.cut


@pytest.mark.parametrize(
    ("period", "chinese", "english"),
    [
        (Period.year(2024), "2024年", "year 2024"),
        (Period.quarter(2024, 2), "2024年第2季度", "quarter 2 of 2024"),
        (Period.month(2024, 5), "2024年5月", "month 5 of 2024"),
        (
            Period.year_to_date(date(2024, 5, 12)),
            "2024-01-01 – 2024-05-12",
            "2024-01-01 – 2024-05-12",
        ),
    ],
)
def test_a_period_is_named_in_the_language_of_the_reader(period, chinese, english):
    with translation.override("zh-hans"):
        assert period.label == chinese
    with translation.override("en"):
        assert period.label == english


@pytest.mark.parametrize(
    ("cut", "share"),
    [
        (date(2024, 12, 31), Fraction(1)),
        (date(2024, 6, 30), Fraction(182, 366)),
        (date(2026, 11, 23), Fraction(327, 365)),
        (date(2026, 1, 1), Fraction(1, 365)),
    ],
)
def test_the_share_of_the_year_gone_counts_the_cut(cut, share):
    assert share_of_year_gone(cut) == share


def test_today_is_the_day_in_the_city(monkeypatch):
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # half past midnight in Xining
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert today() == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["2024-05", "2024-5", " 2024-05\n"])
def test_a_month_is_read(text):
    assert parse_month(text) == Period.month(2024, 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "2024-00",
        "2024-13",
        "1989-12",
        "2101-01",
        "2024/05",
        "2024.1",
        "٢٠٢٤-٠٥",
        "\x00",
    ],
)
def test_anything_else_is_no_month(text):
    with pytest.raises(ValidationError) as refused:
        parse_month(text)
    assert refused.value.code == "month"


@pytest.mark.parametrize("text", ["2024", " 2024 "])
def test_a_year_is_read(text):
    assert parse_year(text) == Period.year(2024)


@pytest.mark.parametrize("text", ["", "24", "1989", "2101", "2024年", "20240", "٢٠٢٤", "-2024"])
def test_anything_else_is_no_year(text):
    with pytest.raises(ValidationError) as refused:
        parse_year(text)
    assert refused.value.code == "year"


@pytest.mark.parametrize("parse", [parse_month, parse_year])
@given(text=st.text())
def test_any_text_is_a_period_or_a_validation_error(parse, text):
    try:
        assert isinstance(parse(text), Period)
    except ValidationError as error:
        error.messages[0].encode()


@given(days)
def test_a_written_month_is_read_back(day):
    assert parse_month(f"{day:%Y-%m}") == Period.month(day.year, day.month)
