"""Charts of a table's own numbers: what is drawn is what is printed."""

from django.utils.translation import gettext as _

from crm import charts
from crm.models import DistrictArea, Park
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


def layout_map(mark_of, *, title: str, form):
    """The parks in the areas of the city's 1 + 3 + X layout, each with its ``mark_of(park)``."""
    parks = list(Park.objects.live().current().select_related("district_area"))
    by_kind: dict = {kind: [] for kind in DistrictArea.Kind.values}
    for area in DistrictArea.objects.live().current():
        own = [mark_of(park) for park in parks if park.district_area_id == area.pk]
        by_kind[area.kind].append(charts.Area(area.name, own, area.focus))
    cluster = (by_kind["cluster"] or [charts.Area("")])[0]
    loose = [mark_of(park) for park in parks if park.district_area_id is None]
    if loose:
        by_kind["area"].append(charts.Area(_("further parks"), loose))
    applications = next(iter(by_kind["application"]), None)
    return charts.responsive(
        charts.parks, cluster, by_kind["area"], applications, title=title, form=form
    )
