"""What records lack that reports and the bureau ask for: one condition for each, and its rows."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Arrival, Company, Contact, Deal, DealParty, Project, Visit
from crm.periods import Period
from crm.stages import ProjectStatus

from .scope import Scope
from .signing import counting_deals


@dataclass(frozen=True)
class Item:
    """``lacks`` holds for the rows that have not got it."""

    key: str
    model: type
    label: str
    lacks: Q


def _none(*names: str) -> Q:
    condition = Q()
    for name in names:
        condition &= Q(**{f"{name}__isnull": True})
    return condition


CONTACTS = Contact.objects.filter(company=OuterRef("pk"), archived_at=None)
PARTIES = DealParty.objects.filter(deal=OuterRef("pk"))
ITEMS: dict[str, Item] = {
    item.key: item
    for item in (
        Item("project_investor", Project, _("lead investor"), _none("lead_investor")),
        Item("project_team", Project, _("lead task force"), _none("lead_team")),
        Item("project_owner", Project, _("officer responsible"), _none("owner")),
        Item("project_contact", Project, _("contact"), _none("contact")),
        Item("project_planned", Project, _("planned investment"), _none("planned_yuan")),
        Item("project_segment", Project, _("chain segment"), _none("segment") & Q(segment_text="")),
        Item("project_site", Project, _("park or site"), _none("park") & Q(site_text="")),
        Item("project_next", Project, _("next step with date"), _none("next_step_on")),
        Item("company_uscc", Company, _("unified social credit code"), _none("uscc")),
        Item("company_region", Company, _("home region"), _none("region")),
        Item("company_industry", Company, _("industry"), _none("industry")),
        Item("company_contact", Company, _("contact"), ~Q(Exists(CONTACTS))),
        Item("visit_city", Visit, _("city"), _none("city")),
        Item("visit_content", Visit, _("what was talked about"), Q(content="")),
        Item("deal_amount", Deal, _("amount"), _none("amount_yuan")),
        Item("deal_number", Deal, _("contract number"), Q(number="")),
        Item("deal_parties", Deal, _("parties"), ~Q(Exists(PARTIES))),
        Item("arrival_evidence", Arrival, _("evidence"), Q(evidence="")),
    )
}


def looked_at(model, scope: Scope, period: Period):
    """Rows that are asked for completeness: those open to the reader.

    Active projects and all firms as they are now; visits, deals and money of the period.
    """
    rows = scope.rows(model).filter(is_open=True)
    if model is Project:
        return rows.filter(status=ProjectStatus.ACTIVE)
    if model is Visit:
        return rows.held_in(period)
    if model is Deal:
        return counting_deals(scope).filter(is_open=True).signed_in(period)
    return rows.arrived_in(period) if model is Arrival else rows


def lacking(key: str, scope: Scope, period: Period):
    """Rows that lack the item."""
    item = ITEMS[key]
    return looked_at(item.model, scope, period).filter(item.lacks)
