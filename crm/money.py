"""Money as offices write it: exact, in yuan, with what is uncertain about it kept beside it."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# No single amount of a city reaches 10,000亿元; whoever writes more has the unit wrong.
MAX_YUAN = Decimal("1000000000000")
FEN = Decimal("0.01")
UNITS = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
LONGEST = 120


class AmountPrecision(models.TextChoices):
    """How sure an amount is; the empty choice is "exact"."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    RANGE = "range", _("range")
    UNDETERMINED = "undetermined", _("undetermined")


@dataclass(frozen=True)
class Amount:
    """What a cell says. ``yuan`` is None when it is undetermined; ``text`` is as written."""

    yuan: Decimal | None
    precision: str = AmountPrecision.EXACT
    upper_yuan: Decimal | None = None
    text: str = ""
    original_amount: Decimal | None = None
    original_currency: str = ""


_UNKNOWN = {"", "待定", "面议", "暂无", "/", "—", "-", "--", "——", "无", "未定", "未知", "待议"}
_CURRENCIES = {
    "美元": "USD",
    "欧元": "EUR",
    "港元": "HKD",
    "港币": "HKD",
    "日元": "JPY",
    "英镑": "GBP",
}
_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_DIGITS |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_CHINESE = "".join(_DIGITS) + "".join(_TENS)
_PLAIN = r"[0-9]{1,20}(?:\.[0-9]{1,10})?"
_UNIT = r"(?:个?亿元?|百万元?|千万元?|十万元?|万元?|元)"
_ABOUT = re.compile(
    r"^(?:约为?|大约|预计|近|约合)|(?:左右|上下|多)$|余(?=万|亿|元|$)|多(?=万|亿|元)"
)
_AT_LEAST = re.compile(r"^(?:超过?|不低于|不少于|至少|大于|逾)|(?:以上|起)$")
_WORDS = {"元": 1, "十万": 10**5, "百万": 10**6, "千万": 10**7, "万": 10**4, "亿": 10**8}


def parse_amount(text, *, unit: str | None = None) -> Amount:
    """Read an amount as offices write it; ``unit`` (元, 万元 or 亿元) applies to bare numbers.

    A bare number without a unit is yuan. Raises ValidationError: unreadable, negative, more exact
    than a fen, above MAX_YUAN, or a foreign currency without its value in yuan.
    """
    written = str(text if text is not None else "").strip()[: LONGEST + 1]
    plain = _normal(written)
    if plain in _UNKNOWN:
        return Amount(None, AmountPrecision.UNDETERMINED, text=written)
    if len(written) > LONGEST:
        raise _error("unreadable", written[:LONGEST])
    if foreign := _foreign(plain, written, unit):
        return foreign
    return _domestic(_total_part(plain), written, unit)


def _normal(written: str) -> str:
    plain = unicodedata.normalize("NFKC", written)
    plain = re.sub(r"[\s,，]+(?=[0-9]{3}(?![0-9]))", "", plain)
    plain = re.sub(r"\s+", "", plain)
    return plain.replace("人民币", "").removeprefix("¥").removeprefix("RMB").rstrip("。")


def _total_part(plain: str) -> str:
    """``一期20亿,总投资70亿`` and ``70亿元(其中固投50亿元)`` → the total."""
    total = re.search(r"总(?:投资|额|计)(?:约?为)?[:：]?([^,;；()]+)", plain)
    if total:
        return total[1]
    return re.sub(r"\((?:其中|含|固)[^()]*\)", "", plain)


def _foreign(plain: str, written: str, unit: str | None) -> Amount | None:
    match = re.fullmatch(
        rf"(.+?)({'|'.join(_CURRENCIES)})(?:\(折?(?:合|算)?(?:人民币)?(.+?)\))?", plain
    )
    if not match:
        return None
    if not match[3]:
        raise _error("currency", written)
    amount = _domestic(match[3], written, unit)
    original = _number(match[1], None)
    if original is None:
        raise _error("unreadable", written)
    return Amount(amount.yuan, amount.precision, None, written, original, _CURRENCIES[match[2]])


def _domestic(plain: str, written: str, unit: str | None) -> Amount:
    if bounds := re.fullmatch(r"(.+?)(?:-|~|至|到|—|–)(.+)", plain):
        return _range(bounds[1], bounds[2], written, unit)
    precision = AmountPrecision.EXACT
    if _AT_LEAST.search(plain):
        plain, precision = _AT_LEAST.sub("", plain), AmountPrecision.AT_LEAST
    if _ABOUT.search(plain):
        below = AmountPrecision.AT_LEAST if "余" in plain or "多" in plain else None
        plain = _ABOUT.sub("", plain)
        if precision is AmountPrecision.EXACT:
            precision = below or AmountPrecision.ABOUT
    return Amount(_checked(_number(plain, unit), written), precision, text=written)


