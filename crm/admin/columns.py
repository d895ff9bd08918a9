"""What stands in the columns of lists."""

from django.db.models import Case, F, When
from django.utils.html import format_html
from django.utils.translation import gettext as _

from crm.money import AmountPrecision, format_yuan


def amount(yuan, precision: str = "") -> str:
    """An amount for reading, with 约 or 超 where it is not exact."""
    text = format_yuan(yuan)
    if yuan is None:
        return text
    if precision == AmountPrecision.ABOUT:
        return _("about %(amount)s") % {"amount": text}
    if precision in (AmountPrecision.AT_LEAST, AmountPrecision.RANGE):
        return _("over %(amount)s") % {"amount": text}
    return text


def badge(kind: str, value: str, label) -> str:
    """A coloured badge: ``badge("stage", "signed", "签约")``."""
    return format_html('<span class="badge {}-{}">{}</span>', kind, value, label)


def sample_mark(row, text) -> str:
    """The text, marked when the row is sample data."""
    if not row.is_sample:
        return text
    return format_html('{} <span class="mark-sample">{}</span>', text, _("sample"))


def late(day, on, text=None) -> str:
    """A date, red when it lies before ``on``."""
    if day is None:
        return "—"
    shown = text or f"{day:%Y-%m-%d}"
    return format_html('<span class="late">{}</span>', shown) if day < on else shown


def open_rows_by(field: str):
    """Sort by a column that closed rows do not show: their place must not tell what it holds."""
    return Case(When(is_open=True, then=F(field)))
