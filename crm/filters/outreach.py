"""Filters of events, trips, visits, follow-ups and requests."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import models

from .base import (
    AnyOfFilter,
    ChoiceOfRow,
    FlagFilter,
    OneRow,
    PeriodFilter,
    ScopedFilterSet,
    of_period,
)


class EventFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), field_name="name", lookup_expr="icontains")
    year = PeriodFilter(label=_("year"), method="started_in_year")
    kind = AnyOfFilter(label=_("kind"), choices=models.Event.Kind.choices)

    started_in_year = of_period("started_on")

    class Meta:
        model = models.Event
        fields = []


class TripFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    year = PeriodFilter(label=_("year"), method="started_in_year")
    team = ChoiceOfRow(models.TaskForce, _("task force"), method="of_team")
    kind = AnyOfFilter(label=_("kind"), choices=models.Trip.Kind.choices)
    rank = AnyOfFilter(
        label=_("rank of the head"), field_name="head_rank", choices=models.Trip.HeadRank.choices
    )
    city = ChoiceOfRow(models.Region, _("city"), method="to_city")

    started_in_year = of_period("started_on")

    class Meta:
        model = models.Trip
        fields = []

    def of_team(self, queryset, name, team):
        joint = models.Trip.joint_teams.through.objects.filter(taskforce=team)
        return queryset.filter(Q(task_force=team) | Q(pk__in=joint.values("trip")))

    def to_city(self, queryset, name, city):
        stops = models.Trip.cities.through.objects.filter(
            Q(region=city) | Q(region__parent=city) | Q(region__parent__parent=city)
        )
        return queryset.filter(pk__in=stops.values("trip"))


class InvitationFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    state = AnyOfFilter(label=_("attendance"), choices=models.Invitation.State.choices)
    event = ChoiceOfRow(models.Event, _("event"))
    team = ChoiceOfRow(models.TaskForce, _("invited by"), field_name="task_force")
    trip = OneRow(models.Trip)
    company = OneRow(models.Company)

    class Meta:
        model = models.Invitation
        fields = []

    def of_text(self, queryset, name, value):
        firms = models.Company.objects.visible_to(self.user).found_by(value)
        return queryset.filter(Q(company__in=firms.values("pk")) | Q(guest__icontains=value))


class VisitFilter(ScopedFilterSet):
    safe = frozenset({"year", "mode", "team", "archived"})
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    year = PeriodFilter(label=_("year"), method="held_in_year")
    since = django_filters.DateFilter(label=_("held from"), field_name="held_on", lookup_expr="gte")
    until = django_filters.DateFilter(
        label=_("held until"), field_name="held_on", lookup_expr="lte"
    )
    mode = AnyOfFilter(label=_("how"), choices=models.Visit.Mode.choices)
    team = ChoiceOfRow(models.TaskForce, _("task force"), field_name="task_force")
    outcome = AnyOfFilter(label=_("outcome"), choices=models.Visit.Outcome.choices)
    trip = OneRow(models.Trip)
    event = OneRow(models.Event)
    company = OneRow(models.Company)
    project = OneRow(models.Project)
    city = ChoiceOfRow(models.Region, _("city"), method="in_region")

    held_in_year = of_period("held_on")

    class Meta:
        model = models.Visit
        fields = []


class FollowUpFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), field_name="what", lookup_expr="icontains")
    mine = FlagFilter(label=_("mine"), method="only_mine")
    waiting = FlagFilter(label=_("not done"), method="only_waiting")
    overdue = FlagFilter(label=_("overdue"), method="only_overdue")
    due = django_filters.DateFilter(label=_("due on"), field_name="due_on")
    team = ChoiceOfRow(models.TaskForce, _("task force"), field_name="task_force")
    company = OneRow(models.Company)
    project = OneRow(models.Project)

    class Meta:
        model = models.FollowUp
        fields = []


class RequestFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), field_name="content", lookup_expr="icontains")
    waiting = FlagFilter(label=_("not closed"), method="only_waiting")
    overdue = FlagFilter(label=_("overdue"), method="only_overdue")
    category = AnyOfFilter(label=_("category"), choices=models.Request.Category.choices)
    department = ChoiceOfRow(models.Department, _("responsible unit"))
    team = ChoiceOfRow(models.TaskForce, _("task force"), field_name="task_force")
    supervision = AnyOfFilter(
        label=_("supervision"),
        choices=[choice for choice in models.Request.Supervision.choices if choice[0]],
    )
    company = OneRow(models.Company)
    project = OneRow(models.Project)

    class Meta:
        model = models.Request
        fields = []
