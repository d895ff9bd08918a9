"""``manage.py indicators``: the figures of a year, as text or as JSON."""

import json
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from crm import indicators
from crm.indicators import Figure, Scope, whole_city
from crm.models import User
from crm.models.projects import sample_present
from crm.periods import Period, parse_year, today


def year_argument(text: str) -> int:
    """A year given on the command line; raises CommandError with what was expected."""
    try:
        return parse_year(text).start.year
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


def scope_argument(username: str | None) -> Scope:
    """Scope of the user named, or the whole city when none is."""
    if username is None:
        return whole_city()
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active account “{username}”.")
    return Scope(user)


class Command(BaseCommand):
    help = "Print the indicators of a year; money in yuan."

    def add_arguments(self, parser):
        parser.add_argument("--year", help="calendar year, e.g. 2024; default: this year")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--as", dest="username", help="count what this account may see")

    def handle(self, *, year, format, username, **options):
        on = today()
        scope = scope_argument(username)
        period = indicators.year_until(year_argument(year) if year else on.year, on)
        figures = {key: function(scope, period) for key, function in indicators.REGISTRY.items()}
        stages = indicators.projects_by_stage(scope, period)
        if format == "json":
            self.stdout.write(_as_json(period, figures, stages))
        else:
            self.stdout.write(_as_text(period, figures, stages))


def _as_json(period: Period, figures: dict[str, Figure], stages) -> str:
    """Values by name at the top, what they are made of below ``figures``."""
    values = {
        "year": period.start.year,
        "as_of": period.cut.isoformat(),
        "sample_present": sample_present(),
        **{key: plain(figure.value) for key, figure in figures.items()},
        "projects_by_stage": {row.stage: row.count for row in stages},
        "planned_yuan_by_stage": {row.stage: plain(row.planned_yuan) for row in stages},
        "undetermined_by_stage": {row.stage: row.unknown for row in stages},
        "figures": {key: _details(figure) for key, figure in figures.items()},
    }
    return json.dumps(values, ensure_ascii=False, indent=2)


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
    shown["parts"] = {key: plain(value) for key, value in figure.parts.items()}
    return shown | {key: plain(shown[key]) for key in ("value", "numerator", "denominator")}


def _as_text(period: Period, figures: dict[str, Figure], stages) -> str:
    lines = [f"{period.start} – {period.cut}" + ("  [示例/sample]" if sample_present() else "")]
    lines += [f"{figure.label}: {_shown(figure)}" for figure in figures.values()]
    lines += [f"  {row.label}: {row.count} · {row.planned_text}" for row in stages]
    return "\n".join(lines)


def _shown(figure: Figure) -> str:
    parts = f" ({plain(figure.numerator)}/{plain(figure.denominator)})"
    unknown = f" (+{figure.unknown} ?)" if figure.unknown else ""
    return figure.text + (parts if figure.denominator else "") + unknown
