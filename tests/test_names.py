"""How names are cleaned, compared and split into place and core."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.names import (
    LONGEST,
    clean_text,
    core_name,
    is_branch,
    mask_phone,
    match_key,
    place_of,
)

names = st.one_of(
    st.text(),
    st.text(alphabet="青海省西宁市新华三技术股份有限责任公司集团(（）)【】· 　\u200b´Ǆﬃ分"),
)


@pytest.mark.parametrize(
    "typed",
    [
        "新华三（青海）技术有限公司",
        "新华三(青海)技术有限公司",
        "新华三【青海】技术有限公司",
        " 新华三 （青海） 技术有限公司\n",
        "新华三\u3000（青海）技术有限公司",
        "新华三\u200b（青海）技\ufeff术有限公司",
        "\u202e新华三（青海）技术有限公司\x00",
        "新华三（青海）技术有限公司\ud800",
        "新华三（青海）技术有限公司\ufe0f",
    ],
)
def test_the_same_name_has_one_key_however_it_is_typed(typed):
    assert match_key(typed) == "新华三(青海)技术有限公司"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Ｈ３Ｃ", "h3c"),
        ("H3C Technologies Co., Limited", "h3ctechnologiesco.,limited"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("中国联通•阿里云", "中国联通·阿里云"),
        ("中国联通・阿里云", "中国联通·阿里云"),
        ("甲—乙", "甲-乙"),
        ("𠮷田😀", "𠮷田😀"),
        ("", ""),
        ("\u200b \u3000", ""),
    ],
)
def test_width_case_dots_and_dashes_make_no_other_name(typed, key):
    assert match_key(typed) == key


@given(names)
@example("a\u00b4")
@example("\u0390 \u0301")
@example("\ufdfa" * LONGEST)
@example("\ud800")
def test_the_key_of_a_key_is_itself(name):
    assert match_key(match_key(name)) == match_key(name)


@given(names)
def test_a_key_holds_no_blanks_and_is_bounded(name):
    key = match_key(name)
    assert len(key) <= LONGEST
    assert not any(character.isspace() for character in key)


@given(names)
def test_the_key_ignores_surrounding_blanks_and_width(name):
    assert match_key(f"\u3000{name[:100]} ") == match_key(name[:100])


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("新华三技术有限公司", "新华三技术"),
        ("新华三集团", "新华三"),
        ("新华三集团股份有限公司", "新华三"),
        ("新华三技术有限公司（筹）", "新华三技术"),
        ("中国移动（集团）有限公司", "中国移动"),
        ("青海省西宁市新华三技术有限公司", "新华三技术"),
        ("西宁市城东区绿电有限责任公司", "绿电"),
        ("深圳市腾讯计算机系统有限公司", "腾讯计算机系统"),
        ("华为技术有限公司（西宁）", "华为技术"),
        ("海西蒙古族藏族自治州盐湖工业股份有限公司", "盐湖工业"),
        ("内蒙古自治区某某集团有限责任公司", "某某"),
        ("北京合创投资合伙企业（有限合伙）", "合创投资"),
        ("H3C Technologies Co., Limited", "h3ctechnologies"),
        ("阿里云", "阿里云"),
    ],
)
def test_the_core_is_without_places_notes_and_legal_form(name, core):
    assert core_name(name) == core


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("西宁", "西宁"),
        ("青海省", "青海省"),
        ("深圳市有限公司", "深圳市"),
        ("青海大学", "青海大学"),
        ("青海联通", "青海联通"),
        ("公司", "公司"),
        ("（集团）", "(集团)"),
        ("西宁云", "西宁云"),
    ],
)
def test_a_core_never_becomes_empty_or_meaningless(name, core):
    assert core_name(name) == core


@given(names)
def test_only_a_name_of_nothing_has_no_core(name):
    assert bool(core_name(name)) == bool(match_key(name))


def test_firms_of_one_group_in_two_provinces_differ_by_place():
    qinghai, zhejiang = "青海新绿科技有限公司", "浙江新绿科技有限公司"
    assert core_name(qinghai) == core_name(zhejiang)
    assert (place_of(qinghai), place_of(zhejiang)) == ("青海", "浙江")


def test_a_branch_keeps_its_ending_and_so_differs_from_its_parent():
    branch = "中国移动通信集团青海有限公司西宁分公司"
    assert core_name(branch) == branch


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("青海省西宁市新华三技术有限公司", "青海"),
        ("西宁市绿电有限公司", "西宁"),
        ("苏州市某某有限公司", "苏州"),
        ("广州某某有限公司", "广州"),
        ("海西州某某有限公司", "海西"),
        ("广西壮族自治区某某有限公司", "广西"),
        ("黑龙江省某某有限公司", "黑龙江"),
        ("湟中区某某有限公司", "湟中区"),
        ("华为技术有限公司（西宁）", "西宁"),
        ("华为技术（筹）（青海）有限公司", "青海"),
        ("华为技术有限公司", ""),
        ("", ""),
    ],
)
def test_the_place_is_read_from_the_beginning_or_the_brackets(name, place):
    assert place_of(name) == place


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("中国联通青海省分公司", True),
        ("国家超级计算无锡中心青海大学分中心", True),
        ("某某公司西宁办事处", True),
        ("中国联通集团公司", False),
        ("", False),
    ],
)
def test_a_branch_is_known_by_its_ending(name, branch):
    assert is_branch(name) is branch


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  新华三\x00（H3C） ", "新华三（H3C）"),
        ("\u202e反向\u202c", "反向"),
        ("零\u200b宽", "零宽"),
        ("孤\ud800立", "孤立"),
        ("第一行\n第二行\t末", "第一行\n第二行\t末"),
        ("e\u0301", "é"),
        ("ＡＢＣ，２０", "ＡＢＣ，２０"),
        ("𠮷😀", "𠮷😀"),
    ],
)
def test_shown_text_loses_only_what_is_invisible(text, cleaned):
    assert clean_text(text) == cleaned


@given(st.text())
@example("\ud800\u0301")
def test_clean_text_is_clean_and_stays_as_it_is(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\x00" not in cleaned
    assert not any(unicodedata.category(character) == "Cs" for character in cleaned)
    cleaned.encode()


@pytest.mark.parametrize("piece", ["长", "(", "公司", "(西宁)", "青海", "\x00", " ", "´", "ﷺ"])
def test_long_names_are_handled_at_once(piece):
    name = piece * (100_000 // len(piece))
    assert len(core_name(name)) <= LONGEST
    assert len(place_of(name)) <= LONGEST


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("0971-6123456", "0971-*****56"),
        ("0971-6123456转801", "0971-*********01"),
        ("010-62345678", "010-******78"),
        ("6123456", "61***56"),
        ("+85212345678", "+8********78"),
        ("王五13812345678", "王五*********78"),
        ("95598", "*****"),
        ("1", "*"),
        ("", ""),
    ],
)
def test_telephone_numbers_are_masked(number, masked):
    assert mask_phone(number) == masked


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_of_a_mobile_the_middle_is_never_shown(number):
    assert mask_phone(number) == number[:3] + "****" + number[7:]
