"""A value of a table as people read it, on the page and in Word."""

from datetime import date

from crm.indicators.figures import in_decimal
from crm.money import rounded

from .table import Column, Kind


def cell_text(value, column: Column, *, total: bool = False) -> str:
    """Money with separators and at most two places; None as the column says, not in a total."""
    if value is None:
        return "" if total else column.empty
    if column.kind is Kind.SHARE and not isinstance(value, str):
        return f"{rounded(in_decimal(value) * 100, 1):,}%"
    if isinstance(value, date):
        return f"{value:%Y-%m}" if column.kind is Kind.MONTH else value.isoformat()
    if isinstance(value, str):
        return value
    exact = rounded(in_decimal(value), 2)
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
