"""Filters of data centres, of factor guarantees and of the chains' segments."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import models
from crm.factors import Factor, FactorState
from crm.models.reference import ComputeKind

from .base import (
    AnyOfFilter,
    ChoiceOfRow,
    FlagFilter,
    OneRow,
    PeriodFilter,
    ScopedFilterSet,
    of_period,
)


class DataCentreFilter(ScopedFilterSet):
    """``late``: compute whose planned go-live has passed without one."""

    safe = frozenset({"state", "archived"})
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    park = ChoiceOfRow(models.Park, _("park"))
    state = AnyOfFilter(label=_("state"), choices=models.DataCentre.State.choices)
    kind = AnyOfFilter(label=_("kind of compute"), choices=ComputeKind.choices, method="of_kind")
    year = PeriodFilter(label=_("go-live in the year"), method="live_in_year")
    late = FlagFilter(label=_("go-live overdue"), method="only_late")
    project = OneRow(models.Project)

    class Meta:
        model = models.DataCentre
        fields = []

    def of_kind(self, queryset, name, kinds):
        if not kinds:
            return queryset
        parts = models.DataCentreCompute.objects.filter(kind__in=kinds)
        return queryset.filter(pk__in=parts.values("data_centre"))

    def live_in_year(self, queryset, name, period):
        """By the actual go-live of the centre or of a part of it, else by the planned one."""
        days = {"gte": period.start, "lt": period.end}
        live = Q(**{f"live_on__{how}": day for how, day in days.items()})
        planned = Q(**{f"planned_live_on__{how}": day for how, day in days.items()}, live_on=None)
        parts = models.DataCentreCompute.objects.filter(live | planned)
        return queryset.filter(live | planned | Q(pk__in=parts.values("data_centre")))

    def only_late(self, queryset, name, value):
        return queryset.late(self.on)


class GuaranteeFilter(ScopedFilterSet):
    """``waiting``: not settled; ``overdue``: of these, past the deadline."""

    q = django_filters.CharFilter(label=_("search"), method="of_text")
    factor = AnyOfFilter(label=pgettext_lazy("factor guarantee", "factor"), choices=Factor.choices)
    state = AnyOfFilter(label=_("state"), choices=FactorState.choices)
    waiting = FlagFilter(label=_("not settled"), method="only_waiting")
    overdue = FlagFilter(label=_("overdue"), method="only_overdue")
    department = ChoiceOfRow(models.Department, _("responsible unit"))
    park = ChoiceOfRow(models.Park, _("park"), field_name="project__park")
    due = PeriodFilter(label=_("due in the year"), method="due_in_year")
    project = OneRow(models.Project)

    due_in_year = of_period("due_on")

    class Meta:
        model = models.FactorGuarantee
        fields = []

    def of_text(self, queryset, name, value):
        projects = models.Project.objects.visible_to(self.user).found_by(value)
        return queryset.filter(Q(title__icontains=value) | Q(project__in=projects.values("pk")))


class SegmentFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    chain = ChoiceOfRow(models.Chain, _("industry chain"))
    position = AnyOfFilter(label=_("place in the chain"), choices=models.Segment.Position.choices)

    class Meta:
        model = models.Segment
        fields = []

    def of_text(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(chain__name__icontains=value))
