"""Charts of a table's own numbers: what is drawn is what is printed."""

from crm import charts
from crm.money import UNITS

from .asking import UNIT
from .table import Kind, Table

MOST_BARS = 16


def bars_of(table: Table, link, *, label: int = 0, value: int, note: int | None = None, line=None):
    """A bar for every row: money in yuan, shares in percent, counts as they are.

    The longest lists are cut off; the table below holds the rest.
    """
    kind = table.columns[value].kind
    marks = [
        charts.Mark(
            str(cells[label]), _plain(cells[value], kind), _url(table, link, row, value),
            "" if note is None or cells[note] is None else f"{cells[note]:,}",
        )
        for row, cells in enumerate(table.rows[:MOST_BARS])
    ]  # fmt: skip
    title = f"{table.title}：{table.columns[value].title}"
    return charts.responsive(charts.bars, marks, title=title, form=form_of(kind), line=line)


def form_of(kind: Kind):
    """How values of such a column are written."""
    known = {Kind.MONEY: charts.yuan_text, Kind.SHARE: charts.percent_text}
    return known.get(kind, charts.count_text)


def _plain(value, kind: Kind):
    return value * UNITS[UNIT] if kind is Kind.MONEY and value is not None else value


def _url(table: Table, link, row: int, column: int) -> str:
    behind = table.drills.get((row, column))
    return link(behind) if behind else ""
