"""The screens of the city: what they show, and the wall screens that need no signing in."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.models import ScreenSettings, WallToken

from .base import ScopedAdmin
from .columns import badge


@admin.register(ScreenSettings)
class ScreenSettingsAdmin(ScopedAdmin):
    """One row: its list is its page."""

    fields = ("shows_ranking",)
    actions = None

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row, _made = ScreenSettings.objects.get_or_create(pk=1)
        return self.change_view(request, str(row.pk))


@admin.register(WallToken)
class WallTokenAdmin(ScopedAdmin):
    """Wall screens: the address is shown once, when it is made; taken back in one click."""

    list_display = ("name", "state", "created_by", "created_at", "last_used_at", "revoked_by")
    list_select_related = ("created_by", "revoked_by")
    fields = ("name",)
    search_fields = ("name",)
    actions = ("revoke",)

    @admin.display(description=_("state"), ordering="revoked_at")
    def state(self, token):
        if token.revoked_at:
            return badge("state", "rejected", _("revoked"))
        return badge("state", "confirmed", _("valid"))

    @admin.action(description=_("Revoke"))
    def revoke(self, request, queryset):
        self._each(request, queryset, lambda row: row.revoke(by=request.user), _("revoked"))

    def response_add(self, request, obj, post_url_continue=None):
        if not obj.secret:
            return super().response_add(request, obj, post_url_continue)
        address = request.build_absolute_uri(reverse("crm_wall", args=[obj.secret]))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "token": obj,
            "address": address, "title": obj.name,
        }  # fmt: skip
        list(messages.get_messages(request))  # the page itself says what was done
        response = TemplateResponse(request, "crm/wall_made.html", context)
        response["Cache-Control"] = "no-store"
        return response
