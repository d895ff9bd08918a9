"""Trips, events, visits, follow-ups and requests."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.access import TEAM_ROLES, Role
from crm.filters import (
    EventFilter,
    FollowUpFilter,
    InvitationFilter,
    RequestFilter,
    TripFilter,
    VisitFilter,
)
from crm.models import (
    Attachment,
    AttributionRule,
    Event,
    FollowUp,
    Invitation,
    PlannedMeeting,
    Request,
    Trip,
    Visit,
)
from crm.pages.effects import effect_of
from crm.pages.files import type_of
from crm.periods import today

from .base import ReferenceAdmin, ScopedAdmin, ScopedInline, closed_text
from .columns import amount, badge, late, open_rows_by, sample_mark


class AttachmentInline(ScopedInline):
    """Files of the record above; which link is meant follows from the parent."""

    model = Attachment
    fields = ("file", "title", "taken_on", "download")
    readonly_fields = ("download",)

    @admin.display(description=_("stored file"))
    def download(self, attachment):
        if not attachment.pk:
            return "—"
        kind = type_of(attachment)
        page = reverse("crm_file" if kind else "crm_download", args=[attachment.pk])
        if not kind or not kind.startswith("image/"):
            return format_html('<a href="{}">{}</a>', page, attachment.filename)
        return format_html(
            '<a class="file-cell" href="{}"><img src="{}" alt="" loading="lazy">{}</a>',
            page, reverse("crm_file_picture", args=[attachment.pk]), attachment.filename,
        )  # fmt: skip


class TeamFiledAdmin(ScopedAdmin):
    """Records of a task force: filed under the user's own, without being asked."""

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        if request.user.role in TEAM_ROLES and request.user.team:
            initial.setdefault("task_force", request.user.team.pk)
        return initial

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "task_force" and request.user.role in TEAM_ROLES:
            field.queryset = field.queryset.filter(pk__in=request.user.team_ids)
        return field


class PlannedMeetingInline(ScopedInline):
    model = PlannedMeeting
    fields = ("company", "planned_on", "city", "purpose")
    autocomplete_fields = ("company", "city")


class WithEffect:
    """A record page that begins with what came of it."""

    change_form_template = "crm/outing.html"

    def render_change_form(self, request, context, *args, **kwargs):
        obj = kwargs.get("obj")
        if obj is not None and obj.pk:
            context["effect"] = effect_of(obj, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("cost"), ordering="cost_yuan")
    def cost(self, row):
        return "—" if row.cost_yuan is None else amount(row.cost_yuan)


@admin.register(Event)
class EventAdmin(WithEffect, ScopedAdmin):
    ledgers = ("events",)
    filterset_class = EventFilter
    list_display = ("shown_name", "kind", "started_on", "region", "host", "cost")
    list_select_related = ("region",)
    search_fields = ("name",)
    autocomplete_fields = ("region", "our_people")
    fieldsets = (
        (None, {"fields": ("name", ("kind", "region"), ("started_on", "ended_on"), "date_text",
                           "host")}),
        (_("Delegation"), {"fields": ("our_people", "our_people_text")}),
        (_("Purpose and results"), {"fields": ("purpose", "cost_yuan", "summary", "source")}),
    )  # fmt: skip

    @admin.display(description=_("event"), ordering="name")
    def shown_name(self, event):
        return sample_mark(event, event.name)


@admin.register(Trip)
class TripAdmin(WithEffect, TeamFiledAdmin):
    ledgers = ("trips",)
    filterset_class = TripFilter
    list_display = (
        "shown_name",
        "task_force",
        "head_rank",
        "started_on",
        "ended_on",
        "people_count",
        "cost",
    )
    list_select_related = ("task_force",)
    search_fields = ("name",)
    autocomplete_fields = ("task_force", "joint_teams", "cities", "our_people")
    inlines = (PlannedMeetingInline, AttachmentInline)
    fieldsets = (
        (None, {"fields": ("name", ("kind", "task_force"), "joint_teams",
                           ("started_on", "ended_on"), "cities")}),
        (_("Delegation"), {"fields": (("delegation_head", "head_rank"), "our_people",
                                      "our_people_text", "people_count")}),
        (_("Purpose and results"), {"fields": ("purpose", "cost_yuan", "summary", "source")}),
    )  # fmt: skip

    @admin.display(description=_("trip"), ordering="name")
    def shown_name(self, trip):
        return sample_mark(trip, trip.name)


@admin.register(Invitation)
class InvitationAdmin(TeamFiledAdmin):
    ledgers = ("invitations",)
    filterset_class = InvitationFilter
    list_display = ("who", "to", "state_badge", "people_count", "task_force")
    list_select_related = ("company", "event", "trip", "task_force")
    ordering = ("-id",)
    search_fields = ("company__name", "guest")
    autocomplete_fields = ("event", "trip", "company", "task_force")
    actions = ("confirmed", "came", "absent", "archive", "bring_back")
    fields = (("event", "trip"), ("company", "guest"), ("state", "people_count"), "task_force",
              "note")  # fmt: skip

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not self._role_may(request, "change"):
            for name in ("confirmed", "came", "absent"):
                actions.pop(name, None)
        return actions

    @admin.display(description=_("guest"))
    def who(self, invitation):
        return sample_mark(invitation, str(invitation))

    @admin.display(description=_("invited to"))
    def to(self, invitation):
        return invitation.event or invitation.trip

    @admin.display(description=_("attendance"), ordering="state")
    def state_badge(self, invitation):
        return badge("attendance", invitation.state, invitation.get_state_display())

    @admin.action(description=_("Mark as confirmed"))
    def confirmed(self, request, queryset):
        self._mark(request, queryset, Invitation.State.CONFIRMED)

    @admin.action(description=_("Mark as came"))
    def came(self, request, queryset):
        self._mark(request, queryset, Invitation.State.CAME)

    @admin.action(description=_("Mark as did not come"))
    def absent(self, request, queryset):
        self._mark(request, queryset, Invitation.State.ABSENT)

    def _mark(self, request, queryset, state):
        self._each(request, queryset, lambda row: row.mark(state, by=request.user), _("marked"))


