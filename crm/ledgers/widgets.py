"""Cells to values: one widget per kind of column, for django-import-export's fields.

``clean(value, row, note=…)`` returns the value, None for an empty or unknown cell, or raises
ValidationError; ``note`` is called with what should be looked at though it is accepted.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from import_export.widgets import Widget

from crm import dates, people, quantities
from crm.codes import clean_uscc
from crm.money import Amount, AmountPrecision, in_unit, parse_amount
from crm.names import clean_text, match_key
from crm.periods import parse_year

from .book import Fault

UNKNOWN = {"", "/", "—", "-", "--", "——", "待定", "暂无", "无", "未定", "不详", "N/A", "n/a"}
APPROXIMATE = re.compile("[约余多]|左右|以上|不少于")
# A bare number of so many 亿元 was most likely meant in 万元.
IMPLAUSIBLE = {"亿元": Decimal(1_000), "万元": Decimal(10_000_000)}


class LedgerWidget(Widget):
    """Knows the ledger's year, and the unit of its own column."""

    year: int | None = None
    unit = ""

    def clean(self, value, row=None, *, note=None, **kwargs):
        if isinstance(value, Fault):
            raise ValidationError(
                _("The cell holds “%(text)s”, no value; expected a value."),
                params={"text": value.text},
            )
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return self.read(value, note)

    def read(self, value, note):
        raise NotImplementedError


def as_text(value) -> str:
    """A cell as text: a whole number without its point, a date as 2024-05-12."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return clean_text(value)


class TextWidget(LedgerWidget):
    """Text up to a length; words that say “unknown” are empty."""

    def __init__(self, longest: int = 0, *, one_line: bool = True):
        super().__init__()
        self.longest, self.one_line = longest, one_line

    def read(self, value, note):
        text = as_text(value)
        if self.one_line:
            text = " ".join(text.split())
        if text in UNKNOWN:
            return None
        if self.longest and len(text) > self.longest:
            raise ValidationError(
                _("The text has %(count)s characters; expected at most %(longest)s."),
                params={"count": len(text), "longest": self.longest},
            )
        return text


class NameWidget(TextWidget):
    """One firm's or project's name, without the remarks that ledgers add to it."""

    def read(self, value, note):
        names = people.split_firms(as_text(value))
        return super().read("、".join(names[:1]), note) if names else None


class FirmsWidget(LedgerWidget):
    """Several firms in one cell: a list of names, the leading one first."""

    def read(self, value, note):
        return people.split_firms(as_text(value)) or None


class MoneyWidget(LedgerWidget):
    """An ``Amount``; bare numbers are in the unit of the heading or the ledger."""

    def read(self, value, note) -> Amount:
        if isinstance(value, Decimal):
            value = round(
                value, 10
            ).normalize()  # Excel keeps 15 digits: 0.1 + 0.2 is not meant to be exact
        amount = parse_amount(value, unit=self.unit or None)
        self._look_at(amount, value, note)
        return amount

    def _look_at(self, amount, value, note) -> None:
        bare = isinstance(value, Decimal) or str(value).replace(",", "").strip().isdigit()
        limit = IMPLAUSIBLE.get(self.unit)
        if amount.yuan == 0:
            note(_("The amount is 0; an unknown amount is left empty."))
        elif bare and limit and in_unit(amount.yuan, self.unit) >= limit:
            note(_("The column is in %(unit)s; is the unit right?") % {"unit": self.unit})
        if amount.precision == AmountPrecision.RANGE:
            note(_("A range: the lower end counts; please review."))


class DateWidget(LedgerWidget):
    """A date; ``planned`` dates may be a month, a quarter, a year."""

    def __init__(self, *, planned: bool = False):
        super().__init__()
        self.planned = planned

    def read(self, value, note) -> date | None:
        return self._reading(value, note).day

    def _reading(self, value, note) -> dates.DateReading:
        reading = dates.parse_date(value, year=self.year, planned=self.planned)
        if reading.flag:
            note(reading.flag)
        return reading


class WrittenDateWidget(DateWidget):
    """A date, and the text as written where it says less than a day."""

    def read(self, value, note) -> tuple[date, str] | None:
        reading = self._reading(value, note)
        is_exact = reading.precision == dates.DatePrecision.DAY
        return reading.day and (reading.day, "" if is_exact else reading.text)


class MonthWidget(LedgerWidget):
    def read(self, value, note) -> date | None:
        return dates.parse_month_cell(value, year=self.year)


class YearWidget(LedgerWidget):
    """2026, 2026年, 2026年度, 2026届 → 2026."""

    def read(self, value, note) -> int:
        return parse_year(re.sub("(年|年度|届|级)$", "", as_text(value).strip())).start.year


class PeriodWidget(LedgerWidget):
    """First and last day, and the text as written."""

    def read(self, value, note):
        return dates.parse_date_range(value, year=self.year)


class ChoiceWidget(LedgerWidget):
    """One of a closed list, by any of its usual words; ``contains`` also accepts longer texts."""

    def __init__(self, words: dict[str, str], *, contains: bool = False):
        super().__init__()
        self.words = {match_key(word): key for word, key in words.items()}
        self.contains = contains

    def read(self, value, note):
        text = match_key(as_text(value))
        if text in self.words:
            return self.words[text]
        found = [key for word, key in self.words.items() if self.contains and word in text]
        if found:
            return found[0]
        if text in UNKNOWN:
            return None
        raise ValidationError(
            _("“%(text)s” is not known here; expected one of: %(words)s."),
            params={"text": as_text(value)[:60], "words": "、".join(list(self.words)[:12])},
        )


class ChoicesWidget(LedgerWidget):
    """Several of a closed list, e.g. marks of a firm; unknown words are told and left out."""

    def __init__(self, words: dict[str, str]):
        super().__init__()
        self.words = {match_key(word): key for word, key in words.items()}

    def read(self, value, note):
        keys = []
        for part in people.split_people(as_text(value)):
            key = self.words.get(match_key(part))
            if key:
                keys.append(key)
            elif part not in UNKNOWN:
                note(_("“%(text)s” is not a known mark; left out.") % {"text": part})
        return keys or None


class CodeWidget(LedgerWidget):
    """A unified social credit code."""

    def read(self, value, note):
        text = as_text(value)
        return None if text in UNKNOWN else clean_uscc(text)


class PhoneWidget(LedgerWidget):
    def read(self, value, note):
        if as_text(value) in UNKNOWN:
            return None
        return people.phone_of(value) or None


class ContactWidget(LedgerWidget):
    """A name, perhaps with a telephone number behind it: (name, phone)."""

    def read(self, value, note):
        name, phone = people.split_contact(as_text(value))
        return None if name in UNKNOWN and not phone else (name, phone)


class QuantityWidget(LedgerWidget):
    """A number with its unit, read by one of ``crm.quantities``."""

    def __init__(self, parser: str):
        super().__init__()
        self.parse = getattr(quantities, parser)

    def read(self, value, note):
        text = as_text(value)
        if APPROXIMATE.search(text):
            note(_("About so many: the number itself is taken."))
        return self.parse(text)
