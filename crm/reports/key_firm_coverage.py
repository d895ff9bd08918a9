"""Key-firm coverage: which of the firms to be courted were visited, and what came of it."""

from fractions import Fraction

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts, indicators
from crm.indicators.dimensions import DIMENSIONS
from crm.models import Company

from .asking import Asked, Line, grouped, labels, table
from .drawing import bars_of
from .registry import Report, add_report
from .table import Column, Kind, Made

BY = {key: DIMENSIONS[Company][key].label for key in ("tier", "team", "province")}
COUNT = {"count": Count("pk")}


def build(asked: Asked):
    """A row for each tier, owning task force or home province: listed, visited, not visited."""
    listed, met, missed = (asked.behind(name) for name in SETS)
    found = grouped(asked.rows(listed), asked.by, COUNT)
    seen = grouped(asked.rows(met), asked.by, COUNT)
    names = labels(asked.by, Company, found)
    order = sorted(found, key=lambda key: (key is None, _rank(asked.by, found, names, key)))
    lines = [
        _line(names[key], found[key]["count"], seen.get(key, {"count": 0})["count"],
              [behind.where(**{asked.by: key}) for behind in (listed, met, missed)])
        for key in order
    ]  # fmt: skip
    figure = indicators.coverage(asked.scope, asked.period)
    total = _line(_("total"), figure.denominator, figure.numerator, [listed, met, missed])
    return table(
        asked, _("Key-firm coverage"), _columns(asked), lines, total, definition=figure.definition
    )


SETS = ("key_firms", "key_firms_met", "key_firms_missed")


def _rank(by: str, found: dict, names: dict, key):
    """Tiers by name, all others by size."""
    return (0, names[key]) if by == "tier" else (-found[key]["count"], names[key])


def _columns(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 26),
        Column(_("key firms"), Kind.COUNT, 12),
        Column(_("visited"), Kind.COUNT, 12),
        Column(_("not visited"), Kind.COUNT, 12),
        Column(
            _("coverage"),
            Kind.SHARE,
            12,
            "—",
            made=Made(_("key firms visited ÷ key firms"), (2, 1)),
        ),
    )


def _line(label: str, listed: int, met: int, behind: list) -> Line:
    rate = Fraction(met, listed) if listed else None
    return Line((label, listed, met, listed - met, rate), dict(enumerate(behind, start=1)))


def draw(asked: Asked, shown, link):
    """By province a map; else the share reached of every row."""
    if asked.by != "province":
        return bars_of(shown, link, value=4)
    listed = asked.behind("key_firms")
    found = grouped(asked.rows(listed), "province", COUNT)
    names = labels("province", Company, found)
    marks = {
        key: charts.Mark(names[key], values["count"], link(listed.where(province=key)))
        for key, values in found.items()
    }
    shapes = charts.shapes()["provinces"]
    inside = {key: mark for key, mark in marks.items() if key in shapes}
    elsewhere = [mark for key, mark in marks.items() if key not in shapes]
    return charts.provinces(inside, elsewhere=elsewhere, title=_("Key firms by home province"))


REPORT = add_report(
    Report(
        "key_firm_coverage", gettext_lazy("Key-firm coverage"),
        gettext_lazy("Which key firms were visited, by tier, task force and home province."),
        build, draw, BY, figure="coverage",
    )
)  # fmt: skip
