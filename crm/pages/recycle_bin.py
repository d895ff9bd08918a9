"""The recycle bin: archived records by kind, to look through and bring back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access import permissions_of
from crm.emptying import BIN_DAYS, IN_BIN, archived_rows, days_left
from crm.models import StaleRecord

from .frame import in_frame, page

PAGE_ROWS = 50


def _kinds(user) -> dict:
    codes = permissions_of(user.role)
    return {m._meta.model_name: m for m in IN_BIN if f"change_{m._meta.model_name}" in codes}


@page("archive_record")
def recycle_bin(request):
    """One tab a kind; the kind with the most rows first when none was chosen."""
    kinds = _kinds(request.user)
    counts = {name: archived_rows(m, by=request.user).count() for name, m in kinds.items()}
    tabs = [
        {"key": name, "label": kinds[name]._meta.verbose_name_plural, "count": counts[name]}
        for name in sorted(counts, key=lambda name: -counts[name])
        if counts[name]
    ]
    chosen = request.GET.get("kind") or (tabs[0]["key"] if tabs else next(iter(kinds)))
    if chosen not in kinds:
        raise Http404
    found = Paginator(archived_rows(kinds[chosen], by=request.user), PAGE_ROWS)
    shown = found.get_page(request.GET.get("p"))
    rows = [
        {"row": row, "name": str(row) if row.is_open else row.closed_label,
         "days": days_left(row)}
        for row in shown
    ]  # fmt: skip
    context = {"title": _("Recycle bin"), "tabs": tabs, "kind": chosen, "rows": rows,
               "shown": shown, "days": BIN_DAYS}  # fmt: skip
    return in_frame(request, "crm/recycle_bin.html", context)


@require_POST
@page("archive_record")
def restore(request, kind: str, pk: int):
    """Bring one record back."""
    model = _kinds(request.user).get(kind)
    if model is None:
        raise Http404
    row = get_object_or_404(archived_rows(model, by=request.user), pk=pk)
    try:
        with transaction.atomic():
            row.restore(by=request.user)
    except IntegrityError:
        text = _("Meanwhile there is another record like it; it stays in the bin.")
        messages.error(request, text)
    except (StaleRecord, PermissionDenied):
        messages.error(request, _("Somebody else changed this at the same moment."))
    else:
        messages.success(request, _("“%(name)s” is back in its list.") % {"name": row})
    return HttpResponseRedirect(f"{reverse('crm_bin')}?kind={kind}")
