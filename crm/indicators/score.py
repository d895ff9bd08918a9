"""The score of a task force: weighted shares of its targets, bonus and penalty.

Source of the definition: the bureau's reference of indicators (专班得分). Weights, caps and the
days they hold are the bureau's table; the formula is here, once.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import ScoreAdjustment, ScoreRule, Target, TaskForce
from crm.periods import Period

from .credit import BY_TEAM
from .figures import Kind, indicator
from .scope import Scope


@dataclass(frozen=True)
class Part:
    """One indicator in a score; without a target there is nothing to score: points None."""

    actual: int | Decimal
    target: Decimal | None
    weight: Decimal
    cap: Decimal

    @property
    def points(self) -> Fraction | None:
        if not self.target:
            return None
        reached = Fraction(self.actual) / Fraction(self.target)
        return Fraction(self.weight) * min(Fraction(self.cap), reached)


@dataclass(frozen=True)
class TeamScore:
    team_id: int
    team: str
    parts: Mapping[str, Part]
    bonus: Decimal
    penalty: Decimal

    @property
    def points(self) -> Fraction:
        scored = (part.points or Fraction(0) for part in self.parts.values())
        return sum(scored, Fraction(0)) + Fraction(self.bonus) + Fraction(self.penalty)

    @property
    def without_target(self) -> int:
        return sum(part.points is None for part in self.parts.values())


def team_scores(scope: Scope, period: Period) -> list[TeamScore]:
    """Every task force of the scope, best first; ties in the order of their numbers.

    Σ weight × min(cap, actual ÷ target of the year) + bonus − penalty, with the rules in force on
    the cut. As many queries as there are indicators, however many task forces.
    """
    rules = list(scope.of(None).rows(ScoreRule).in_force(period.cut).order_by("-weight", "pk"))
    actual = {rule.indicator: _by_team(rule.indicator, scope, period) for rule in rules}
    targets = _targets(scope, period)
    extra = _adjustments(scope, period)
    scores = [
        TeamScore(
            team.pk, str(team),
            {
                rule.indicator: Part(
                    actual[rule.indicator].get(team.pk, 0),
                    targets.get((rule.indicator, team.pk)), rule.weight, rule.cap,
                )
                for rule in rules
            },
            *extra[team.pk],
        )
        for team in scope.rows(TaskForce).current().order_by("number")
    ]  # fmt: skip
    return sorted(scores, key=lambda score: -score.points)


def _by_team(key: str, scope: Scope, period: Period) -> dict:
    return {row.team_id: row.value for row in BY_TEAM[key](scope.of(None), period)}


def _targets(scope: Scope, period: Period) -> dict:
    rows = scope.of(None).rows(Target).set_for(period.start.year)
    return {
        (row.indicator, row.task_force_id): row.value
        for row in rows.exclude(task_force=None)
    }  # fmt: skip


def _adjustments(scope: Scope, period: Period) -> dict:
    rows = scope.of(None).rows(ScoreAdjustment).filter(on__gte=period.start, on__lt=period.end)
    sums = rows.order_by().values_list("task_force").annotate(
        bonus=Sum("points", filter=Q(points__gt=0)), penalty=Sum("points", filter=Q(points__lt=0))
    )  # fmt: skip
    found = defaultdict(lambda: (Decimal(0), Decimal(0)))
    found.update(
        {team: (bonus or Decimal(0), penalty or Decimal(0)) for team, bonus, penalty in sums}
    )
    return found


@indicator(
    _("score of the task force"),
    pgettext_lazy("unit", "score points"),
    _("Σ weight × min(cap, done ÷ target of the year) + bonus − penalty; of one task force."),
    Kind.SCORE,
)
def team_score(scope: Scope, period: Period):
    """专班得分; of the whole city there is none. Unknown: indicators without a target."""
    if scope.team is None:
        return {"value": None}
    own = next((s for s in team_scores(scope, period) if s.team_id == scope.team.pk), None)
    if own is None:
        return {"value": None}
    parts = {key: part.points for key, part in own.parts.items() if part.points is not None}
    parts |= {"bonus": own.bonus, "penalty": own.penalty}
    return {"value": own.points, "unknown": own.without_target, "parts": parts}
