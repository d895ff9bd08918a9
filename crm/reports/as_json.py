"""A Table as JSON for programs: columns with their kinds, rows as lists, money in yuan."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

from crm.indicators.figures import in_decimal
from crm.money import UNITS, rounded

from .asking import UNIT
from .table import Column, Kind, Table
from .taking import taken_by

CONTENT_TYPE = "application/json"


def render(table: Table, *, by) -> bytes:
    """Money as text in yuan with two places, shares as text in percent, unknown as null."""
    table = taken_by(by, table)
    said = {
        "title": table.title,
        "as_of": table.as_of.isoformat(),
        "unit_line": table.unit_line,
        "sample_present": table.has_sample,
        "columns": [{"title": c.title, "kind": c.kind.value} for c in table.columns],
        "rows": [plain(row, table.columns) for row in table.rows],
        "total": plain(table.total, table.columns),
        "caution": table.caution,
        "notes": list(table.notes),
        "definition": table.definition,
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def plain(row: tuple, columns: tuple[Column, ...]) -> list:
    return [_value(value, column.kind) for value, column in zip(row, columns, strict=True)]


def _value(value, kind: Kind):
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Decimal | Fraction | int):
        return value if value is None else str(value)
    if kind is Kind.MONEY:
        return f"{rounded(in_decimal(value) * UNITS[UNIT], 2):f}"
    if kind is Kind.SHARE:
        return f"{rounded(in_decimal(value) * 100, 2):f}"
    return value if isinstance(value, int) else str(in_decimal(value))
