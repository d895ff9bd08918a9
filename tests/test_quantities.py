"""Quantities of ledgers, each in one unit."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm import quantities
from crm.quantities import (
    Area,
    parse_area,
    parse_compute_p,
    parse_count,
    parse_percent,
    parse_power_mw,
)


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_compute_p, "10000P", Decimal(10_000)),
        (parse_compute_p, "1万P", Decimal(10_000)),
        (parse_compute_p, "10EFLOPS", Decimal(10_000)),
        (parse_compute_p, "1000", Decimal(1000)),
        (parse_compute_p, "约2,000P", Decimal(2000)),
        (parse_area, "1750亩", Area(mu=Decimal(1750))),
        (parse_area, "3.2万平方米", Area(m2=Decimal(32_000))),
        (parse_area, "50公顷", Area(mu=Decimal(750))),
        (parse_area, "用地30亩,厂房2000㎡", Area(Decimal(30), Decimal(2000))),
        (parse_power_mw, "30MW", Decimal(30)),
        (parse_power_mw, "3万千瓦", Decimal(30)),
        (parse_power_mw, "500kW", Decimal("0.5")),
        (parse_power_mw, "1GW", Decimal(1000)),
        (parse_percent, "85%", Decimal(85)),
        (parse_count, "12人", 12),
        (parse_count, "2000架", 2000),
    ],
)
def test_a_quantity_is_read_with_its_unit(parse, text, value):
    assert parse(text) == value


PARSERS = [parse_area, parse_compute_p, parse_count, parse_percent, parse_power_mw]


@pytest.mark.parametrize("parse", PARSERS)
def test_unknown_is_none_and_nonsense_is_refused(parse):
    assert [parse(text) for text in ("", "待定", "/", "—")] == [None] * 4
    with pytest.raises(ValidationError) as refusal:
        parse("很多")
    assert refusal.value.code == "quantity"


@pytest.mark.parametrize(
    "text",
    ["30亩-50亩", "总用地30亩(其中一期10亩)", "1750亩(约117公顷)", "-30亩", "1e5亩", "100①亩"],
)
def test_an_area_that_could_be_read_in_two_ways_is_refused(text):
    with pytest.raises(ValidationError):
        parse_area(text)


@pytest.mark.parametrize("text", ["70①P", "10²P", "1" * 200])
def test_footnote_marks_are_no_digits(text):
    with pytest.raises(ValidationError):
        parse_compute_p(text)


@given(st.sampled_from(PARSERS), st.text(max_size=40))
def test_any_text_is_a_quantity_or_refused(parse, text):
    try:
        value = parse(text)
    except ValidationError:
        return
    assert value is None or isinstance(value, Decimal | int | quantities.Area)


@pytest.mark.parametrize(
    ("text", "count"),
    [("十二人", 12), ("100余家", 100), ("一百零三人次", 103), ("两百多家", 200), ("约30人", 30)],
)
def test_a_count_may_be_written_in_words_or_about(text, count):
    assert quantities.parse_count(text) == count


@pytest.mark.parametrize("text", ["一千五人", "百人", "十二人半"])
def test_a_count_that_is_not_clear_is_refused(text):
    with pytest.raises(ValidationError):
        quantities.parse_count(text)
