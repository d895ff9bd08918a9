"""Visits and outreach: who went where, whom they met, and what came of it."""

from fractions import Fraction

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts, indicators
from crm.indicators.activity import outbound_visits
from crm.indicators.behind import has_signed
from crm.indicators.dimensions import DIMENSIONS
from crm.models import Project, Trip, Visit
from crm.periods import Period

from .asking import Asked, Line, labels, table
from .registry import Report, add_report
from .table import Column, Kind, Made, Record

BY = {key: DIMENSIONS[Visit][key].label for key in ("team", "trip", "event", "city")}
LED = "company__led_projects"
MOST_CITIES = 12


def build(asked: Asked):
    """A row for each task force, trip, event or city; the total is the union, never the sum."""
    found = _found(asked)
    names = labels(asked.by, Visit, found)
    trips = _trips(asked) if asked.by == "team" else {}
    lines = [
        _line(asked, key, names[key], found[key], trips)
        for key in sorted(found, key=lambda key: (key is None, -found[key]["visits"], names[key]))
    ]
    notes = [_("A firm met by several is one in each row and one in the total.")]
    return table(
        asked, _("Visits and outreach"), _columns(asked), lines, _total(asked, trips), notes=notes,
        definition=_(
            "Outbound visits, one per firm met; met again: on two days or more; projects whose "
            "lead investor was met before they were reported; signed: with a formal contract "
            "by the cut."
        ),
    )  # fmt: skip


def _columns(asked: Asked):
    first = [Column(str(BY[asked.by]), Kind.TEXT, 30)]
    visits = 2 if asked.by == "team" else 1
    firms, projects, signed = visits + 1, visits + 3, visits + 4
    if asked.by == "team":
        first.append(Column(_("trips"), Kind.COUNT, 10))
    return (
        *first,
        Column(_("visits"), Kind.COUNT, 10),
        Column(_("firms visited"), Kind.COUNT, 10),
        Column(_("firms visited again"), Kind.COUNT, 12),
        Column(_("projects after a visit"), Kind.COUNT, 14),
        Column(_("of which signed"), Kind.COUNT, 12),
        Column(
            _("visit to project"),
            Kind.SHARE,
            12,
            made=Made(_("projects after a visit ÷ firms visited"), (projects, firms)),
        ),
        Column(
            _("project to deal"),
            Kind.SHARE,
            12,
            made=Made(_("projects signed ÷ projects after a visit"), (signed, projects)),
        ),
    )


def _found(asked: Asked) -> dict:
    """{value: counts}: visits and firms, then firms met again, then projects; three queries."""
    visits = outbound_visits(asked.scope, asked.period)
    column = DIMENSIONS[Visit][asked.by].path
    counted = visits.order_by().values_list(column).annotate(
        Count("pk"), Count("company", distinct=True)
    )  # fmt: skip
    found = {
        key: {"visits": n, "firms": firms, "again": 0, "projects": 0, "signed": 0}
        for key, n, firms in counted
    }
    for key, n in _again(visits, column):
        found[key]["again"] = n
    for key, projects, signed in _led(asked, visits, column):
        found[key] |= {"projects": projects, "signed": signed}
    return found


def _again(visits, column: str):
    """Firms that the same task force (trip, event, city) met on two days or more."""
    days = Count("held_on", distinct=True)
    pairs = visits.order_by().values(column, "company").annotate(days=days)
    again: dict = {}
    for pair in pairs.filter(days__gt=1):
        again[pair[column]] = again.get(pair[column], 0) + 1
    return again.items()


def _led(asked: Asked, visits, column: str):
    projects = asked.scope.of(None).rows(Project).filter(reported_on__lt=asked.period.end)
    signed = projects.filter(has_signed(asked.period)).values("pk")
    after = visits.filter(
        **{f"{LED}__in": projects.values("pk"), f"{LED}__reported_on__gte": F("held_on")}
    )
    rows = (
        after.order_by()
        .values(column)
        .annotate(
            projects=Count(LED, distinct=True),
            signed=Count(LED, distinct=True, filter=Q(**{f"{LED}__in": signed})),
        )
    )
    return [(row[column], row["projects"], row["signed"]) for row in rows]


