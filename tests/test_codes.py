"""Credit codes, telephone numbers and region codes: one form of each, or the reason why not."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from crm.codes import (
    USCC_ALPHABET,
    clean_mobile,
    clean_phone,
    clean_region_code,
    clean_uscc,
)

CLEANERS = [clean_uscc, clean_mobile, clean_phone, clean_region_code]
VALID = [
    *("91350100M000100Y43", "91630100MA7FAKE01U", "91110108MA00TEXT1B", "91440300MA5DEM01A6"),
    *("91630100MA7XHXL350", "91630100MA7397UYKY", "91110000600037341L", "N2330100MA7FAKE017"),
]


def refusal(cleaner, text) -> tuple[str, str]:
    """Code and English message of the refusal."""
    with pytest.raises(ValidationError) as refused:
        cleaner(text)
    with translation.override("en"):
        return refused.value.code, refused.value.messages[0]


@pytest.mark.parametrize("code", VALID)
def test_a_right_credit_code_is_kept(code):
    assert clean_uscc(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "91630100ma7fake01u",
        "９１６３０１００ＭＡ７ＦＡＫＥ０１Ｕ",
        " 91630100 MA7FAKE01U\n",
        "9163-0100-MA7FAKE01U",
        "91630100—MA7FAKE01U",
        "91630100\u200bMA7FAKE01U\x00",
        "91630100\u00a0MA7FAKE01U\ud800",
    ],
)
def test_a_credit_code_is_cleaned_of_width_case_blanks_and_dashes(typed):
    assert clean_uscc(typed) == "91630100MA7FAKE01U"


@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        (
            "91630100MA7FAKE01",
            "uscc_length",
            "The credit code “91630100MA7FAKE01” has 17 characters; expected 18.",
        ),
        (
            "",
            "uscc_length",
            "The credit code “” has 0 characters; expected 18.",
        ),
        (
            "91630100MA7FAKEO1U",
            "uscc_character",
            "Character 16 of the credit code “91630100MA7FAKEO1U” is “O”, which never occurs; "
            "perhaps “0”?",
        ),
        (
            "9I630100MA7FAKE01U",
            "uscc_character",
            "Character 2 of the credit code “9I630100MA7FAKE01U” is “I”, which never occurs; "
            "perhaps “1”?",
        ),
        (
            "91630100MA7企AKE01U",
            "uscc_character",
            "Character 12 of the credit code “91630100MA7企AKE01U” is “企”, which never occurs.",
        ),
        (
            "91630A00MA7FAKE01U",
            "uscc_region",
            "Characters 3 to 8 of the credit code “91630A00MA7FAKE01U” must be digits "
            "(the region).",
        ),
        (
            "91630100MA7FAKE01W",
            "uscc_check_digit",
            "The check digit of the credit code “91630100MA7FAKE01W” is wrong: it ends with “W”, "
            "expected “U”.",
        ),
    ],
)
def test_a_wrong_credit_code_is_refused_with_the_reason(typed, code, message):
    assert refusal(clean_uscc, typed) == (code, message)


@pytest.mark.parametrize(("letter", "likely"), [*zip("OIZSV", "0125U", strict=True)])
def test_for_a_letter_that_never_occurs_the_likely_one_is_offered(letter, likely):
    with pytest.raises(ValidationError) as refused:
        clean_uscc("91630100MA7FAKE0" + letter + "U")
    assert refused.value.params["likely"] == likely


bodies = st.builds(
    "".join,
    st.tuples(
        st.text(alphabet=USCC_ALPHABET, min_size=2, max_size=2),
        st.from_regex("[0-9]{6}", fullmatch=True),
        st.text(alphabet=USCC_ALPHABET, min_size=9, max_size=9),
    ),
)


@given(bodies)
def test_exactly_one_check_digit_is_right(body):
    right = [d for d in USCC_ALPHABET if accepted(body + d)]
    assert right == [uscc.calc_check_digit(body)]


def accepted(code: str) -> bool:
    try:
        return clean_uscc(code) == code
    except ValidationError:
        return False


@given(bodies, st.integers(0, 16), st.sampled_from(USCC_ALPHABET))
def test_one_mistyped_character_is_always_noticed(body, place, typed):
    code = body + uscc.calc_check_digit(body)
    mistyped = code[:place] + typed + code[place + 1 :]
    assert accepted(mistyped) == (mistyped == code)


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "+86 13812345678",
        "+86-138-1234-5678",
        "0086 13812345678",
        "8613812345678",
    ],
)
@pytest.mark.parametrize("cleaner", [clean_mobile, clean_phone])
def test_a_mobile_number_becomes_eleven_digits(cleaner, typed):
    assert cleaner(typed) == "13812345678"


@pytest.mark.parametrize(
    "typed",
    ["12812345678", "1381234567", "138123456789", "0971-6123456", "1.38E+10", "张总", "", "\x00"],
)
def test_anything_else_is_no_mobile_number(typed):
    code, message = refusal(clean_mobile, typed)
    assert code == "mobile"
    assert message.endswith("expected 11 digits that begin with 13 to 19.")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0971-6123456转801", "0971-6123456转801"),
        ("0971-6123456-801", "0971-6123456转801"),
        ("（0971）6123456 ext. 801", "0971-6123456转801"),
        ("0971 6123456x801", "0971-6123456转801"),
        ("09716123456*801", "0971-6123456转801"),
        ("0971-6123456", "0971-6123456"),
        ("+86 971 6123456", "0971-6123456"),
        ("+86 (0)971 6123456", "0971-6123456"),
        ("010 6234 5678", "010-62345678"),
        ("+86-10-62345678", "010-62345678"),
        ("029-88123456转1", "029-88123456转1"),
        ("0755-88123456", "0755-88123456"),
        ("6123456", "6123456"),
        ("6123456转801", "6123456转801"),
        ("400-800-1234", "4008001234"),
        ("+86 400 800 1234", "4008001234"),
        ("+852 1234 5678", "+85212345678"),
        ("00852-12345678", "+85212345678"),
        ("+1 (415) 555-0100", "+14155550100"),
    ],
)
def test_a_telephone_number_has_one_form(typed, number):
    assert clean_phone(typed) == number


@pytest.mark.parametrize("number", ["0971-6123456转801", "010-62345678", "+85212345678"])
def test_a_cleaned_number_stays_as_it_is(number):
    assert clean_phone(clean_phone(number)) == number


@pytest.mark.parametrize(
    "typed",
    [
        *("0971-612345", "029-8812345", "12345678901", "+86 12", "13812345678转1", "转801"),
        *("13812345678/13912345678", "王五13812345678", "1.38E+10", "+", "", "\x00", "<b>"),
        *("+0123456789", "+" + "1" * 16),
    ],
)
def test_anything_else_is_no_telephone_number(typed):
    code, message = refusal(clean_phone, typed)
    assert code == "phone"
    assert message.endswith("expected e.g. 0971-6123456转801.")


def test_a_message_repeats_what_was_typed_shortened():
    assert refusal(clean_phone, "张" * 100)[1].startswith(f"“{'张' * 40}” is not")


@pytest.mark.parametrize("typed", ["630102", " 630102 ", "６３０１０２"])
def test_a_region_code_is_six_digits(typed):
    assert clean_region_code(typed) == "630102"


@pytest.mark.parametrize("typed", ["63010", "6301020", "030102", "63010X", "西宁市", ""])
def test_anything_else_is_no_region_code(typed):
    code, message = refusal(clean_region_code, typed)
    assert (code, message.endswith("expected six digits.")) == ("region", True)


@pytest.mark.parametrize("cleaner", CLEANERS)
@given(text=st.text())
@example(text="\ud800" * 18)
@example(text="ß" * 9)
@example(text="\ufdfa" * 18)
@example(text="٣" * 18)
def test_any_text_is_cleaned_or_refused_with_printable_reasons(cleaner, text):
    try:
        cleaned = cleaner(text)
    except ValidationError as error:
        message = error.messages[0]
        assert "\x00" not in message
        message.encode()
    else:
        assert cleaner(cleaned) == cleaned


@pytest.mark.parametrize("cleaner", CLEANERS)
@pytest.mark.parametrize("piece", ["1", "-", " ", "转", "X", "转 ", "6123456-", "\x00", "ﷺ"])
def test_long_texts_are_refused_at_once(cleaner, piece):
    with pytest.raises(ValidationError):
        cleaner(piece * (100_000 // len(piece)))