def _range(low: str, high: str, written: str, unit: str | None) -> Amount:
    unit_word = re.search(rf"{_UNIT}$", high)
    if re.fullmatch(_PLAIN, low) and unit_word:
        low += unit_word[0]
    lower, upper = _checked(_number(low, unit), written), _checked(_number(high, unit), written)
    if upper < lower:
        raise _error("unreadable", written)
    return Amount(lower, AmountPrecision.RANGE, upper, written)


def _number(plain: str, unit: str | None) -> Decimal | None:
    """The sum of its parts in yuan (``1亿2000万``), None when it cannot be read."""
    if re.fullmatch(_PLAIN, plain):
        return Decimal(plain) * UNITS[unit or "元"]
    if re.fullmatch(rf"[{_CHINESE}]+", plain):
        whole = _chinese_number(plain)
        return None if whole is None else Decimal(whole) * UNITS[unit or "元"]
    parts = re.findall(rf"({_PLAIN}|[{_CHINESE}]+?)({_UNIT})", plain)
    if not parts or "".join(a + b for a, b in parts) != plain:
        return _tail_without_unit(plain)
    values = [_part(digits, word) for digits, word in parts]
    if None in values or sorted(values, reverse=True) != values:
        return None
    return sum(values, Decimal(0))


def _tail_without_unit(plain: str) -> Decimal | None:
    """``一亿五千万`` is regular; ``3亿5`` style shorthand is not read."""
    match = re.fullmatch(rf"([{_CHINESE}]+)亿([{_CHINESE}]*)万?元?", plain)
    if not match:
        return None
    head, tail = _chinese_number(match[1]), _chinese_number(match[2] or "零")
    if head is None or tail is None or (match[2] and "万" not in plain):
        return None
    return Decimal(head) * 10**8 + Decimal(tail) * 10**4


def _part(digits: str, word: str) -> Decimal | None:
    number = Decimal(digits) if re.fullmatch(_PLAIN, digits) else _chinese_number(digits)
    scale = word.removeprefix("个").removesuffix("元") or "元"
    return None if number is None else Decimal(number) * _WORDS[scale]


def _chinese_number(text: str) -> int | None:
    """Chinese numerals below 10,000; None when they make no number."""
    total, digit = 0, None
    for character in text:
        if character in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[character]
        else:
            total += (1 if digit is None else digit) * _TENS[character]
            digit = None
    return total + (digit or 0)


def _checked(yuan: Decimal | None, written: str) -> Decimal:
    if yuan is None:
        raise _error("negative" if re.match(r"\s*[-−－负]", written) else "unreadable", written)
    if yuan > MAX_YUAN:
        raise _error("too_large", written)
    if yuan != yuan.quantize(FEN):
        raise _error("too_exact", written)
    return yuan.quantize(FEN)


_MESSAGES = {
    "unreadable": _(
        "“%(text)s” is not an amount; expected e.g. 70亿元, 7000万元, 约5亿元 or 待定."
    ),
    "negative": _("“%(text)s” is negative; an amount is 0 or more."),
    "too_large": _("“%(text)s” is more than 10,000亿元; is the unit right?"),
    "too_exact": _("“%(text)s” is more exact than a fen (0.01 yuan)."),
    "currency": _(
        "“%(text)s” is in a foreign currency; add its value in yuan: 3000万美元(折2.1亿元)."
    ),
}


def _error(code: str, written: str) -> ValidationError:
    return ValidationError(_MESSAGES[code], code=code, params={"text": written[:60]})


def in_unit(yuan: Decimal, unit: str) -> Decimal:
    """The amount in 元, 万元 or 亿元, not rounded."""
    return yuan / UNITS[unit]


def rounded(number: Decimal, places: int) -> Decimal:
    """Half up, as in every table of the trade."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_yuan(yuan: Decimal | None) -> str:
    """For reading: ``1.25亿元`` from 1亿 on, ``3,500万元`` from 1万 on, ``待定`` when unknown.

    Rounded half up to two places; never the source of another number.
    """
    if yuan is None:
        return str(_("undetermined"))
    if yuan >= UNITS["亿元"]:
        return _("%(amount)s 100m yuan") % {"amount": _short(in_unit(yuan, "亿元"))}
    if yuan >= UNITS["万元"]:
        return _("%(amount)s 10k yuan") % {"amount": _short(in_unit(yuan, "万元"))}
    return _("%(amount)s yuan") % {"amount": _short(yuan)}


def _short(number: Decimal) -> str:
    text = f"{rounded(number, 2):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact_text(yuan: Decimal | None) -> str:
    """The shortest Chinese writing that ``parse_amount`` reads back to exactly this amount."""
    if yuan is None:
        return ""
    for unit in ("亿元", "万元"):
        number = in_unit(yuan, unit)
        if yuan >= UNITS[unit] and number == rounded(number, 4):
            return f"{number.normalize():,f}{unit}"
    return f"{yuan.normalize():,f}元"


def share_of(yuan: Decimal, percent: Decimal) -> Decimal:
    """``percent`` of an amount, exact and not rounded: sum first, round once."""
    return yuan * percent / 100
