"""The site people work in: Django's admin with a rail of tasks instead of a list of models."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from crm.home import home_for
from crm.models.projects import sample_present


@dataclass(frozen=True)
class Group:
    """One entry of the rail and the lists behind it; the first list is where it leads."""

    key: str
    label: str
    icon: str
    models: tuple[str, ...]


RAIL = (
    Group("projects", _("Projects"), "project", ("project", "stageproposal")),
    Group("companies", _("Firms"), "company", ("company", "contact", "alliancemembership")),
    Group("visits", _("Visits"), "visit", ("visit", "trip", "event", "followup", "request")),
    Group("deals", _("Deals"), "deal", ("deal", "arrival")),
    Group(
        "reports", _("Reports"), "report", ("target", "importjob", "exportlog", "ledgertemplate")
    ),
    Group(
        "reference",
        _("Reference"),
        "reference",
        ("referencefact", "park", "datacentre", "districtarea", "chain", "segment", "institution",
         "region", "industry", "referenceproposal"),
    ),
    Group(
        "settings",
        _("Settings"),
        "settings",
        ("taskforce", "membership", "department", "user", "stagerule"),
    ),
)  # fmt: skip


class CrmAdminSite(admin.AdminSite):
    """Admin site of the CRM."""

    site_header = site_title = _("Investment promotion")
    index_title = _("Workbench")
    login_form = AuthenticationForm
    enable_nav_sidebar = False
    empty_value_display = "—"

    def has_permission(self, request):
        """Only an active account with a role gets in."""
        return request.user.is_active and bool(getattr(request.user, "role", ""))

    def each_context(self, request):
        context = super().each_context(request)
        context["sample_present"] = sample_present  # asked only by pages that show it
        if context["has_permission"]:
            context["rail"] = self.rail(request)
        return context

    def index(self, request, extra_context=None):
        home = home_for(request.user, request.GET)
        return super().index(request, {"home": home, **(extra_context or {})})

    def rail(self, request) -> list[dict]:
        """Groups with the lists this user may open; empty groups are left out."""
        groups = []
        for group in RAIL:
            items = [item for name in group.models if (item := self._rail_item(request, name))]
            if items:
                current = any(item["current"] for item in items)
                groups.append(
                    {"key": group.key, "label": group.label, "icon": group.icon,
                     "items": items, "url": items[0]["url"], "current": current}
                )  # fmt: skip
        return groups

    def _rail_item(self, request, name: str) -> dict | None:
        model = next((m for m in self._registry if m._meta.model_name == name), None)
        if model is None or not self._registry[model].has_view_permission(request):
            return None
        try:
            url = reverse(f"admin:{model._meta.app_label}_{name}_changelist")
        except NoReverseMatch:
            return None
        return {
            "label": model._meta.verbose_name_plural,
            "url": url,
            "current": request.path.startswith(url),
        }
