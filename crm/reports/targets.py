"""Targets against what was done: who by indicator, for a year or one of its months."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from crm import indicators
from crm.access import CITY_READERS, TEAM_ROLES, Role
from crm.indicators import Scope
from crm.models import Park, Target, TaskForce
from crm.money import format_yuan, in_unit
from crm.periods import Period, share_of_year_gone

from .table import Column, Kind, Table

INDICATORS = tuple(Target.Indicator)
PARK_INDICATORS = tuple(key for key in INDICATORS if key in indicators.BY_PARK)


@dataclass(frozen=True)
class Cell:
    """``done`` None: the reader sees only part of it, or it is not counted for this row."""

    indicator: str
    target: Target | None
    done: int | Decimal | None
    gone: Fraction

    @property
    def value(self) -> Decimal | None:
        return self.target and self.target.value

    @property
    def rate(self) -> Fraction | None:
        """Done ÷ target, not capped; None without either."""
        if self.value is None or self.done is None:
            return None
        return Fraction(self.done) / Fraction(self.value)

    @property
    def gap(self) -> Fraction | None:
        """Share reached − share of the time gone: 超(欠)时序."""
        return None if self.rate is None else self.rate - self.gone

    @property
    def done_text(self) -> str:
        if self.done is None:
            return indicators.NOTHING
        if self.indicator in Target.MONEY:
            return format_yuan(self.done)
        return f"{Decimal(self.done).normalize():,f}"


@dataclass(frozen=True)
class Row:
    """``key`` names the row in forms: city, team-3, park-2."""

    key: str
    label: str
    whose: dict
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    year: int
    month: int | None
    period: Period
    gone: Fraction
    rows: tuple[Row, ...]


def period_of(year: int, month: int | None, on: date) -> Period:
    """What is gone of the year or month; one to come is whole, and nothing is done in it yet."""
    whole = Period.month(year, month) if month else Period.year(year)
    if on in whole:
        return Period(whole.start, Period.year_to_date(on).end)
    return whole


def share_gone(year: int, month: int | None, on: date) -> Fraction:
    """时序进度 on a day, of the year or of the month: 0 before it, 1 after it."""
    whole = Period.month(year, month) if month else Period.year(year)
    if on < whole.start:
        return Fraction(0)
    if on >= whole.end:
        return Fraction(1)
    if month is None:
        return share_of_year_gone(on)
    return Fraction((on - whole.start).days + 1, (whole.end - whole.start).days)


def matrix(scope: Scope, year: int, month: int | None, *, on: date) -> Matrix:
    """City, task forces and parks that the reader may see, each with a cell an indicator."""
    period, gone = period_of(year, month, on), share_gone(year, month, on)
    found = {
        (target.task_force_id, target.park_id, target.indicator): target
        for target in scope.rows(Target).set_for(year, month=month)
    }
    rows = []
    for key, label, team, park, done in _whose(scope, period):
        at = (team and team.pk, park and park.pk)
        cells = (Cell(i, found.get((*at, i)), done.get(i), gone) for i in INDICATORS)
        rows.append(Row(key, label, {"task_force": team, "park": park}, tuple(cells)))
    return Matrix(year, month, period, gone, tuple(rows))


def _whose(scope: Scope, period: Period):
    """(key, label, team, park, done by indicator) of each row that the reader sees, city first.

    What the whole city did is not in the scope of a task force: it sees the city's target only.
    """
    role = scope.reader.role
    if role in CITY_READERS:
        yield "city", _("whole city"), None, None, _city_done(scope, period)
    elif role in TEAM_ROLES:
        yield "city", _("whole city"), None, None, {}
    if role in CITY_READERS | TEAM_ROLES:
        yield from _teams(scope, period)
    if role in CITY_READERS or role == Role.PARK:
        yield from _parks(scope, period)


def _city_done(scope, period) -> dict:
    return {key: indicators.REGISTRY[key](scope, period).value for key in INDICATORS}


def _teams(scope, period):
    teams = scope.rows(TaskForce).current().order_by("number")
    if scope.reader.role in TEAM_ROLES:
        teams = teams.filter(pk__in=scope.reader.team_ids)
    done = {
        key: {row.team_id: row.value for row in indicators.BY_TEAM[key](scope, period)}
        for key in INDICATORS
    }
    for team in teams:
        own = {key: values.get(team.pk, 0) for key, values in done.items()}
        yield f"team-{team.pk}", str(team), team, None, own


def _parks(scope, period):
    parks = scope.rows(Park).current()
    if scope.reader.role == Role.PARK:
        parks = parks.filter(pk=scope.reader.park_id)
    done = {key: function(scope, period) for key, function in indicators.BY_PARK.items()}
    for park in parks:
        own = {key: values.get(park.pk, 0) for key, values in done.items()}
        yield f"park-{park.pk}", str(park), None, park, own


@dataclass(frozen=True)
class PacePoint:
    """One month: done since January, and what the target asks by its end; None: not yet known."""

    month: int
    done: int | Decimal | None
    asked: Decimal | None


def pace_line(scope: Scope, year: int, indicator: str, *, on: date, team=None) -> list[PacePoint]:
    """The year month by month against its target, of the city or a task force.

    Where months have targets of their own, those add up to what is asked; else the year's target
    by the share of the year gone.
    """
    targets = (
        scope.rows(Target).live().filter(year=year, indicator=indicator, task_force=team, park=None)
    )
    of = {target.month: target.value for target in targets}
    monthly = {month: value for month, value in of.items() if month}
    points, asked = [], Decimal(0)
    for month in range(1, 13):
        whole = Period.month(year, month)
        asked += monthly.get(month, 0)
        share = share_of_year_gone(whole.cut)
        by_year = of[None] * share.numerator / share.denominator if None in of else None
        done = (
            _done_until(scope, indicator, min(whole.cut, on), team) if whole.start <= on else None
        )
        points.append(PacePoint(month, done, asked if monthly else by_year))
    return points


def _done_until(scope, indicator: str, day: date, team):
    period = Period.year_to_date(day)
    if team is None:
        return indicators.REGISTRY[indicator](scope, period).value
    rows = indicators.BY_TEAM[indicator](scope, period)
    return next((row.value for row in rows if row.team_id == team.pk), 0)


def short_label(indicator: str) -> str:
    """The indicator's own name, without a unit: the amounts beside it have theirs."""
    return indicators.LABELS[indicator]


