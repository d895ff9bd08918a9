"""The pipeline report: which projects stand where, with how much money, and what comes next."""

from dataclasses import replace
from datetime import date

from django.db.models import Max, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import charts, indicators
from crm.indicators.behind import standing
from crm.indicators.figures import ZERO, carried
from crm.models import Arrival, Deal, Project, StageMove
from crm.money import AmountPrecision, in_unit
from crm.stages import ProjectStatus, Stage, missing

from .asking import Asked, exactness, unit_line
from .registry import Report, add_report
from .table import TOTAL, Column, Kind, Record, Table

UNIT = "万元"
MOST_MISSING = 3


def build(queryset, *, user, on: date) -> Table:
    """Projects of a scoped queryset as they stood at the end of the day ``on``, by history.

    ``queryset`` comes from ``visible_to(user)``. A project that is closed to the reader shows its
    code name, stage and amounts only. Six queries, however many rows.
    """
    projects = list(_stood(queryset, on))
    lacking = _lacking(projects)
    rows = tuple(
        _row(number, project, on, lacking.get(project.pk, ""))
        for number, project in enumerate(projects, start=1)
    )
    return Table(
        title=_("Pipeline of investment projects"),
        unit_line=_("unit: 10k yuan · as of %(day)s") % {"day": on.isoformat()},
        columns=_columns(),
        rows=rows,
        total=_total(projects),
        notes=_notes(projects),
        definition=_(
            "Stage and status by the history at the end of the day; amounts signed and arrived up "
            "to that day; unknown amounts are counted, not added as 0."
        ),
        as_of=on,
        has_sample=any(project.is_sample for project in projects),
        drills={
            (row, at): Record(Project, project.pk)
            for row, project in enumerate(projects)
            for at in (1, 8, 10, 11, 12)
        },
    )


def answer(asked: Asked) -> Table:
    """The active projects of the scope at the cut."""
    rows = standing(asked.scope, asked.period)
    table = build(rows, user=asked.scope.reader, on=asked.period.cut)
    behind = {1: "standing", 8: "standing", 10: "standing_deals", 11: "standing_arrivals"}
    drills = {**table.drills, **{(TOTAL, at): asked.behind(name) for at, name in behind.items()}}
    return replace(table, drills=drills, unit_line=unit_line(asked))


def draw(asked: Asked, table: Table, link):
    """The funnel; each stage leads to the projects that stand in it."""
    behind = asked.behind("standing")
    steps = [
        charts.Step(
            str(row.label), row.count, row.planned_yuan, link(behind.where(stage=row.stage)),
            f"stage-{row.stage}", row.planned_text,
        )
        for row in indicators.projects_by_stage(asked.scope, asked.period)
    ]  # fmt: skip
    return charts.responsive(charts.funnel, steps, title=_("Projects by stage"))


REPORT = add_report(
    Report(
        "pipeline", gettext_lazy("Pipeline of investment projects"),
        gettext_lazy("Which projects stand where, with how much money, and what comes next."),
        answer, draw, figure="leads_new",
    )
)  # fmt: skip


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("no."), Kind.COUNT, 6),
        Column(_("project name"), Kind.TEXT, 30, shows="projects.name"),
        Column(_("investor"), Kind.TEXT, 22, shows="projects.investor"),
        Column(_("stage"), Kind.TEXT, 8),
        Column(_("status"), Kind.TEXT, 8),
        Column(_("chain segment"), Kind.TEXT, 16, shows="projects.segment"),
        Column(_("park"), Kind.TEXT, 14, shows="projects.park"),
        Column(_("task force"), Kind.TEXT, 12, shows="projects.team"),
        Column(_("planned investment"), Kind.MONEY, 14, shows="projects.planned"),
        Column(_("how exact"), Kind.TEXT, 8, shows="projects.planned"),
        Column(_("amount signed"), Kind.MONEY, 14, shows="deals.amount"),
        Column(_("money arrived"), Kind.MONEY, 14, shows="deals.arrived_total"),
        Column(_("days in stage"), Kind.COUNT, 8),
        Column(_("next step"), Kind.TEXT, 20, shows="projects.next_step"),
        Column(_("due"), Kind.DATE, 12, shows="projects.next_step"),
        Column(_("still missing"), Kind.TEXT, 30),
    )


