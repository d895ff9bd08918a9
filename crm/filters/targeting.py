"""Filters of target firms and of key firms; both lists hold firms open to the reader only."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.models import Company, Signal
from crm.strength import State

from .base import AnyOfFilter, FlagFilter, OneRow, PeriodFilter, ScopedFilterSet, of_period
from .companies import CompanyFilter


class TargetFilter(CompanyFilter):
    """The register's filters, and what makes a firm a target."""

    gap = django_filters.ChoiceFilter(
        label=_("its segments here are"), choices=State.choices, method="in_segments_that_are"
    )
    key = FlagFilter(label=_("key firms"), method="only_key")
    signal = FlagFilter(label=_("with a signal within half a year"), method="only_signalled")
    leader = django_filters.CharFilter(label=_("sponsoring leader"), method="of_leader")

    def __init__(self, *args, segments=None, **kwargs):
        self.segments = segments or {}
        super().__init__(*args, **kwargs)

    def in_segments_that_are(self, queryset, name, state):
        keys = [pk for pk, item in self.segments.items() if item.state == state]
        links = Company.segments.through.objects.filter(segment__in=keys)
        return queryset.filter(pk__in=links.values("company"))

    def only_key(self, queryset, name, value):
        return queryset.key_companies()

    def only_signalled(self, queryset, name, value):
        fresh = Signal.objects.fresh(self.on).open_to(self.user).promising()
        return queryset.filter(pk__in=fresh.values("company"))

    def of_leader(self, queryset, name, value):
        return queryset.filter(sponsoring_leader__contains=value)


class KeyFirmFilter(TargetFilter):
    overdue = FlagFilter(label=_("overdue only"), method="only_late")

    def only_late(self, queryset, name, value):
        return queryset.filter(is_late=1)


class SignalFilter(ScopedFilterSet):
    """Signals are listed only where the firm is open to the reader."""

    q = django_filters.CharFilter(label=_("search"), method="of_text")
    kind = AnyOfFilter(label=_("kind of signal"), choices=Signal.Kind.choices)
    strength = AnyOfFilter(label=_("how strong"), choices=Signal.Strength.choices)
    seen = PeriodFilter(label=_("noticed in the year"), method="seen_in")
    company = OneRow(Company)

    class Meta:
        model = Signal
        fields = []

    seen_in = of_period("seen_on")

    def of_text(self, queryset, name, value):
        """By firm."""
        return queryset.filter(company__in=Company.objects.all().found_by(value).values("pk"))
