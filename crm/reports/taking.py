"""A report as somebody takes it out: without the columns that stay, and marked."""

from dataclasses import replace

from crm.models import ExportRule
from crm.watermark import watermark

from .table import Table


def taken_by(user, table: Table) -> Table:
    """The table without what the user's role may not take out; it says who took it and when."""
    withheld = ExportRule.objects.withheld_anywhere(user.role)
    kept = [i for i, column in enumerate(table.columns) if column.shows not in withheld]
    if len(kept) < len(table.columns):
        table = replace(
            table, columns=_only(table.columns, kept), total=_only(table.total, kept),
            rows=tuple(_only(row, kept) for row in table.rows), drills={},
        )  # fmt: skip
    return replace(table, mark=watermark(user))


def _only(values: tuple, places: list[int]) -> tuple:
    return tuple(values[place] for place in places)
