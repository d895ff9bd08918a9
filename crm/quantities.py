"""Compute, land, power, counts and shares as ledgers write them, in one unit each."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.money import numeral
from crm.names import clean_text, has_marks

UNKNOWN = {"", "待定", "暂无", "无", "未定", "不详", "/", "-", "--", "—", "——"}
_NUMBER = r"([0-9]{1,15}(?:\.[0-9]{1,6})?)"
_SIZES = {"": Decimal(1), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(10**8)}
_NUMERALS = "零〇一二两三四五六七八九十百千万"
LONGEST = 120
_AREA = re.compile(
    rf"(?:用地|占地|厂房|土地|建筑|面积|需|约|共|租用|新建){{0,3}}{_NUMBER}([千万]?)"
    "(亩|公顷|平方米|平米|m2|平方)",
    re.IGNORECASE,
)
MU_OF_HECTARE = Decimal(15)


@dataclass(frozen=True)
class Area:
    """Land in mu, floor space in square metres; what is not said is None."""

    mu: Decimal | None = None
    m2: Decimal | None = None


def _plain(text) -> str:
    written = clean_text(text)
    if len(written) > LONGEST or has_marks(written):
        return "?"  # nothing that any pattern reads
    plain = unicodedata.normalize("NFKC", written)
    return re.sub(r"\s+|(?<=[0-9]),(?=[0-9]{3})|^[约超]|(?:左右|以上)$", "", plain)


def _refused(text, message) -> ValidationError:
    return ValidationError(message, code="quantity", params={"text": clean_text(text)[:60]})


def _read(text, pattern: str, message):
    plain = _plain(text)
    if plain in UNKNOWN:
        return None
    match = re.fullmatch(pattern, plain, re.IGNORECASE)
    if match is None:
        raise _refused(text, message)
    return match


def parse_compute_p(text) -> Decimal | None:
    """P (PFLOPS): 10000P, 1万P, 10EFLOPS, a bare 1000. Raises ValidationError."""
    message = _("“%(text)s” is no compute; expected e.g. 1000P or 2EFLOPS.")
    match = _read(text, rf"{_NUMBER}([千万]?)(P|E|T)?(?:FLOPS|算力)?", message)
    if match is None:
        return None
    unit = {"E": Decimal(1000), "T": Decimal("0.001")}.get((match[3] or "P").upper(), Decimal(1))
    return Decimal(match[1]) * _SIZES[match[2]] * unit


def parse_area(text) -> Area | None:
    """1750亩, 3.2万平方米, 50公顷, 用地30亩,厂房2000㎡. Raises ValidationError.

    Land once and floor space once; what could be added up in two ways is refused.
    """
    if _plain(text) in UNKNOWN:
        return None
    message = _("“%(text)s” is no area; expected e.g. 30亩 or 2000平方米.")
    land: list[Decimal] = []
    floor: list[Decimal] = []
    for part in re.split("[,;、]", _plain(str(text).replace("㎡", "平方米"))):
        match = _AREA.fullmatch(part)
        if match is None:
            raise _refused(text, message)
        number = Decimal(match[1]) * _SIZES[match[2]]
        is_land = match[3] in {"亩", "公顷"}
        (land if is_land else floor).append(number * (MU_OF_HECTARE if match[3] == "公顷" else 1))
    if len(land) > 1 or len(floor) > 1:
        raise _refused(text, message)
    return Area(land[0] if land else None, floor[0] if floor else None)


def parse_power_mw(text) -> Decimal | None:
    """MW: 30MW, 3万千瓦, 500kW, a bare 30. Raises ValidationError."""
    message = _("“%(text)s” is no power; expected e.g. 30MW or 3万千瓦.")
    match = _read(text, rf"{_NUMBER}(万?)(MW|兆瓦|kW|千瓦|GW|吉瓦)?", message)
    if match is None:
        return None
    unit = (match[3] or "MW").upper()
    thousandth = unit in {"KW", "千瓦"}
    factor = Decimal("0.001") if thousandth else Decimal(1000 if unit in {"GW", "吉瓦"} else 1)
    return Decimal(match[1]) * _SIZES[match[2]] * factor


def parse_percent(text) -> Decimal | None:
    """Percent: 85%, 85, 八五 is refused. Raises ValidationError."""
    message = _("“%(text)s” is no share; expected e.g. 85%%.")
    match = _read(text, rf"{_NUMBER}%?", message)
    return match and Decimal(match[1])


def parse_ratio(text) -> Decimal | None:
    """A bare number such as a PUE: 1.15. Raises ValidationError."""
    match = _read(text, _NUMBER, _("“%(text)s” is no number; expected e.g. 1.15."))
    return match and Decimal(match[1])


def parse_count(text) -> int | None:
    """12人, 3家, 12, 十二人; of 100余家 the number itself. Raises ValidationError."""
    message = _("“%(text)s” is no number; expected e.g. 12.")
    match = _read(
        text,
        rf"([0-9]{{1,9}}|[{_NUMERALS}]{{1,9}})(?:\.0+)?[余多]?"
        "(?:[人家个次名架台位批项]|机架|标准机架)*",
        message,
    )
    if match is None or match[1].isdigit():
        return match and int(match[1])
    number = numeral(match[1])
    if number is None:
        raise _refused(text, message)
    return int(number)
