"""Filters of deals and of the money that arrived."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import models

from .base import (
    AmountFilter,
    AnyOfFilter,
    ChoiceOfRow,
    FlagFilter,
    OneRow,
    PeriodFilter,
    ScopedFilterSet,
    of_period,
)


class DealFilter(ScopedFilterSet):
    """``counting`` leaves the deals that a published figure adds up."""

    COUNTING = (("formal", _("formal")), ("framework", _("with framework agreements")))

    safe = frozenset({"year", "counting", "status", "archived"})
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    year = PeriodFilter(label=_("signed in the year"), method="signed_in_year")
    counting = django_filters.ChoiceFilter(
        label=_("counts as signed"), choices=COUNTING, method="only_counting"
    )
    kind = AnyOfFilter(label=_("kind"), choices=models.Deal.Kind.choices)
    status = AnyOfFilter(label=_("status"), choices=models.Deal.Status.choices)
    recognition = AnyOfFilter(label=_("recognition"), choices=models.Deal.Recognition.choices)
    team = ChoiceOfRow(models.TaskForce, _("task force"), method="of_project_of_team")
    event = ChoiceOfRow(models.Event, _("signing event"))
    project = OneRow(models.Project)
    amount_min = AmountFilter(label=_("amount from"), field_name="amount_yuan", lookup_expr="gte")
    amount_max = AmountFilter(label=_("amount up to"), field_name="amount_yuan", lookup_expr="lte")

    signed_in_year = of_period("signed_on")

    class Meta:
        model = models.Deal
        fields = []

    def only_counting(self, queryset, name, value):
        return queryset.counting(with_framework=value == "framework")

    def of_text(self, queryset, name, value):
        projects = models.Project.objects.visible_to(self.user).found_by(value)
        by_number = models.Deal.objects.found_by(value)
        return queryset.filter(
            Q(project__in=projects.values("pk")) | Q(pk__in=by_number.values("pk"))
        )


class ArrivalFilter(ScopedFilterSet):
    """``counting`` leaves the money that the published figure adds up."""

    safe = frozenset({"year", "state", "counting", "archived"})
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    year = PeriodFilter(label=_("year"), method="arrived_in_year")
    counting = FlagFilter(label=_("counts as arrived"), method="only_counting")
    state = AnyOfFilter(label=_("state"), choices=models.Arrival.State.choices)
    origin = AnyOfFilter(label=_("origin"), choices=models.Arrival.Origin.choices)
    team = ChoiceOfRow(models.TaskForce, _("task force"), method="of_project_of_team")

    project = OneRow(models.Project)

    arrived_in_year = of_period("month")

    class Meta:
        model = models.Arrival
        fields = []

    def only_counting(self, queryset, name, value):
        return queryset.confirmed().filter(project__archived_at=None)

    def of_text(self, queryset, name, value):
        projects = models.Project.objects.visible_to(self.user).found_by(value)
        return queryset.filter(project__in=projects.values("pk"))
