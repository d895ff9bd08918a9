"""Signals noticed at firms, and what each factor weighs in the score of target firms."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.filters import SignalFilter
from crm.models import Signal, TargetFactor

from .base import ReferenceAdmin, ScopedAdmin, ScopedInline


class SignalInline(ScopedInline):
    model = Signal
    fields = ("seen_on", "kind", "strength", "text", "source")


@admin.register(Signal)
class SignalAdmin(ScopedAdmin):
    filterset_class = SignalFilter
    list_display = ("seen_on", "company", "kind", "strength", "text", "source")
    list_display_links = ("seen_on", "company")
    list_select_related = ("company",)
    search_fields = ("company__name",)
    autocomplete_fields = ("company",)
    fieldsets = (
        (None, {"fields": ("company", ("kind", "strength"), "seen_on", "text", "source")}),
    )


@admin.register(TargetFactor)
class TargetFactorAdmin(ReferenceAdmin):
    list_display = ("factor", "weight", "middle_share", "low_share", "is_disabled")
    search_fields = ()
    fields = ("factor", "weight", ("middle", "low"), "is_disabled")

    @admin.display(description=_("share at the middle level (%)"), ordering="middle")
    def middle_share(self, row):
        return f"{row.middle.normalize():f}%"

    @admin.display(description=_("share at the low level (%)"), ordering="low")
    def low_share(self, row):
        return f"{row.low.normalize():f}%"
