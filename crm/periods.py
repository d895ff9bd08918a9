"""Periods of business dates. All of them are half-open: [start, end)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.names import clean_text

FIRST_YEAR, LAST_YEAR = 1990, 2100


def today() -> date:
    """Today in the city's time zone, whatever the machine's."""
    return timezone.localdate()


@dataclass(frozen=True)
class Period:
    """Days from ``start`` up to, but without, ``end``."""

    start: date
    end: date

    def __post_init__(self):
        if self.end <= self.start:
            raise ValueError(f"a period ends after it starts: {self.start} – {self.end}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def cut(self) -> date:
        """The last day of the period; every figure is printed with it."""
        return self.end - timedelta(days=1)

    @classmethod
    def year(cls, year: int) -> "Period":
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        first = date(year, 3 * quarter - 2, 1)
        return cls(first, _months_later(first, 3))

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        first = date(year, month, 1)
        return cls(first, _months_later(first, 1))

    @classmethod
    def week(cls, day: date) -> "Period":
        """Monday to Sunday around the day."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=7))

    @classmethod
    def year_to_date(cls, cut: date) -> "Period":
        """1 January up to and including the day ``cut``."""
        return cls(date(cut.year, 1, 1), cut + timedelta(days=1))

    def previous_year(self) -> "Period":
        """The same days one year before. A whole February stays whole, leap year or not."""
        return Period(_year_before(self.start, 28), _year_before(self.end, 29))

    def previous(self) -> "Period":
        """The month, quarter or year before; for other periods as many days just before."""
        first = self.start
        for months in (1, 3, 12):
            if first.day == 1 and self.end == _months_later(first, months):
                return Period(_months_later(first, -months), first)
        return Period(first - (self.end - first), first)

    @property
    def code(self) -> str:
        """How addresses write it, for ``parse_period``: 2024, 2024-Q2, 2024-05, or both days."""
        year, month = self.start.year, self.start.month
        quarter = (month + 2) // 3
        if self == Period.year(year):
            return f"{year}"
        if self == Period.quarter(year, quarter):
            return f"{year}-Q{quarter}"
        if self == Period.month(year, month):
            return f"{year}-{month:02d}"
        return f"{self.start:%Y-%m-%d}..{self.cut:%Y-%m-%d}"

    def until(self, day: date) -> "Period":
        """What is gone of it at the end of the day; all of it when it is over."""
        return Period(self.start, min(self.end, day + timedelta(days=1)))

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """The period in words, in the reader's language: 2024年, 2024年第2季度, 2024年5月.

        Anything else by its first and last day.
        """
        year, month = self.start.year, self.start.month
        quarter = (month + 2) // 3
        if self == Period.year(year):
            return _("year %(year)s") % {"year": year}
        if self == Period.quarter(year, quarter):
            return _("quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}
        if self == Period.month(year, month):
            return _("month %(month)s of %(year)s") % {"month": month, "year": year}
        return f"{self.start:%Y-%m-%d} – {self.cut:%Y-%m-%d}"


def share_of_year_gone(cut: date) -> Fraction:
    """时序进度: days of the year gone at the end of ``cut`` ÷ days of the year."""
    year = Period.year(cut.year)
    return Fraction((cut - year.start).days + 1, (year.end - year.start).days)


def parse_month(text: str) -> Period:
    """``2024-05`` → that month; raises ValidationError for anything else."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", str(text).strip())
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and 1 <= int(match[2]) <= 12:
        return Period.month(int(match[1]), int(match[2]))
    raise ValidationError(
        _("“%(text)s” is not a month; expected e.g. 2024-05."),
        code="month",
        params={"text": clean_text(text)[:40]},
    )


def parse_year(text: str) -> Period:
    """``2024`` → that year; raises ValidationError for anything else."""
    year = str(text).strip()
    if re.fullmatch(r"[0-9]{4}", year) and FIRST_YEAR <= int(year) <= LAST_YEAR:
        return Period.year(int(year))
    raise ValidationError(
        _("“%(text)s” is not a year; expected e.g. 2024."),
        code="year",
        params={"text": clean_text(text)[:40]},
    )


def parse_period(text: str) -> Period:
    """A year, quarter, month or two days as ``Period.code`` writes them.

    Raises ValidationError for anything else.
    """
    written = str(text).strip()
    if match := re.fullmatch(r"([0-9]{4})-[Qq]([1-4])", written):
        return Period.quarter(parse_year(match[1]).start.year, int(match[2]))
    if match := re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})", written
    ):
        return _days(match[1], match[2])
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}", written):
        return parse_month(written)
    return parse_year(written)


def _days(first: str, last: str) -> Period:
    try:
        return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
    except (ValueError, OverflowError):
        raise ValidationError(
            _("“%(text)s” are no two days; expected e.g. 2024-01-01..2024-03-31."),
            code="days",
            params={"text": f"{first}..{last}"},
        ) from None


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _year_before(day: date, last_of_february: int) -> date:
    """29 February has no twin: a period starts on the 28th before, or ends where March begins."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28) + timedelta(days=last_of_february - 28)
    return day.replace(year=day.year - 1)
