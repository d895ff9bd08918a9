"""Tokens of other systems: the security administrator makes them, shows them once, revokes them."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, Sum
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.forms import RecordForm
from crm.models import ApiToken
from crm.models.api_tokens import WRITABLE, ApiKind
from crm.periods import today

from .base import ScopedAdmin
from .columns import badge

LATELY = 30  # days
READABLE = ApiKind.choices
WRITTEN = [(kind, label) for kind, label in ApiKind.choices if kind in WRITABLE]


class ApiTokenForm(RecordForm):
    reads = forms.MultipleChoiceField(
        label=_("reads"), choices=READABLE, widget=forms.CheckboxSelectMultiple
    )
    writes = forms.MultipleChoiceField(
        label=_("writes"), choices=WRITTEN, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("what the role of its account may write"),
    )  # fmt: skip


@admin.register(ApiToken)
class ApiTokenAdmin(ScopedAdmin):
    form = ApiTokenForm
    list_display = (
        "name", "state", "account", "role", "hint", "per_minute", "expires_on", "last_used_at",
        "read_lately",
    )  # fmt: skip
    list_select_related = ("account",)
    search_fields = ("name",)
    ordering = ("-id",)  # said again: the sum of rows read makes the query forget the model's
    autocomplete_fields = ("account",)
    actions = ("revoke",)

    class Media:
        css = {"all": ["crm/api.css"]}

    fieldsets = (
        (None, {"fields": (("name", "account"), ("per_minute", "expires_on"))}),
        (_("What it reads and writes"), {"fields": ("reads", "writes")}),
    )

    def get_queryset(self, request):
        lately = Q(uses__day__gte=today() - timedelta(days=LATELY))
        return super().get_queryset(request).annotate(rows_read=Sum("uses__rows", filter=lately))

    @admin.display(description=_("rows read in 30 days"), ordering="rows_read")
    def read_lately(self, token):
        return token.rows_read or 0

    @admin.display(description=_("state"), ordering="revoked_at")
    def state(self, token):
        if token.revoked_at:
            return badge("state", "rejected", _("revoked"))
        if not token.is_valid():
            return badge("state", "pending", _("opens nothing: expired, or its account is closed"))
        return badge("state", "confirmed", _("valid"))

    @admin.display(description=_("role"), ordering="account__role")
    def role(self, token):
        return token.account.get_role_display()

    def has_change_permission(self, request, obj=None):
        """What is revoked stays as it was."""
        is_over = obj is not None and obj.revoked_at is not None
        return not is_over and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Another account is another token."""
        return ("account",) if obj is not None else ()

    @admin.action(description=_("Revoke"))
    def revoke(self, request, queryset):
        self._each(request, queryset, lambda row: row.revoke(by=request.user), _("revoked"))

    def response_add(self, request, obj, post_url_continue=None):
        if not obj.secret:
            return super().response_add(request, obj, post_url_continue)
        route = reverse(f"api_{ApiKind(obj.reads[0]).name.lower()}")
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "token": obj,
            "title": obj.name, "address": request.build_absolute_uri(route),
        }  # fmt: skip
        list(messages.get_messages(request))  # the page itself says what was done
        response = TemplateResponse(request, "crm/api/token_made.html", context)
        response["Cache-Control"] = "no-store"
        return response