def _stood(queryset, on: date):
    """The projects that existed on the day, with stage, money and entry date as of then."""
    entered = StageMove.objects.standing().filter(project=OuterRef("pk"), effective_on__lte=on)
    signed = Deal.objects.live().counting().filter(signed_on__lte=on)
    arrived = Arrival.objects.confirmed().filter(month__lte=on)
    return (
        queryset.at(on)
        .exclude(stage_then=None)
        .annotate(
            since_then=Subquery(_of_project(entered).values(at=Max("effective_on"))),
            signed_yuan=Subquery(_of_project(signed).values(sum=Sum("amount_yuan"))),
            arrived_yuan=Subquery(_of_project(arrived).values(sum=Sum("amount_yuan"))),
        )
        .select_related("lead_investor", "segment__chain", "park", "lead_team")
        .order_by("-reported_on", "-pk")
    )


def _of_project(rows):
    """The rows of the project of the outer query, as one group."""
    return rows.filter(project=OuterRef("pk")).order_by().values("project")


def _row(number: int, project: Project, on: date, lacking: str) -> tuple:
    money = (
        _in_unit(project.planned_yuan),
        _precision(project.planned_yuan, project.planned_precision),
        _in_unit(project.signed_yuan),
        _in_unit(project.arrived_yuan),
    )
    stage = str(Stage(project.stage_then).label)
    if not project.is_open:
        return (number, project.code_name, None, stage, *[None] * 4, *money, *[None] * 4)
    return (
        number,
        project.name,
        _text(project.lead_investor),
        stage,
        str(ProjectStatus(project.status_then).label),
        _text(project.segment),
        _text(project.park) or project.site_text,
        _text(project.lead_team),
        *money,
        (on - project.since_then).days,
        project.next_step,
        project.next_step_on,
        lacking,
    )


def _text(record) -> str:
    return "" if record is None else str(record)


def _in_unit(yuan):
    return None if yuan is None else in_unit(yuan, UNIT)


def _precision(yuan, precision: str) -> str:
    if yuan is None:
        return _("undetermined")
    return exactness(precision)


def _lacking(projects) -> dict[int, str]:
    """What projects entered their stage without and still lack (待补), by project.

    Only those with something overridden are looked at, so a long list stays quick.
    """
    suspects = (
        Project.objects.filter(pk__in=[project.pk for project in projects if project.is_open])
        .with_incomplete_stage()
        .select_related("project_company")
        .prefetch_related("visits", "conflicts", "assessments", "deals__parties", "credit_shares")
    )
    return {project.pk: _shortened(missing(project, project.stage)) for project in suspects}


def _shortened(lacking) -> str:
    """The first things missing and how many there are; all stand on the project's page."""
    text = "、".join(str(item.label) for item in lacking[:MOST_MISSING])
    if len(lacking) <= MOST_MISSING:
        return text
    return _("%(first)s … %(count)s in all") % {"first": text, "count": len(lacking)}


def _total(projects) -> tuple:
    """Sums of the unrounded values; what is unknown stands in the notes."""
    known = [project for project in projects if project.planned_yuan is not None]
    about = sum(p.planned_precision == AmountPrecision.ABOUT for p in known)
    below = {AmountPrecision.AT_LEAST, AmountPrecision.RANGE}
    precision = exactness(carried(about, sum(p.planned_precision in below for p in known)))
    label = ngettext("total: %(count)s project", "total: %(count)s projects", len(projects))
    money = (
        _sum(projects, "planned_yuan"),
        precision,
        _sum(projects, "signed_yuan"),
        _sum(projects, "arrived_yuan"),
    )
    return (None, label % {"count": len(projects)}, *[None] * 6, *money, *[None] * 4)


def _sum(projects, amount: str):
    return _in_unit(sum((getattr(project, amount) or ZERO for project in projects), start=ZERO))


def _notes(projects) -> tuple[str, ...]:
    unknown = sum(project.planned_yuan is None for project in projects)
    closed = sum(not project.is_open for project in projects)
    notes = []
    if unknown:
        text = ngettext(
            "%(count)s more project with undetermined investment is not in the sum.",
            "%(count)s more projects with undetermined investment are not in the sum.",
            unknown,
        )
        notes.append(text % {"count": unknown})
    if closed:
        text = ngettext(
            "%(count)s confidential project stands under its code name.",
            "%(count)s confidential projects stand under their code names.",
            closed,
        )
        notes.append(text % {"count": closed})
    return tuple(notes)
