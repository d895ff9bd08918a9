"""Money as offices write it: exact, in yuan, with what is uncertain about it kept beside it."""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.names import clean_text, has_marks

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


_UNKNOWN = set(
    "待定 待议 待商定 面议 另议 暂无 无 未定 未知 未明确 不详 / // - -- N/A n/a".split()
) | {""}
_CURRENCIES = {"美元": "USD", "美金": "USD", "欧元": "EUR", "港元": "HKD", "港币": "HKD"} | {
    "日元": "JPY",
    "英镑": "GBP",
}
_SAME = str.maketrans("億萬圓圆–—−‐‑―〜∼", "亿万元元--------")
_GROUPED = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:[, ][0-9]{3})+(?![0-9])")
_PLAIN = r"[0-9]{1,20}(?:\.[0-9]{1,14})?"  # with MAX_YUAN within the 28 digits of Decimal
_TOTAL = re.compile(r"(?:计划|协议|项目)*总(?:投资|金额|额|计)额?(?:为|是|达到?)?:?|合计:?|共计:?")
_LABEL = re.compile(r"^(?:计划|协议|项目)*(?:投资|金额)额?(?:为|是|达到?)?:?")
_PART = re.compile(r"其中|含|固|[一二三四首1-9]期")
# The later one wins: 约5亿以上 is a lower bound.
_QUALIFIERS = (
    (re.compile(r"^(?:大约|约[合为]?|[预估]计约?|近|[~≈])|(?:左右|上下)$"), AmountPrecision.ABOUT),
    (
        re.compile(
            r"^(?:超[过出]?|不[低少小]于|至少|[大高]于|逾|[>≥]=?)|(?:以上|起|\+)$"
            r"|[余多](?=[万亿元]|$)"
        ),
        AmountPrecision.AT_LEAST,
    ),
)
_CURRENCY = "|".join(_CURRENCIES)
_FOREIGN = (
    re.compile(rf"([^()]+?)({_CURRENCY})[(,]?(?:折合|折算|折|合)?([^()]*[0-9亿万元][^()]*)\)?"),
    re.compile(rf"(?P<yuan>[^()]+?)\((?:折合|折算|折|合)?([^()]+?)({_CURRENCY})\)"),
)


def parse_amount(text, *, unit: str | None = None) -> Amount:
    """Read an amount as offices write it; ``unit`` (元, 万元 or 亿元) applies to bare numbers.

    A bare number without a unit is yuan. Raises ValidationError: unreadable, negative, more exact
    than a fen, above MAX_YUAN, or a foreign currency without its value in yuan. The spellings are
    those of the trade's ledgers; what could be read in two ways (1亿5, 70①) is refused.
    """
    plain_text = format(text, "f") if isinstance(text, Decimal) else text
    written = clean_text("" if plain_text is None else plain_text)[: LONGEST + 1]
    plain = _normal(written)
    if has_marks(written) or max(len(written), len(plain)) > LONGEST:
        raise _error("unreadable", written)
    if plain in _UNKNOWN:
        return Amount(None, AmountPrecision.UNDETERMINED, text=written)
    plain = re.sub(r"人民币|RMB|CNY|¥", "", plain, flags=re.IGNORECASE)
    if re.search(_CURRENCY, plain):
        return _foreign(plain, written, unit)
    return _domestic(_total_part(plain), written, unit)


def _normal(written: str) -> str:
    """Half width, one kind of dash, no blanks or separators inside numbers, 70(亿元) as 70亿元."""
    plain = " ".join(unicodedata.normalize("NFKC", written).translate(_SAME).split())
    plain = _GROUPED.sub(lambda found: re.sub("[, ]", "", found[0]), plain)
    plain = re.sub(r"(?<![0-9.]) | (?![0-9.])", "", plain)
    plain = re.sub(r"\(([亿万]?元)\)$", r"\1", plain)
    return re.sub("(?<=[^。;,.、])[。;,.、]+$", "", plain)


def _total_part(plain: str) -> str:
    """``一期20亿,总投资70亿`` and ``70亿元(其中固投50亿元)`` → the total; "" when none is clear."""
    if plain.startswith("("):
        return ""
    clauses = [clause for clause in re.split(r"[,;、()]|(?=其中)", plain) if clause]
    totals = [_TOTAL.sub("", clause) for clause in clauses if _TOTAL.search(clause)]
    whole = totals or [_LABEL.sub("", c) for c in clauses if not _PART.match(c)]
    return whole[0] if len(whole) == 1 else ""


def _foreign(plain: str, written: str, unit: str | None) -> Amount:
    first, last = (pattern.fullmatch(plain) for pattern in _FOREIGN)
    if first:
        original, currency, yuan = first.groups()
    elif last:
        yuan, original, currency = last.groups()
    else:
        raise _error("currency", written)
    amount = _domestic(yuan, written, unit)
    foreign, precision = _qualified(original)
    number = _number(foreign, None)
    if number is None:
        raise _error("unreadable", written)
    if amount.precision == AmountPrecision.EXACT:
        amount = replace(amount, precision=precision)
    return replace(amount, original_amount=number, original_currency=_CURRENCIES[currency])


