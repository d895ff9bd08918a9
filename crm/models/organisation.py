"""Units and task forces of the city, and the rules of each stage that the bureau sets."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.factors import CLAIMS, Claim
from crm.money import format_yuan
from crm.stages import LIKELIHOOD, STALE_DAYS, Stage

from .base import Reference, ReferenceQuerySet
from .fields import PercentField, YuanField


class Department(Reference):
    """A unit of the city: bureau, department, park committee; people have it as home unit."""

    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    office_phone = models.CharField(_("office line"), max_length=40, blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(
                name="department_name_once",
                fields=["name"],
                violation_error_message=_("This unit is already listed."),
            )
        ]

    def __str__(self):
        return self.short_name or self.name


class TaskForceQuerySet(ReferenceQuerySet):
    def own_of(self, user):
        """Task forces whose name the user may write into a record."""
        return self.filter(pk__in=user.team_ids) if user.role != "bureau" else self


class TaskForce(Reference):
    """A recruitment task force (招商专班)."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    remit = models.CharField(_("remit"), max_length=300, blank=True)
    target_regions = models.ManyToManyField(
        "crm.Region", blank=True, related_name="+", verbose_name=_("target regions")
    )
    chains = models.ManyToManyField(
        "crm.Chain", blank=True, related_name="task_forces", verbose_name=_("chains in its remit")
    )
    sponsoring_leader = models.CharField(_("sponsoring leader"), max_length=60, blank=True)
    home_unit = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name=_("home unit")
    )
    set_up_on = models.DateField(_("set up on"), null=True, blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)

    objects = TaskForceQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("task force")
        verbose_name_plural = _("task forces")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="task_force_dates_in_order",
                condition=Q(dissolved_on=None)
                | Q(set_up_on=None)
                | Q(dissolved_on__gte=models.F("set_up_on")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]


class StageRule(Reference):
    """What the bureau sets for a stage: likelihood and after how many days it is stale."""

    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, unique=True)
    likelihood = PercentField(_("likelihood (%)"))
    stale_days = models.PositiveSmallIntegerField(_("stale after (days)"), null=True, blank=True)
    claim = models.CharField(
        _("claim on its park"), max_length=8, choices=Claim.choices, blank=True, default="",
        help_text=_("what is promised or taken is no longer left for others"),
    )  # fmt: skip

    class Meta(Reference.Meta):
        verbose_name = _("stage rule")
        verbose_name_plural = _("stage rules")

    @classmethod
    def stale_days_by_stage(cls) -> dict[str, int]:
        """Days per stage: the bureau's where set, else the defaults of ``crm.stages``."""
        own = cls.objects.exclude(stale_days=None).values_list("stage", "stale_days")
        return {**STALE_DAYS, **dict(own)}

    @classmethod
    def claim_by_stage(cls) -> dict[str, str]:
        """What a project in each stage claims in its park; stages that claim nothing are left out.

        Where the bureau has no rule for a stage the default of ``crm.factors`` holds.
        """
        claims = {**CLAIMS, **dict(cls.objects.values_list("stage", "claim"))}
        return {stage: claim for stage, claim in claims.items() if claim}

    @classmethod
    def likelihood_by_stage(cls) -> dict:
        return {**LIKELIHOOD, **dict(cls.objects.values_list("stage", "likelihood"))}


class TimeLimit(Reference):
    """Within how many days a step has to be done, by the size of the project; the bureau's."""

    step = models.CharField(_("step"), max_length=16, choices=clock.Step.choices)
    from_yuan = YuanField(_("for projects from"), default=Decimal(0))
    days = models.PositiveSmallIntegerField(_("days"))
    name = None

    class Meta(Reference.Meta):
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["sequence", "step", "from_yuan"]
        constraints = [
            models.UniqueConstraint(
                name="time_limit_once",
                fields=["step", "from_yuan"],
                violation_error_message=_("This time limit is already set."),
            ),
            models.CheckConstraint(
                name="time_limit_positive",
                condition=Q(days__gt=0) & Q(from_yuan__gte=0),
                violation_error_message=_("A time limit is at least one day."),
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()} {format_yuan(self.from_yuan)} {self.days}"

    @classmethod
    def current_limits(cls) -> clock.Limits:
        """The bureau's limits; a step without any has the defaults of ``crm.clock``."""
        rows = cls.objects.current().values_list("step", "from_yuan", "days")
        return clock.Limits(rows)

    @classmethod
    def last_day_told(cls, step: str, on: date) -> date:
        """What is due by this day is told on the day ``on``."""
        return on + timedelta(days=cls.current_limits().days(step))
