"""Merging two records: choose the other one, compare side by side, merge, take back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import merging
from crm.models import Company, Contact, Merge, Project, StaleRecord
from crm.models.fields import YuanField
from crm.money import format_yuan

from .frame import in_frame, page

KINDS = {"company": Company, "contact": Contact, "project": Project}
SHOWN = 20
LISTED = 100


@require_safe
@page("merge_records")
def overview(request):
    """The merges so far; each may be taken back for 30 days."""
    rows = Merge.objects.visible_to(request.user).select_related("by", "undone_by")[:LISTED]
    return in_frame(request, "crm/merges.html", {"title": _("Merges"), "merges": rows})


@require_safe
@page("merge_records")
def choose(request, kind: str, pk: int):
    """Which record this one goes into: found by name, or suggested because it is alike."""
    record = _record(request, kind, pk)
    text = request.GET.get("q", "").replace("\x00", "")[:100]
    asked = text or _telling(record)
    rows = _rows(request, kind).exclude(pk=pk).found_by(asked)
    if kind == "contact":
        rows = _rows(request, kind).exclude(pk=pk).filter(company=record.company_id)
    context = {
        "title": _("Merge into another record"), "record": record, "kind": kind, "q": text,
        "rows": [{"row": row, "detail": _detail(row)} for row in rows[:SHOWN]],
    }  # fmt: skip
    return in_frame(request, "crm/merge_choose.html", context)


@require_http_methods(["GET", "POST"])
@page("merge_records")
def compare(request, kind: str, pk: int, keeper_pk: int):
    """Both side by side; each differing value is chosen, what moves is counted."""
    loser, keeper = _record(request, kind, pk), _record(request, kind, keeper_pk)
    if loser.pk == keeper.pk:
        raise Http404
    errors = []
    if request.method == "POST":
        errors = _merge(request, keeper, loser)
        if not errors:
            messages.success(request, _("Merged. It can be taken back for 30 days."))
            page_of = reverse(f"admin:crm_{kind}_change", args=[keeper.pk])
            return HttpResponseRedirect(page_of)
        loser, keeper = _record(request, kind, pk), _record(request, kind, keeper_pk)
    context = {
        "title": _("Merge two records"), "kind": kind, "keeper": keeper, "loser": loser,
        "fields": [_choice(field, keeper, loser) for field in merging.choices(keeper, loser)],
        "children": merging.children(loser), "errors": errors, "reason": _reason(request),
        "details": (_detail(keeper), _detail(loser)),
    }  # fmt: skip
    return in_frame(request, "crm/merge.html", context, status=422 if errors else 200)


def _merge(request, keeper, loser) -> list[str]:
    """Merge as the form says; returns what is wrong, in words."""
    versions = (request.POST.get("keeper_version"), request.POST.get("loser_version"))
    if versions != (str(keeper.version), str(loser.version)):
        return [_("One of the two was changed meanwhile: compare again.")]
    names = {field.name for field in merging.choices(keeper, loser)}
    take = {name for name in names if request.POST.get(f"value_{name}") == "loser"}
    try:
        merging.merge(loser, into=keeper, by=request.user, reason=_reason(request), take=take)
    except ValidationError as error:
        return error.messages
    except StaleRecord:
        return [_("One of the two was changed meanwhile: compare again.")]
    return []


def _reason(request) -> str:
    return request.POST.get("reason", "").replace("\x00", "").strip()[:300]


@require_POST
@page("merge_records")
def undo(request, pk: int):
    """Take a merge back; what somebody touched since stays and is listed."""
    done = get_object_or_404(Merge.objects.visible_to(request.user), pk=pk)
    try:
        left = merging.undo(done, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = _("Taken back.")
        if left:
            text = _("Taken back; %(count)s rows that were touched since stay as they are.")
        messages.success(request, text % {"count": len(left)})
    return HttpResponseRedirect(reverse("crm_merges"))


def _rows(request, kind: str):
    rows = KINDS[kind].objects.open_to(request.user).live()
    return rows.exclude(status="merged") if kind == "project" else rows


def _record(request, kind: str, pk: int):
    if kind not in KINDS:
        raise Http404
    return get_object_or_404(_rows(request, kind), pk=pk)


def _telling(record) -> str:
    """What others of the same thing would share with it."""
    return record.core_key[:4] if isinstance(record, Company) else record.name[:4]


def _detail(row) -> str:
    """What tells two of a name apart."""
    parts = {
        Company: lambda: (row.uscc, row.region, row.owning_team),
        Contact: lambda: (row.company, row.position, row.mobile),
        Project: lambda: (row.number, row.lead_investor, row.lead_team, row.get_stage_display()),
    }[type(row)]()
    return " · ".join(str(part) for part in parts if part)


def _choice(field, keeper, loser) -> dict:
    """Both values of a field; the one that says something is chosen to begin with."""
    kept, other = _shown(field, keeper), _shown(field, loser)
    return {
        "name": field.name, "label": field.verbose_name, "keeper": kept, "loser": other,
        "prefers_loser": kept == "—" and other != "—",
    }  # fmt: skip


def _shown(field, row) -> str:
    value = getattr(row, field.name)
    if value in (None, ""):
        return "—"
    if isinstance(field, YuanField):
        return format_yuan(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    display = getattr(row, f"get_{field.name}_display", None)
    return str(display() if display else value)
