"""Rows split by one of their dimensions, added up in SQL."""

from .dimensions import CLOSED, DIMENSIONS, with_column


def grouped(rows, key: str, aggregates: dict) -> dict:
    """{value of the dimension: aggregates}; closed rows are one group unless the value is told."""
    dimension = DIMENSIONS[rows.model][key]
    rows, column = with_column(rows, key, dimension)
    by = [column] if dimension.told else [column, "is_open"]
    result: dict = {}
    for row in rows.order_by().values(*by).annotate(**aggregates):
        value, is_open = row.pop(column), row.pop("is_open", True)
        value = None if value == "" else value
        kept = result.setdefault(value if is_open else CLOSED, row)
        if kept is not row:
            kept |= {name: (kept[name] or 0) + (row[name] or 0) for name in row}
    return result
