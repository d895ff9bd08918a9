"""The figures over the columns of the board; a filtered list and its board have the same ones."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from crm.models import StageRule
from crm.money import format_yuan
from crm.stages import ORDER, Stage

from .figures import ZERO, StageRow, carried, precision_counts, with_precision


@dataclass(frozen=True)
class Column(StageRow):
    """``weighted_yuan`` is the planned investment × likelihood of the stage."""

    weighted_yuan: Decimal
    likelihood: Decimal

    @property
    def weighted_text(self) -> str:
        known = None if self.count and self.count == self.unknown else self.weighted_yuan
        return with_precision(format_yuan(known), self.precision)


def columns(projects) -> list[Column]:
    """Projects of a scoped queryset by the stage they stand in now, every stage in order.

    Unknown amounts are counted, not added. Two queries.
    """
    groups = projects.order_by().values("stage").annotate(
        count=Count("pk"),
        yuan=Sum("planned_yuan"),
        unknown=Count("pk", filter=Q(planned_yuan=None)),
        **precision_counts("planned_yuan", "planned_precision"),
    )  # fmt: skip
    found = {group["stage"]: group for group in groups}
    likelihood = StageRule.likelihood_by_stage()
    return [_column(stage, found.get(stage), Decimal(likelihood[stage])) for stage in ORDER]


def _column(stage: str, group: dict | None, likelihood: Decimal) -> Column:
    group = group or {"count": 0, "yuan": None, "unknown": 0, "about": 0, "at_least": 0}
    yuan = group["yuan"] or ZERO
    return Column(
        stage=stage,
        label=Stage(stage).label,
        count=group["count"],
        planned_yuan=yuan,
        unknown=group["unknown"],
        precision=carried(group["about"], group["at_least"]),
        weighted_yuan=yuan * likelihood / 100,
        likelihood=likelihood,
    )
