"""The auditor's page: read, search, export; nothing else."""

from django.contrib import admin
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from crm.filters.audit import AuditFilter
from crm.models import AuditEntry

from .base import ScopedAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    """Append-only, also for the auditor."""

    form = ModelForm  # nothing is edited, so there is no version to compare
    list_display = (
        "number",
        "at",
        "action",
        "by",
        "name",
        "address",
        "about_shown",
        "detail_shown",
    )
    list_select_related = ("by",)
    list_display_links = None
    filterset_class = AuditFilter
    ordering = ("-number",)
    actions = None
    change_list_template = "crm/audit_list.html"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("about"))
    def about_shown(self, entry):
        return f"{entry.about} {entry.about_id or ''}".strip() or "—"

    @admin.display(description=_("details"))
    def detail_shown(self, entry):
        return "；".join(f"{key}: {value}" for key, value in entry.details.items()) or "—"
