"""Clearing the sample data: what goes, typed confirmation, done; never in real use."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.clearing import clear, is_in_real_use, present
from crm.models import AuditEntry, User
from crm.models.audit import Action

from .frame import in_frame, page

MOST_ROWS = 50_000  # more of them take longer than a page may


class ClearForm(forms.Form):
    """One word, typed: a click alone is not enough for what cannot be taken back."""

    word = forms.CharField(label=gettext_lazy("To confirm, type"))

    @staticmethod
    def wanted() -> str:
        return _("clear sample data")

    def clean_word(self):
        given = self.cleaned_data["word"].strip()
        if given.casefold() != self.wanted().casefold():
            raise forms.ValidationError(_("Type the words exactly as they stand there."))
        return given


@page("clear_sample")
def clear_page(request):
    """How much sample data there is; in real use, or when it is too much, why it stays."""
    found = present()
    form = ClearForm(request.POST or None)
    context = {"title": _("Clear the sample data"), "found": found, "total": sum(found.values()),
               "form": form, "refusal": _refusal(found)}  # fmt: skip
    if request.method == "POST" and found and not context["refusal"] and form.is_valid():
        return _clear(request, context)
    return in_frame(request, "crm/sample_data.html", context)


def _refusal(found: dict[str, int]) -> str:
    if is_in_real_use():
        return _(
            "The system is in real use: visits, follow-ups, requests, money or imports that are "
            "no sample have been entered. Nothing is cleared here any more; after a backup the "
            "server's keeper can still do it with “manage.py clear_sample --yes”."
        )
    if sum(found.values()) > MOST_ROWS:
        return _(
            "There are too many sample rows for a page; on the server "
            "“manage.py clear_sample --yes” takes them out."
        )
    return ""


def _clear(request, context):
    try:
        with transaction.atomic():
            removed = clear()
            still = User.objects.filter(pk=request.user.pk, is_active=True).first()
            AuditEntry.objects.record(
                Action.SAMPLE_CLEARED, by=still, name=request.user.username,
                count=sum(removed.values()),
            )  # fmt: skip
    except ProtectedError as error:
        rows = "、".join(sorted({str(row) for row in error.protected_objects})[:5])
        context["refusal"] = _(
            "Nothing was cleared: real rows refer to sample rows (%(rows)s)."
        ) % {"rows": rows}
        return in_frame(request, "crm/sample_data.html", context, status=409)
    if still is None:
        logout(request)
        return HttpResponseRedirect(reverse("admin:login"))
    messages.success(
        request, _("%(count)s sample rows are gone.") % {"count": sum(removed.values())}
    )
    return HttpResponseRedirect(reverse("admin:index"))
