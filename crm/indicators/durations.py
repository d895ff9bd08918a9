"""How long things take: days in a stage, days from the first report to the contract.

Source of the definitions: the bureau's reference of indicators (停留天数, 签约周期).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from django.db.models import Min
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Project, StageMove
from crm.periods import Period
from crm.stages import ORDER, Stage

from .figures import Kind, indicator
from .scope import Scope
from .signing import counting_deals


@dataclass(frozen=True)
class StageDays:
    """Days that projects stood in a stage which they left forward in the period."""

    stage: str
    label: str
    n: int
    median: Fraction | None
    mean: Fraction | None


def median(days: list[int]) -> Fraction | None:
    """The middle one, or half-way between the two in the middle; of nothing there is none."""
    if not days:
        return None
    ordered, half = sorted(days), len(days) // 2
    return Fraction(ordered[half] + ordered[-half - 1], 2)


def mean(days: list[int]) -> Fraction | None:
    return Fraction(sum(days), len(days)) if days else None


def stays(scope: Scope, period: Period) -> dict[str, list[int]]:
    """Days of every stay in a stage that ended in the period with a move forward; one query.

    Going back is no progress: such a stay is left out, and the stage entered again counts anew.
    """
    moves = (
        StageMove.objects.standing()
        .filter(project__in=scope.rows(Project).values("pk"), effective_on__lt=period.end)
        .order_by("project", "effective_on", "id")
        .values_list("project", "to_stage", "effective_on")
    )
    days: dict[str, list[int]] = defaultdict(list)
    for (project, stage, since), (same, onward, until) in pairwise(moves):
        forward = project == same and ORDER.index(onward) > ORDER.index(stage)
        if forward and until >= period.start:
            days[stage].append((until - since).days)
    return days


def stage_days_by_stage(scope: Scope, period: Period) -> list[StageDays]:
    """Every stage but the last, in order."""
    days = stays(scope, period)
    return [
        StageDays(
            stage, Stage(stage).label, len(days[stage]), median(days[stage]), mean(days[stage])
        )
        for stage in ORDER[:-1]
    ]


@indicator(
    _("days in a stage"),
    pgettext_lazy("unit", "days"),
    _("Median of the days in a stage, over the stages that projects left forward in the period."),
    Kind.DAYS,
)
def stage_days(scope: Scope, period: Period):
    """停留天数: median over all stays that ended in T; parts: mean, n, the median by stage."""
    by_stage = stays(scope, period)
    days = [day for stage in by_stage.values() for day in stage]
    medians = {stage: median(by_stage[stage]) for stage in ORDER[:-1] if by_stage.get(stage)}
    return {"value": median(days), "parts": {"mean": mean(days), "n": len(days)} | medians}


@indicator(
    _("days to the contract"),
    pgettext_lazy("unit", "days"),
    _("Median of the days from the first report to the first formal contract signed in T."),
    Kind.DAYS,
)
def signing_days(scope: Scope, period: Period):
    """签约周期: median over the projects signed in T; parts: mean and n."""
    firsts = (
        counting_deals(scope)
        .order_by()
        .values("project", "project__reported_on")
        .annotate(first=Min("signed_on"))
        .filter(first__gte=period.start, first__lt=period.end)
    )
    days = [_days(row["project__reported_on"], row["first"]) for row in firsts]
    return {"value": median(days), "parts": {"mean": mean(days), "n": len(days)}}


def _days(since: date, until: date) -> int:
    return max((until - since).days, 0)
