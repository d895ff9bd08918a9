"""Anonymise a contact on request: what goes and what stays, then, with a reason, for good."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from crm.anonymising import anonymise, attachments_of
from crm.models import Attachment, Contact, Erasure

from .frame import in_frame, page

FILES_SHOWN = 50


@page("anonymise_contact")
@require_http_methods(["GET", "HEAD", "POST"])
def anonymise_page(request, pk: int):
    rows = Contact.objects.open_to(request.user).select_related("company")
    contact = get_object_or_404(rows, pk=pk)
    record, error = reverse("admin:crm_contact_change", args=[pk]), ""
    if request.method == "POST":
        error = _wanting(request.POST) or _done(request, contact)
        if not error:
            return redirect(record)
    files = Attachment.objects.open_to(request.user).filter(pk__in=attachments_of(contact))
    context = {
        "title": _("Anonymise a contact"), "contact": contact, "record_url": record,
        "error": error, "reason": request.POST.get("reason", ""),
        "done": Erasure.objects.of(contact).first(), "files": files[:FILES_SHOWN],
    }  # fmt: skip
    return in_frame(request, "crm/anonymise.html", context, status=400 if error else 200)


def _wanting(sent) -> str:
    if not sent.get("reason", "").strip():
        return _("Say who asked for it and when.")
    return "" if "sure" in sent else _("Confirm that it cannot be undone.")


def _done(request, contact: Contact) -> str:
    """Do it; says why not."""
    try:
        erasure = anonymise(contact, by=request.user, reason=request.POST["reason"])
    except ValidationError as problem:
        return " ".join(problem.messages)
    count = sum(erasure.found.values())
    text = ngettext(
        "Anonymised; %(count)s other row named the person.",
        "Anonymised; %(count)s other rows named the person.", count,
    )  # fmt: skip
    messages.success(request, text % {"count": count})
    return ""
