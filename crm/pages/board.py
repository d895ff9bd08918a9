"""The board: projects by stage in columns, moved by drag, menu and keys; the list's own filters.

Pages work without JavaScript (every card links to its project and to the page that moves it); the
small answers below are for ``board.js``.
"""

import re
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm import indicators, stages
from crm.access import permissions_of
from crm.admin.changelist import chips
from crm.admin.columns import amount
from crm.filters import ProjectFilter
from crm.indicators import with_precision
from crm.models import Project, StageMove, StageProposal, StageRule, StaleRecord
from crm.money import format_yuan
from crm.periods import today
from crm.stages import ProjectStatus, Stage, Step

from .advancing import Advance
from .frame import in_frame, page

FIRST_CARDS, MOST_CARDS = 20, 120
SOON_DAYS = 7
QUICK = {
    "mine": gettext_lazy("mine"),
    "overdue": gettext_lazy("next step overdue"),
    "stale": gettext_lazy("standing still"),
}


# -- pages -----------------------------------------------------------------------------------------


@require_safe
@page("view_project")
def board(request):
    chosen = _filtered(request)
    projects = _on_board(chosen)
    wanted = chosen.in_use.get("stage") or stages.ORDER
    columns = [
        _column(request, projects, figures)
        for figures in indicators.columns(projects)
        if figures.stage in wanted
    ]
    context = {
        "title": _("Board"),
        "columns": columns,
        "count": sum(column["figures"].count for column in columns),
        "filters": {"filterset": chosen, "active_filters": _chips(request, chosen)},
        "quick": _quick(request, chosen),
        "list_url": f"{reverse('admin:crm_project_changelist')}?{_query(request)}",
        "stamps_url": f"{reverse('crm_board_stamps')}?{request.GET.urlencode()}",
        "stamps": projects.stamps_by_stage(),
        "may_add": "add_project" in permissions_of(request.user.role),
    }
    return in_frame(request, "crm/board/board.html", context)


@require_safe
@page("view_project")
def column(request, stage: str):
    """One column anew (``size`` cards), or its next cards (``after`` a place)."""
    if stage not in stages.ORDER:
        raise Http404
    projects = _on_board(_filtered(request))
    figures = next(each for each in indicators.columns(projects) if each.stage == stage)
    context = {"column": _column(request, projects, figures)}
    template = "cards" if "after" in request.GET else "column"
    return render(request, f"crm/board/{template}.html", context)


@require_safe
@page("view_project")
def stamps(request):
    """What the open board asks every few seconds; differs where a column changed."""
    return JsonResponse(_on_board(_filtered(request)).stamps_by_stage())


# -- acts ------------------------------------------------------------------------------------------


@page("view_project")
def move(request, pk: int):
    """GET: the small form a move asks for. POST: the move, or the form with what is wrong."""
    project = _editable(request, pk)
    target = request.GET.get("to", "")
    if target not in stages.ORDER:
        raise Http404
    if _is_stale(request, project, target):
        return _stale(project)
    if proposal := _to_decide(project, target, request.user):
        return _asked(request, "decide", {"proposal": proposal, "project": project})
    data = request.POST if "on" in request.POST else None
    ask = Advance(project, target, user=request.user, data=data)
    if not ask.is_allowed():
        return _refused(_("Your role does not make this move."))
    if request.method != "POST":
        return _ask(request, ask)
    return _attempt(request, ask, target)


def _attempt(request, ask, target):
    before = ask.project.stage
    try:
        if ask.form.is_bound:
            done = ask.carry_out()
        else:
            done = ask.at_once() if ask.asks_nothing() else None
    except StaleRecord:
        return _stale(ask.project)
    except ValidationError as error:
        return _refused(" ".join(error.messages))
    return _ask(request, ask) if done is None else _done(ask.project, before, target, done)


