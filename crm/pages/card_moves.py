"""What happens to a card of the board: moved, taken back, decided; small answers for board.js.

``state`` of an answer: done (with what takes it back), asked (a form), refused, stale.
"""

import re

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import stages
from crm.access import permissions_of
from crm.models import Project, StageMove, StageProposal, StaleRecord
from crm.stages import Stage

from .advancing import Advance
from .frame import page

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
            given = number_in(request.POST["proposal"])
            get_object_or_404(project.proposals.live(), pk=given).withdraw(by=request.user)
        else:
            given = number_in(request.POST.get("move", ""))
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
        project.proposals.live().waiting(), pk=number_in(request.POST.get("proposal", ""))
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
    given = number_in(request.POST.get("version") or request.GET.get("version", ""))
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


def number_in(text: str) -> int:
    """A whole number from the address or a form; 0 for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0