@admin.register(AttributionRule)
class AttributionRuleAdmin(ReferenceAdmin):
    list_display = ("meeting", "days", "signing_event_first")
    search_fields = ()
    fields = ("meeting", "days", "signing_event_first")

    def has_add_permission(self, request, obj=None):
        """One row; until there is one the usual rule holds."""
        return super().has_add_permission(request) and not AttributionRule.objects.exists()


@admin.register(Visit)
class VisitAdmin(TeamFiledAdmin):
    ledgers = ("visits",)
    filterset_class = VisitFilter
    list_display = ("firm", "held_on", "mode", "city", "task_force", "outcome_badge", "next")
    list_select_related = ("company", "city", "task_force")
    ordering = ("-held_on", "-id")
    search_fields = ("company__name",)
    autocomplete_fields = (
        "company", "city", "task_force", "trip", "event", "project", "our_people", "their_people",
        "next_step_owner",
    )  # fmt: skip
    inlines = (AttachmentInline,)
    fieldsets = (
        (None, {"fields": ("company", ("held_on", "mode"), ("city", "task_force"),
                           "content", ("outcome", "wants"))}),
        (_("Next step"), {"fields": ("next_step", ("next_step_on", "next_step_owner"))}),
        (_("People"), {"fields": ("their_people", "their_people_text", "our_people",
                                  "our_people_text", ("delegation_head", "guest_count"))}),
        (_("Belongs to"), {"fields": ("project", ("trip", "event"))}),
    )  # fmt: skip

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        initial.setdefault("our_people", [request.user.pk])
        return initial

    @admin.display(description=_("company"), ordering=open_rows_by("company__sort_key"))
    def firm(self, visit):
        return sample_mark(visit, visit.company.name) if visit.is_open else closed_text()

    @admin.display(description=_("outcome"))
    def outcome_badge(self, visit):
        return badge("outcome", visit.outcome, visit.get_outcome_display())

    @admin.display(description=_("next step"))
    def next(self, visit):
        return visit.next_step if visit.is_open else closed_text()


@admin.register(FollowUp)
class FollowUpAdmin(TeamFiledAdmin):
    filterset_class = FollowUpFilter
    list_display = ("task", "about", "owner", "due", "done_on")
    list_select_related = ("company", "project", "owner")
    ordering = ("due_on", "id")
    search_fields = ("what",)
    autocomplete_fields = ("company", "project", "visit", "task_force", "owner")
    actions = ("mark_done",)
    fieldsets = (
        (None, {"fields": ("what", ("due_on", "owner"), ("company", "project"), "task_force")}),
        (_("Done"), {"fields": (("done_on", "result"),)}),
    )

    def get_changeform_initial_data(self, request):
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    @admin.display(description=_("what is to be done"))
    def task(self, follow_up):
        return sample_mark(follow_up, follow_up.what) if follow_up.is_open else closed_text()

    @admin.display(description=_("concerns"))
    def about(self, follow_up):
        if not follow_up.is_open:
            return closed_text()
        return follow_up.project or follow_up.company or "—"

    @admin.display(description=_("due"), ordering="due_on")
    def due(self, follow_up):
        return f"{follow_up.due_on}" if follow_up.done_on else late(follow_up.due_on, today())

    @admin.action(description=_("Mark as done today"))
    def mark_done(self, request, queryset):
        self._each(request, queryset, lambda row: _done(row, request.user), _("done"))


def _done(follow_up, user):
    follow_up.done_on = follow_up.done_on or today()
    follow_up.save_as(user)


@admin.register(Request)
class RequestAdmin(TeamFiledAdmin):
    ledgers = ("requests",)
    filterset_class = RequestFilter
    list_display = ("request", "about", "category", "department", "due", "closed_on")
    list_select_related = ("company", "project", "department")
    ordering = ("due_on", "id")
    search_fields = ("content",)
    autocomplete_fields = ("company", "project", "task_force", "department", "co_departments")
    inlines = (AttachmentInline,)
    fieldsets = (
        (None, {"fields": (("company", "project"), "content", ("category", "source"),
                           ("raised_on", "task_force"))}),
        (_("Who answers"), {"fields": (("department", "due_on"), "co_departments",
                                       "supervision")}),
        (_("Answer"), {"fields": ("progress", "closed_on")}),
    )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        """The responsible unit answers; what was asked is the team's."""
        if request.user.role != Role.DEPARTMENT:
            return ()
        return ("company", "project", "content", "category", "source", "raised_on", "task_force",
                "department", "due_on", "co_departments", "supervision")  # fmt: skip

    @admin.display(description=_("request"))
    def request(self, row):
        return sample_mark(row, str(row)) if row.is_open else closed_text()

    @admin.display(description=_("concerns"))
    def about(self, row):
        return (row.project or row.company or "—") if row.is_open else closed_text()

    @admin.display(description=_("due"), ordering="due_on")
    def due(self, row):
        return f"{row.due_on}" if row.closed_on else late(row.due_on, today())
