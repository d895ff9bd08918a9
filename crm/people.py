"""Cells that name firms, people and telephone numbers."""

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError

from crm.codes import clean_phone
from crm.names import clean_text

_REMARK = re.compile(
    r"\s*[（(][^（）()]*(?:次|回访|拜访|走访|考察|座谈|复访|跟进|续)[^（）()]*[)）]\s*"
)
_FIRMS = re.compile(r"[、;；,，\n\r]+|(?<=[\u4e00-\u9fff)）])\s*/\s*(?=[\u4e00-\u9fff])")
_PEOPLE = re.compile(r"[、;；,，/\n\r]+")
_NUMBER_AT_END = re.compile(r"[：:\s]*(\+?[0-9（(][0-9()（）\-\s—转*xX]{5,}[0-9])\s*$")
_SAME = {"同上", "〃", "″", '"', "”", "''", "″″"}


def split_firms(text: str) -> list[str]:
    """Firms of a cell; never split at 和, 与, 及 or ·; remarks such as （二次拜访） are no name."""
    plain = _REMARK.sub("", clean_text(text))
    parts = (" ".join(part.split()) for part in _FIRMS.split(plain))
    return [part for part in parts if part and part not in {"/", "-", "—", "无", "待定"}]


def split_people(text: str) -> list[str]:
    return [part for part in (p.strip() for p in _PEOPLE.split(clean_text(text))) if part]


def split_contact(text: str) -> tuple[str, str]:
    """Name and number of 王五13812345678; either may be empty."""
    plain = unicodedata.normalize("NFKC", clean_text(text))
    match = _NUMBER_AT_END.search(plain)
    if match is None:
        return plain, ""
    try:
        return plain[: match.start()].strip(" :：,，"), clean_phone(match[1])
    except ValidationError:
        return plain, ""


def phone_of(value) -> str:
    """One telephone number; a float such as 1.38E+10 is a mobile number. Raises ValidationError."""
    if isinstance(value, (Decimal, int, float)):
        value = f"{Decimal(value):.0f}"
    text = clean_text(value)
    if re.fullmatch(r"1\.[0-9]+[eE]\+?10", text):
        text = f"{Decimal(text):.0f}"
    first = re.split(r"[、;；,，/\n]", text)[0].strip()
    return clean_phone(first) if first else ""


def is_same_as_above(text) -> bool:
    return isinstance(text, str) and text.strip() in _SAME