def _qualified(plain: str) -> tuple[str, str]:
    """The number without 约, 超, 余 … and what these say about it."""
    precision = AmountPrecision.EXACT
    for pattern, meaning in _QUALIFIERS:
        shorter = pattern.sub("", plain)
        if shorter != plain:
            plain, precision = shorter, meaning
    return plain, precision


def _domestic(plain: str, written: str, unit: str | None) -> Amount:
    if plain.startswith(("-", "负")):
        raise _error("negative", written)
    plain, precision = _qualified(plain)
    if bounds := re.fullmatch(r"([^-~至到]+)(?:-{1,2}|~|至|到)([^-~至到]+)", plain):
        return _range(bounds[1], bounds[2], written, unit)
    return Amount(_checked(_number(plain, unit), written), precision, text=written)


def _range(low: str, high: str, written: str, unit: str | None) -> Amount:
    """The lower end counts. 5-8亿元 gives its unit to both ends."""
    if not re.search("[万亿元]", low):
        low += re.search("[十百千万亿元个]*$", high)[0] if _value(low, False) is not None else ""
    lower, upper = _checked(_number(low, unit), written), _checked(_number(high, unit), written)
    if upper < lower:
        raise _error("unreadable", written)
    return Amount(lower, AmountPrecision.RANGE, upper, written)


def _number(plain: str, unit: str | None) -> Decimal | None:
    """In yuan, the sum of its parts (``1亿2000万``); None when it cannot be read."""
    body = re.sub("元[整正]?$", "", plain)
    in_yuan = body != plain
    value = _value(body.replace("个亿", "亿"), in_yuan)
    if value is None or in_yuan or re.search("[万亿]", body):
        return value
    return value * UNITS[unit or "元"]


def numeral(text: str) -> Decimal | None:
    """Digits or Chinese numerals as a number: 十二, 一百零三, 3万; None when they make none."""
    return _value(text, False)


def _value(text: str, in_yuan: bool) -> Decimal | None:
    """Digits or Chinese numerals, grouped by 亿 and 万; None when they make no number."""
    for word, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(word)
        if found:
            return _grouped(_value(head, False), _tail(tail, size, in_yuan), size)
    return _small(text)


def _grouped(head: Decimal | None, tail: Decimal | None, size: int) -> Decimal | None:
    if head is None or tail is None or (tail and head % 1):
        return None
    return head * size + tail


def _tail(text: str, size: int, in_yuan: bool) -> Decimal | None:
    """What follows 亿 or 万. 1亿5 and 一万五 are shorthand that can be misread: None."""
    if not text:
        return Decimal(0)
    value = _value(text.removeprefix("零"), in_yuan)
    if value is None or value >= size:
        return None
    if "万" in text or text.startswith("零"):
        return value
    clear = in_yuan if re.fullmatch(_PLAIN, text) else value * 10 >= size
    return value if clear else None


_DIGITS = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_DIGITS |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_TENS = {"十": 10, "百": 100, "千": 1000}
_FORMAL = str.maketrans("拾佰仟〇", "十百千零")
_ONE = f"([{''.join(_DIGITS)}])"
_CHINESE = re.compile(rf"(?:{_ONE}千)?(?:零?{_ONE}百)?(?:零?({_ONE}?十))?(?:(零)?{_ONE})?")


def _small(text: str) -> Decimal | None:
    """``70.5``, ``5千`` or Chinese numerals below ten thousand; 一千五 is not clear: None."""
    if re.fullmatch(_PLAIN, text):
        return Decimal(text)
    text = text.translate(_FORMAL)
    if mixed := re.fullmatch(rf"({_PLAIN})([十百千])", text):
        return Decimal(mixed[1]) * _TENS[mixed[2]]
    if text == "零":
        return Decimal(0)
    match = _CHINESE.fullmatch(text)
    if not match or not text or text.startswith("零"):
        return None
    thousands, hundreds, tens, ten, zero, ones = match.groups()
    if ones and (thousands or hundreds) and not (tens or zero):
        return None
    total = 1000 * _DIGITS.get(thousands, 0) + 100 * _DIGITS.get(hundreds, 0)
    total += 10 * _DIGITS.get(ten, 1) if tens else 0
    return Decimal(total + _DIGITS.get(ones, 0))


def _checked(yuan: Decimal | None, written: str) -> Decimal:
    if yuan is None:
        raise _error("unreadable", written)
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

    Rounded half up to two places, in the reader's language; never the source of another number.
    A negative difference keeps its sign.
    """
    if yuan is None:
        return str(_("undetermined"))
    ten_thousands = rounded(in_unit(yuan, "万元"), 2)
    if abs(ten_thousands) >= 10_000:  # 99,999,999元 would round to 10,000万元
        return _("%(amount)s 100m yuan") % {"amount": _short(in_unit(yuan, "亿元"))}
    if abs(yuan) >= UNITS["万元"]:
        return _("%(amount)s 10k yuan") % {"amount": _short(ten_thousands)}
    return _("%(amount)s yuan") % {"amount": _short(Decimal(yuan))}


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
