"""Codes and telephone numbers: cleaned to one form, or refused with the reason."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# What people type for what they mean; offered, never applied.
LIKELY = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}
LONGEST_SHOWN = 40


def _plain(text: str) -> str:
    kept = unicodedata.normalize("NFKC", str(text))
    return re.sub(r"[\s\-‐-―​­]+", "", kept).upper()


def clean_uscc(text: str) -> str:
    """The unified social credit code (GB 32100-2015) in 18 plain characters.

    Accepts full-width and lower-case letters, blanks and dashes. Raises ValidationError naming
    the fault: length, an illegal character (with the likely one), the check digit expected.
    """
    code = _plain(text)
    shown = code[:LONGEST_SHOWN]
    if len(code) != 18:
        raise ValidationError(
            _("The credit code “%(code)s” has %(count)s characters; expected 18."),
            code="uscc_length",
            params={"code": shown, "count": len(code)},
        )
    for place, character in enumerate(code, start=1):
        if character not in USCC_ALPHABET:
            raise _illegal_character(code, place, character)
    return _with_right_check_digit(code)


def _illegal_character(code, place, character) -> ValidationError:
    params = {"code": code, "place": place, "character": character}
    if character in LIKELY:
        return ValidationError(
            _(
                "Character %(place)s of the credit code “%(code)s” is “%(character)s”, which never "
                "occurs; perhaps “%(likely)s”?"
            ),
            code="uscc_character",
            params=params | {"likely": LIKELY[character]},
        )
    return ValidationError(
        _(
            "Character %(place)s of the credit code “%(code)s” is “%(character)s”, which never "
            "occurs."
        ),
        code="uscc_character",
        params=params,
    )


def _with_right_check_digit(code: str) -> str:
    expected = uscc.calc_check_digit(code[:17])
    if code[17] != expected:
        raise ValidationError(
            _(
                "The check digit of the credit code “%(code)s” is wrong: it ends with “%(found)s”, "
                "expected “%(expected)s”."
            ),
            code="uscc_check_digit",
            params={"code": code, "found": code[17], "expected": expected},
        )
    try:
        return uscc.validate(code)
    except StdnumError as error:
        raise ValidationError(
            _("“%(code)s” is not a credit code."), code="uscc", params={"code": code}
        ) from error


def clean_mobile(text: str) -> str:
    """A mainland mobile number in 11 digits; raises ValidationError for anything else."""
    number = re.sub(r"^(\+?86)(?=1[0-9]{10}$)", "", _plain(text))
    if re.fullmatch(r"1[3-9][0-9]{9}", number):
        return number
    raise ValidationError(
        _("“%(number)s” is not a mobile number; expected 11 digits that begin with 13 to 19."),
        code="mobile",
        params={"number": number[:LONGEST_SHOWN]},
    )


def clean_phone(text: str) -> str:
    """A telephone number: mobile, landline ``0971-6123456转801`` or foreign ``+852…``.

    Returns one form of it; raises ValidationError when it is none of these.
    """
    number = _plain(text).replace("(", "").replace(")", "")
    if re.fullmatch(r"1[3-9][0-9]{9}", number) or re.fullmatch(r"\+[0-9]{6,15}", number):
        return number
    if re.fullmatch(r"[48]00[0-9]{7}", number):
        return number
    extension = re.fullmatch(r"(.*?)(?:转|EXT\.?|X|\*)([0-9]{1,6})", number)
    main, inner = extension.groups() if extension else (number, "")
    if re.fullmatch(r"0[0-9]{9,11}", main):
        return _landline(main) + (f"转{inner}" if inner else "")
    if re.fullmatch(r"[2-9][0-9]{6,7}", main):
        return main + (f"转{inner}" if inner else "")
    raise ValidationError(
        _("“%(number)s” is not a telephone number; expected e.g. 0971-6123456转801."),
        code="phone",
        params={"number": number[:LONGEST_SHOWN]},
    )


def _landline(digits: str) -> str:
    """Area codes of 010 and 02x have three digits, all others four."""
    area = 3 if digits.startswith(("010", "02")) else 4
    return f"{digits[:area]}-{digits[area:]}"


def clean_region_code(text: str) -> str:
    """Six digits of GB/T 2260; raises ValidationError otherwise."""
    code = _plain(text)
    if re.fullmatch(r"[1-9][0-9]{5}", code):
        return code
    raise ValidationError(
        _("“%(code)s” is not a region code; expected six digits."),
        code="region",
        params={"code": code[:LONGEST_SHOWN]},
    )
