"""One project on one page."""

from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from crm import stages
from crm.indicators import with_precision
from crm.models import Arrival, Deal, FollowUp, Project, Request, StageRule, Visit
from crm.money import format_yuan

from . import Block, Brief, Line, Step, block, joined, shortened


def project_brief(project: Project, reader, *, on: date) -> Brief:
    """All that a reader who may open the project has to know of it on a day."""
    moves = list(project.moves.standing())
    return Brief(
        title=project.name,
        sub=joined(project.number, project.lead_team, project.owner),
        marks=_marks(project),
        figures=_figures(project, reader, on),
        facts=_facts(project),
        blocks=(_next(project, on), _missing(project), _problems(project, reader, on),
                _contacts(project, reader)),
        steps=_steps(project, moves),
        is_sample=project.is_sample,
    )  # fmt: skip


def _marks(project: Project) -> tuple[str, ...]:
    marks = [project.get_stage_display()]
    if project.status != stages.ProjectStatus.ACTIVE:
        marks.append(project.get_status_display())
    if project.is_confidential:
        marks.append(_("confidential"))
    return tuple(str(mark) for mark in marks)


def _figures(project: Project, reader, on: date) -> tuple[tuple[str, str], ...]:
    deals = Deal.objects.open_to(reader).counting().filter(project=project)
    arrived = Arrival.objects.open_to(reader).confirmed().filter(project=project)
    total = arrived.aggregate(total=Sum("amount_yuan"))["total"]
    limit = StageRule.stale_days_by_stage().get(project.stage)
    stands = _("%(days)s of %(limit)s days") if limit else _("%(days)s days")
    planned = with_precision(format_yuan(project.planned_yuan), project.planned_precision)
    return (
        (_("planned investment"), planned),
        (_("amount signed"), _sum(deals)),
        (_("money arrived"), format_yuan(total) if total else "—"),
        (_("in this stage"), stands % {"days": project.days_in_stage(on), "limit": limit}),
    )


def _sum(deals) -> str:
    """— without a deal, undetermined where no amount is known."""
    found = list(deals.values_list("amount_yuan", flat=True))
    known = [yuan for yuan in found if yuan is not None]
    return format_yuan(sum(known) if known else None) if found else "—"


def _facts(project: Project) -> tuple[tuple[str, str], ...]:
    compute = "、".join(
        f"{c.get_kind_display()} {c.planned_p.normalize():f}P"
        for c in project.compute.all()
        if c.planned_p is not None
    )
    facts = [
        (_("investor"), project.lead_investor),
        (_("park"), project.park or project.site_text),
        (_("chain segment"), project.segment or project.segment_text),
        (_("compute"), compute),
        (_("sponsoring leader"), project.sponsoring_leader),
        (_("content"), project.summary),
    ]
    return tuple((label, str(value)) for label, value in facts if value)


def _next(project: Project, on: date) -> Block:
    lines = ()
    if project.next_step:
        due = project.next_step_on
        lines = (
            Line(
                shortened(project.next_step),
                f"{due:%Y-%m-%d}" if due else "",
                bool(due and due < on),
            ),
        )
    return Block(_("Next step"), lines, empty=_("No next step is set."))


def _missing(project: Project) -> Block:
    onward = stages.following(project.stage)
    if onward is None:
        return Block(_("Still missing"), (), empty=_("The last stage is reached."))
    lacking = [str(requirement.label) for requirement in project.missing_for(onward)]
    heading = _("Missing to enter “%(stage)s”") % {"stage": stages.Stage(onward).label}
    return block(heading, lacking, Line, empty=_("Nothing is missing."), most=4)


def _problems(project: Project, reader, on: date) -> Block:
    """Milestones missed and requests that wait, the longest overdue first."""
    missed = [
        (m.planned_on, Line(_("%(what)s not done") % {"what": m}, f"{m.planned_on:%Y-%m-%d}", True))
        for m in project.milestones.all()
        if m.archived_at is None and m.planned_on and m.planned_on < on
        and m.actual_on is None and not m.is_not_applicable
    ]  # fmt: skip
    waiting = Request.objects.live().open_to(reader).filter(project=project).waiting()
    asked = [
        (
            r.due_on,
            Line(shortened(r.content), joined(r.department, f"{r.due_on:%Y-%m-%d}"), r.due_on < on),
        )
        for r in waiting.select_related("department")
    ]
    lines = [line for _due, line in sorted(missed + asked, key=lambda pair: pair[0])]
    return block(_("Problems"), lines, lambda line: line, empty=_("No open problem."))


def _contacts(project: Project, reader) -> Block:
    """The last talks, and what is to be followed up."""
    visits = (
        Visit.objects.live().open_to(reader).filter(project=project).order_by("-held_on", "-pk")
    )
    tasks = FollowUp.objects.live().open_to(reader).filter(project=project, done_on=None).count()
    heading = _("Last talks")
    if tasks:
        heading += _(" (%(count)s follow-ups open)") % {"count": tasks}
    return block(heading, visits, talk, empty=_("No talk is logged."))


def talk(visit: Visit) -> Line:
    what = visit.content or visit.get_outcome_display() or visit.get_mode_display()
    return Line(shortened(what), joined(f"{visit.held_on:%Y-%m-%d}", visit.delegation_head))


def _steps(project: Project, moves) -> tuple[Step, ...]:
    entered = {move.to_stage: move.effective_on for move in moves}
    here = stages.position(project.stage)
    return tuple(
        Step(
            stage, str(stages.Stage(stage).label),
            "now" if place == here else "done" if place < here else "",
            entered.get(stage) if place <= here else None,
        )
        for place, stage in enumerate(stages.ORDER)
    )  # fmt: skip