def _trips(asked: Asked) -> dict:
    """Trips that each task force led or joined."""
    rows = indicators.trips_by_team(asked.scope, asked.period)
    return {row.team_id: row.value for row in rows}


def _line(asked: Asked, key, label: str, found: dict, trips: dict) -> Line:
    of = {asked.by: key}
    first, drills = [label], {}
    if asked.by == "trip" and key is not None:
        drills[0] = Record(Trip, key)
    if asked.by == "team":
        first.append(trips.get(key, 0))
        drills[1] = asked.behind("trips").where(team=key)
    sets = ("visits", "firms", "firms_again", "led_to", "led_to_deals")
    drills |= {at: asked.behind(name).where(**of) for at, name in enumerate(sets, len(first))}
    return Line((*first, *_cells(found)), drills)


def _cells(found: dict) -> tuple:
    firms, projects = found["firms"], found["projects"]
    return (
        found["visits"], firms, found["again"], projects, found["signed"],
        _share(projects, firms), _share(found["signed"], projects),
    )  # fmt: skip


def _share(part: int, whole: int):
    return Fraction(part, whole) if whole else None


def _total(asked: Asked, trips: dict) -> Line:
    """The union: counted over the whole set, not over the rows."""
    names = {"visits": "visits", "firms": "firms", "again": "firms_again", "projects": "led_to",
             "signed": "led_to_deals"}  # fmt: skip
    found = {key: asked.rows(asked.behind(name)).count() for key, name in names.items()}
    first, drills = [_("total")], {}
    if asked.by == "team":
        first.append(indicators.trips(asked.scope, asked.period).value)
        drills[1] = asked.behind("trips")
    drills |= {at: asked.behind(name) for at, name in enumerate(names.values(), len(first))}
    return Line((*first, *_cells(found)), drills)


# -- the chart -------------------------------------------------------------------------------------


def draw(asked: Asked, shown, link):
    """Visits by city and month of the year: the cities visited most."""
    period = Period.year(asked.period.start.year)
    year = Asked(asked.scope, period, asked.by)
    visits = outbound_visits(asked.scope, period)
    counts = _by_city_and_month(visits)
    cities = sorted(counts, key=lambda city: -sum(counts[city].values()))[:MOST_CITIES]
    names = labels("city", Visit, cities)
    rows = [_heat_row(year, city, names[city], counts[city], link) for city in cities]
    heads = [_("%(month)s.") % {"month": month} for month in range(1, 13)]
    sums = [sum(counts[city].get(month, 0) for city in cities) for month in range(1, 13)]
    return charts.responsive(
        charts.heatmap, rows, heads, [*sums, sum(sums)], wide=820,
        title=_("Visits by city and month of %(year)s") % {"year": period.start.year},
    )  # fmt: skip


def _by_city_and_month(visits) -> dict:
    """Grouped by day in SQL and by month here: SQLite works out months row by row."""
    counts: dict = {}
    for city, day, n in visits.order_by().values_list("city", "held_on").annotate(Count("pk")):
        months = counts.setdefault(city, {})
        months[day.month] = months.get(day.month, 0) + n
    return counts


def _heat_row(asked: Asked, city, name: str, counts: dict, link) -> charts.Row:
    behind = asked.behind("visits").where(city=city)
    months = range(1, 13)
    urls = [
        link(behind.where(month=asked.period.start.replace(month=month))) if month in counts else ""
        for month in months
    ]
    values = [counts.get(month, 0) for month in months]
    return charts.Row(name, values, sum(values), urls, link(behind))


REPORT = add_report(
    Report(
        "outreach", gettext_lazy("Visits and outreach"),
        gettext_lazy("Trips, visits, firms met and what came of it, by task force, trip, event."),
        build, draw, BY, figure="firms_visited",
    )
)  # fmt: skip
