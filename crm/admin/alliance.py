"""The alliance: members, introductions, meetings, what members promised."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.filters import IntroductionFilter
from crm.models import (
    AllianceCommitment,
    AllianceMeeting,
    AllianceMembership,
    Introduction,
    MeetingAttendance,
)
from crm.periods import today

from .base import ScopedAdmin, ScopedInline, closed_text
from .columns import badge, late, sample_mark
from .outreach import TeamFiledAdmin


@admin.register(AllianceMembership)
class AllianceMembershipAdmin(ScopedAdmin):
    ordering = ("id",)  # choice boxes page through them
    list_display = ("company", "part", "brings", "joined_on", "left_on")
    list_select_related = ("company",)
    search_fields = ("company__name",)
    autocomplete_fields = ("company",)

    def panels(self, request, obj):
        query = f"membership={obj.pk}"
        return [
            self.panel(
                request, Introduction, obj.introductions.select_related("company"),
                title=_("Introductions"), query=query,
                describe=lambda row: (row.company.name, str(row.introduced_on)),
            ),
            self.panel(
                request, AllianceCommitment, obj.promises.order_by("due_on", "pk"),
                title=_("Commitments"), query=query,
                describe=lambda row: (row.content, str(row.fulfilled_on or row.due_on or "—")),
            ),
        ]  # fmt: skip


@admin.register(Introduction)
class IntroductionAdmin(TeamFiledAdmin):
    ledgers = ("referrals",)
    filterset_class = IntroductionFilter
    list_display = ("firm", "member", "project_name", "introduced_on", "task_force")
    list_select_related = ("company", "membership__company", "project", "task_force")
    ordering = ("-introduced_on", "-id")
    search_fields = ("company__name",)
    autocomplete_fields = ("membership", "company", "project", "task_force")
    fields = (("membership", "person"), ("company", "project"), ("introduced_on", "task_force"),
              "note")  # fmt: skip

    @admin.display(description=_("firm introduced"))
    def firm(self, row):
        return sample_mark(row, row.company.name) if row.is_open else closed_text()

    @admin.display(description=_("alliance member"))
    def member(self, row):
        return row.membership.company.name if row.is_open else closed_text()

    @admin.display(description=_("project"))
    def project_name(self, row):
        return (row.project or "—") if row.is_open else closed_text()


class AttendanceInline(ScopedInline):
    model = MeetingAttendance
    fields = ("membership", "state", "people")
    autocomplete_fields = ("membership",)


@admin.register(AllianceMeeting)
class AllianceMeetingAdmin(ScopedAdmin):
    ledgers = ("meetings",)
    list_display = ("shown_name", "held_on", "place")
    search_fields = ("name",)
    inlines = (AttendanceInline,)
    fields = (("name", "held_on"), "place", "agenda", "summary")

    @admin.display(description=_("meeting"), ordering="name")
    def shown_name(self, meeting):
        return sample_mark(meeting, meeting.name)


@admin.register(AllianceCommitment)
class AllianceCommitmentAdmin(ScopedAdmin):
    list_display = ("promise", "member", "due", "kept")
    list_select_related = ("membership__company",)
    ordering = ("due_on", "id")
    search_fields = ("content",)
    autocomplete_fields = ("membership",)
    fields = ("membership", "content", "due_on", ("fulfilled_on", "result"))

    @admin.display(description=_("commitment"))
    def promise(self, row):
        return sample_mark(row, row.content)

    @admin.display(description=_("alliance member"))
    def member(self, row):
        return row.membership.company.name

    @admin.display(description=_("due"), ordering="due_on")
    def due(self, row):
        if row.due_on is None or row.fulfilled_on:
            return row.due_on or "—"
        return late(row.due_on, today())

    @admin.display(description=_("state of keeping"))
    def kept(self, row):
        return badge("keeping", row.state, row.state_label)
