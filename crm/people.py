"""Cells that name firms, people and telephone numbers."""

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError

from crm.codes import clean_phone
from crm.names import clean_text

LONGEST = 2_000
_REMARK = re.compile(
    r"[（(](?:第?[一二三四五六七八九十0-9]{1,3}次[^（）()]{0,10}|再次[^（）()]{0,10}"
    r"|[^（）()]{0,10}(?:回访|拜访|走访|考察|座谈|复访|跟进)"
    r"|(?:龙头|链主|头部|目标|拟引进|待引进|在谈|已落地|已签约|已入驻)(?:企业)?)[)）]"
)
# 1.甲公司 2.乙公司: numbers of a list, where there are at least two; 58同城 has none.
_NUMBERING = re.compile(r"(^|[\n\r;；，,、])\s*[（(]?[0-9]{1,2}[.、．)）]\s*(?=[^0-9\s])")
_FIRMS = re.compile(
    r"(?:[、;；，\n\r]|,(?!\s*(?:ltd|inc|limited|llc|co\b))|(?<=[\w)）])/(?=[\w（(]))"
    r"(?![^（(]*[)）])",
    re.IGNORECASE,
)
# A name that goes on in the next line of a narrow cell: no firm is called 有限公司.
_WRAPPED = re.compile(
    r"\s*[\n\r]\s*(?=(?:[（(][^（）()\n\r]{1,10}[)）])?(?:股份|集团|责任|控股|科技|实业|有限)*"
    r"(?:公司|集团|合伙企业)(?:[（(][^（）()]*[)）])?\s*(?:[、;；，,/\n\r]|$))"
)
_REMARK_OR_MANY = re.compile(r"[（(、;；，,/\n\r]")
_PEOPLE = re.compile(r"[、;；,，/\n\r]+")
_FLOAT = re.compile(r"1\.[0-9]+[eE]\+?10")
_NUMBER = re.compile(
    r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|\+?[0-9][0-9()\-—转*xX ]{5,24}[0-9]|1\.[0-9]{1,9}[eE]\+?10"
)
_PHONE_WORD = re.compile("(?:联系)?(?:电话|手机|方式)$")
_SAME = {"同上", "〃", "″", '"', "”", "''", "″″"}


def split_firms(text: str) -> list[str]:
    """Firms of a cell; never split at 和, 与, 及 or ·, nor inside brackets.

    Remarks such as （二次拜访） or （龙头） and the numbers of a list are no part of a name, and a
    legal form in a line of its own is.
    """
    plain = _WRAPPED.sub("", clean_text(text)[:LONGEST])
    if len(_NUMBERING.findall(plain)) > 1:
        plain = _NUMBERING.sub(r"\1", plain)
    many = _REMARK_OR_MANY.search(plain)
    parts = _FIRMS.split(_REMARK.sub("", plain)) if many else [plain]
    names = (" ".join(part.split()) for part in parts)
    return [name for name in names if name and name not in {"/", "-", "—", "无", "待定"}]


def split_people(text: str) -> list[str]:
    return [part for part in (p.strip() for p in _PEOPLE.split(clean_text(text))) if part]


def split_contact(text: str) -> tuple[str, str]:
    """Name and number of 王五13812345678 or 王五(13812345678); either may be empty.

    Of several numbers the first counts; none of them stays in the name.
    """
    plain = unicodedata.normalize("NFKC", clean_text(text)[:LONGEST])
    phone = ""
    for match in _NUMBER.finditer(plain):
        try:
            phone = phone or phone_of(match[0])
        except ValidationError:
            return plain, ""
    if not phone:
        return plain, ""
    name = _NUMBER.sub(" ", plain).replace("( )", " ").strip(" :,、;/()-")
    return _PHONE_WORD.sub("", name).strip(" :,、;/("), phone


def phone_of(value) -> str:
    """One telephone number; a float such as 1.38E+10 is a mobile number. Raises ValidationError."""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        value = f"{Decimal(value).normalize():f}"
    text = clean_text(value)[:LONGEST]
    if _FLOAT.fullmatch(text):
        text = f"{Decimal(text):.0f}"
    first = re.split(r"[、;；,，/\n]", text)[0].strip()
    return clean_phone(first) if first else ""


def is_same_as_above(text) -> bool:
    return isinstance(text, str) and text.strip() in _SAME
