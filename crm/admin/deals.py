"""Deals and the money that arrives."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.filters import ArrivalFilter, CommitmentFilter, DealFilter
from crm.models import Arrival, Attribution, Commitment, Deal, DealParty
from crm.periods import today

from .base import ScopedAdmin, ScopedInline
from .columns import amount, badge, late, open_rows_by, sample_mark
from .outreach import AttachmentInline


class DealPartyInline(ScopedInline):
    model = DealParty
    fields = ("side", "company", "name")
    autocomplete_fields = ("company",)


class CommitmentInline(ScopedInline):
    model = Commitment
    fields = ("side", "kind", "content", "department", "due_on", "fulfilled_on")
    autocomplete_fields = ("department",)


class AttributionInline(ScopedInline):
    """What the bureau chose by hand instead of the rule."""

    model = Attribution
    fields = ("trip", "event", "reason")
    autocomplete_fields = ("trip", "event")
    max_num = 1


class MoneyAdmin(ScopedAdmin):
    """Money is entered by one person and confirmed by another, of the bureau."""

    actions = ("confirm", "archive", "bring_back")

    def get_actions(self, request):
        actions = super().get_actions(request)
        if "confirm_money" not in permissions_of(request.user.role):
            actions.pop("confirm", None)
        return actions

    @admin.action(description=_("Confirm"))
    def confirm(self, request, queryset):
        self._each(request, queryset, lambda row: row.confirm(by=request.user), _("confirmed"))

    @admin.display(description=_("project"), ordering=open_rows_by("project__name_key"))
    def project_name(self, row):
        """The project, by its code name where it is closed to the reader."""
        return sample_mark(row, row.project.name if row.is_open else row.project.code_name)


@admin.register(Deal)
class DealAdmin(MoneyAdmin):
    ledgers = ("deals",)
    filterset_class = DealFilter
    list_display = ("project_name", "number_shown", "kind", "amount", "signed_on", "state",
                    "confirmed")  # fmt: skip
    list_select_related = ("project",)
    ordering = ("-signed_on", "-id")
    search_fields = ("number", "project__name")
    autocomplete_fields = ("project", "event", "replaces")
    inlines = (DealPartyInline, CommitmentInline, AttributionInline, AttachmentInline)
    fieldsets = (
        (None, {"fields": ("project", ("number", "kind"), ("signed_on", "event"),
                           ("place", "status"))}),
        (_("Amount"), {"fields": (("amount_yuan", "amount_precision"), "outside_yuan",
                                  ("currency", "original_amount"),
                                  ("exchange_rate", "rate_on"))}),
        (_("Fair competition"), {"fields": ("has_support_clause",
                                            ("fair_review_no", "fair_review_on"))}),
        (_("Counting"), {"fields": ("replaces", ("recognition", "recognition_reason"),
                                    "confirmed_by", "source")}),
    )  # fmt: skip
    readonly_fields = ("confirmed_by",)

    def panels(self, request, obj):
        return [
            self.panel(
                request, Commitment, obj.commitments.order_by("due_on", "pk"),
                title=_("Commitments"), query=f"deal={obj.pk}", describe=described,
            )
        ]  # fmt: skip

    @admin.display(description=_("contract number"), ordering=open_rows_by("number"))
    def number_shown(self, deal):
        return deal.number or "—" if deal.is_open else "—"

    @admin.display(description=_("amount"), ordering="amount_yuan")
    def amount(self, deal):
        return amount(deal.amount_yuan, deal.amount_precision)

    @admin.display(description=_("status"), ordering="status")
    def state(self, deal):
        return badge("status", deal.status, deal.get_status_display())

    @admin.display(description=_("confirmed"), boolean=True)
    def confirmed(self, deal):
        return deal.confirmed_at is not None


def described(commitment) -> tuple[str, str]:
    """A commitment in a list of its deal or project: what, and by when in which state."""
    side, due = commitment.get_side_display(), commitment.due_on or ""
    return f"{side}：{commitment.content}", f"{due} {commitment.state_label}".strip()


@admin.register(Commitment)
class CommitmentAdmin(ScopedAdmin):
    """What was promised is fixed with the deal's confirmation; how it is kept is told here."""

    ledgers = ("commitments",)
    filterset_class = CommitmentFilter
    list_display = ("promise", "project_name", "side", "kind", "department", "due", "state_badge")
    list_select_related = ("deal__project", "department")
    ordering = ("due_on", "id")
    search_fields = ("content",)
    autocomplete_fields = ("deal", "department")
    inlines = (AttachmentInline,)
    fieldsets = (
        (_("Commitment"), {"fields": ("deal", "content", ("side", "kind"),
                                      ("department", "due_on"), "amount_yuan")}),
        (_("How it is kept"), {"fields": (("fulfilled_on", "result"),)}),
        (_("Dispute"), {"fields": (("disputed_on", "dispute"), ("settled_on", "settlement"))}),
    )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        if obj is None or not obj.is_bound_for(request.user):
            return ("deal",) if obj else ()
        return ("deal", "content", "side", "kind", "department", "due_on", "amount_yuan")

    @admin.display(description=_("commitment"))
    def promise(self, commitment):
        return sample_mark(commitment, commitment.content)

    @admin.display(description=_("project"))
    def project_name(self, commitment):
        return commitment.deal.project.name

    @admin.display(description=_("due"), ordering="due_on")
    def due(self, commitment):
        if commitment.due_on is None or commitment.fulfilled_on:
            return commitment.due_on or "—"
        return late(commitment.due_on, today())

    @admin.display(description=_("state of keeping"))
    def state_badge(self, commitment):
        return badge("keeping", commitment.state, commitment.state_label)


@admin.register(Arrival)
class ArrivalAdmin(MoneyAdmin):
    ledgers = ("arrivals",)
    filterset_class = ArrivalFilter
    list_display = ("project_name", "month_shown", "origin", "amount", "state_badge")
    list_select_related = ("project",)
    ordering = ("-month", "-id")
    search_fields = ("project__name",)
    autocomplete_fields = ("project",)
    fieldsets = (
        (None, {"fields": ("project", ("month", "origin"), ("amount_yuan", "evidence"),
                           ("state", "confirmed_by"))}),
    )  # fmt: skip
    readonly_fields = ("state", "confirmed_by")

    @admin.display(description=_("month"), ordering="month")
    def month_shown(self, arrival):
        return f"{arrival.month:%Y-%m}"

    @admin.display(description=_("amount"), ordering="amount_yuan")
    def amount(self, arrival):
        return amount(arrival.amount_yuan)

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, arrival):
        return badge("state", arrival.state, arrival.get_state_display())
