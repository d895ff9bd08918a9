"""The board: projects by stage in columns, moved by drag, menu and keys; the list's own filters.

It works without JavaScript: every card links to its project and to the page that moves it.
"""

import re
from datetime import date, timedelta

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm import indicators, stages
from crm.access import permissions_of
from crm.admin.changelist import chips
from crm.admin.columns import amount
from crm.filters import ProjectFilter
from crm.models import Project, StageRule
from crm.periods import today
from crm.stages import ProjectStatus, Step

from .card_moves import number_in
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
    stale_days = StageRule.stale_days_by_stage()
    wanted = chosen.in_use.get("stage") or stages.ORDER
    columns = [
        _column(request, projects, figures, stale_days)
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
    stale_days = StageRule.stale_days_by_stage()
    context = {"column": _column(request, projects, figures, stale_days)}
    template = "cards" if "after" in request.GET else "column"
    return render(request, f"crm/board/{template}.html", context)


@require_safe
@page("view_project")
def stamps(request):
    """What the open board asks every few seconds; differs where a column changed."""
    return JsonResponse(_on_board(_filtered(request)).stamps_by_stage())


# -- columns and cards -----------------------------------------------------------------------------


def _filtered(request) -> ProjectFilter:
    rows = Project.objects.shown_to(request.user)
    return ProjectFilter(request.GET, queryset=rows, user=request.user)


def _on_board(chosen):
    """The projects of the list under the same filters; active ones unless a status is chosen."""
    return chosen.qs if "status" in chosen.in_use else chosen.qs.active()


def _column(request, projects, figures, stale_days) -> dict:
    size = min(number_in(request.GET.get("size", "")) or FIRST_CARDS, MOST_CARDS)
    rows = projects.in_column(figures.stage, after=_place(request)).as_cards(request.user)
    found = list(rows[: size + 1])
    shown, on = found[:size], today()
    query = _query(request, stage=figures.stage)
    return {
        "figures": figures,
        "cards": [_card(project, request.user, on, stale_days) for project in shown],
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
