"""Group robots of WeCom and DingTalk: the system administrator says what they hear of."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from crm.forms import RecordForm
from crm.models import Notice, Robot
from crm.models.notices import FOR_GROUPS

from .base import ScopedAdmin

KINDS = [(kind, label) for kind, label in Notice.Kind.choices if kind in FOR_GROUPS]


class RobotForm(RecordForm):
    kinds = forms.MultipleChoiceField(
        label=_("hears of"), choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )


@admin.register(Robot)
class RobotAdmin(ScopedAdmin):
    form = RobotForm
    list_display = ("name", "maker", "task_force", "is_active", "waiting", "given_up")
    list_select_related = ("task_force",)
    search_fields = ("name",)
    autocomplete_fields = ("task_force",)
    actions = None
    fields = ("name", ("maker", "is_active"), "url", "secret", "kinds", "task_force")

    def get_queryset(self, request):
        waiting = Q(messages__sent_at=None, messages__given_up_at=None)
        given_up = Q(messages__given_up_at__isnull=False)
        return (
            super()
            .get_queryset(request)
            .annotate(
                waiting_count=Count("messages", filter=waiting),
                given_up_count=Count("messages", filter=given_up),
            )
        )

    @admin.display(description=_("waiting"))
    def waiting(self, robot):
        return robot.waiting_count

    @admin.display(description=_("given up"))
    def given_up(self, robot):
        return robot.given_up_count
