"""How task forces are scored: weights and caps with the days they hold, bonus and penalty."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.access import CITY_READERS, TEAM_ROLES

from .base import Record, ReferenceQuerySet, everything, nothing, where
from .fields import ExactField, PercentField
from .organisation import TaskForce
from .targets import Target


class ScoreRuleQuerySet(ReferenceQuerySet):
    def in_force(self, on: date):
        """Rules that hold on the day; a disabled one never does."""
        until = Q(valid_until=None) | Q(valid_until__gte=on)
        return self.current().filter(until, valid_from__lte=on)


class ScoreRule(Record):
    """What an indicator weighs in a task force's score, and how far beyond its target it counts."""

    indicator = models.CharField(_("indicator"), max_length=20, choices=Target.Indicator.choices)
    weight = PercentField(_("weight"), help_text=_("points for reaching the target"))
    cap = ExactField(
        _("counts up to (times the target)"), places=2, low=0, default=1,
        help_text=_("1.2: what lies beyond 1.2 times the target adds nothing"),
    )  # fmt: skip
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    is_disabled = models.BooleanField(_("disabled"), default=False)

    objects = ScoreRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("score weight")
        verbose_name_plural = _("score weights")
        ordering = ["-valid_from", "-weight", "indicator"]
        constraints = [
            models.UniqueConstraint(
                name="score_rule_once",
                fields=["indicator", "valid_from"],
                violation_error_message=_("This indicator already has a weight from this day."),
            ),
            models.CheckConstraint(
                name="score_rule_weight_positive",
                condition=Q(weight__gt=0),
                violation_error_message=_("A weight is more than 0."),
            ),
            models.CheckConstraint(
                name="score_rule_cap_positive",
                condition=Q(cap__gt=0),
                violation_error_message=_("The cap is more than 0."),
            ),
            models.CheckConstraint(
                name="score_rule_days_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.get_indicator_display()} {self.weight.normalize():f}"


class ScoreAdjustmentQuerySet(ReferenceQuerySet):
    """Read by the city readers and the task force itself; kept by the bureau."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in CITY_READERS:
            return everything(at)
        return where(at, task_force__in=user.team_ids) if user.role in TEAM_ROLES else nothing(at)


class ScoreAdjustment(Record):
    """Points given (+) or taken (−) beside the weighted indicators, with the reason."""

    task_force = models.ForeignKey(
        TaskForce, models.PROTECT, related_name="score_adjustments", verbose_name=_("task force")
    )
    on = models.DateField(_("date"))
    points = ExactField(
        _("points"), places=2, low=-1000, high=1000,
        help_text=_("a bonus is positive, a penalty negative"),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=200)

    objects = ScoreAdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("bonus or penalty")
        verbose_name_plural = _("bonus and penalty points")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="score_adjustment_not_zero",
                condition=~Q(points=0),
                violation_error_message=_("No points are no bonus and no penalty."),
            )
        ]

    def __str__(self):
        return f"{self.task_force} {self.points:+}"
