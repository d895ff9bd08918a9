"""Dates as offices write them: a day, or the first day of what is written, with a flag."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.names import clean_text, has_marks
from crm.periods import FIRST_YEAR, LAST_YEAR

SERIAL_ZERO = date(1899, 12, 30)
LONGEST = 60
SERIALS = range(32_874, 73_416)  # 1990 to 2100
UNKNOWN = {"", "待定", "暂无", "无", "未定", "不详", "/", "-", "--", "—", "——"}


class DatePrecision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    PART = "part", _("part of a month")
    YEAR = "year", _("year")
    RANGE = "range", _("range")
    UNKNOWN = "unknown", _("unknown")


@dataclass(frozen=True)
class DateReading:
    """``day`` is the first day of what is written; ``last`` the last of a range."""

    day: date | None
    precision: str = DatePrecision.DAY
    text: str = ""
    last: date | None = None
    flag: str = ""


_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_ISO = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?")
_TIME = re.compile(r"(?<=[0-9日])[ T]+[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?$")
_COMPACT = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?份?")
_PART = re.compile(r"(?:([0-9]{4})年)?([0-9]{1,2})月(?:份)?(上旬|中旬|下旬|初|底|末|中)")
_NO_YEAR = re.compile(r"([0-9]{1,2})[月.]([0-9]{1,2})[日号]?")
_ONLY_MONTH = re.compile(r"([0-9]{1,2})月份?")
_YEAR = re.compile(r"([0-9]{4})年?")
_SPANS = {
    "上半年": (1, 6), "下半年": (7, 12), "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9),
    "四季度": (10, 12), "第一季度": (1, 3), "第二季度": (4, 6), "第三季度": (7, 9),
    "第四季度": (10, 12), "年初": (1, 1), "年底": (12, 12), "年末": (12, 12), "年内": (1, 12),
}  # fmt: skip
_QUARTERS = re.compile("第?([1-4])季度")
_BEFORE = re.compile("(?:(?<=[月日号旬])|(?<=月[底末]))(?:以前|之前|前)$")
_SPAN = re.compile(rf"(?:([0-9]{{4}})年?|今年|本年)?({'|'.join(_SPANS)})前?")
_FIRST_DAY = {"上旬": 1, "初": 1, "中旬": 11, "中": 11, "下旬": 21}


def parse_date(value, *, year: int | None = None, planned: bool = False) -> DateReading:
    """Read a cell that holds a date; ``year`` is the ledger's, for 5月12日.

    Only ``planned`` dates may be a quarter, half or whole year. Raises ValidationError: unreadable,
    impossible, ambiguous (a number 2025.1 may be January or October), without any year.
    """
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return DateReading(_day(day.year, day.month, day.day, day.isoformat()))
    if value is None:
        return DateReading(None, DatePrecision.UNKNOWN)
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return _from_number(Decimal(str(value)))
    return _from_text(clean_text(value), year, planned)


def _from_text(written: str, year, planned: bool) -> DateReading:
    if len(written) > LONGEST or has_marks(written):
        raise _error("date", written[:LONGEST])
    plain = _plain(written)
    if plain in UNKNOWN:
        return DateReading(None, DatePrecision.UNKNOWN, written)
    if planned and (shorter := _BEFORE.sub("", plain)) != plain:
        return _deadline(_from_text(shorter, year, planned), written, shorter)
    reading = _exact(plain, written) or _month(plain, written, year)
    reading = reading or _without_year(plain, written, year) or _span(plain, written, year, planned)
    if reading is None:
        raise _error("date", written)
    return reading


def _deadline(reading: DateReading, written: str, plain: str) -> DateReading:
    """6月底前 is by the end of June, 6月前 by the end of May; 6月30日前 names its day."""
    day = reading.day
    if reading.precision == DatePrecision.PART:
        day = _end(day) if plain.endswith(("底", "末")) else day
    elif reading.precision == DatePrecision.MONTH:
        day = day - timedelta(days=1)
    return DateReading(day, reading.precision, written, flag=_("a deadline: its last day is taken"))


def _plain(written: str) -> str:
    """Half width, Arabic digits, no blanks; 二〇二五年五月十二日 → 2025年5月12日."""
    plain = _TIME.sub("", unicodedata.normalize("NFKC", written))
    plain = re.sub(r"\s+", "", plain)
    plain = re.sub("[–—−]", "-", plain) if len(plain) > 2 else plain
    plain = _QUARTERS.sub(lambda m: f"{'一二三四'[int(m[1]) - 1]}季度", plain)
    plain = re.sub("([一二三]?)十([一二三四五六七八九]?)(?=[月日号])", _tens, plain)
    return re.sub(
        "[〇零一二三四五六七八九]+(?=[年月日号])", lambda m: m[0].translate(_DIGITS), plain
    )


def _tens(found) -> str:
    return (found[1] or "一").translate(_DIGITS) + (found[2] or "0").translate(_DIGITS)


def _from_number(number: Decimal) -> DateReading:
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise _error("date", f"{number:E}"[:40])
    text = f"{number:f}"[:40]
    if number == int(number):
        whole = int(number)
        if whole in SERIALS:
            return DateReading(SERIAL_ZERO + timedelta(days=whole), text=text)
        if match := _COMPACT.fullmatch(str(whole)):
            return DateReading(_day(*match.groups(), text), text=text)
    if re.fullmatch(r"[12][0-9]{3}\.[0-9]{1,2}", text):
        raise _error("ambiguous", text)
    raise _error("date", text)


def _exact(plain: str, written: str) -> DateReading | None:
    match = _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match:
        return DateReading(_day(*match.groups(), written), text=written)
    if plain.isascii() and plain.isdigit() and int(plain[:12]) in SERIALS and len(plain) == 5:
        return DateReading(SERIAL_ZERO + timedelta(days=int(plain)), text=written)
    return None


def _month(plain: str, written: str, year) -> DateReading | None:
    if match := _MONTH.fullmatch(plain):
        day = _day(match[1], match[2], 1, written)
        return DateReading(day, DatePrecision.MONTH, written, _end(day), _("only the month"))
    match = _PART.fullmatch(plain)
    if match is None:
        return None
    in_year = _year_of(match[1], year, written)
    first = _day(in_year, match[2], 1, written)
    start = _FIRST_DAY.get(match[3]) or _end(first).day - 4
    return DateReading(
        first.replace(day=start), DatePrecision.PART, written, flag=_("only a part of the month")
    )


def _without_year(plain: str, written: str, year) -> DateReading | None:
    if match := _NO_YEAR.fullmatch(plain):
        day = _day(_year_of(None, year, written), match[1], match[2], written)
        return DateReading(day, text=written, flag=_("the year is the ledger's"))
    if match := _ONLY_MONTH.fullmatch(plain):
        day = _day(_year_of(None, year, written), match[1], 1, written)
        return DateReading(day, DatePrecision.MONTH, written, _end(day), _("only the month"))
    return None


def _span(plain: str, written: str, year, planned: bool) -> DateReading | None:
    whole = _YEAR.fullmatch(plain.removesuffix("前"))
    match = None if whole else _SPAN.fullmatch(plain)
    if not (whole or match):
        return None
    if not planned:
        raise _error("range_not_planned", written)
    first, last = (1, 12) if whole else _SPANS[match[2]]
    in_year = _year_of((whole or match)[1], year, written)
    start, end = _day(in_year, first, 1, written), _end(_day(in_year, last, 1, written))
    precision = DatePrecision.YEAR if whole else DatePrecision.RANGE
    return DateReading(start, precision, written, end, _("a period: its first day is taken"))


def _year_of(written_year, year, written: str) -> int:
    if written_year is None and year is None:
        raise _error("no_year", written)
    return int(written_year or year)


def _day(year, month, day, written: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError as error:
        raise _error("impossible", written) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _error("impossible", written)
    return found


def _end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


_RANGE = re.compile(r"(.+?)(?:-{1,2}|~|至|到)(.+)")


def parse_date_range(value, *, year: int | None = None) -> tuple[date, date, str]:
    """First and last day, and the text: 2024年4月8日-12日, 2024.4.8-4.12, 4月8日至5月2日."""
    if not isinstance(value, str):
        day = parse_date(value, year=year).day
        if day is None:
            raise _error("date", "")
        return day, day, ""
    written, plain = clean_text(value)[:60], _plain(clean_text(value)[:60])
    try:
        reading = parse_date(plain, year=year)
    except ValidationError:
        return _two_days(plain, written, year)
    if reading.day is None:
        raise _error("date", written)
    return reading.day, reading.last or reading.day, written


def _two_days(plain: str, written: str, year) -> tuple[date, date, str]:
    for match in re.finditer("-{1,2}|~|至|到|—", plain):
        try:
            first = parse_date(plain[: match.start()], year=year).day
            last = _second(plain[match.end() :], first)
        except ValidationError:
            continue
        if first and last and first <= last:
            return first, last, written
    raise _error("date", written)


def _second(text: str, first: date | None) -> date | None:
    if first and (match := re.fullmatch("([0-9]{1,2})[日号]?", text)):
        return _day(first.year, first.month, match[1], text)
    reading = parse_date(text, year=first and first.year)
    turns = first and reading.day and reading.day.month < first.month
    if turns and not re.match("[0-9]{4}", text):
        reading = parse_date(text, year=first.year + 1)  # 12月28日至1月3日
    return reading.last or (_end(reading.day) if text.endswith(("底", "末")) else reading.day)


def parse_month_cell(value, *, year: int | None = None) -> date | None:
    """First day of a month: 2024年5月, 2024-05, 202405, 5月 (of the ledger's year), or a date."""
    compact = re.fullmatch("([12][0-9]{3})([0-9]{2})", str(value).strip())
    if compact:
        return _day(compact[1], compact[2], 1, str(value))
    day = parse_date(value, year=year).day
    return day and day.replace(day=1)


_DEADLINE = re.compile(
    r"^((?:[0-9]{4}[年.-])?[0-9]{1,2}月(?:[0-9]{1,2}[日号]|上旬|中旬|下旬|初|底|末)?|年底|年内)"
    r"(?:以?前|内)?"
)


def leading_deadline(text, *, year: int | None) -> date | None:
    """The day that a text begins with: 5月底前寄送资料 → 31 May, 6月回访 → 1 June. Never raises."""
    match = _DEADLINE.match(_plain(clean_text(text)[:60]))
    if match is None:
        return None
    try:
        reading = parse_date(match[1], year=year, planned=True)
    except ValidationError:
        return None
    if match[1].endswith(("底", "末", "年内")) and reading.day:
        return reading.last or _end(reading.day)
    return reading.day


_MESSAGES = {
    "date": _("“%(text)s” is not a date; expected e.g. 2025-05-12 or 2025年5月12日."),
    "impossible": _("“%(text)s” is a date that does not exist."),
    "ambiguous": _("The number “%(text)s” may be January or October; write e.g. 2025-10-01."),
    "no_year": _("“%(text)s” has no year, and the ledger names none."),
    "range_not_planned": _("“%(text)s” is a period; expected the day it happened."),
}


def _error(code: str, written: str) -> ValidationError:
    return ValidationError(_MESSAGES[code], code=code, params={"text": written})
