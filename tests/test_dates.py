"""Dates of ledgers: every spelling gives a day with its flag, or a message, and nothing else."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm.dates import leading_deadline, parse_date, parse_date_range, parse_month_cell


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025.5.12", date(2025, 5, 12)),
        ("20250512", date(2025, 5, 12)),
        ("2025/5/12", date(2025, 5, 12)),
        ("2025-05-12 09:30", date(2025, 5, 12)),
        ("２０２５年５月１２日", date(2025, 5, 12)),
        ("二〇二五年五月十二日", date(2025, 5, 12)),
        ("二〇二五年十一月二十日", date(2025, 11, 20)),
        ("45789", date(2025, 5, 12)),
        (Decimal(45789), date(2025, 5, 12)),
        (Decimal(20250512), date(2025, 5, 12)),
        (datetime(2025, 5, 12, 9), date(2025, 5, 12)),  # noqa: DTZ001 - a cell has no zone
        (date(2025, 5, 12), date(2025, 5, 12)),
    ],
)
def test_a_day_is_read_however_it_is_written(written, day):
    reading = parse_date(written)
    assert (reading.day, reading.precision, reading.flag) == (day, "day", "")


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("2025年5月", date(2025, 5, 1), "month"),
        ("2025.05", date(2025, 5, 1), "month"),
        ("2025年5月上旬", date(2025, 5, 1), "part"),
        ("2025年5月中旬", date(2025, 5, 11), "part"),
        ("5月下旬", date(2024, 5, 21), "part"),
        ("5月初", date(2024, 5, 1), "part"),
        ("5月底", date(2024, 5, 27), "part"),
        ("5月12日", date(2024, 5, 12), "day"),
        ("5月", date(2024, 5, 1), "month"),
    ],
)
def test_what_is_less_than_a_whole_date_is_flagged(written, day, precision):
    reading = parse_date(written, year=2024)
    assert (reading.day, reading.precision) == (day, precision)
    assert reading.flag


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2025年上半年", date(2025, 1, 1), date(2025, 6, 30)),
        ("二季度", date(2024, 4, 1), date(2024, 6, 30)),
        ("年底前", date(2024, 12, 1), date(2024, 12, 31)),
        ("2025年", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_only_planned_dates_may_be_periods(written, first, last):
    reading = parse_date(written, year=2024, planned=True)
    assert (reading.day, reading.last) == (first, last)
    with pytest.raises(ValidationError) as refusal:
        parse_date(written, year=2024)
    assert refusal.value.code == "range_not_planned"


@pytest.mark.parametrize("written", [None, "", "待定", "/", "—", "暂无"])
def test_unknown_is_no_date(written):
    assert parse_date(written).day is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "impossible"),
        ("1850-01-01", "impossible"),
        (Decimal("2025.1"), "ambiguous"),
        (Decimal("0.5"), "date"),
        (Decimal(7), "date"),
        ("5月12日", "no_year"),
        ("昨天", "date"),
        ("x" * 10_000, "date"),
        ("2025年5月12日" + " " * 60 + "待定", "date"),
        ("2025-05-12 99:99abc", "date"),
        ("2025年5月1²日", "date"),
        (True, "date"),
        (Decimal("1E+1000000"), "date"),
        (date(1900, 1, 1), "impossible"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(written, code):
    with pytest.raises(ValidationError) as refusal:
        parse_date(written)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024年4月8日-12日", date(2024, 4, 8), date(2024, 4, 12)),
        ("2024.4.8-4.12", date(2024, 4, 8), date(2024, 4, 12)),
        ("4月8日至5月2日", date(2024, 4, 8), date(2024, 5, 2)),
        ("2024-04-08", date(2024, 4, 8), date(2024, 4, 8)),
        (date(2024, 4, 8), date(2024, 4, 8), date(2024, 4, 8)),
        ("2024年4月", date(2024, 4, 1), date(2024, 4, 30)),
        ("2024年4月-5月", date(2024, 4, 1), date(2024, 5, 31)),
    ],
)
def test_first_and_last_day_of_a_trip(written, first, last):
    assert parse_date_range(written, year=2024)[:2] == (first, last)


@pytest.mark.parametrize("written", ["", None, "下周", "5月8日-5月2日"])
def test_a_period_without_days_is_refused(written):
    with pytest.raises(ValidationError):
        parse_date_range(written, year=2024)


@pytest.mark.parametrize("written", ["2024年5月", "2024-05", "202405", "5月", date(2024, 5, 9)])
def test_a_month_is_its_first_day(written):
    assert parse_month_cell(written, year=2024) == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5月底前寄送园区资料", date(2024, 5, 31)),
        ("6月回访", date(2024, 6, 1)),
        ("5月20日前反馈", date(2024, 5, 20)),
        ("年底前签约", date(2024, 12, 31)),
        ("13月回访", None),
        ("寄送资料", None),
    ],
)
def test_the_day_a_text_begins_with(text, day):
    assert leading_deadline(text, year=2024) == day


@given(st.text(max_size=30), st.sampled_from([None, 2024]), st.booleans())
def test_any_text_is_a_date_or_refused(text, year, planned):
    try:
        reading = parse_date(text, year=year, planned=planned)
    except ValidationError:
        return
    assert reading.day is None or 1990 <= reading.day.year <= 2100


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_number_is_a_date_or_refused(number):
    try:
        reading = parse_date(number)
    except ValidationError:
        return
    assert isinstance(reading.day, date)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_written_out_is_read_back(day):
    assert parse_date(f"{day.year}年{day.month}月{day.day}日").day == day
    assert parse_date(day.isoformat()).day == day


# -- more of what offices write --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day", "last"),
    [
        ("第2季度", date(2024, 4, 1), date(2024, 6, 30)),
        ("2025年3季度", date(2025, 7, 1), date(2025, 9, 30)),
        ("6月底前", date(2024, 6, 30), None),
        ("6月前", date(2024, 5, 31), None),
        ("2025年6月15日之前", date(2025, 6, 15), None),
        ("6月下旬以前", date(2024, 6, 21), None),
        ("年底前", date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_a_planned_date_may_be_a_quarter_or_a_deadline(text, day, last):
    reading = parse_date(text, year=2024, planned=True)

    assert (reading.day, reading.last, bool(reading.flag)) == (day, last, True)


def test_a_deadline_is_no_day_on_which_something_happened():
    with pytest.raises(ValidationError):
        parse_date("6月底前", year=2024)


def test_a_trip_may_go_over_the_turn_of_the_year():
    first, last, _text = parse_date_range("12月28日至1月3日", year=2024)

    assert (first, last) == (date(2024, 12, 28), date(2025, 1, 3))
