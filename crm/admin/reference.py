"""Reference data: regions, industries, chains, layout, parks, data centres, cited facts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.models import (
    Chain,
    DistrictArea,
    EntryRule,
    Industry,
    Institution,
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


@admin.register(Chain)
class ChainAdmin(ReferenceAdmin):
    list_display = ("name", "description", "sequence")


@admin.register(Segment)
class SegmentAdmin(ReferenceAdmin):
    list_display = ("name", "chain", "position", "sequence")
    list_select_related = ("chain",)
    search_fields = ("name", "chain__name")
    autocomplete_fields = ("chain", "follows")


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


@admin.register(Institution)
class InstitutionAdmin(ReferenceAdmin):
    list_display = ("name", "kind")
