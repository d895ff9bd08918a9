"""Commitments: what was promised to firms and by them, what is due, late, disputed, kept."""

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

from crm.access import permissions_of
from crm.indicators import Scope, percent, standing, tally
from crm.models import Commitment, Department, StaleRecord
from crm.names import clean_text
from crm.periods import today

from .frame import in_frame, page

PAGE = 30
State = Commitment.State
TABS = {
    "overdue": gettext_lazy("promise overdue"), "soon": gettext_lazy("due soon"),
    "later": gettext_lazy("later or without a day"), "disputed": gettext_lazy("disputed"),
    "kept": gettext_lazy("promise kept"),
}  # fmt: skip


@page("view_commitment")
@require_safe
def overview(request):
    """The lists by state, narrowed by side, kind and unit; ``?open=`` shows one row's forms."""
    on = today()
    everything = standing(Scope(request.user), on)
    chosen = _chosen(request)
    rows = everything.filter(**{name: value for name, value in chosen.items() if value})
    tabs = {key: _of_tab(rows, key, on) for key in TABS}
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        tab = next((key for key in TABS if tabs[key].exists()), "soon")
    found = Paginator(_ordered(tabs[tab], tab), PAGE).get_page(request.GET.get("p"))
    context = {
        "title": _("Commitments"), "on": on, "tab": tab, "found": found, "chosen": chosen,
        "tabs": [
            {"key": key, "label": TABS[key], "count": tabs[key].count(), "is_here": key == tab}
            for key in TABS
        ],
        "sides": [_of_side(everything, side, on) for side in Commitment.Side],
        "kinds": Commitment.Kind.choices, "side_choices": Commitment.Side.choices,
        "units": Department.objects.visible_to(request.user).filter(
            pk__in=everything.order_by().values("department")
        ),
        "kept": _kept_query(chosen), "opened": request.GET.get("open", ""),
        "writable": _writable(found, request.user),
        "may_add": "add_commitment" in permissions_of(request.user.role),
        "here": request.get_full_path(),
    }  # fmt: skip
    return in_frame(request, "crm/commitments.html", context)


def _chosen(request) -> dict:
    """Side, kind and unit of the address; what is not known is left out."""
    side, kind = request.GET.get("side", ""), request.GET.get("kind", "")
    unit = request.GET.get("unit", "")
    return {
        "side": side if side in Commitment.Side.values else "",
        "kind": kind if kind in Commitment.Kind.values else "",
        "department": unit if unit.isascii() and unit.isdigit() and len(unit) < 10 else "",
    }


def _kept_query(chosen: dict) -> str:
    names = {"department": "unit"}
    parts = (f"&{names.get(name, name)}={value}" for name, value in chosen.items() if value)
    return "".join(parts)


def _of_tab(rows, key: str, on):
    if key == "disputed":
        return rows.filter(state_then=State.DISPUTED)
    if key == "kept":
        return rows.filter(state_then=State.FULFILLED)
    if key == "overdue":
        return rows.filter(state_then=State.OVERDUE)
    soon = rows.filter(state_then=State.UNDER_WAY)
    near = soon.due_soon(on)
    return near if key == "soon" else soon.exclude(pk__in=near.values("pk"))


def _ordered(rows, tab: str):
    linked = rows.select_related("deal__project__lead_investor", "department")
    if tab == "kept":
        return linked.order_by("-fulfilled_on", "-pk")
    return linked.order_by(F("due_on").asc(nulls_last=True), "pk")


def _of_side(rows, side, on) -> dict:
    """How one side keeps its word: of what is due by today, what is kept."""
    of_side = rows.filter(side=side)
    due, all_of_it = tally(of_side.due_by(on)), tally(of_side)
    rate = due.kept_rate
    return {
        "key": side.value, "label": side.label, "due": due, "count": all_of_it.count,
        "rate": "" if rate is None else f"{percent(rate)}%",
        "fill": 0 if rate is None else round(rate * 100),
        "kept": due.of(State.FULFILLED), "overdue": all_of_it.of(State.OVERDUE),
        "disputed": all_of_it.of(State.DISPUTED), "under_way": all_of_it.of(State.UNDER_WAY),
    }  # fmt: skip


def _writable(found, user) -> set[int]:
    if "change_commitment" not in permissions_of(user.role):
        return set()
    rows = Commitment.objects.filter(pk__in=[row.pk for row in found]).editable_by(user)
    return set(rows.values_list("pk", flat=True))


# -- what is done ----------------------------------------------------------------------------------


@page("change_commitment")
@require_POST
def act(request, pk: int):
    """Kept, taken back, disputed or settled; the reason or result is told beside it."""
    row = get_object_or_404(Commitment.objects.live().open_to(request.user), pk=pk)
    verb = request.POST.get("do", "")
    if verb not in VERBS:
        raise PermissionDenied
    try:
        text = VERBS[verb](row, request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StaleRecord:
        messages.error(request, _("Somebody else changed this at the same moment."))
    else:
        messages.success(request, text)
    return HttpResponseRedirect(_back(request))


def _back(request) -> str:
    wanted = request.POST.get("back", "")
    known = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if known and wanted.startswith("/") else reverse("crm_commitments")


def _text(request) -> str:
    return clean_text(request.POST.get("text", ""))[:300]


def _keep(row, request) -> str:
    row.keep(by=request.user, on=_day(request), result=_text(request))
    return _("Kept: %(what)s.") % {"what": row.content}


def _day(request):
    """The day it was kept; empty is today."""
    text = request.POST.get("on", "").strip()
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("“%(text)s” is not a date.") % {"text": text[:20]})
    return day


def _reopen(row, request) -> str:
    row.reopen(by=request.user)
    return _("It waits again.")


def _dispute(row, request) -> str:
    text = _text(request)
    if not text:
        raise ValidationError(_("A dispute needs what it is about."))
    row.begin_dispute(text, by=request.user)
    return _("Noted as disputed.")


def _settle(row, request) -> str:
    row.settle(_text(request), by=request.user)
    return _("The dispute is settled.")


VERBS = {"keep": _keep, "reopen": _reopen, "dispute": _dispute, "settle": _settle}
