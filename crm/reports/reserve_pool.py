"""The reserve pool by chain, park, size or task force: how many projects, how much money."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts, indicators
from crm.indicators.dimensions import DIMENSIONS
from crm.models import Project
from crm.money import UNITS

from .asking import (
    PLANNED,
    UNIT,
    Asked,
    Line,
    amount_cells,
    exactness,
    groups,
    money,
    table,
    unknown_note,
)
from .drawing import bars_of, layout_map
from .registry import Report, add_report
from .table import Column, Kind, Made

BY = {key: DIMENSIONS[Project][key].label for key in ("chain", "park", "size", "team")}


def build(asked: Asked):
    """A row for each group; count, planned investment and its share, and what is unknown."""
    behind = asked.behind("reserve")
    found = groups(asked, behind, asked.by, PLANNED)
    whole = sum(group.found["yuan"] or 0 for group in found)
    lines = [
        Line(
            (group.label, group.found["count"], *amount_cells(group.found),
             _part(group.found["yuan"], whole), group.found["unknown"]),
            {1: group.behind, 2: group.behind, 5: group.behind.where(amount=None)},
        )
        for group in found
    ]  # fmt: skip
    count = indicators.reserve_projects(asked.scope, asked.period)
    planned = indicators.reserve_planned_yuan(asked.scope, asked.period)
    total = Line(
        (_("total"), count.value, money(planned.value), exactness(planned.precision), None,
         planned.unknown),
        {1: behind, 2: behind, 5: behind.where(amount=None)},
    )  # fmt: skip
    return table(
        asked, _("Reserve pool"), _columns(asked), lines, total,
        notes=unknown_note(planned.unknown), definition=f"{count.definition} {planned.definition}",
    )  # fmt: skip


def _part(yuan, whole):
    return yuan / whole if yuan and whole else None


def _columns(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 30),
        Column(_("projects"), Kind.COUNT, 10),
        Column(_("planned investment"), Kind.MONEY, 18, _("undetermined")),
        Column(_("how exact"), Kind.TEXT, 10),
        Column(
            _("share of the sum"),
            Kind.SHARE,
            12,
            made=Made(_("investment of the row ÷ investment of the whole"), (2,), (2,)),
        ),
        Column(_("of which undetermined"), Kind.COUNT, 12),
    )


def draw(asked: Asked, shown, link):
    """Bars of the money; by park the city's own layout."""
    if asked.by != "park":
        return bars_of(shown, link, value=2, note=1)
    return park_map(asked, link)


def park_map(asked: Asked, link):
    """The parks in the areas of the 1 + 3 + X layout, with count and planned investment."""
    behind = asked.behind("reserve")
    found = {group.key: group for group in groups(asked, behind, "park", PLANNED)}
    return layout_map(
        lambda park: _mark(park, found, link), title=_("Reserve pool by park"),
        form=charts.yuan_text,
    )  # fmt: skip


def _mark(park, found, link) -> charts.Mark:
    group = found.get(park.pk)
    if group is None:
        return charts.Mark(str(park), 0)
    yuan, _exact = amount_cells(group.found)
    note = _("%(count)s projects") % {"count": group.found["count"]}
    value = None if yuan is None else yuan * UNITS[UNIT]
    return charts.Mark(str(park), value, link(group.behind), note)


REPORT = add_report(
    Report(
        "reserve_pool", gettext_lazy("Reserve pool"),
        gettext_lazy("The reserve by industry chain, park, size or task force."),
        build, draw, BY, figure="reserve_projects",
    )
)  # fmt: skip
