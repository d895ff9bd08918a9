"""The site people work in: Django's admin with a rail of tasks instead of a list of models."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.home import home_for
from crm.models import Notice, SignIn, User
from crm.models.projects import sample_present


@dataclass(frozen=True)
class Page:
    """A page of its own in the rail, for roles with the permission."""

    url_name: str
    label: str
    permission: str


@dataclass(frozen=True)
class Group:
    """One entry of the rail; its first list (named by its model) or page is where it leads."""

    key: str
    label: str
    icon: str
    items: tuple[str | Page, ...]


RAIL = (
    Group(
        "todo",
        _("To do"),
        "check",
        (Page("crm_todo", _("To do"), "view_todo"),
         Page("crm_requests", _("Requests"), "view_request"),
         Page("crm_directives", _("Leaders' directives"), "view_directive"),
         Page("crm_factors", _("Factor guarantees"), "view_factorguarantee"),
         Page("crm_inbox", _("Inbox"), "view_inbox")),
    ),
    Group(
        "projects",
        _("Projects"),
        "project",
        ("project", Page("crm_board", _("Board"), "view_project"),
         Page("crm_claims", _("First reports and conflicts"), "view_claimrequest"),
         "stageproposal"),
    ),
    Group(
        "companies",
        _("Firms"),
        "company",
        ("company", "contact",
          Page("crm_alliance", _("Investment alliance"), "view_alliancemembership"),
          "introduction", "signal",
         Page("crm_target_firms", _("Target firms"), "view_signal"),
         Page("crm_key_firms", _("Key firms: keeping in touch"), "view_signal"),
         Page("crm_chains", _("Chain map"), "view_chain")),
    ),
    Group("visits", _("Visits"), "visit", ("visit", "trip", "event", "invitation", "followup",
         "request", Page("crm_calendar", _("Calendar"), "view_visit"))),
    Group(
        "deals",
        _("Deals"),
        "deal",
        ("deal", Page("crm_commitments", _("Commitments"), "view_commitment"), "arrival",
         Page("crm_month_entry", _("Monthly entry"), "add_arrival")),
    ),
    Group(
        "parks",
        _("Parks"),
        "park",
        (Page("crm_parks", _("Parks and what is left"), "view_park"), "datacentre"),
    ),
    Group(
        "reports",
        _("Reports"),
        "report",
        (Page("crm_reports", _("Reports"), "view_report"),
         Page("crm_weekly", _("Weekly report"), "view_report"),
         Page("crm_monthly", _("Monthly report"), "view_report"),
         Page("crm_targets", _("Targets"), "view_target"),
         Page("crm_months", _("Closed months"), "view_frozenmonth"),
         "importjob", "exportlog", "ledgertemplate"),
    ),
    Group(
        "reference",
        _("Reference"),
        "reference",
        ("referencefact", "park", "districtarea", "chain", "segment",
         Page("crm_talent", _("Talent"), "view_programme"), "institution", "programme",
         "trainingagreement", "region", "industry", "referenceproposal"),
    ),
    Group(
        "settings",
        _("Settings"),
        "settings",
        ("taskforce", "membership", "department", "user", "stagerule", "timelimit",
         "factortemplate", "targetfactor",
         "protectionrule", "attributionrule", "scorerule", "scoreadjustment",
         "secondfactorrule", "auditentry", "robot", "screensettings", "walltoken",
         "apitoken", "subscription", "pushhost",
         Page("crm_api_docs", _("API explained"), "view_apitoken"),
         Page("crm_export_rules", _("Export columns"), "change_exportrule"),
         Page("crm_jobs", _("Background work"), "view_jobs"),
         Page("crm_people", _("People and hand-over"), "assign_project"),
         Page("crm_merges", _("Merges"), "merge_records"),
         Page("crm_bin", _("Recycle bin"), "archive_record")),
    ),
)  # fmt: skip


def _unread(user) -> int | None:
    """What waits in the inbox; None for roles that have none."""
    if "view_inbox" not in permissions_of(user.role):
        return None
    return Notice.objects.filter(recipient=user).unread().count()


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
        context["sso_name"] = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
        context["sample_present"] = sample_present  # asked only by pages that show it
        if context["has_permission"]:
            context["rail"] = self.rail(request)
            context["unread_count"] = partial(_unread, request.user)
        return context

    def get_app_list(self, request, app_label=None):
        """The rail stands in its place; Django would ask about every model on every page."""
        return super().get_app_list(request, app_label) if app_label else []

    def logout(self, request, extra_context=None):
        if request.method == "POST" and "sign_in" in request.session:
            for row in SignIn.objects.of(request.user).filter(pk=request.session["sign_in"]):
                row.close(SignIn.End.LOGGED_OUT)
        return super().logout(request, extra_context)

    def password_change(self, request, extra_context=None):
        """A password of one's own also settles that one had to be set."""
        answer = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            User.objects.filter(pk=request.user.pk).update(must_change_password=False)
        return answer

    def index(self, request, extra_context=None):
        home = home_for(request.user, request.GET)
        may_export = "export_report" in permissions_of(request.user.role)
        context = {"home": home, "may_export": may_export, **(extra_context or {})}
        return super().index(request, context)

    def rail(self, request) -> list[dict]:
        """Groups with the lists this user may open; empty groups are left out."""
        groups = []
        for group in RAIL:
            items = [item for entry in group.items if (item := self._rail_item(request, entry))]
            if items:
                current = any(item["current"] for item in items)
                groups.append(
                    {"key": group.key, "label": group.label, "icon": group.icon,
                     "items": items, "url": items[0]["url"], "current": current}
                )  # fmt: skip
        return groups

    def _rail_item(self, request, entry: str | Page) -> dict | None:
        return (self._rail_page if isinstance(entry, Page) else self._rail_list)(request, entry)

    def _rail_page(self, request, page: Page) -> dict | None:
        if page.permission not in permissions_of(request.user.role):
            return None
        url = reverse(page.url_name)
        return {"label": page.label, "url": url, "current": request.path.startswith(url)}

    def _rail_list(self, request, name: str) -> dict | None:
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