def build(chosen: Matrix, *, on: date) -> Table:
    """The matrix as a table: target, done and share reached of each indicator."""
    columns = [Column(_("who"), width=22)]
    for indicator in INDICATORS:
        kind = Kind.MONEY if indicator in Target.MONEY else Kind.NUMBER
        columns += [
            Column(f"{short_label(indicator)} {_('target')}", kind, 14),
            Column(f"{short_label(indicator)} {_('done')}", kind, 14),
            Column(f"{short_label(indicator)} %", Kind.NUMBER, 10),
        ]
    title = _("Targets and what was reached, %(period)s") % {"period": label_of(chosen)}
    return Table(
        title=title,
        unit_line=_("money in 100m yuan · as of %(day)s") % {"day": chosen.period.cut.isoformat()},
        columns=tuple(columns),
        rows=tuple((row.label, *_values(row)) for row in chosen.rows),
        total=(_("rows do not add up: joint work is whole in every row"),)
        + (None,) * (len(columns) - 1),
        notes=(_("share of the time gone: %(share)s%%")
               % {"share": indicators.percent(chosen.gone)},),
        definition=_("Done ÷ target, not capped at 100 %."),
        as_of=on,
    )  # fmt: skip


def label_of(chosen: Matrix) -> str:
    if chosen.month:
        return Period.month(chosen.year, chosen.month).label
    return Period.year(chosen.year).label


def _values(row: Row):
    for cell in row.cells:
        rate = None if cell.rate is None else indicators.percent(cell.rate)
        yield from (_in_unit(cell.indicator, cell.value), _in_unit(cell.indicator, cell.done), rate)


def _in_unit(indicator: str, value):
    if value is None or indicator not in Target.MONEY:
        return value
    return in_unit(value, "亿元")
