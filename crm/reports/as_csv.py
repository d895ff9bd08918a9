"""A Table as CSV that Excel and WPS open in Chinese without asking."""

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import StringIO

from crm.indicators.figures import in_decimal
from crm.money import rounded

from .table import Column, Kind, Table
from .taking import taken_by

CONTENT_TYPE = "text/csv; charset=utf-8"
RISKY = ("=", "+", "-", "@", "\t", "\r")


def render(table: Table, *, by) -> bytes:
    """Title and unit line, header, rows, total, notes; UTF-8 with its mark, a comma between."""
    table = taken_by(by, table)
    target = StringIO()
    writer = csv.writer(target)
    writer.writerow([safe(table.title)])
    writer.writerow([safe(table.unit_line)])
    writer.writerow([safe(column.title) for column in table.columns])
    for row in (*table.rows, table.total):
        writer.writerow(
            [written(value, column) for value, column in zip(row, table.columns, strict=True)]
        )
    for note in filter(None, (table.caution, *table.notes, table.definition)):
        writer.writerow([safe(note)])
    return ("\ufeff" + target.getvalue()).encode()


def written(value, column: Column) -> str:
    """Numbers as digits without separators, days as 2024-05-01, shares in percent."""
    if value is None:
        return ""
    if column.kind is Kind.SHARE and not isinstance(value, str):
        return f"{rounded(in_decimal(value) * 100, 2)}%"
    if column.kind is Kind.MONTH and isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, Decimal | Fraction):
        return f"{in_decimal(value).normalize():f}"
    return safe(value) if isinstance(value, str) else str(value)


def safe(text: str) -> str:
    """Text that a spreadsheet would take for a formula stands behind an apostrophe."""
    return f"'{text}" if text.startswith(RISKY) else text
