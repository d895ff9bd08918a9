"""Money that arrived: by month, park, project or origin, confirmed money only."""

from dataclasses import replace

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts, freezing, indicators
from crm.indicators.dimensions import CLOSED, DIMENSIONS
from crm.models import Arrival, Project
from crm.money import UNITS

from .asking import UNIT, Asked, Group, Line, closed_note, groups, money, table
from .drawing import bars_of
from .registry import Report, add_report
from .table import Column, Kind, Record

BY = {key: DIMENSIONS[Arrival][key].label for key in ("month", "project", "park", "origin")}
SUMS = {
    "count": Count("project", distinct=True),
    "yuan": Sum("amount_yuan"),
    "outside": Sum("amount_yuan", filter=Q(origin=Arrival.Origin.OUTSIDE)),
}


def build(asked: Asked):
    """A row for each group: projects, money, of which from outside and inside the province."""
    behind = asked.behind("arrivals")
    found = groups(asked, behind, asked.by, SUMS)
    names, closed = _names(asked, found)
    lines = [_line(asked, group, names) for group in found]
    figure = indicators.arrived_yuan(asked.scope, asked.period)
    projects = asked.rows(behind).aggregate(n=Count("project", distinct=True))["n"]
    total = Line(
        (_("total"), projects, money(figure.value), money(figure.parts["outside"]),
         money(figure.parts["inside"])),
        {1: asked.behind("paid"), 2: behind, 3: behind.where(origin=Arrival.Origin.OUTSIDE),
         4: behind.where(origin=Arrival.Origin.INSIDE)},
    )  # fmt: skip
    own = _("Of this, money for the projects signed in the period: %(amount)s 10k yuan.")
    return table(
        asked, _("Money arrived"), _columns(asked), lines, total, definition=figure.definition,
        notes=[own % {"amount": f"{money(figure.parts['own_signings']):,.2f}"},
               *freezing.corrections_notes(asked.scope, asked.period, ("arrived_yuan",)),
               *closed_note(closed)],
    )  # fmt: skip


def _columns(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 32),
        Column(_("projects"), Kind.COUNT, 10),
        Column(_("money arrived"), Kind.MONEY, 18),
        Column(_("from outside the province"), Kind.MONEY, 18),
        Column(_("from inside the province"), Kind.MONEY, 18),
    )


def _names(asked: Asked, found: list[Group]) -> tuple[dict, int]:
    """Of projects the name the reader may know; and how many are known by their code name."""
    if asked.by != "project":
        return {}, 0
    keys = [group.key for group in found]
    rows = Project.objects.filter(pk__in=keys).shown_to(asked.scope.reader)
    named = list(rows.values_list("pk", "shown_name", "is_open"))
    return {pk: name for pk, name, _open in named}, sum(not is_open for *_rest, is_open in named)


def _line(asked: Asked, group: Group, names: dict) -> Line:
    total, outside = group.found["yuan"], group.found["outside"] or 0
    drills: dict = {1: replace(group.behind, name="paid"), 2: group.behind}
    if asked.by == "project" and group.key not in (None, CLOSED):
        drills[0] = Record(Project, group.key)
    if asked.by != "origin":
        drills[3] = group.behind.where(origin=Arrival.Origin.OUTSIDE)
        drills[4] = group.behind.where(origin=Arrival.Origin.INSIDE)
    elif group.key:
        drills[3 if group.key == Arrival.Origin.OUTSIDE else 4] = group.behind
    label = names.get(group.key, group.label)
    values = (label, group.found["count"], money(total), money(outside), money(total - outside))
    return Line(values, drills)


def draw(asked: Asked, shown, link):
    """By month: this year beside last year; else bars."""
    if asked.by != "month":
        return bars_of(shown, link, value=2)
    now, then = _months(shown, link), _before(asked)
    year = asked.period.start.year
    names = (_("year %(year)s") % {"year": year}, _("year %(year)s") % {"year": year - 1})
    return charts.responsive(
        charts.columns, now, then, title=_("Money arrived"), names=names, form=charts.yuan_text
    )


def _months(shown, link) -> list[charts.Mark]:
    return [
        charts.Mark(cells[0], cells[2] * UNITS[UNIT], link(shown.drills[row, 2]))
        for row, cells in enumerate(shown.rows)
    ]


def _before(asked: Asked) -> list[charts.Mark]:
    """The months that the table shows, a year before."""
    earlier = asked.period.previous_year()
    months = {row.month: row.yuan for row in indicators.arrived_by_month(asked.scope, earlier)}
    shown = indicators.arrived_by_month(asked.scope, asked.period)
    return [
        charts.Mark(f"{row.month:%Y-%m}", months.get(row.month.replace(year=row.month.year - 1), 0))
        for row in shown
    ]  # fmt: skip


REPORT = add_report(
    Report(
        "arrivals", gettext_lazy("Money arrived"),
        gettext_lazy("Confirmed money by month, project, park or origin."),
        build, draw, BY, figure="arrived_yuan",
    )
)  # fmt: skip
