"""Closed months: what was frozen, what changed since, and closing the next one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import freezing, indicators
from crm.access import permissions_of
from crm.freezing import LISTED
from crm.freezing.telling import corrections_in, told
from crm.indicators import Scope
from crm.models import FrozenMonth, FrozenRow
from crm.periods import Period, parse_month, today
from crm.reports import months, xlsx

from .frame import in_frame, page
from .taking_out import may_take_out, taken_out

MAIN = ("deals_signed", "signed_yuan", "arrived_yuan", "reserve_projects")
MONTHS_TO_BEGIN_WITH = 24


@page("view_frozenmonth")
@require_http_methods(["GET", "HEAD", "POST"])
def months_page(request):
    """All frozen months, and the one to be frozen next with what it would keep."""
    if request.method == "POST":
        return _freeze(request)
    scope = Scope(request.user)
    chosen = _chosen(request.GET.get("month", ""))
    context = {
        "title": _("Closed months"), "rows": _rows(request.user), "next": chosen,
        "next_key": f"{chosen.start:%Y-%m}", "begins": freezing.next_month() is None,
        "choices": _choices() if freezing.next_month() is None else [],
        "is_over": chosen.end <= today(),
        "may_freeze": "freeze_month" in permissions_of(request.user.role),
        "figures": [indicators.REGISTRY[key](scope, chosen) for key in MAIN],
        "pending": told(freezing.pending(), request.user),
    }  # fmt: skip
    return in_frame(request, "crm/months.html", context)


def _freeze(request):
    try:
        frozen = freezing.freeze(
            parse_month(request.POST.get("month", "")),
            by=request.user, note=request.POST.get("note", ""),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("crm_months"))
    messages.success(request, _("%(month)s is frozen.") % {"month": frozen})
    return HttpResponseRedirect(reverse("crm_month", args=[frozen.key]))


@page("view_frozenmonth")
@require_safe
def month_page(request, key: str):
    """One frozen month beside today's records, with the rows that explain the difference."""
    frozen = _found(request.user, key)
    context = {
        "title": frozen, "frozen": frozen,
        "compared": months.compared(frozen, Scope(request.user)),
        "since": told(freezing.since_frozen(frozen), request.user),
        "here": told(corrections_in(frozen), request.user),
        "lists": _lists(frozen, request.user),
        "may_export": may_take_out(request.user),
    }  # fmt: skip
    return in_frame(request, "crm/month.html", context)


@page("view_frozenmonth")
@require_safe
def month_workbook(request, key: str):
    """Figures, rows, corrections and differences of a frozen month, a sheet each."""
    if not may_take_out(request.user):
        raise PermissionDenied
    frozen = _found(request.user, key)
    tables = months.tables(frozen, request.user)
    return taken_out(
        request, xlsx.render(*tables, by=request.user), report="frozen_month",
        name=f"{frozen}.xlsx", content_type=xlsx.CONTENT_TYPE,
        rows=sum(len(table.rows) for table in tables),
    )  # fmt: skip


def month_url(user, period: Period) -> str:
    """Where the reader finds what is kept of these days; "" where they are no frozen month."""
    frozen = FrozenMonth.objects.visible_to(user).of(period)
    return reverse("crm_month", args=[frozen.key]) if frozen else ""


def _found(user, key: str) -> FrozenMonth:
    try:
        month = parse_month(key)
    except ValidationError as error:
        raise Http404 from error
    frozen = FrozenMonth.objects.visible_to(user).select_related("by").of(month)
    if frozen is None:
        raise Http404
    return frozen


# -- what the pages show ---------------------------------------------------------------------------


def _rows(user) -> list[dict]:
    corrected = {kind: Count("rows", filter=Q(rows__kind=kind)) for kind in ("late", "reversal")}
    rows = FrozenMonth.objects.visible_to(user).select_related("by").annotate(**corrected)
    changed = freezing.changed_months()
    return [
        {
            "frozen": row, "url": reverse("crm_month", args=[row.key]),
            "figures": [freezing.kept_figures(row)[key] for key in MAIN],
            "changed": changed.get(row.month, 0),
        }
        for row in rows.order_by("-month")
    ]  # fmt: skip


def _chosen(text: str) -> Period:
    """The month after the last frozen one; to begin with, the one asked for or the last over."""
    if following := freezing.next_month():
        return following
    try:
        return parse_month(text)
    except ValidationError:
        return _choices()[0][1]


def _choices() -> list[tuple[str, Period]]:
    """Months that are over, newest first: the first to be frozen is chosen among them."""
    found, month = [], Period.month(today().year, today().month)
    for _each in range(MONTHS_TO_BEGIN_WITH):
        month = _before(month)
        found.append((f"{month.start:%Y-%m}", month))
    return found


def _before(month: Period) -> Period:
    year, number = month.start.year, month.start.month
    return Period.month(year - 1, 12) if number == 1 else Period.month(year, number - 1)


def _lists(frozen: FrozenMonth, user) -> list[dict]:
    """The frozen rows by indicator, named as the reader may read them."""
    named = months.named_rows(frozen, user)
    lists = []
    for key in LISTED:
        rows = [
            {"name": name, "on": row.on, "yuan": row.amount_yuan, "project_id": row.project_id}
            for row, name in named
            if row.key == key and row.kind == FrozenRow.Kind.OWN
        ]
        lists.append({"key": key, "label": indicators.LABELS[key], "rows": rows,
                      "has_money": key != LISTED[0]})  # fmt: skip
    return lists
