"""Pushes of changes to other systems, and the hosts they may go to."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.following import MODELS
from crm.forms import RecordForm
from crm.models import Outgoing, PushHost, Subscription

from .base import ScopedAdmin
from .columns import badge

KINDS = [(kind.value, kind.label) for kind in MODELS]


class SubscriptionForm(RecordForm):
    kinds = forms.MultipleChoiceField(
        label=_("hears of"), choices=KINDS, widget=forms.CheckboxSelectMultiple
    )


@admin.register(Subscription)
class SubscriptionAdmin(ScopedAdmin):
    form = SubscriptionForm
    list_display = ("name", "token", "state", "url", "waiting", "given_up")
    list_select_related = ("token__account",)
    search_fields = ("name",)
    autocomplete_fields = ("token",)
    actions = ("send_again",)

    class Media:
        css = {"all": ["crm/api.css"]}

    fieldsets = (
        (None, {"fields": (("name", "is_active"), ("token", "url"))}),
        (_("What it hears of"), {"fields": ("kinds",)}),
    )

    def get_queryset(self, request):
        waiting = Q(messages__isnull=False, messages__sent_at=None, messages__given_up_at=None)
        given_up = Q(messages__given_up_at__isnull=False)
        return (
            super()
            .get_queryset(request)
            .annotate(
                waiting_count=Count("messages", filter=waiting),
                given_up_count=Count("messages", filter=given_up),
            )
        )

    @admin.display(description=_("state"), ordering="is_active")
    def state(self, row):
        if row.is_active and row.token.is_valid():
            return badge("state", "confirmed", _("active"))
        return badge("state", "pending", _("at rest"))

    @admin.display(description=_("to be sent"))
    def waiting(self, row):
        return row.waiting_count

    @admin.display(description=_("given up"))
    def given_up(self, row):
        return row.given_up_count

    @admin.action(description=_("Send again what was given up"))
    def send_again(self, request, queryset):
        messages_of = Outgoing.objects.filter(subscription__in=queryset.values("pk"))
        count = messages_of.try_again(timezone.now())
        text = _("%(count)s pushes are sent again with the next minute.") % {"count": count}
        self.message_user(request, text, messages.SUCCESS)

    def response_add(self, request, obj, post_url_continue=None):
        if not obj.is_new:
            return super().response_add(request, obj, post_url_continue)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "row": obj,
            "title": obj.name,
        }  # fmt: skip
        list(messages.get_messages(request))  # the page itself says what was done
        response = TemplateResponse(request, "crm/api/push_made.html", context)
        response["Cache-Control"] = "no-store"
        return response


@admin.register(PushHost)
class PushHostAdmin(ScopedAdmin):
    list_display = ("origin", "note", "state", "created_by", "created_at")
    list_select_related = ("created_by",)
    search_fields = ("origin",)
    fields = ("origin", "note")
    actions = ("take_off",)

    @admin.display(description=_("state"), ordering="archived_at")
    def state(self, host):
        if host.archived_at:
            return badge("state", "rejected", _("off the list"))
        return badge("state", "confirmed", _("listed"))

    @admin.action(description=_("Take off the list"))
    def take_off(self, request, queryset):
        self._each(request, queryset, lambda row: row.take_off(by=request.user), _("off the list"))
