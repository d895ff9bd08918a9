"""``manage.py indicators``: the figures of a period, as text or as JSON."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm import freezing, indicators
from crm.indicators import Figure, Kind, Scope, StageDays, whole_city
from crm.indicators.figures import in_decimal
from crm.models import Target, TaskForce, User
from crm.models.projects import sample_present
from crm.money import rounded
from crm.periods import Period, parse_month, parse_year, today


def add_period_arguments(parser):
    """Which days, whose rows: the same for every command that prints figures."""
    days = parser.add_mutually_exclusive_group()
    days.add_argument("--year", help="calendar year, e.g. 2024; default: this year")
    days.add_argument("--month", help="month, e.g. 2024-05")
    days.add_argument("--from", dest="first", help="first day, e.g. 2024-01-01 (with --to)")
    parser.add_argument("--to", dest="last", help="last day, e.g. 2024-06-30 (with --from)")
    parser.add_argument("--team", help="number or name of a task force: only its rows")
    parser.add_argument("--as", dest="username", help="count what this account may see")


def period_argument(*, year=None, month=None, first=None, last=None, **options) -> Period:
    """The period asked for; raises CommandError with what was expected."""
    on = today()
    if bool(first) != bool(last):
        raise CommandError("--from and --to belong together.")
    try:
        if first:
            return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
        if month:
            return parse_month(month)
        return indicators.year_until(parse_year(year).start.year if year else on.year, on)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    except ValueError as error:
        raise CommandError(f"{first} – {last}: {error}") from error


def reader_argument(username: str | None, nobody=whole_city) -> Scope:
    """Scope of the user named; where none is, that of ``nobody``: the whole city."""
    if username is None:
        return nobody()
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active account “{username}”.")
    return Scope(user)


def scope_argument(*, username=None, team=None, nobody=whole_city, **options) -> Scope:
    """The scope of ``--as`` and ``--team``."""
    scope = reader_argument(username, nobody)
    if not team:
        return scope
    teams = scope.rows(TaskForce)
    found = teams.filter(name=team).first()
    if found is None and team.isascii() and team.isdigit():
        found = teams.filter(number=int(team)).first()
    if found is None:
        raise CommandError(f"There is no task force “{team}”.")
    return scope.of(found)


class Command(BaseCommand):
    help = "Print the indicators of a year, a month or any days; money in yuan."

    def add_arguments(self, parser):
        add_period_arguments(parser)
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--live", action="store_true",
            help="of a frozen month today's records, not the figures it was frozen with",
        )  # fmt: skip

    def handle(self, *, format, live, **options):
        scope, period = scope_argument(**options), period_argument(**options)
        frozen = None if live else freezing.kept_for(scope, period)
        find = freezing.figure_for if frozen else indicators.figure_of
        figures = {key: find(key, scope, period) for key in indicators.REGISTRY}
        stages = indicators.projects_by_stage(scope, period)
        if format == "json":
            self.stdout.write(_as_json(scope, period, figures, stages, frozen))
        else:
            self.stdout.write(_as_text(scope, period, figures, stages, frozen))


def _as_json(scope: Scope, period: Period, figures: dict[str, Figure], stages, frozen) -> str:
    """Values by name at the top, what they are made of below ``figures``."""
    values = {
        "year": period.start.year,
        "from": period.start.isoformat(),
        "as_of": period.cut.isoformat(),
        "team": str(scope.team) if scope.team else None,
        "sample_present": sample_present(),
        "frozen_at": frozen and frozen.month.frozen_at.isoformat(),
        **{key: plain(figure.value) for key, figure in figures.items()},
        "projects_by_stage": {row.stage: row.count for row in stages},
        "planned_yuan_by_stage": {row.stage: plain(row.planned_yuan) for row in stages},
        "undetermined_by_stage": {row.stage: row.unknown for row in stages},
        "stage_days_by_stage": {
            row.stage: _days(row) for row in indicators.stage_days_by_stage(scope, period)
        },
        "team_scores": {row.team: _points(row.points) for row in _scores(scope, period)},
        "comparisons": {key: _compared(key, scope, period) for key in Target.Indicator.values},
        "figures": {key: _details(figure) for key, figure in figures.items()},
    }
    return json.dumps(values, ensure_ascii=False, indent=2)


def _scores(scope: Scope, period: Period) -> list:
    return indicators.team_scores(scope, period)


def _compared(key: str, scope: Scope, period: Period) -> dict:
    """Share of the target reached, ahead or behind, change on the year and the period before."""
    team = scope.team
    found = {
        "target_rate": indicators.target_rate(scope.of(None), period, key, team),
        "pace_gap": indicators.pace_gap(scope.of(None), period, key, team),
        "year_on_year": indicators.year_on_year(scope, period, key),
        "month_on_month": indicators.month_on_month(scope, period, key),
    }
    return {name: plain(figure.value) for name, figure in found.items()}


def _days(row: StageDays) -> dict:
    return {"median": _points(row.median), "mean": _points(row.mean), "n": row.n}


def _points(value) -> str | None:
    return None if value is None else str(rounded(in_decimal(value), 2))


def plain(value):
    """Counts as numbers, yuan as text with two places, rates as text in percent."""
    if isinstance(value, Fraction):
        return str(indicators.percent(value))
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def _details(figure: Figure) -> dict:
    shown = asdict(figure)
    for key in ("label", "unit", "definition"):
        shown[key] = str(shown[key])
    shown["as_of"] = figure.as_of.isoformat()
    shown["kind"] = figure.kind.value
    write = _points if figure.kind in {Kind.DAYS, Kind.SCORE} else plain
    shown["parts"] = {key: write(value) for key, value in figure.parts.items()}
    shown["value"] = write(figure.value)
    return shown | {key: plain(shown[key]) for key in ("numerator", "denominator")}


def _as_text(scope: Scope, period: Period, figures: dict[str, Figure], stages, frozen) -> str:
    first = f"{period.start} – {period.cut}" + (f"  {scope.team}" if scope.team else "")
    lines = [first + ("  [示例/sample]" if sample_present() else "")]
    if frozen:
        lines.append(_("frozen on %(day)s") % {"day": f"{frozen.month.frozen_at:%Y-%m-%d}"})
    lines += [f"{figure.label}: {_shown(figure)}" for figure in figures.values()]
    lines += [f"  {row.label}: {row.count} · {row.planned_text}" for row in stages]
    lines += [f"  {row.team}: {_points(row.points)}" for row in _scores(scope, period)]
    return "\n".join(lines)


def _shown(figure: Figure) -> str:
    parts = f" ({plain(figure.numerator)}/{plain(figure.denominator)})"
    unknown = f" (+{figure.unknown} ?)" if figure.unknown else ""
    return figure.text + (parts if figure.denominator else "") + unknown
