"""Reference data: regions, industries, chains, layout, parks, data centres, cited facts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.filters import SegmentFilter
from crm.models import (
    Chain,
    DistrictArea,
    EntryRule,
    Industry,
    Park,
    ParkSupply,
    ReferenceFact,
    Region,
    Segment,
)

from .base import ReferenceAdmin, ScopedInline


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    list_display = ("name", "code", "level", "parent")
    list_select_related = ("parent",)
    search_fields = ("name", "short_name", "code")
    autocomplete_fields = ("parent",)


@admin.register(Industry)
class IndustryAdmin(ReferenceAdmin):
    list_display = ("name", "code", "parent")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    autocomplete_fields = ("parent",)


class SegmentInline(ScopedInline):
    model = Segment
    classes = ()
    fields = ("name", "position", "sequence", "follows", "is_disabled")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """A segment comes after one of its own chain."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "follows" and field is not None:
            chain = request.resolver_match.kwargs.get("object_id")
            field.queryset = field.queryset.filter(chain=chain or None).select_related("chain")
        return field


@admin.register(Chain)
class ChainAdmin(ReferenceAdmin):
    list_display = ("name", "description", "sequence", "is_disabled")
    inlines = (SegmentInline,)
    fieldsets = (
        (None, {"fields": (("name", "key"), "description", ("sequence", "is_disabled"))}),
        (_("When a segment is missing, weak or strong"), {"fields": (
            ("weak_from", "strong_from"), ("strong_yuan", "counts_home_firms"))}),
        (_("Notes"), {"fields": ("source",)}),
    )  # fmt: skip


@admin.register(Segment)
class SegmentAdmin(ReferenceAdmin):
    filterset_class = SegmentFilter
    ledgers = ("chains",)
    list_display = ("name", "chain", "position", "sequence", "is_disabled")
    list_select_related = ("chain",)
    search_fields = ("name", "chain__name")
    autocomplete_fields = ("chain", "follows")
    fieldsets = (
        (None, {"fields": (("name", "chain"), ("position", "sequence"), "follows",
                           ("aliases", "is_disabled"), "description")}),
        (_("Notes"), {"fields": ("source",)}),
    )  # fmt: skip


@admin.register(DistrictArea)
class DistrictAreaAdmin(ReferenceAdmin):
    list_display = ("name", "kind", "focus")


class SupplyInline(ScopedInline):
    model = ParkSupply
    fields = ("what", "amount", "as_of", "source")


class EntryRuleInline(ScopedInline):
    model = EntryRule
    fields = ("name", "kind", "value", "chain", "as_of", "source", "is_disabled")
    autocomplete_fields = ("chain",)


@admin.register(Park)
class ParkAdmin(ReferenceAdmin):
    inlines = (SupplyInline, EntryRuleInline)
    list_display = ("name", "district_area", "focus", "is_core")
    list_select_related = ("district_area",)
    search_fields = ("name", "short_name", "aliases")
    autocomplete_fields = ("district_area", "region")


@admin.register(ReferenceFact)
class ReferenceFactAdmin(ReferenceAdmin):
    """What may be quoted about the city, word for word, with where it stands."""

    list_display = ("name", "value_text", "basis", "as_of", "quotation")
    search_fields = ("name", "value_text", "source")

    @admin.display(description=_("source sentence"))
    def quotation(self, fact):
        return f"“{fact.source}”"
