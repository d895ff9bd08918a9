"""How names are found and sorted by their sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.pinyin import LONGEST_TEXT, MOST_READINGS, readings, search_text, sort_key


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("新华三技术有限公司", "xinhuasan"),
        ("新华三技术有限公司", "xhs"),
        ("新华三（H3C）", "h3c"),
        ("摩尔线程", "mexc"),
        ("青海图灵小镇", "tlxz"),
        ("绿电储能", "lvdian"),
        ("绿电储能", "ludian"),
        ("中国联通·阿里云", "zgltaly"),
    ],
)
def test_a_name_is_found_by_full_pinyin_and_by_initials(name, typed):
    assert typed in search_text(name)


@pytest.mark.parametrize(
    ("name", "best", "initials"),
    [
        ("重庆", "chongqing", "cq"),
        ("长沙", "changsha", "cs"),
        ("长春", "changchun", "cc"),
        ("长城", "changcheng", "cc"),
        ("长电科技", "changdiankeji", "cdkj"),
        ("银行", "yinhang", "yh"),
        ("厦门", "xiamen", "xm"),
        ("厦工", "xiagong", "xg"),
        ("朝阳", "chaoyang", "cy"),
        ("单县", "shanxian", "sx"),
        ("单氏", "shanshi", "ss"),
        ("亳州", "bozhou", "bz"),
        ("番禺", "panyu", "py"),
        ("六安", "luan", "la"),
        ("东莞", "dongguan", "dg"),
        ("曾氏", "zengshi", "zs"),
        ("仇氏", "qiushi", "qs"),
        ("解氏", "xieshi", "xs"),
        ("区氏", "oushi", "os"),
        ("成都", "chengdu", "cd"),
        ("西藏", "xizang", "xz"),
        ("联通", "liantong", "lt"),
        ("城东区", "chengdongqu", "cdq"),
    ],
)
def test_the_likeliest_reading_comes_first(name, best, initials):
    assert next(readings(name)) == (best, initials)


def test_every_combination_of_polyphones_is_found():
    assert search_text("重庆长安").split() == [
        *("chongqingchangan", "cqca", "chongqingzhangan", "cqza"),
        *("zhongqingchangan", "zqca", "zhongqingzhangan", "zqza"),
    ]


def test_a_name_of_polyphones_only_has_a_bounded_number_of_readings():
    assert len(list(readings("长重行乐朝单曾仇解区" * 4))) == MOST_READINGS


def test_a_long_text_ends_with_a_whole_reading():
    text = search_text("长重行乐朝单曾仇解区" * 4)
    assert len(text) <= LONGEST_TEXT
    whole = {word for reading in readings("长重行乐朝单曾仇解区" * 4) for word in reading}
    assert set(text.split()) < whole


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", ""),
        ("（）", ""),
        ("H3C", "h3c"),
        ("𠮷田", "𠮷tian 𠮷t"),
        ("😀企业", "😀qiye 😀qy"),
        ("\x00\ud800云", "yun y"),
    ],
)
def test_what_has_no_pinyin_stands_as_it_is(name, text):
    assert " ".join(dict.fromkeys(search_text(name).split())) == text


def test_names_sort_as_a_chinese_reader_expects():
    listed = ["浙江", "西安", "北京", "重庆", "长沙", "阿里云", "厦门", "西宁"]
    assert sorted(listed, key=sort_key) == [
        *("阿里云", "北京", "长沙", "重庆", "西安", "西宁", "厦门", "浙江"),
    ]


def test_a_short_syllable_sorts_before_a_longer_one():
    assert sort_key("西安") < sort_key("先安")


@given(st.text())
def test_any_text_has_a_bounded_search_text_and_a_sort_key(text):
    assert len(search_text(text)) <= LONGEST_TEXT
    assert isinstance(sort_key(text), str)
    assert len(list(readings(text))) <= MOST_READINGS


@given(st.text(alphabet="长重行乐朝单曾仇解区厦绿青海新华三有限公司"))
def test_the_best_reading_is_always_searchable(name):
    assert next(readings(name))[0] in search_text(name)


def test_long_names_are_handled_at_once():
    assert len(search_text("长" * 100_000)) <= LONGEST_TEXT
    assert sort_key("长" * 100_000).startswith("chang2 chang2")
