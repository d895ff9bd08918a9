"""Progress of the signed projects: on time or late, by how much, and why."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from crm import charts
from crm.models import Deal, Milestone, Project, Request
from crm.stages import Stage

from .asking import Asked, Line, closed_note, money, table
from .registry import Report, add_report
from .table import Column, Kind, Made, Record

LATE, ON_TIME, NO_PLAN = (
    pgettext_lazy("progress of a project", "late"),
    gettext_lazy("on time"),
    gettext_lazy("without a plan"),
)  # fmt: skip
MOST_REASONS = 3


@dataclass
class Plan:
    """What is planned of a project and not done: overdue at the cut, or still to come."""

    overdue: list
    coming: list

    @property
    def since(self) -> date | None:
        return min((milestone.planned_on for milestone in self.overdue), default=None)


def build(asked: Asked):
    """Projects at signed, landed or building at the cut, the latest first; six queries."""
    projects = list(_under_way(asked))
    plans, requests = _plans(projects, asked), _requests(projects, asked)
    made = [_line(asked, project, plans[project.pk], requests) for project in projects]
    made.sort(key=lambda pair: (-pair[0], pair[1].values[1] or ""))
    lines = [
        Line((number, *line.values[1:]), line.drills)
        for number, (_late, line) in enumerate(made, start=1)
    ]
    states = Counter(line.values[7] for line in lines)
    total = Line(
        (None, _count(len(lines)), None, None, None, None,
         money(sum((p.signed_yuan or 0 for p in projects), 0)), _states(states), *[None] * 4),
        {1: asked.behind("underway"), 6: asked.behind("underway_deals")},
    )  # fmt: skip
    return table(
        asked, _("Progress of signed projects"), _columns(), lines, total,
        notes=closed_note(sum(not project.is_open for project in projects)),
        definition=_(
            "Active projects signed, landed or building at the cut. Late: a milestone or the next "
            "step is past its date; on time: all that is planned lies ahead; why: what is overdue, "
            "and the requests of the firm that are past their date."
        ),
    )  # fmt: skip


def _columns():
    return (
        Column(_("no."), Kind.COUNT, 6),
        Column(_("project name"), Kind.TEXT, 30, shows="deals.project"),
        Column(_("task force"), Kind.TEXT, 14, shows="deals.team"),
        Column(_("park"), Kind.TEXT, 16, shows="deals.park"),
        Column(_("stage"), Kind.TEXT, 8),
        Column(_("signed on"), Kind.DATE, 12, shows="deals.signed_on"),
        Column(_("amount signed"), Kind.MONEY, 14, _("undetermined"), shows="deals.amount"),
        Column(_("on schedule"), Kind.TEXT, 10),
        Column(
            _("days late"),
            Kind.COUNT,
            8,
            made=Made(_("days from the earliest date that was missed to the cut"), (9,)),
        ),
        Column(_("why"), Kind.TEXT, 34),
        Column(_("next milestone"), Kind.TEXT, 20),
        Column(_("planned date"), Kind.DATE, 12),
    )


def _under_way(asked: Asked):
    deals = Deal.objects.live().counting().filter(
        project=OuterRef("pk"), signed_on__lt=asked.period.end
    ).order_by().values("project")  # fmt: skip
    return asked.rows(asked.behind("underway")).select_related("lead_team", "park").annotate(
        signed_on=Subquery(deals.annotate(first=Min("signed_on")).values("first")),
        signed_yuan=Subquery(deals.annotate(sum=Sum("amount_yuan")).values("sum")),
    )  # fmt: skip


def _plans(projects, asked: Asked) -> dict[int, Plan]:
    """Milestones of the projects that were not reached by the cut, in the order of their dates."""
    plans = {project.pk: Plan([], []) for project in projects}
    cut = asked.period.cut
    rows = asked.scope.of(None).rows(Milestone).filter(
        project__in=list(plans), is_not_applicable=False, planned_on__isnull=False
    ).order_by("planned_on", "pk")  # fmt: skip
    for milestone in rows:
        if milestone.actual_on is None or milestone.actual_on > cut:
            plan = plans[milestone.project_id]
            (plan.overdue if milestone.planned_on < cut else plan.coming).append(milestone)
    return plans


def _requests(projects, asked: Asked) -> dict[int, list[str]]:
    """What firms asked for and did not get in time, by project."""
    late: dict[int, list[str]] = {}
    rows = asked.scope.of(None).rows(Request).filter(
        project__in=[project.pk for project in projects], is_open=True
    ).overdue(asked.period.cut)  # fmt: skip
    for request in rows.order_by("due_on", "pk"):
        late.setdefault(request.project_id, []).append(str(request.get_category_display()))
    return late


def _line(asked: Asked, project: Project, plan: Plan, requests) -> tuple[int, Line]:
    """Days late, and the row."""
    cut, step = asked.period.cut, project.next_step_on
    since = min((day for day in (plan.since, step) if day and day < cut), default=None)
    late = (cut - since).days if since else 0
    planned = bool(plan.coming) or bool(step)
    state = str(LATE if late else ON_TIME if planned else NO_PLAN)
    stage = str(Stage(project.stage_then).label)
    drills = {at: Record(Project, project.pk) for at in (1, 6)}
    if not project.is_open:
        yuan = money(project.signed_yuan)
        return 0, Line((0, project.code_name, None, None, stage, None, yuan, *[None] * 5), drills)
    coming = plan.coming[0] if plan.coming else None
    values = (
        0, project.name, str(project.lead_team or ""), str(project.park or project.site_text),
        stage, project.signed_on, money(project.signed_yuan), state, late or None,
        _why(project, plan, requests, cut), str(coming or ""), coming and coming.planned_on,
    )  # fmt: skip
    return late, Line(values, drills)


def _why(project: Project, plan: Plan, requests, cut: date) -> str:
    reasons = [str(milestone) for milestone in plan.overdue]
    if project.next_step_on and project.next_step_on < cut and project.next_step:
        reasons.append(project.next_step)
    reasons += requests.get(project.pk, [])
    said = "；".join(reasons[:MOST_REASONS])
    return said if len(reasons) <= MOST_REASONS else f"{said} …（{len(reasons)}）"


def _count(n: int) -> str:
    return ngettext("total: %(count)s project", "total: %(count)s projects", n) % {"count": n}


def _states(states: Counter) -> str:
    return "、".join(f"{name} {n}" for name, n in states.most_common() if name)


def draw(asked: Asked, shown, link):
    """Late projects by task force; nothing to draw where none is late."""
    late = Counter(cells[2] or "" for cells in shown.rows if cells[7] == str(LATE))
    if not late:
        return ""
    marks = [
        charts.Mark(team or _("no task force"), n, tone="bad") for team, n in late.most_common()
    ]
    return charts.responsive(charts.bars, marks, title=_("Late projects by task force"))


REPORT = add_report(
    Report(
        "progress", gettext_lazy("Progress of signed projects"),
        gettext_lazy("Which signed projects are on time, which are late, and why."),
        build, draw, figure="start_rate",
    )
)  # fmt: skip
