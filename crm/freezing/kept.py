"""The figures of a frozen month: kept as exact text, given back as what they were.

Kept are every indicator of the city, those of a written report of every task force, and which of
the listed projects were a task force's then.
"""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from crm import indicators
from crm.indicators import Figure, Scope, TeamRow
from crm.models import FrozenMonth, Project, Target, TaskForce
from crm.periods import Period

MONTH, YEAR = "month", "year"
# What a written report of one task force says; all the rest is kept of the city alone.
OF_TEAMS = (
    "deals_signed", "signed_yuan", "big_deals", "arrived_yuan", "arrival_rate", "trips", "visits",
    "firms_visited", "delegations_received", "leads_new", "negotiating_new", "reserve_new",
    "reserve_projects", "reserve_planned_yuan", "fulfilment_rate", "landing_rate", "start_rate",
    "production_rate",
)  # fmt: skip


def figures_of(scope: Scope, month: Period, projects: set[int] = frozenset()) -> dict:
    """Every indicator of the month and of the year up to its end, by task force too.

    ``projects`` are those of the rows that are kept beside the figures.
    """
    year = Period.year_to_date(month.cut)
    return {
        "indicators": {
            span: {key: _packed(find(scope, period)) for key, find in indicators.REGISTRY.items()}
            for span, period in ((MONTH, month), (YEAR, year))
        },
        "teams": {
            span: {
                key: _packed_rows(find(scope, period)) for key, find in indicators.BY_TEAM.items()
            }
            for span, period in ((MONTH, month), (YEAR, year))
        },
        "targets": [
            [target.month, target.indicator, target.task_force_id, _number(target.value)]
            for target in scope.rows(Target).filter(year=month.start.year, park=None)
        ],
        "of_teams": {
            str(team.pk): _of_team(scope.of(team), month, year, projects)
            for team in TaskForce.objects.live().current()
        },
    }


def _of_team(scope: Scope, month: Period, year: Period, projects: set[int]) -> dict:
    own = scope.rows(Project).filter(pk__in=projects).order_by("pk")
    return {
        "projects": list(own.values_list("pk", flat=True)),
        **{
            span: {key: _packed(indicators.figure_of(key, scope, period)) for key in OF_TEAMS}
            for span, period in ((MONTH, month), (YEAR, year))
        },
    }


_NUMBERS = ("value", "numerator", "denominator")


def _packed(figure: Figure) -> dict:
    """Numbers as exact text; label and definition in the words of the day."""
    shown = {name: _number(getattr(figure, name)) for name in _NUMBERS}
    shown |= {name: str(getattr(figure, name)) for name in ("label", "unit", "definition", "kind")}
    shown |= {"unknown": figure.unknown, "precision": figure.precision}
    return shown | {"parts": {name: _number(part) for name, part in figure.parts.items()}}


def _packed_rows(rows: list[TeamRow]) -> list:
    return [[row.team_id, str(row.team), _number(row.value)] for row in rows]


def _number(value):
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value if value is None or isinstance(value, int) else str(value)


def _unpacked(value):
    """int as it is, ``1/3`` a fraction, other text a decimal."""
    if value is None or isinstance(value, int):
        return value
    return Fraction(value) if "/" in value else Decimal(value)


def kept_figures(
    frozen: FrozenMonth, span: str = MONTH, team_id: int | None = None
) -> dict[str, Figure]:
    """The indicators as they were frozen: of the month, or of the year up to its end.

    Of a task force those that a written report needs; KeyError where none were kept of it.
    """
    whole = frozen.figures["indicators"] if team_id is None else _team(frozen, team_id)
    return {key: _figure(key, kept, frozen.period.cut) for key, kept in whole[span].items()}


def keeps_team(frozen: FrozenMonth, team_id: int) -> bool:
    return str(team_id) in frozen.figures.get("of_teams", {})


def kept_projects(frozen: FrozenMonth, team_id: int) -> list[int]:
    """Which projects behind the figures were the task force's when the month was frozen."""
    return _team(frozen, team_id)["projects"]


def _team(frozen: FrozenMonth, team_id: int) -> dict:
    return frozen.figures["of_teams"][str(team_id)]


def _figure(key: str, kept: dict, as_of: date) -> Figure:
    known = {field.name for field in fields(Figure)} - {*_NUMBERS, "parts", "kind"}
    figure = Figure(
        key=key, as_of=as_of, value=_unpacked(kept["value"]), kind=indicators.Kind(kept["kind"]),
        **{name: kept[name] for name in known - {"key", "as_of"}},
    )  # fmt: skip
    return replace(
        figure,
        numerator=_unpacked(kept["numerator"]),
        denominator=_unpacked(kept["denominator"]),
        parts={name: _unpacked(part) for name, part in kept["parts"].items()},
    )


def kept_team_rows(frozen: FrozenMonth, key: str, span: str = MONTH) -> list[TeamRow]:
    rows = frozen.figures["teams"][span][key]
    return [TeamRow(pk, name, _unpacked(value)) for pk, name, value in rows]


def kept_target(frozen: FrozenMonth, key: str, *, team_id=None, month=None) -> Decimal | None:
    """The target that stood on the day of freezing; None where none was set."""
    for of_month, indicator, team, value in frozen.figures["targets"]:
        if (of_month, indicator, team) == (month, key, team_id):
            return Decimal(value)
    return None
