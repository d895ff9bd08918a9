"""Codes and telephone numbers: cleaned to one form, or refused with the reason."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from crm.names import clean_text

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# What people type for what they mean; offered, never applied.
LIKELY = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}
LONGEST_SHOWN = 40

_MOBILE = re.compile("1[3-9][0-9]{9}")
_SERVICE = re.compile("[48]00[0-9]{7}")
_ABROAD = re.compile(r"\+[1-9][0-9]{5,14}")
# 010 and 02x have eight digits, the other areas seven or eight.
_LANDLINE = re.compile(
    "(?:(?P<three>010|02[0-9])(?=[0-9]{8}(?:转|$))|(?P<four>0[3-9][0-9]{2}))?"
    "(?P<local>[2-9][0-9]{6,7})(?:转(?P<extension>[0-9]{1,6}))?"
)
_EXTENSION = re.compile(r"(?:转|EXT\.?|X|\*|(?<=[0-9]{7})-)\s*([0-9]{1,6})$")


def _upper(text: str) -> str:
    """Half width, upper case, nothing invisible."""
    return unicodedata.normalize("NFKC", clean_text(text)).upper().strip()


def _plain(text: str) -> str:
    """The same without blanks and dashes."""
    return re.sub(r"[\s\-\u2010-\u2015\u2212]+", "", _upper(text))


def clean_uscc(text: str) -> str:
    """The unified social credit code (GB 32100-2015) in 18 plain characters.

    Accepts full-width and lower-case letters, blanks and dashes. Raises ValidationError naming
    the fault: length, an illegal character (with the likely one), a region that is not six digits,
    the check digit expected.
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
    if not code[2:8].isdigit():
        raise ValidationError(
            _("Characters 3 to 8 of the credit code “%(code)s” must be digits (the region)."),
            code="uscc_region",
            params={"code": code},
        )
    return _with_right_check_digit(code)


def _illegal_character(code: str, place: int, character: str) -> ValidationError:
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
    return code


def clean_mobile(text: str) -> str:
    """A mainland mobile number in 11 digits; raises ValidationError for anything else."""
    number = _at_home(_plain(text))
    if _MOBILE.fullmatch(number):
        return number
    raise ValidationError(
        _("“%(number)s” is not a mobile number; expected 11 digits that begin with 13 to 19."),
        code="mobile",
        params={"number": clean_text(text)[:LONGEST_SHOWN]},
    )


def clean_phone(text: str) -> str:
    """A telephone number: mobile, landline ``0971-6123456转801``, 400 number or foreign ``+852…``.

    Returns one form of it, whatever the way of writing (``+86 971…``, ``(0971)6123456-801``);
    a local number stays without area code. Raises ValidationError when it is none of these.
    """
    number = _plain(_EXTENSION.sub(r"转\1", _upper(text)))
    number = _at_home(number.replace("(", "").replace(")", ""))
    if _MOBILE.fullmatch(number) or _ABROAD.fullmatch(number) or _SERVICE.fullmatch(number):
        return number
    if landline := _LANDLINE.fullmatch(number):
        return _written(**landline.groupdict())
    raise ValidationError(
        _("“%(number)s” is not a telephone number; expected e.g. 0971-6123456转801."),
        code="phone",
        params={"number": clean_text(text)[:LONGEST_SHOWN]},
    )


def _written(three: str | None, four: str | None, local: str, extension: str | None) -> str:
    area = three or four
    return (f"{area}-" if area else "") + local + (f"转{extension}" if extension else "")


def _at_home(number: str) -> str:
    """+86 and 0086 are dropped, a landline gets its 0 back; 00852… becomes +852…."""
    number = re.sub("^00(?=[1-9])", "+", number)
    if not number.startswith("+86"):
        return re.sub("^86(?=1[3-9][0-9]{9}$)", "", number)
    home = number.removeprefix("+86").removeprefix("0")
    return home if _MOBILE.fullmatch(home) or _SERVICE.fullmatch(home) else f"0{home}"


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
