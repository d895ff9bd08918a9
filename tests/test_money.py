"""How amounts are read, written and rounded."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from crm.money import (
    MAX_YUAN,
    Amount,
    AmountPrecision,
    exact_text,
    format_yuan,
    in_unit,
    parse_amount,
    rounded,
    share_of,
)

YI, WAN = 10**8, 10**4
ABOUT, AT_LEAST, RANGE = AmountPrecision.ABOUT, AmountPrecision.AT_LEAST, AmountPrecision.RANGE

fen = st.decimals(min_value=0, max_value=MAX_YUAN, places=2)


def table(text: str) -> list[tuple[str, Decimal]]:
    """Lines of ``cell = yuan``."""
    rows = [line.rsplit("=", 1) for line in text.strip().splitlines()]
    return [(cell.strip(), Decimal(yuan.strip().replace("_", ""))) for cell, yuan in rows]


def code_of(text, **options) -> str:
    with pytest.raises(ValidationError) as refused:
        parse_amount(text, **options)
    return refused.value.code


EXACT_CELLS = table(
    """
70亿元 = 7_000_000_000
70 亿 = 7_000_000_000
７０亿 = 7_000_000_000
70億圓 = 7_000_000_000
70亿元。 = 7_000_000_000
人民币70亿元 = 7_000_000_000
RMB 70亿 = 7_000_000_000
70(亿元) = 7_000_000_000
70（亿元） = 7_000_000_000
7000万 = 70_000_000
7,000万元 = 70_000_000
7，000元 = 7_000
7 000元 = 7_000
1,234,567.89 = 1_234_567.89
￥5000 = 5_000
8000 = 8_000
0.05元 = 0.05
0 = 0
0元 = 0
零 = 0
五亿元 = 500_000_000
十亿 = 1_000_000_000
1.5个亿 = 150_000_000
叁仟万元 = 30_000_000
壹亿贰仟万元整 = 120_000_000
一亿五千万 = 150_000_000
一千五百万 = 15_000_000
三千二百万元 = 32_000_000
一百零五万 = 1_050_000
一百一十五万 = 1_150_000
两千零五十万 = 20_500_000
一亿零五百万 = 105_000_000
一亿零五千元 = 100_005_000
三万五千 = 35_000
1亿2000万 = 120_000_000
1亿2000.5万元 = 120_005_000
1亿2000万5000元 = 120_005_000
3万5千 = 35_000
8千万 = 80_000_000
1.5千万 = 15_000_000
2百万元 = 2_000_000
1万亿 = 1_000_000_000_000
一期20亿,总投资70亿 = 7_000_000_000
一期20亿、总投资70亿 = 7_000_000_000
一期20亿（总投资70亿） = 7_000_000_000
总投资70亿元(一期20亿元) = 7_000_000_000
计划总投资额为70亿元 = 7_000_000_000
总投资：70亿元 = 7_000_000_000
投资70亿元 = 7_000_000_000
70亿元(其中固投50亿元) = 7_000_000_000
70亿元，其中固投50亿元 = 7_000_000_000
70亿元其中固投50亿元 = 7_000_000_000
70亿元（含设备30亿元） = 7_000_000_000
合计70亿元 = 7_000_000_000
70\u200b亿 = 7_000_000_000
""".replace("\\u200b", "\u200b")
)


@pytest.mark.parametrize(("cell", "yuan"), EXACT_CELLS)
def test_a_clear_amount_is_exact(cell, yuan):
    assert parse_amount(cell) == Amount(
        yuan, AmountPrecision.EXACT, text=cell.replace("\u200b", "")
    )


@pytest.mark.parametrize(
    ("cell", "yuan", "precision"),
    [
        ("约5亿", 5 * YI, ABOUT),
        ("大约5亿元", 5 * YI, ABOUT),
        ("5亿左右", 5 * YI, ABOUT),
        ("5亿元上下", 5 * YI, ABOUT),
        ("近5亿", 5 * YI, ABOUT),
        ("≈5亿", 5 * YI, ABOUT),
        ("~5亿", 5 * YI, ABOUT),
        ("预计总投资5亿元", 5 * YI, ABOUT),
        ("总投资约为70亿", 70 * YI, ABOUT),
        ("超220亿元", 220 * YI, AT_LEAST),
        ("超过220亿元", 220 * YI, AT_LEAST),
        ("不低于5亿", 5 * YI, AT_LEAST),
        ("不少于5亿", 5 * YI, AT_LEAST),
        ("至少5亿", 5 * YI, AT_LEAST),
        ("逾5亿", 5 * YI, AT_LEAST),
        ("≥5亿", 5 * YI, AT_LEAST),
        ("5亿以上", 5 * YI, AT_LEAST),
        ("5亿元起", 5 * YI, AT_LEAST),
        ("220余亿", 220 * YI, AT_LEAST),
        ("220多亿元", 220 * YI, AT_LEAST),
        ("220亿余元", 220 * YI, AT_LEAST),
        ("约5亿以上", 5 * YI, AT_LEAST),
        ("预计超过5亿元", 5 * YI, AT_LEAST),
    ],
)
def test_an_estimate_or_lower_bound_is_flagged_and_keeps_its_text(cell, yuan, precision):
    assert parse_amount(cell) == Amount(Decimal(yuan), precision, text=cell)


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("5-8亿元", 5 * YI, 8 * YI),
        ("5—8亿元", 5 * YI, 8 * YI),
        ("5~8亿元", 5 * YI, 8 * YI),
        ("5亿至8亿", 5 * YI, 8 * YI),
        ("5亿元到8亿元", 5 * YI, 8 * YI),
        ("5000万-1亿", 5000 * WAN, YI),
        ("1-2千万", 1000 * WAN, 2000 * WAN),
        ("五至八亿", 5 * YI, 8 * YI),
        ("一到两千万", 1000 * WAN, 2000 * WAN),
        ("约5-8亿元", 5 * YI, 8 * YI),
        ("总投资5至8亿元", 5 * YI, 8 * YI),
    ],
)
def test_of_a_range_the_lower_end_counts_and_the_upper_is_kept(cell, low, high):
    assert parse_amount(cell) == Amount(Decimal(low), RANGE, Decimal(high), cell)


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "  ",
        "\u3000",
        "\x00",
        "待定",
        "面议",
        "暂无",
        "/",
        "／",
        "—",
        "——",
        "-",
        "无",
        "未定",
    ],
)
def test_an_undetermined_amount_is_none_and_not_zero(cell):
    amount = parse_amount(cell)
    assert (amount.yuan, amount.precision) == (None, AmountPrecision.UNDETERMINED)


@pytest.mark.parametrize(
    ("cell", "unit", "yuan"),
    [
        ("7000", None, 7000),
        ("7000", "元", 7000),
        ("7，000", "万元", 7000 * WAN),
        ("70", "亿元", 70 * YI),
        ("七十", "亿元", 70 * YI),
        ("叁仟", "万元", 3000 * WAN),
        ("5-8", "亿元", 5 * YI),
        ("约5", "亿元", 5 * YI),
        ("7000万", "亿元", 7000 * WAN),
        ("7000元", "万元", 7000),
        (Decimal("7E+1"), "亿元", 70 * YI),
        (70, "亿元", 70 * YI),
    ],
)
def test_the_unit_of_the_column_applies_to_bare_numbers_only(cell, unit, yuan):
    assert parse_amount(cell, unit=unit).yuan == yuan


@pytest.mark.parametrize(
    ("cell", "precision"),
    [
        ("3000万美元(折2.1亿元)", AmountPrecision.EXACT),
        ("3000万美元（折合人民币2.1亿元）", AmountPrecision.EXACT),
        ("3000万美元,折2.1亿元", AmountPrecision.EXACT),
        ("3000万美金折合2.1亿元", AmountPrecision.EXACT),
        ("2.1亿元（3000万美元）", AmountPrecision.EXACT),
        ("3000万美元(约2.1亿元)", ABOUT),
        ("约3000万美元(折2.1亿元)", ABOUT),
    ],
)
def test_a_foreign_amount_counts_with_its_value_in_yuan_as_given(cell, precision):
    assert parse_amount(cell) == Amount(
        Decimal(210_000_000), precision, None, cell, Decimal(30_000_000), "USD"
    )


def test_the_unit_of_the_column_applies_to_the_bare_value_in_yuan():
    assert parse_amount("3000万美元(折21000)", unit="万元").yuan == 210_000_000


@pytest.mark.parametrize("cell", ["3000万美元", "3000万欧元左右", "港币5亿", "美元"])
def test_a_foreign_amount_without_its_value_in_yuan_is_refused(cell):
    assert code_of(cell) == "currency"


@pytest.mark.parametrize("cell", ["若干美元(折2.1亿元)", "3000万美元(折若干)", "美元(折2.1亿元)"])
def test_a_foreign_amount_that_is_no_number_is_refused(cell):
    assert code_of(cell) in {"unreadable", "currency"}


@pytest.mark.parametrize("cell", ["-5", "-5亿", "－5亿", "−5", "负五亿", "-0.01", "-5-8亿"])
def test_a_negative_amount_is_refused(cell):
    assert code_of(cell) == "negative"


@pytest.mark.parametrize("cell", ["1.2万亿", "10000.01亿", "1000000000000.01", "9" * 20 + "亿"])
def test_more_than_ten_thousand_yi_is_refused(cell):
    assert code_of(cell) == "too_large"


@pytest.mark.parametrize("cell", ["0.001", "1.005元", "0.0000001万元", "0.00000000001亿"])
def test_more_exact_than_a_fen_is_refused(cell):
    assert code_of(cell) == "too_exact"


UNCLEAR = [
    *(
        "1亿5",
        "一亿五",
        "一亿五千",
        "一万五",
        "一千五",
        "1亿2000",
        "1.5亿2000万",
        "5万8亿",
        "1万2万",
    ),
    *("70①", "70²亿", "½亿", "7,0000", "70 80亿", "7 0亿", "12345,678", "1.2e3", "1E9", "0x10"),
    *("NaN", "Infinity", "Infinity亿", "1.2.3亿", ".", "亿元", "元", "人民币", "(5亿)", "零五"),
    *(
        "8-5亿",
        "5-8-9亿",
        "5亿-待定",
        "几-8亿",
        "数亿元",
        "十几亿",
        "五六亿",
        "7000万元/年",
        "不超过5亿",
    ),
    *(
        "一期20亿,二期50亿",
        "一期20亿",
        "总投资5亿,总投资6亿",
        "5亿,6亿",
        "万",
        "个亿",
        "一零万",
        "万万亿",
    ),
    *("五亿元整啊", "=1+1", "<script>", "'; DROP TABLE", "😀", "𠮷亿", "٣亿", "a" * 200),
]


@pytest.mark.parametrize("cell", UNCLEAR)
def test_what_is_unclear_is_refused_and_not_guessed(cell):
    assert code_of(cell) == "unreadable"


def test_a_message_says_what_was_read_and_what_is_expected():
    with pytest.raises(ValidationError) as refused:
        parse_amount("五六亿")
    with translation.override("en"):
        assert refused.value.messages == [
            "“五六亿” is not an amount; expected e.g. 70亿元, 7000万元, 约5亿元 or 待定."
        ]


def test_a_message_never_repeats_a_long_text_or_control_characters():
    with pytest.raises(ValidationError) as refused:
        parse_amount("\x00\u202e\ud800" + "钱" * 1000)
    assert refused.value.params == {"text": "钱" * 60}


def test_blanks_do_not_hide_the_rest_of_a_long_text():
    assert code_of("7" + " " * 200 + "亿") == "unreadable"
    assert code_of("/" + " " * 200 + "5亿") == "unreadable"


@pytest.mark.parametrize(
    "text",
    ["9" * 100_000, "亿" * 100_000, "一" * 100_000, "5-" * 50_000, "(" * 100_000, "总投资" * 40],
)
def test_long_and_hostile_texts_are_refused_at_once(text):
    assert code_of(text) == "unreadable"


@given(st.text())
@example("万" * 120)
@example("\ufdfa" * 100)
@example("5至" * 40)
def test_any_text_is_an_amount_or_a_validation_error(text):
    try:
        amount = parse_amount(text)
    except ValidationError:
        return
    assert amount.yuan is None or 0 <= amount.yuan <= MAX_YUAN


@given(st.text(alphabet="0123456789.,-~约超余(（)）亿万千百十零一二五两元个整总投资其中美折至到 "))
def test_any_mixture_of_money_words_is_an_amount_or_a_validation_error(text):
    try:
        amount = parse_amount(text, unit="万元")
    except ValidationError:
        return
    assert amount.yuan is None or amount.yuan == amount.yuan.quantize(Decimal("0.01"))


@given(fen)
def test_what_is_written_exactly_is_read_back_exactly(yuan):
    assert parse_amount(exact_text(yuan)) == Amount(yuan, text=exact_text(yuan))


@given(fen)
def test_a_plain_decimal_is_read_back_exactly(yuan):
    assert parse_amount(str(yuan)).yuan == yuan


@given(st.integers(0, 9999))
def test_chinese_numerals_are_read_back_exactly(number):
    assert parse_amount(in_chinese(number) + "万元").yuan == number * WAN


def in_chinese(number: int) -> str:
    """The regular writing of a number below 10,000."""
    digits, words = "零一二三四五六七八九", ""
    for place, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        words += digits[digit] + word if digit else ("" if words.endswith("零") else "零")
    return words.strip("零") or "零"


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("7000000000", "70亿元"),
        ("8862000000", "88.62亿元"),
        ("123450000", "1.2345亿元"),
        ("12345678.90", "12,345,678.9元"),
        ("35000000", "3,500万元"),
        ("10000", "1万元"),
        ("9999.99", "9,999.99元"),
        ("0", "0元"),
    ],
)
def test_the_exact_writing_is_short(yuan, text):
    assert exact_text(Decimal(yuan)) == text


def test_an_unknown_amount_is_written_as_nothing():
    assert exact_text(None) == ""


@pytest.mark.parametrize(
    ("yuan", "chinese", "english"),
    [
        ("7000000000", "70亿元", "70 100m yuan"),
        ("8862000000.00", "88.62亿元", "88.62 100m yuan"),
        ("125000000", "1.25亿元", "1.25 100m yuan"),
        ("1234567890000", "12,345.68亿元", "12,345.68 100m yuan"),
        ("100000000", "1亿元", "1 100m yuan"),
        ("99999999.99", "1亿元", "1 100m yuan"),
        ("99994999", "9,999.5万元", "9,999.5 10k yuan"),
        ("35000000", "3,500万元", "3,500 10k yuan"),
        ("10000", "1万元", "1 10k yuan"),
        ("9999.99", "9,999.99元", "9,999.99 yuan"),
        ("8000", "8,000元", "8,000 yuan"),
        ("0", "0元", "0 yuan"),
        ("-250000000", "-2.5亿元", "-2.5 100m yuan"),
        ("-35000", "-3.5万元", "-3.5 10k yuan"),
    ],
)
def test_for_reading_an_amount_has_the_unit_of_its_size(yuan, chinese, english):
    with translation.override("zh-hans"):
        assert format_yuan(Decimal(yuan)) == chinese
    with translation.override("en"):
        assert format_yuan(Decimal(yuan)) == english


def test_for_reading_an_unknown_amount_is_undetermined():
    with translation.override("zh-hans"):
        assert format_yuan(None) == "待定"


def test_whole_numbers_are_formatted_as_well():
    with translation.override("zh-hans"):
        assert [format_yuan(0), format_yuan(886_200 * WAN)] == ["0元", "88.62亿元"]


def test_units_convert_without_rounding():
    assert in_unit(Decimal("8862000000"), "亿元") == Decimal("88.62")
    assert in_unit(Decimal("8862000000"), "万元") == Decimal("886200")
    assert in_unit(Decimal("0.01"), "亿元") == Decimal("0.0000000001")


@pytest.mark.parametrize(
    ("number", "places", "result"),
    [("0.125", 2, "0.13"), ("0.135", 2, "0.14"), ("2.5", 0, "3"), ("67.808", 1, "67.8")],
)
def test_rounding_is_half_up(number, places, result):
    assert rounded(Decimal(number), places) == Decimal(result)


def test_shares_are_exact_and_add_up():
    yuan, percents = Decimal("0.01"), [Decimal("33.33"), Decimal("66.67")]
    assert sum(share_of(yuan, percent) for percent in percents) == yuan
    assert share_of(MAX_YUAN, Decimal("33.33")) == Decimal("333300000000")
