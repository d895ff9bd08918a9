"""Filters of firms and of the people one talks to there."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import models
from crm.indicators.activity import outbound_visits
from crm.indicators.scope import Scope
from crm.matching import phone_tail

from .base import (
    AnyOfFilter,
    ChoiceOfRow,
    FlagFilter,
    OneRow,
    PeriodFilter,
    ScopedFilterSet,
    of_period,
)


class CompanyFilter(ScopedFilterSet):
    """The safe filters are the register's public part."""

    safe = frozenset("q team unclaimed region segment chain visited visited_by archived".split())
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    team = ChoiceOfRow(models.TaskForce, _("owning task force"), field_name="owning_team")
    unclaimed = FlagFilter(label=_("free to claim"), method="only_unclaimed")
    region = ChoiceOfRow(models.Region, _("home region"), method="in_region")
    chain = ChoiceOfRow(models.Chain, _("industry chain"), method="in_chain")
    segment = ChoiceOfRow(
        models.Segment, _("chain segment"), related=("chain",), field_name="segments"
    )
    tier = AnyOfFilter(
        label=_("key-firm tier"),
        field_name="key_tier",
        choices=[choice for choice in models.Company.Tier.choices if choice[0]],
    )
    ownership = AnyOfFilter(label=_("ownership"), choices=models.Company.Ownership.choices)
    mark = django_filters.ChoiceFilter(
        label=_("mark"), choices=models.CompanyMark.Mark.choices, method="with_mark"
    )
    alliance = FlagFilter(label=_("alliance member"), method="only_alliance")
    visited = PeriodFilter(label=_("visited in the year"), method="visited_in")
    visited_by = ChoiceOfRow(
        models.TaskForce, _("visited by"), method="nothing_more", widget=forms.HiddenInput
    )

    class Meta:
        model = models.Company
        fields = []

    def only_unclaimed(self, queryset, name, value):
        return queryset.filter(owning_team=None)

    def in_chain(self, queryset, name, chain):
        segments = models.Company.segments.through.objects.filter(segment__chain=chain)
        return queryset.filter(pk__in=segments.values("company"))

    def with_mark(self, queryset, name, mark):
        marks = models.CompanyMark.objects.filter(mark=mark)
        return queryset.filter(pk__in=marks.values("company"))

    def only_alliance(self, queryset, name, value):
        return queryset.filter(alliance__isnull=False, alliance__left_on=None)

    def visited_in(self, queryset, name, period):
        """Firms met on outbound visits that the reader may list."""
        visits = outbound_visits(Scope(self.user, self.in_use.get("visited_by")), period)
        return queryset.filter(pk__in=visits.values("company"))


class ContactFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    primary = FlagFilter(label=_("main contacts"), method="only_primary")
    company = OneRow(models.Company)

    class Meta:
        model = models.Contact
        fields = []

    def of_text(self, queryset, name, value):
        """By name or firm, and for whoever reads numbers by their last digits."""
        if digits := phone_tail(value):
            return queryset.with_number_ending(digits, reader=self.user)
        return queryset.found_by(value)

    def only_primary(self, queryset, name, value):
        return queryset.filter(is_primary=True)


class IntroductionFilter(ScopedFilterSet):
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    year = PeriodFilter(label=_("year"), method="made_in_year")
    team = ChoiceOfRow(models.TaskForce, _("taken up by"), field_name="task_force")
    membership = OneRow(models.AllianceMembership)
    company = OneRow(models.Company)

    made_in_year = of_period("introduced_on")

    class Meta:
        model = models.Introduction
        fields = []

    def of_text(self, queryset, name, value):
        firms = models.Company.objects.visible_to(self.user).found_by(value).values("pk")
        return queryset.filter(Q(company__in=firms) | Q(membership__company__in=firms))