@require_POST
@page("view_project")
def undo(request, pk: int):
    """Take back the move just made, or the proposal just sent."""
    project = _editable(request, pk)
    before = project.stage
    try:
        if "proposal" in request.POST:
            given = _number(request.POST["proposal"])
            get_object_or_404(project.proposals.live(), pk=given).withdraw(by=request.user)
        else:
            given = _number(request.POST.get("move", ""))
            last = get_object_or_404(StageMove, pk=given, project=project)
            project.undo_move(last, by=request.user)
    except StaleRecord:
        return _stale(project)
    except ValidationError as error:
        return _refused(" ".join(error.messages))
    text = _("Taken back: “%(name)s” stands in “%(stage)s”.")
    values = {"name": project.name, "stage": project.get_stage_display()}
    return JsonResponse(
        {"state": "done", "message": text % values, "stages": [before, project.stage]}
    )


@require_POST
@page("confirm_stage")
def decide(request, pk: int):
    """The bureau confirms or declines the proposal that a card waits with."""
    project = _editable(request, pk)
    proposal = get_object_or_404(
        project.proposals.live().waiting(), pk=_number(request.POST.get("proposal", ""))
    )
    before = project.stage
    try:
        if "confirm" in request.POST:
            done = proposal.confirm(by=request.user)
            return _done(proposal.project, before, proposal.to_stage, done)
        proposal.decline(by=request.user, note=request.POST.get("note", "")[:300])
    except StaleRecord:
        return _stale(project)
    except ValidationError as error:
        context = {"proposal": proposal, "project": project, "errors": error.messages}
        return _asked(request, "decide", context)
    text = _("Declined; the team can read why.")
    return JsonResponse({"state": "done", "message": text, "stages": [before]})


# -- answers ---------------------------------------------------------------------------------------


def _done(project, before, target, done):
    """What was done, and what takes it back."""
    kind = "proposal" if isinstance(done, StageProposal) else "move"
    text = (
        _("“%(name)s” is proposed for “%(stage)s”; the bureau decides.")
        if kind == "proposal"
        else _("“%(name)s” moved to “%(stage)s”.")
    )
    undo_what = {"url": reverse("crm_board_undo", args=[project.pk]), kind: done.pk} if done else {}
    values = {"name": project.name, "stage": Stage(target).label}
    return JsonResponse(
        {"state": "done", "message": text % values, "stages": [before, target], "undo": undo_what}
    )


def _ask(request, ask):
    return _asked(request, "ask", {"ask": ask, "project": ask.project, "target": Stage(ask.target)})


def _asked(request, template, context):
    html = render_to_string(f"crm/board/{template}.html", context, request)
    return JsonResponse({"state": "asked", "html": html})


def _refused(message):
    return JsonResponse({"state": "refused", "message": message})


def _stale(project):
    """The card on this screen is old: somebody moved or changed the project."""
    project.refresh_from_db()
    text = _("%(who)s changed “%(name)s” meanwhile; it stands in “%(stage)s”. Nothing was done.")
    values = {
        "who": project.updated_by or "—", "name": project.name,
        "stage": project.get_stage_display(),
    }  # fmt: skip
    return JsonResponse({"state": "stale", "message": text % values, "stages": [project.stage]})


def _is_stale(request, project, target) -> bool:
    """Whether the card was read before the last change; the form then checks its own version."""
    given = _number(request.POST.get("version") or request.GET.get("version", ""))
    return target == project.stage or (given != project.version and "on" not in request.POST)


def _to_decide(project, target, user):
    """The open proposal for this stage, when the user is the one to decide it."""
    if "confirm_stage" not in permissions_of(user.role):
        return None
    waiting = project.proposals.live().waiting().filter(to_stage=target)
    return waiting.exclude(proposed_by=user).select_related("proposed_by").first()


def _editable(request, pk):
    """The project for writing; 404 outside the scope, 403 when it may only be read."""
    rows = Project.objects.live().filter(pk=pk)
    project = get_object_or_404(rows.open_to(request.user))
    if not project.is_editable_by(request.user):
        raise PermissionDenied
    return project


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


# -- columns and cards -----------------------------------------------------------------------------


def _filtered(request) -> ProjectFilter:
    rows = Project.objects.shown_to(request.user)
    return ProjectFilter(request.GET, queryset=rows, user=request.user)


