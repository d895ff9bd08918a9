"""Firms, people and numbers in one cell."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm.people import LONGEST, is_same_as_above, phone_of, split_contact, split_firms, split_people


@pytest.mark.parametrize(
    ("cell", "firms"),
    [
        ("华为、阿里云", ["华为", "阿里云"]),
        ("华为\n阿里云", ["华为", "阿里云"]),
        ("华为;阿里云，腾讯", ["华为", "阿里云", "腾讯"]),
        ("华为/阿里云", ["华为", "阿里云"]),
        ("和而泰与及时雨·华为", ["和而泰与及时雨·华为"]),
        ("示例云海计算（广州）有限公司", ["示例云海计算（广州）有限公司"]),
        ("示例南湾芯片股份有限公司\n（二次拜访）", ["示例南湾芯片股份有限公司"]),
        ("示例智算一号\n有限公司", ["示例智算一号有限公司"]),
        (
            "示例云海\n（广州）有限公司、华为\n阿里云",
            ["示例云海（广州）有限公司", "华为", "阿里云"],
        ),
        ("示例股份\n有限公司（二次拜访）", ["示例股份有限公司"]),
        ("示例甲公司\n示例乙公司", ["示例甲公司", "示例乙公司"]),
        ("待定", []),
        ("Example Co., Ltd.", ["Example Co., Ltd."]),
        ("示例（华为、阿里）有限公司", ["示例（华为、阿里）有限公司"]),
        ("示例（次元）科技有限公司", ["示例（次元）科技有限公司"]),
        ("IBM/华为", ["IBM", "华为"]),
    ],
)
def test_firms_are_split_where_offices_split_them(cell, firms):
    assert split_firms(cell) == firms


def test_people_are_split():
    assert split_people("张三、李四/王五\n") == ["张三", "李四", "王五"]


@pytest.mark.parametrize(
    ("cell", "name", "phone"),
    [
        ("王五13812345678", "王五", "13812345678"),
        ("王五：0971-6123456转801", "王五", "0971-6123456转801"),
        ("王五", "王五", ""),
        ("王五(13812345678)", "王五", "13812345678"),
        ("13812345678王五", "王五", "13812345678"),
        ("王五电话13812345678", "王五", "13812345678"),
        ("王五1.38E+10", "王五", "13800000000"),
        ("王五13812345678 13912345678", "王五", "13812345678"),
        ("王五 123456", "王五 123456", ""),
    ],
)
def test_a_name_with_its_number(cell, name, phone):
    assert split_contact(cell) == (name, phone)


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        (Decimal("13800000000"), "13800000000"),
        ("1.38E+10", "13800000000"),
        ("0971-6123456转801", "0971-6123456转801"),
        ("13812345678/13912345678", "13812345678"),
        ("", ""),
    ],
)
def test_a_number_that_excel_made_a_float_is_a_number_again(value, phone):
    assert phone_of(value) == phone


def test_what_is_no_number_is_refused():
    with pytest.raises(ValidationError):
        phone_of("问前台")


def test_the_signs_for_the_value_above():
    assert [is_same_as_above(v) for v in ("同上", "〃", "华为", None)] == [True, True, False, False]


@pytest.mark.parametrize("cell", ["(" * 32_767, "1 " * 5_000, " " * 20_000, "、" * 20_000])
def test_a_long_cell_is_read_at_once(cell):
    split_firms(cell)
    split_people(cell)
    assert len(split_contact(cell)[0]) <= LONGEST


@given(st.text(max_size=60))
def test_any_text_is_split_without_failing(text):
    assert all(part.strip() for part in [*split_firms(text), *split_people(text)])
    split_contact(text)
