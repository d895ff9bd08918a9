"""Firms and the people there."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.access import PHONE_READERS, TEAM_ROLES, permissions_of
from crm.filters import CompanyFilter, ContactFilter
from crm.models import (
    Company,
    CompanyMark,
    CompanyName,
    Contact,
    Project,
    Request,
    Visit,
)
from crm.names import mask_phone
from crm.pages.phones import is_revealed, reveal_address
from crm.pages.target_firms import appeal_of

from .base import ScopedAdmin, ScopedInline, closed_text, is_choosing
from .claims import claim_of_firm
from .columns import amount, open_rows_by, sample_mark
from .targeting import SignalInline

PUBLIC = ("name", "uscc", "region", "ownership", "owning_team")


class CompanyNameInline(ScopedInline):
    model = CompanyName
    fields = ("kind", "name", "until")


class CompanyMarkInline(ScopedInline):
    model = CompanyMark
    fields = ("mark", "year", "list_name")


@admin.register(Company)
class CompanyAdmin(ScopedAdmin):
    has_public_part = True
    ledgers = ("companies",)
    filterset_class = CompanyFilter
    list_display = ("shown_name", "uscc", "region", "tier", "owning_team", "leader")
    list_select_related = ("region", "owning_team")
    search_fields = ("name",)
    autocomplete_fields = ("region", "industry", "segments", "parent", "owning_team")
    inlines = (CompanyNameInline, CompanyMarkInline, SignalInline)
    change_form_template = "crm/company.html"
    fieldsets = (
        (None, {"fields": (("name", "uscc"), ("region", "industry"), "segments",
                           ("ownership", "parent"))}),
        (_("Key-firm list"), {"fields": (("key_tier", "sponsoring_leader"),
                                         ("owning_team", "contact_every_days"))}),
        (_("Business"), {"fields": ("main_business", ("revenue_yuan", "revenue_year"),
                                    ("registered_on", "registration_no"))}),
        (_("Notes"), {"fields": ("note", "source")}),
    )  # fmt: skip

    @admin.display(description=_("company name"), ordering="sort_key")
    def shown_name(self, company):
        return sample_mark(company, company.name)

    @admin.display(description=_("key-firm tier"), ordering=open_rows_by("key_tier"))
    def tier(self, company):
        if not company.is_open:
            return closed_text()
        return company.get_key_tier_display() if company.key_tier else "—"

    @admin.display(description=_("sponsoring leader"))
    def leader(self, company):
        return company.sponsoring_leader if company.is_open else closed_text()

    def has_view_permission(self, request, obj=None):
        """The register's public part is there for everybody who may see the firm at all."""
        return self._role_may(request, "view")

    def get_fieldsets(self, request, obj=None):
        if obj is not None and not self.is_open(request, obj):
            return ((_("Public part of the register"), {"fields": PUBLIC}),)
        return super().get_fieldsets(request, obj)

    def get_inlines(self, request, obj):
        return () if obj is not None and not self.is_open(request, obj) else self.inlines

    def get_readonly_fields(self, request, obj=None):
        if obj is not None and not self.is_open(request, obj):
            return PUBLIC
        return ("owning_team",) if request.user.role in TEAM_ROLES else ()

    def render_change_form(self, request, context, *args, **kwargs):
        firm = kwargs.get("obj")
        if firm is not None and firm.pk:
            context["claim"] = claim_of_firm(firm, request.user)
            if self.is_open(request, firm) and "view_signal" in permissions_of(request.user.role):
                context["appeal"] = appeal_of(firm, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        """A project may be reported of any firm; elsewhere the firm has to be open."""
        asked = (request.GET.get("model_name"), request.GET.get("field_name"))
        if asked == ("project", "lead_investor") and is_choosing(request):
            rows = queryset.live()
            return (rows.found_by(search_term) if search_term.strip() else rows), False
        return super().get_search_results(request, queryset, search_term)

    def panels(self, request, obj):
        if not self.is_open(request, obj):
            return []
        query = f"company={obj.pk}"
        return [
            self.panel(
                request, Contact, obj.contacts.all(), title=_("Contacts"), query=query,
                describe=lambda c: (str(c), mask_phone(c.mobile)),
            ),
            self.panel(
                request, Visit, obj.visits.order_by("-held_on"), title=_("Visits"), query=query,
                describe=lambda v: (f"{v.held_on} {v.get_mode_display()}", v.content[:40]),
            ),
            self.panel(
                request, Project, obj.led_projects.order_by("-reported_on"), title=_("Projects"),
                query=f"lead_investor={obj.pk}",
                describe=lambda p: (p.name, f"{p.get_stage_display()} {amount(p.planned_yuan)}"),
            ),
            self.panel(
                request, Request, obj.requests.order_by("due_on"), title=_("Requests"),
                query=query, describe=lambda r: (str(r), str(r.due_on)),
            ),
        ]  # fmt: skip


@admin.register(Contact)
class ContactAdmin(ScopedAdmin):
    change_form_template = "crm/contact.html"
    ledgers = ("contacts",)
    filterset_class = ContactFilter
    list_display = ("name", "company", "position", "is_primary", "has_left")
    list_select_related = ("company",)
    search_fields = ("name", "company__name")
    autocomplete_fields = ("company",)
    fieldsets = (
        (None, {"fields": ("company", ("name", "salutation"), ("position", "section"),
                           ("mobile", "phone"), ("has_wechat", "is_primary", "has_left"))}),
        (_("Notes"), {"fields": ("introduced_by", "note", "source")}),
    )  # fmt: skip

    def get_list_display(self, request):
        def shown_mobile(contact):
            return self.number_shown(request, contact, contact.mobile)

        shown_mobile.short_description = _("mobile")
        return (*self.list_display[:3], shown_mobile, *self.list_display[3:])

    def number_shown(self, request, contact, number: str):
        """Masked until it is asked for; then whoever works with the firm sees it for a while."""
        if request.user.role not in PHONE_READERS or not number:
            return mask_phone(number)
        if is_revealed(request, contact.pk):
            return number
        return format_html(
            '{} <button class="reveal" formmethod="post" formnovalidate'
            ' formaction="{}">{}</button>',
            mask_phone(number), reveal_address(request, contact), _("show"),
        )  # fmt: skip

    def get_fieldsets(self, request, obj=None):
        """Masked numbers instead of the fields, until they are asked for."""
        if obj is None:
            return super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj):
            shown = ("company", "name", "salutation", "position", "section", "masked_mobile",
                     "masked_phone", "has_wechat", "is_primary", "has_left")  # fmt: skip
            return ((None, {"fields": shown}),)
        if is_revealed(request, obj.pk) or not (obj.mobile or obj.phone):
            return super().get_fieldsets(request, obj)
        (title, main), *others = super().get_fieldsets(request, obj)
        fields = tuple(
            ("masked_mobile", "masked_phone") if row == ("mobile", "phone") else row
            for row in main["fields"]
        )
        return ((title, {**main, "fields": fields}), *others)

    readonly_fields = ("masked_mobile", "masked_phone")

    def get_object(self, request, object_id, from_field=None):
        contact = super().get_object(request, object_id, from_field)
        if contact is not None:
            contact.request = request
        return contact

    @admin.display(description=_("mobile"))
    def masked_mobile(self, contact):
        return self.number_shown(contact.request, contact, contact.mobile) or "—"

    @admin.display(description=_("telephone"))
    def masked_phone(self, contact):
        return self.number_shown(contact.request, contact, contact.phone) or "—"