def _on_board(chosen):
    """The projects of the list under the same filters; active ones unless a status is chosen."""
    return chosen.qs if "status" in chosen.in_use else chosen.qs.active()


def _column(request, projects, figures) -> dict:
    size = min(_number(request.GET.get("size", "")) or FIRST_CARDS, MOST_CARDS)
    rows = projects.in_column(figures.stage, after=_place(request)).as_cards(request.user)
    found = list(rows[: size + 1])
    shown, today_ = found[:size], today()
    stale_days = StageRule.stale_days_by_stage()
    query = _query(request, stage=figures.stage)
    return {
        "figures": figures,
        "planned": figures.planned_text,
        "weighted": format_yuan(figures.weighted_yuan),
        "weighted_hint": with_precision(format_yuan(figures.weighted_yuan), figures.precision),
        "cards": [_card(project, request.user, today_, stale_days) for project in shown],
        "more": _more_url(request, figures.stage, shown[-1]) if len(found) > size else "",
        "list_url": f"{reverse('admin:crm_project_changelist')}?{query}",
        "url": f"{reverse('crm_board_column', args=[figures.stage])}?{request.GET.urlencode()}",
    }


def _place(request) -> tuple[date, int] | None:
    match = re.fullmatch(r"([0-9-]{10})\.([0-9]{1,18})", request.GET.get("after", ""))
    try:
        return (date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def _more_url(request, stage, last) -> str:
    query = request.GET.copy()
    query["after"] = f"{last.stage_since.isoformat()}.{last.pk}"
    query.pop("size", None)
    return f"{reverse('crm_board_column', args=[stage])}?{query.urlencode()}"


def _card(project, user, on, stale_days) -> dict:
    days = project.days_in_stage(on)
    is_stale = project.is_open and days > stale_days.get(project.stage, days)
    return {
        "project": project,
        "amount": amount(project.planned_yuan, project.planned_precision),
        "days": days,
        "is_stale": is_stale and project.status == ProjectStatus.ACTIVE,
        "next": _next_step(project, on) if project.is_open else None,
        "moves": " ".join(_moves(project, user)),
        "onward": stages.following(project.stage),
    }


def _next_step(project, on) -> dict:
    due = project.next_step_on
    if due is None or not project.next_step:
        return {"state": "none", "text": _("no next step")}
    late = (on - due).days
    if late > 0:
        return {"state": "overdue", "text": _("%(days)s days late") % {"days": late}, "due": due}
    state = "due" if due <= on + timedelta(days=SOON_DAYS) else "ok"
    return {"state": state, "text": "", "due": due}


def _moves(project, user):
    """``negotiating:move signed:propose``: where the user may take the card, and how."""
    if not project.is_mine or project.status != ProjectStatus.ACTIVE:
        return
    codes = permissions_of(user.role)
    for stage in stages.ORDER:
        if stage == project.stage:
            continue
        if stages.permission_for(project.stage, stage) in codes:
            yield f"{stage}:move"
        elif stages.step(project.stage, stage) is Step.FORWARD and "propose_stage" in codes:
            yield f"{stage}:propose"


# -- filters ---------------------------------------------------------------------------------------


def _query(request, **more) -> str:
    """The filters as the list reads them, so that its rows are those of the board."""
    query = request.GET.copy()
    for name in ("after", "size", "p"):
        query.pop(name, None)
    if not query.getlist("status"):
        query["status"] = ProjectStatus.ACTIVE.value
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def _without(request, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return f"?{query.urlencode()}"


def _chips(request, chosen) -> list[dict]:
    return chips(chosen, lambda name: _without(request, name))


def _quick(request, chosen) -> list[dict]:
    """Filters of one click; each click sets or lifts one and keeps the others."""
    buttons = []
    for name, label in QUICK.items():
        query = request.GET.copy()
        is_on = name in chosen.in_use
        query.pop(name, None) if is_on else query.update({name: "on"})
        buttons.append({"label": label, "is_on": is_on, "url": f"?{query.urlencode()}"})
    return buttons

