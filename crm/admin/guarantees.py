"""Factor guarantees: the list behind the figures, and the template of the checklist."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.filters import GuaranteeFilter
from crm.models import FactorGuarantee, FactorTemplate
from crm.periods import today

from .base import ReferenceAdmin, ScopedAdmin
from .columns import badge, late

TONES = {"secured": "good", "difficult": "bad", "under_way": "warn"}


@admin.register(FactorTemplate)
class FactorTemplateAdmin(ReferenceAdmin):
    list_display = ("name", "factor", "stage", "unit", "days", "counted_from", "is_disabled")
    list_select_related = ("department",)
    autocomplete_fields = ("department",)
    ordering = ("sequence", "id")

    @admin.display(description=_("responsible unit"))
    def unit(self, line):
        return _("the park's office") if line.by_park else line.department or "—"


@admin.register(FactorGuarantee)
class FactorGuaranteeAdmin(ScopedAdmin):
    """The list behind the figures; units answer on a page of their own."""

    actions = None
    filterset_class = GuaranteeFilter
    list_display = ("title", "project_shown", "factor", "unit", "due_shown", "state_badge", "note")
    list_select_related = ("project", "project__park", "department")
    autocomplete_fields = ("project", "department")
    fields = (("project", "stage"), ("factor", "title"), ("department", "by_park"),
              ("due_on", "state"), "note", ("document_no", "settled_on"))  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        """A line stays with its project; a unit writes its answer only."""
        if obj is None:
            return ()
        if request.user.role in ("park", "department"):
            return ("project", "stage", "factor", "title", "department", "by_park", "due_on")
        return ("project",)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.with_project_name(request.user)

    @admin.display(description=_("project"))
    def project_shown(self, line):
        return line.project_name

    @admin.display(description=_("responsible unit"))
    def unit(self, line):
        return line.unit_name

    @admin.display(description=_("due"), ordering="due_on")
    def due_shown(self, line):
        return (line.due_on or "—") if line.is_settled else late(line.due_on, today())

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, line):
        return badge("mood", TONES.get(line.state, "plain"), line.get_state_display())
