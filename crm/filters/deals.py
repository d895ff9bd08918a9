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


class CommitmentFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    state = django_filters.ChoiceFilter(
        label=_("state of keeping"), choices=models.Commitment.State.choices, method="in_state"
    )
    side = AnyOfFilter(label=_("promised by"), choices=models.Commitment.Side.choices)
    kind = AnyOfFilter(label=_("kind of commitment"), choices=models.Commitment.Kind.choices)
    department = ChoiceOfRow(models.Department, _("responsible unit"))
    since = django_filters.DateFilter(label=_("due from"), field_name="due_on", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("due until"), field_name="due_on", lookup_expr="lte")
    team = ChoiceOfRow(models.TaskForce, _("task force"), method="of_team")
    deal = OneRow(models.Deal)
    project = OneRow(models.Project, method="of_project")

    class Meta:
        model = models.Commitment
        fields = []

    def in_state(self, queryset, name, value):
        return queryset.standing().with_state(self.on).filter(state_then=value)

    def of_team(self, queryset, name, team):
        return queryset.filter(
            models.Project.objects.all().of_teams_q([team.pk], "deal__project__")
        )

    def of_project(self, queryset, name, project):
        return queryset.filter(deal__project=project)

    def of_text(self, queryset, name, value):
        projects = models.Project.objects.visible_to(self.user).found_by(value)
        return queryset.filter(
            Q(deal__project__in=projects.values("pk")) | Q(content__icontains=value)
        )
