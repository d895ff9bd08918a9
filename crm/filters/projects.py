"""Filters of projects and of the proposals to move them."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm import models
from crm.indicators.signing import first_signed_in
from crm.stages import ProjectStatus, Stage

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


class ProjectFilter(ScopedFilterSet):
    """``cut`` alone: projects as they stood, active, at the end of that day."""

    safe = frozenset({"q", "stage", "status", "reported", "signed", "stood_in", "cut", "archived"})
    q = django_filters.CharFilter(label=_("search"), method="of_text")
    stage = AnyOfFilter(label=_("stage"), choices=Stage.choices)
    status = AnyOfFilter(label=_("status"), choices=ProjectStatus.choices)
    team = ChoiceOfRow(models.TaskForce, _("task force"), method="of_team")
    park = ChoiceOfRow(models.Park, _("park"))
    chain = ChoiceOfRow(models.Chain, _("industry chain"), field_name="segment__chain")
    segment = ChoiceOfRow(models.Segment, _("chain segment"), related=("chain",))
    region = ChoiceOfRow(
        models.Region,
        _("investor's region"),
        field_name="lead_investor__region",
        method="in_region",
    )
    planned_min = AmountFilter(
        label=_("planned investment from"), field_name="planned_yuan", lookup_expr="gte"
    )
    planned_max = AmountFilter(
        label=_("planned investment up to"), field_name="planned_yuan", lookup_expr="lte"
    )
    reported = PeriodFilter(label=_("reported in the year"), method="reported_in")
    signed = PeriodFilter(label=_("signed in the year"), method="signed_in")
    stood_in = django_filters.ChoiceFilter(
        label=_("stood in the stage"), choices=Stage.choices, method="standing_in"
    )
    cut = django_filters.DateFilter(label=_("at the end of the day"), method="standing_at")
    overdue = FlagFilter(label=_("next step overdue"), method="only_overdue")
    stale = FlagFilter(label=_("standing still"), method="only_stale")
    key_firms = FlagFilter(label=_("of key firms"), method="only_key_firms")
    incomplete = FlagFilter(label=_("with something missing"), method="only_incomplete")
    idle = FlagFilter(label=_("without a next step"), method="only_idle")
    clock = FlagFilter(label=_("late on the lead clock"), method="only_late_on_the_clock")
    mine = FlagFilter(label=_("mine"), method="only_mine")
    lead_investor = OneRow(models.Company)

    reported_in = of_period("reported_on")

    class Meta:
        model = models.Project
        fields = []

    @property
    def day(self):
        """The day a report of this list speaks of: the cut where one is set, else today."""
        return self.in_use.get("cut", self.on)

    def of_team(self, queryset, name, team):
        return queryset.filter(queryset.of_teams_q([team.pk]))

    def signed_in(self, queryset, name, period):
        """Projects whose first counting deal lies in the period, as ``deals_signed`` counts."""
        counting = models.Deal.objects.live().counting()
        return queryset.filter(pk__in=first_signed_in(counting, period))

    def standing_in(self, queryset, name, stage):
        return queryset.standing_in(stage, self.day)

    def standing_at(self, queryset, name, cut):
        stood = queryset.at(cut).filter(status_then=ProjectStatus.ACTIVE)
        return stood.exclude(stage_then=None)

    def only_stale(self, queryset, name, value):
        return queryset.stale(self.on)

    def only_key_firms(self, queryset, name, value):
        keys = models.Company.objects.key_companies()
        return queryset.filter(lead_investor__in=keys.values("pk"))

    def only_incomplete(self, queryset, name, value):
        return queryset.with_incomplete_stage()

    def only_idle(self, queryset, name, value):
        return queryset.without_next_step()

    def only_late_on_the_clock(self, queryset, name, value):
        return queryset.late_on_the_clock(self.on)


class ProposalFilter(ScopedFilterSet):
    state = AnyOfFilter(label=_("state"), choices=models.StageProposal.State.choices)
    to_stage = AnyOfFilter(label=_("stage"), choices=Stage.choices)
    team = ChoiceOfRow(models.TaskForce, _("task force"), field_name="project__lead_team")

    class Meta:
        model = models.StageProposal
        fields = []
