"""Projects on their way: new entries, the reserve pool, stages, the weighted pipeline.

Everything "at the cut" is read from the history, so that a past year keeps its figures. Source of
the definitions: the bureau's reference of indicators (储备项目数, 计划投资, 储备转化率, 加权).
"""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Project, StageMove, StageRule
from crm.periods import Period
from crm.stages import ORDER, ProjectStatus, Stage, reached

from .figures import ZERO, Kind, StageRow, carried, indicator, money, precision_counts, ratio
from .scope import Scope


def entered(scope: Scope, stage: str, period: Period):
    """Projects whose first entry into the stage lies in the period."""
    into = StageMove.objects.standing().filter(project=OuterRef("pk"), to_stage=stage)
    return scope.rows(Project).filter(
        Exists(into.filter(effective_on__gte=period.start, effective_on__lt=period.end)),
        ~Exists(into.filter(effective_on__lt=period.start)),
    )


@indicator(
    _("new leads"), pgettext_lazy("unit", "projects"), _("Projects first reported in the period.")
)
def leads_new(scope: Scope, period: Period):
    """新增线索: projects that entered the stage lead in T, by the date of the report."""
    return {"value": entered(scope, Stage.LEAD, period).count()}


@indicator(
    _("new in talks"),
    pgettext_lazy("unit", "projects"),
    _("Projects that came into talks in the period."),
)
def negotiating_new(scope: Scope, period: Period):
    """新增在谈: projects whose first entry into the stage in talks lies in T."""
    return {"value": entered(scope, Stage.NEGOTIATING, period).count()}


@indicator(
    _("new in reserve"),
    pgettext_lazy("unit", "projects"),
    _("Projects that entered the reserve pool."),
)
def reserve_new(scope: Scope, period: Period):
    """新增储备: projects whose first entry into the reserve pool lies in T."""
    return {"value": entered(scope, Stage.RESERVE, period).count()}


@indicator(
    _("reserve projects"),
    pgettext_lazy("unit", "projects"),
    _("Projects that stood in the reserve pool, active, on the last day, by the history."),
)
def reserve_projects(scope: Scope, period: Period):
    """储备项目数: stage reserve and status active at the cut, by history."""
    return {"value": scope.rows(Project).standing_in(Stage.RESERVE, period.cut).count()}


@indicator(
    _("planned investment in reserve"),
    pgettext_lazy("unit", "yuan"),
    _("Planned investment of the reserve projects; unknown amounts are counted, not added."),
    Kind.YUAN,
)
def reserve_planned_yuan(scope: Scope, period: Period):
    """储备计划投资: sum over the reserve projects at the cut; 约 and 超 carry up into the total."""
    pool = scope.rows(Project).standing_in(Stage.RESERVE, period.cut)
    return money(pool, "planned_yuan", "planned_precision")


def projects_by_stage(scope: Scope, period: Period) -> list[StageRow]:
    """Active projects by the stage they stood in at the cut, every stage listed, in order.

    Count, planned investment and number of unknown amounts; one query. The row of the reserve
    equals ``reserve_projects`` and ``reserve_planned_yuan``.
    """
    groups = (
        scope.rows(Project)
        .at(period.cut)
        .filter(status_then=ProjectStatus.ACTIVE)
        .order_by()
        .values("stage_then")
        .annotate(
            count=Count("pk"),
            yuan=Sum("planned_yuan"),
            unknown=Count("pk", filter=Q(planned_yuan=None)),
            **precision_counts("planned_yuan", "planned_precision"),
        )
    )
    found = {group["stage_then"]: group for group in groups}
    return [_stage_row(stage, found.get(stage)) for stage in ORDER]


def _stage_row(stage: str, group: dict | None) -> StageRow:
    label = Stage(stage).label
    if group is None:
        return StageRow(stage, label, 0, ZERO, 0, "")
    precision = carried(group["about"], group["at_least"])
    return StageRow(
        stage, label, group["count"], group["yuan"] or ZERO, group["unknown"], precision
    )


@indicator(
    _("weighted pipeline"),
    pgettext_lazy("unit", "yuan"),
    _("Planned investment of the active projects × likelihood of their stage, added up."),
    Kind.YUAN,
)
def weighted_pipeline_yuan(scope: Scope, period: Period):
    """加权: Σ planned × likelihood by stage (the bureau's, else the defaults), at the cut."""
    likelihood = StageRule.likelihood_by_stage()
    rows = projects_by_stage(scope, period)
    total = sum((row.planned_yuan * Decimal(likelihood[row.stage]) for row in rows), ZERO) / 100
    return {"value": total, "unknown": sum(row.unknown for row in rows)}


@indicator(
    _("reserve turned into deals"),
    "%",
    _("Of the projects in reserve before the period: those that have signed by its end."),
    Kind.RATE,
)
def reserve_conversion(scope: Scope, period: Period):
    """储备转化率: entered signed or later in T, of those in reserve at its start ÷ those."""
    eve = period.start - timedelta(days=1)
    before = scope.rows(Project).standing_in(Stage.RESERVE, eve)
    signed = StageMove.objects.standing().filter(
        project=OuterRef("pk"),
        to_stage__in=reached(Stage.SIGNED),
        effective_on__gte=period.start,
        effective_on__lt=period.end,
    )
    found = before.annotate(has_signed=Exists(signed)).aggregate(
        signed=Count("pk", filter=Q(has_signed=True)), all=Count("pk")
    )
    return ratio(found["signed"], found["all"])
