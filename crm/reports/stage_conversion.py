"""Durations and conversion: how long stages take and how many projects go on."""

from dataclasses import replace
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts, indicators
from crm.indicators.behind import Behind
from crm.indicators.figures import in_decimal
from crm.models import StageMove
from crm.money import rounded
from crm.stages import ORDER, Stage, reached

from .asking import Asked, Line, groups, table
from .registry import Report, add_report
from .table import Column, Formula, Kind, Made

BY = {
    "stage": gettext_lazy("by stage"),
    "reported": gettext_lazy("by month of the report"),
    "team": gettext_lazy("by task force"),
}
GOALS = (Stage.NEGOTIATING, Stage.RESERVE, Stage.SIGNED, Stage.LANDED, Stage.BUILDING)


def build(asked: Asked):
    """By stage: who entered it in the period; else the projects reported in it, by cohort."""
    return _by_stage(asked) if asked.by == "stage" else _by_cohort(asked)


def _by_stage(asked: Asked):
    days = {row.stage: row for row in indicators.stage_days_by_stage(asked.scope, asked.period)}
    lines = [_stage_line(asked, stage, days[stage]) for stage in ORDER[:-1]]
    columns = (
        Column(_("stage"), Kind.TEXT, 14),
        Column(_("projects that entered"), Kind.COUNT, 10),
        Column(_("of which went on"), Kind.COUNT, 12),
        Column(
            _("conversion"),
            Kind.SHARE,
            12,
            "—",
            made=Made(_("projects that went on ÷ projects that entered"), (2, 1)),
        ),
        Column(_("stays ended"), Kind.COUNT, 12),
        Column(
            _("median of days"),
            Kind.NUMBER,
            14,
            "—",
            made=Made(_("the middle one of the days of all stays that ended"), (4,)),
        ),
        Column(
            _("mean of days"),
            Kind.NUMBER,
            14,
            "—",
            made=Made(_("days of all stays that ended ÷ their number"), (4,)),
        ),
    )
    figure = indicators.stage_days(asked.scope, asked.period)
    mean = figure.parts["mean"]
    total = Line(
        (_("all stages"), None, None, None, figure.parts["n"], _days(figure.value), _days(mean)),
        {4: _stays(asked, ORDER[:-1])},
    )
    contract = indicators.signing_days(asked.scope, asked.period)
    note = _("From the first report to the contract: median %(median)s days, %(n)s projects.")
    return table(
        asked, _("Stage durations and conversion"), columns, lines, total,
        notes=[note % {"median": contract.text, "n": contract.parts["n"]}],
        definition=_(
            "Projects whose first entry into the stage lies in the period, and those of them that "
            "reached a later stage by the cut; days of the stays that ended forward in the period."
        ),
    )  # fmt: skip


def _stage_line(asked: Asked, stage: str, days) -> Line:
    came, went = asked.behind(f"entered_{stage}"), asked.behind(f"went_on_{stage}")
    entered, on = asked.rows(came).count(), asked.rows(went).count()
    rate = Fraction(on, entered) if entered else None
    values = (str(Stage(stage).label), entered, on, rate, days.n, _days(days.median),
              _days(days.mean))  # fmt: skip
    return Line(values, {1: came, 2: went, 4: _stays(asked, [stage])})


def _stays(asked: Asked, stages) -> Formula:
    """A project that was set back has several stays: the lists are of projects."""
    said = _("stays that ended forward in the period; a project may have several")
    parts = ((str(Stage(stage).label), asked.behind(f"left_{stage}")) for stage in stages)
    return Formula(said, tuple(parts))


def _days(value):
    return None if value is None else rounded(in_decimal(value), 1)


# -- cohorts ---------------------------------------------------------------------------------------


def _reached(asked: Asked) -> dict:
    """Aggregates: how many of a cohort have been at each goal (or later) by the cut."""
    until = StageMove.objects.standing().filter(
        project=OuterRef("pk"), effective_on__lt=asked.period.end
    )  # fmt: skip
    return {
        goal: Count("pk", filter=Q(Exists(until.filter(to_stage__in=reached(goal)))))
        for goal in GOALS
    }


def _by_cohort(asked: Asked):
    cohort = asked.behind("entered_lead")
    counted = {"count": Count("pk"), **_reached(asked)}
    found = groups(asked, cohort, asked.by, counted)
    lines = [
        Line((group.label, *_cohort_cells(group.found)), _came_to(group.behind)) for group in found
    ]
    whole = asked.rows(cohort).aggregate(**counted)
    columns = [
        Column(str(BY[asked.by]), Kind.TEXT, 18),
        Column(_("projects reported"), Kind.COUNT, 10),
    ]
    for goal in GOALS:
        at = len(columns)
        share = Made(_("projects that came so far ÷ projects reported"), (at, 1))
        columns += [Column(str(goal.label), Kind.COUNT, 8),
                    Column(_("share"), Kind.SHARE, 9, "—", made=share)]  # fmt: skip
    return table(
        asked, _("Stage durations and conversion"), columns, lines,
        Line((_("total"), *_cohort_cells(whole)), _came_to(cohort)),
        definition=_(
            "Projects reported in the period, and how many of them have been at the stage or a "
            "later one by the cut; shares of the projects reported."
        ),
    )  # fmt: skip


def _came_to(cohort: Behind) -> dict:
    """The projects reported, and those of them behind each count."""
    goals = enumerate(GOALS)
    return {1: cohort} | {2 + 2 * n: replace(cohort, name=f"came_to_{goal}") for n, goal in goals}


def _cohort_cells(found: dict) -> tuple:
    cells: list = [found["count"]]
    for goal in GOALS:
        share = Fraction(found[goal], found["count"]) if found["count"] else None
        cells += [found[goal], share]
    return tuple(cells)


def draw(asked: Asked, shown, link):
    """By stage the shares that went on; by cohort how far all of them came."""
    if asked.by == "stage":
        marks = [
            charts.Mark(cells[0], cells[3], link(shown.drills[row, 2]), f"{cells[2]}/{cells[1]}",
                        tone=f"stage-{stage}")
            for (row, cells), stage in zip(enumerate(shown.rows), ORDER, strict=False)
        ]  # fmt: skip
        return charts.responsive(
            charts.bars, marks, title=_("Conversion by stage"), form=charts.percent_text
        )
    total = shown.total
    marks = [charts.Mark(_("projects reported"), total[1], tone="stage-lead")] + [
        charts.Mark(str(goal.label), total[2 * place + 2], tone=f"stage-{goal}")
        for place, goal in enumerate(GOALS)
    ]
    return charts.responsive(charts.bars, marks, title=_("How far the projects reported came"))


REPORT = add_report(
    Report(
        "stage_conversion", gettext_lazy("Stage durations and conversion"),
        gettext_lazy("How long stages take and how many projects go on, by stage and cohort."),
        build, draw, BY, figure="stage_days",
    )
)  # fmt: skip
