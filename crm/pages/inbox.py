"""The inbox: what one was told; what it is about is looked up in one's scope at this moment."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.models import FactorGuarantee, Notice
from crm.models.notices import records_of

from .frame import in_frame, page

PAGE = 40
ICONS = {
    "mention": "note", "assigned": "user", "proposal": "arrow", "decided": "check",
    "request": "help", "answer": "help", "overdue": "warning", "directive": "flag",
    "conflict": "warning", "protection": "clock", "follow_up": "clock",
    "key_firm": "company", "commitment": "deal",
}  # fmt: skip


def address_of(notice) -> str:
    """Where the record of a notice is worked on."""
    if notice.model == "followup":
        return f"{reverse('crm_todo')}?done={notice.record_id}#f{notice.record_id}"
    if notice.model in ("request", "directive"):
        return reverse(f"crm_{notice.model}", args=[notice.record_id])
    if notice.model == "factorguarantee":
        rows = FactorGuarantee.objects.filter(pk=notice.record_id)
        project = rows.values_list("project", flat=True).get()
        return f"{reverse('crm_project_factors', args=[project])}#f{notice.record_id}"
    url = reverse(f"admin:crm_{notice.model}_change", args=[notice.record_id])
    return f"{url}#timeline" if notice.kind == "mention" else url


def _shown(notices, user) -> list[dict]:
    records = records_of(notices, user)
    return [
        {"notice": row, "icon": ICONS[row.kind], "record": records.get((row.model, row.record_id))}
        for row in notices
    ]


@page("view_inbox")
@require_safe
def inbox(request):
    rows = Notice.objects.open_to(request.user).select_related("by")
    unread_only = request.GET.get("show") != "all"
    shown = rows.unread() if unread_only else rows
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        shown = shown.filter(pk__lt=int(before))
    found = list(shown.order_by("-id")[: PAGE + 1])
    context = {
        "title": _("Inbox"), "unread_only": unread_only,
        "onward": found[PAGE - 1].pk if len(found) > PAGE else None,
        "rows": _shown(found[:PAGE], request.user),
    }  # fmt: skip
    return in_frame(request, "crm/flow/inbox.html", context)


@page("view_inbox")
@require_POST
def open_notice(request, pk: int):
    """Mark as read and go there; what is no longer open to the reader is only marked."""
    notice = get_object_or_404(Notice.objects.open_to(request.user), pk=pk)
    Notice.objects.filter(pk=pk).unread().update(read_at=timezone.now())
    if not records_of([notice], request.user):
        return HttpResponseRedirect(reverse("crm_inbox"))
    return HttpResponseRedirect(address_of(notice))


@page("view_inbox")
@require_POST
def read_all(request):
    count = Notice.objects.open_to(request.user).unread().update(read_at=timezone.now())
    messages.success(request, _("%(count)s marked as read.") % {"count": count})
    return HttpResponseRedirect(reverse("crm_inbox"))


@page("view_inbox")
@require_POST
def preferences(request):
    """The daily mail on or off; the inbox itself is always on."""
    request.user.gets_digest = request.POST.get("gets_digest") == "on"
    request.user.save(update_fields=["gets_digest"])
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("crm_inbox"))
