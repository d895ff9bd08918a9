"""The days of protection, and what a firm's or a project's page says of first reports."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.access import TEAM_ROLES, permissions_of
from crm.models import Conflict, Merge, Project, ProtectionRule
from crm.pages.claims import protection_of

from .base import ReferenceAdmin

MOST = 3


@admin.register(ProtectionRule)
class ProtectionRuleAdmin(ReferenceAdmin):
    list_display = ("protected_days", "idle_days", "notice_days", "decision_days")
    search_fields = ()
    fields = ("protected_days", "idle_days", "notice_days", "decision_days")

    def has_add_permission(self, request, obj=None):
        """One row; until there is one the usual days hold."""
        return super().has_add_permission(request) and not ProtectionRule.objects.exists()


def claim_of_project(project, user) -> dict:
    """Protection, open conflicts, and whether the reader may take the project from the pool."""
    row = Project.objects.with_activity().get(pk=project.pk)
    found = protection_of(row)
    conflicts = list(project.conflicts.live().filter(decision="").open_to(user)[:MOST])
    if "change_conflict" in permissions_of(user.role):
        conflicts += Conflict.objects.open().filter(other_project=project)[:MOST]
    text = found.get("text") or _("no protection: no contact is logged yet")
    if not found and row.stage not in ("lead", "negotiating", "reserve"):
        text = _("signed: no longer to be claimed")
    return {
        "text": text, "tone": found.get("tone", "") if not conflicts else "bad",
        "conflicts": conflicts, "merged_into": _merged_into(project),
        "may_take": project.pooled_on is not None and user.role in TEAM_ROLES,
    }  # fmt: skip


def claim_of_firm(firm, user) -> dict:
    """Who works with the firm, until when its projects are protected, and what one may ask."""
    is_team = user.role in TEAM_ROLES and bool(user.team_ids)
    own = firm.owning_team_id in user.team_ids
    text = firm.owning_team and _("%(team)s works with this firm") % {"team": firm.owning_team}
    rows = firm.led_projects.protectable().filter(lead_team=firm.owning_team_id)
    terms = ProtectionRule.terms()
    told = [protection_of(row, terms) for row in rows[:50]] if firm.owning_team_id else []
    best = max((each for each in told if each), key=lambda each: each["until"], default={})
    return {
        "text": text or _("free to claim"), "detail": best.get("text", ""),
        "tone": best.get("tone", "") if text else "good", "conflicts": (),
        "merged_into": _merged_into(firm),
        "may_claim": is_team and not firm.owning_team_id and firm.archived_at is None,
        "may_ask": is_team and firm.owning_team_id is not None and not own,
    }  # fmt: skip


def _merged_into(record) -> dict | None:
    done = Merge.objects.of(record).first()
    if done is None:
        return None
    url = reverse(f"admin:crm_{done.kind}_change", args=[done.keeper_id])
    return {"name": done.keeper_name, "url": url}
