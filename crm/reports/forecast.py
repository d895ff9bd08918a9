"""Forecast: what the projects before signing may bring, weighted by likelihood."""

from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts
from crm.indicators.behind import BEFORE_SIGNING
from crm.models import StageRule
from crm.money import UNITS
from crm.stages import Stage

from .asking import (
    PLANNED,
    UNIT,
    Asked,
    Line,
    amount_cells,
    groups,
    money,
    summed,
    table,
    unknown_note,
)
from .registry import Report, add_report
from .table import Column, Kind, Made

BY = {
    "stage": gettext_lazy("by stage"),
    "planned": gettext_lazy("by planned signing month"),
    "team": gettext_lazy("by task force"),
}


def build(asked: Asked):
    """A row for each stage, planned month or task force: count, planned and weighted sum."""
    behind, weights = asked.behind("before_signing"), StageRule.likelihood_by_stage()
    found = groups(asked, behind, asked.by, PLANNED | _by_stage())
    lines = [
        Line(
            (group.label, group.found["count"], *amount_cells(group.found),
             _in_sum(group.found, weights), group.found["unknown"]),
            {1: group.behind, 2: group.behind, 5: group.behind.where(amount=None)},
        )
        for group in _in_order(found, asked.by)
    ]  # fmt: skip
    whole = summed([group.found for group in found]) or {"count": 0, "yuan": 0, "unknown": 0}
    total = Line(
        (_("total"), whole["count"], *amount_cells(whole), _in_sum(whole, weights),
         whole["unknown"]),
        {1: behind, 2: behind, 5: behind.where(amount=None)},
    )  # fmt: skip
    return table(
        asked, _("Forecast"), _columns(asked), lines, total,
        notes=[_origin(weights), *unknown_note(whole["unknown"])],
        definition=_(
            "Active projects before signing at the cut: planned investment × likelihood of the "
            "stage, added up; unknown amounts are counted, not added."
        ),
    )  # fmt: skip


def _columns(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 26),
        Column(_("projects"), Kind.COUNT, 10),
        Column(_("planned investment"), Kind.MONEY, 18, _("undetermined")),
        Column(_("how exact"), Kind.TEXT, 10),
        Column(
            _("weighted"),
            Kind.MONEY,
            18,
            _("undetermined"),
            made=Made(_("Σ planned investment × likelihood of the stage"), (2,)),
        ),
        Column(_("of which undetermined"), Kind.COUNT, 12),
    )


def _by_stage() -> dict:
    return {stage: Sum("planned_yuan", filter=Q(stage_then=stage)) for stage in BEFORE_SIGNING}


def _weighted(found: dict, weights: dict) -> Decimal:
    parts = (Decimal(found.get(stage) or 0) * Decimal(weights[stage]) for stage in BEFORE_SIGNING)
    return sum(parts, Decimal(0)) / 100


def _in_sum(found: dict, weights: dict) -> Decimal | None:
    """The weighted sum; where no amount is known it is not known either."""
    planned, _exact = amount_cells(found)
    return None if planned is None else money(_weighted(found, weights))


def _in_order(found: list, by: str) -> list:
    """Stages in their own order."""
    if by != "stage":
        return found
    return sorted(found, key=lambda group: BEFORE_SIGNING.index(group.key))


def _origin(weights: dict) -> str:
    """The likelihoods and where each comes from."""
    own = set(StageRule.objects.values_list("stage", flat=True))
    said = "、".join(
        f"{Stage(stage).label} {Decimal(weights[stage]).normalize():f}%"
        + (_(" (set by the bureau)") if stage in own else _(" (default)"))
        for stage in BEFORE_SIGNING
    )
    return _("Likelihoods: %(said)s.") % {"said": said}


def draw(asked: Asked, shown, link):
    """Planned beside weighted for every row."""
    unit = UNITS[UNIT]
    marks = [
        charts.Mark(
            cells[0], None if cells[4] is None else cells[4] * unit, link(shown.drills[row, 1]),
            target=None if cells[2] is None else cells[2] * unit,
        )
        for row, cells in enumerate(shown.rows)
    ]  # fmt: skip
    return charts.responsive(
        charts.bars, marks, title=_("Weighted, with the planned sum as a mark"),
        form=charts.yuan_text,
    )  # fmt: skip


REPORT = add_report(
    Report(
        "forecast", gettext_lazy("Forecast"),
        gettext_lazy("What the projects before signing may bring, weighted by their likelihood."),
        build, draw, BY, figure="weighted_pipeline_yuan",
    )
)  # fmt: skip
