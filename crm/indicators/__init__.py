"""The figures of the trade, each one function ``(scope, period)`` with its definition and source.

Commands, the home page and reports take them from here, so that a number is the same everywhere.
"""

from datetime import date

from django.db.models import Max

from crm.models import Deal
from crm.models.projects import sample_present
from crm.periods import Period, today

from . import (
    alliance,
    behind_chains,  # noqa: F401 - adds its sets
    behind_place,  # noqa: F401 - adds its sets
    talent,
)
from .activity import coverage, delegations_received, firms_visited, task_forces, trips, visits
from .arrivals import arrival_rate, arrived_by_month, arrived_yuan
from .columns import Column, columns
from .commitments import Tally, falling_due, standing, tally
from .credit import (
    BY_TEAM,
    arrived_by_team,
    deals_by_team,
    deals_led_by_team,
    figure_of,
    firms_by_team,
    reserve_by_team,
    signed_by_team,
    trips_by_team,
)
from .durations import StageDays, signing_days, stage_days, stage_days_by_stage
from .effects import Effect, effects_of, outings, together
from .figures import (
    DEFINITIONS,
    LABELS,
    NOTHING,
    REGISTRY,
    Figure,
    Kind,
    MonthRow,
    StageRow,
    TeamRow,
    percent,
    with_precision,
)
from .lateness import overdue, stale
from .months import SigningMonth, signed_by_month
from .parks import BY_PARK
from .pool import (
    leads_new,
    negotiating_new,
    projects_by_stage,
    reserve_conversion,
    reserve_new,
    reserve_planned_yuan,
    reserve_projects,
    weighted_pipeline_yuan,
)
from .rates import (
    fulfilment_rate,
    landing_rate,
    month_on_month,
    pace,
    pace_gap,
    production_rate,
    start_rate,
    target_rate,
    year_on_year,
)
from .scope import Scope, as_published, whole_city
from .score import TeamScore, team_score, team_scores
from .signing import (
    big_deals,
    deals_signed,
    deals_signed_with_framework,
    signed_yuan,
    signed_yuan_with_framework,
)


def year_until(year: int, on: date) -> Period:
    """The year, or of the running year what is gone of it, so that the cut is never to come."""
    return Period.year_to_date(on) if year == on.year else Period.year(year)


def default_year() -> int:
    """This year; while there is sample data, the year of the latest deal that counts."""
    on = today()
    if not sample_present():
        return on.year
    latest = Deal.objects.live().counting().aggregate(latest=Max("signed_on"))["latest"]
    return latest.year if latest else on.year


__all__ = [
    "BY_PARK",
    "BY_TEAM",
    "DEFINITIONS",
    "LABELS",
    "NOTHING",
    "REGISTRY",
    "Column",
    "Effect",
    "Figure",
    "Kind",
    "MonthRow",
    "Scope",
    "SigningMonth",
    "StageDays",
    "StageRow",
    "Tally",
    "TeamRow",
    "TeamScore",
    "alliance",
    "arrival_rate",
    "arrived_by_month",
    "arrived_by_team",
    "arrived_yuan",
    "as_published",
    "big_deals",
    "columns",
    "coverage",
    "deals_by_team",
    "deals_led_by_team",
    "deals_signed",
    "deals_signed_with_framework",
    "default_year",
    "delegations_received",
    "effects_of",
    "falling_due",
    "figure_of",
    "firms_by_team",
    "firms_visited",
    "fulfilment_rate",
    "landing_rate",
    "leads_new",
    "month_on_month",
    "negotiating_new",
    "outings",
    "overdue",
    "pace",
    "pace_gap",
    "percent",
    "production_rate",
    "projects_by_stage",
    "reserve_by_team",
    "reserve_conversion",
    "reserve_new",
    "reserve_planned_yuan",
    "reserve_projects",
    "signed_by_month",
    "signed_by_team",
    "signed_yuan",
    "signed_yuan_with_framework",
    "signing_days",
    "stage_days",
    "stage_days_by_stage",
    "stale",
    "standing",
    "start_rate",
    "talent",
    "tally",
    "target_rate",
    "task_forces",
    "team_score",
    "team_scores",
    "together",
    "trips",
    "trips_by_team",
    "visits",
    "weighted_pipeline_yuan",
    "whole_city",
    "with_precision",
    "year_on_year",
    "year_until",
]
