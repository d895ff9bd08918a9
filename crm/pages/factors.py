"""Factor guarantees: what one's unit owes, a project's checklist, and the answers."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm.access import CITY_READERS, Role, permissions_of
from crm.factors import Factor, FactorState, energy_review
from crm.models import FactorGuarantee, Project, StaleRecord
from crm.models.guarantees import UNIT_ROLES, complete_for
from crm.names import clean_text
from crm.periods import today
from crm.stages import ORDER, Stage

from .frame import in_frame, page

PAGE = 30
TABS = {
    "open": gettext_lazy("not settled"), "late": gettext_lazy("overdue"),
    "difficult": gettext_lazy("in difficulty"), "settled": gettext_lazy("settled"),
}  # fmt: skip


# -- lists -----------------------------------------------------------------------------------------


@page("view_factorguarantee")
@require_safe
def factors_page(request):
    """What one's own unit or projects owe; the city's readers and the bureau see every line."""
    user, on = request.user, today()
    rows = FactorGuarantee.objects.live().open_to(user)
    can_see_all = user.role not in UNIT_ROLES
    whose = request.GET.get("whose", "all" if user.role in CITY_READERS else "mine")
    if not can_see_all or whose == "mine":
        rows = rows.owed_by(user)
    factor = request.GET.get("factor", "")
    if factor in Factor.values:
        rows = rows.filter(factor=factor)
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    shown = _of_tab(rows, tab, on).with_project_name(user)
    shown = shown.select_related("project__park", "project__needs", "department")
    found = Paginator(shown.order_by(*_order(tab)), PAGE).get_page(request.GET.get("p"))
    context = {
        "title": _("Factor guarantees"), "found": found, "tab": tab, "on": on, "whose": whose,
        "can_see_all": can_see_all, "factor": factor, "factors": Factor.choices,
        "tabs": [{"key": key, "label": label, "count": _of_tab(rows, key, on).count()}
                 for key, label in TABS.items()],
        "states": FactorState.choices, "may_answer": _may_answer(user),
        "may_postpone": _may_postpone(user), "here": request.get_full_path(),
    }  # fmt: skip
    return in_frame(request, "crm/place/factors.html", context)


def _of_tab(rows, tab: str, on):
    if tab == "late":
        return rows.overdue(on)
    if tab == "difficult":
        return rows.difficult()
    if tab == "settled":
        return rows.filter(state__in=(FactorState.SECURED, FactorState.NOT_NEEDED))
    return rows.waiting()


def _order(tab: str):
    if tab == "settled":
        return [F("settled_on").desc(nulls_last=True), "-pk"]
    return [F("due_on").asc(nulls_last=True), "pk"]


def _may_answer(user) -> bool:
    return "change_factorguarantee" in permissions_of(user.role)


def _may_postpone(user) -> bool:
    return _may_answer(user) and user.role in (Role.BUREAU, Role.TEAM_LEAD)


@page("view_factorguarantee")
@require_safe
def checklist_page(request, pk: int):
    """A project's checklist by stage, with what its load says about the energy-saving review."""
    user = request.user
    project = get_object_or_404(Project.objects.live().shown_to(user), pk=pk)
    rows = FactorGuarantee.objects.live().open_to(user).filter(project=project)
    rows = rows.with_project_name(user).select_related("project__park", "department")
    if not project.is_open and not rows:
        raise PermissionDenied
    needs = getattr(project, "needs", None) if project.is_open else None
    lines = sorted(rows, key=lambda row: (ORDER.index(row.stage), row.pk))
    context = {
        "title": _("Factor guarantees"), "project": project, "on": today(), "needs": needs,
        "stages": [
            {"label": Stage(stage).label, "key": stage, "rows": list(part)}
            for stage, part in groupby(lines, key=lambda row: row.stage)
        ],
        "review": energy_review(needs and needs.load_mw, needs and needs.energy_kwh),
        "counts": _counts(lines), "states": FactorState.choices, "may_answer": _may_answer(user),
        "may_postpone": _may_postpone(user), "may_complete": _may_complete(user, project),
        "here": request.path,
    }  # fmt: skip
    return in_frame(request, "crm/place/checklist.html", context)


def _counts(lines) -> dict:
    return {
        "all": len(lines), "settled": sum(line.is_settled for line in lines),
        "late": sum(line.is_late() for line in lines),
        "difficult": sum(line.state == FactorState.DIFFICULT for line in lines),
    }  # fmt: skip


def _may_complete(user, project) -> bool:
    return "add_factorguarantee" in permissions_of(user.role) and project.is_editable_by(user)


@page("add_factorguarantee")
@require_POST
def complete(request, pk: int):
    """Add the template's lines that the project lacks; their days count from today."""
    project = get_object_or_404(Project.objects.live().open_to(request.user), pk=pk)
    if not project.is_editable_by(request.user):
        raise PermissionDenied
    count = complete_for(project, since=today(), by=request.user)
    text = _("%(count)s lines added.") if count else _("Nothing is missing.")
    messages.success(request, text % {"count": count} if count else text)
    return HttpResponseRedirect(reverse("crm_project_factors", args=[pk]))


# -- answers ---------------------------------------------------------------------------------------


@page("change_factorguarantee")
@require_POST
def answer(request, pk: int):
    """How one line stands, or a later deadline; a stale form changes nothing."""
    rows = FactorGuarantee.objects.live().open_to(request.user)
    line = get_object_or_404(rows.select_related("project"), pk=pk)
    if not line.is_editable_by(request.user):
        raise PermissionDenied
    try:
        line.version = int(request.POST.get("version", ""))
        (_postpone if request.POST.get("do") == "postpone" else _answer)(line, request)
    except (StaleRecord, ValueError):
        messages.error(request, _("Somebody else changed this at the same moment."))
    except ValidationError as error:
        messages.error(request, f"{line.title}：{' '.join(error.messages)}")
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"{_back(request)}#f{pk}")


def _answer(line, request) -> None:
    posted = request.POST
    line.answer(
        posted.get("state", ""), by=request.user, note=clean_text(posted.get("note", ""))[:300],
        document_no=clean_text(posted.get("document_no", ""))[:60], on=_day(posted, "settled_on"),
    )  # fmt: skip


def _postpone(line, request) -> None:
    if not _may_postpone(request.user):
        raise PermissionDenied
    to = _day(request.POST, "due_on")
    if to is None:
        raise ValidationError(_("Choose a day."))
    line.postpone(to, by=request.user, reason=clean_text(request.POST.get("note", ""))[:300])


def _day(posted, name: str):
    text = posted.get(name, "").strip()
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("“%(text)s” is not a date.") % {"text": text[:20]})
    return day


def _back(request) -> str:
    """Where the form stood; never another site."""
    here = request.POST.get("here", "")
    if url_has_allowed_host_and_scheme(here, allowed_hosts=None):
        return here
    return reverse("crm_factors")
