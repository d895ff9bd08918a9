"""Closed months: figures and lists of the day a month was frozen; nothing changes them again."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import CITY_READERS
from crm.periods import Period

from .base import PartQuerySet, ScopedQuerySet, everything, nothing


class FrozenMonthQuerySet(ScopedQuerySet):
    """The whole city's figures, for those who read the whole city."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role in CITY_READERS else nothing(at)

    def last(self):
        return self.order_by("-month").first()

    def of(self, period: Period):
        """The frozen month that is exactly this period, else None."""
        if period != Period.month(period.start.year, period.start.month):
            return None
        return self.filter(month=period.start).first()


class FrozenMonth(models.Model):
    """A month as it was reported: append-only. ``figures`` is read through ``crm.freezing``."""

    month = models.DateField(_("month"), unique=True)
    frozen_at = models.DateTimeField(_("frozen at"), default=timezone.now)
    by = models.ForeignKey("crm.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    figures = models.JSONField(_("figures"))
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = FrozenMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen month")
        verbose_name_plural = _("frozen months")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(
                name="frozen_month_is_first_day",
                condition=Q(month__day=1),
                violation_error_message=_("A month is written as its first day."),
            )
        ]

    def __str__(self):
        return str(self.period.label)

    @property
    def period(self) -> Period:
        return Period.month(self.month.year, self.month.month)

    @property
    def key(self) -> str:
        """As it stands in addresses and on the command line: 2024-05."""
        return f"{self.month:%Y-%m}"


class FrozenRowQuerySet(PartQuerySet):
    parent = "frozen"
    parent_model = "FrozenMonth"

    @classmethod
    def editable_q(cls, user, at=""):
        return nothing(at)


class FrozenRow(models.Model):
    """One project, deal or arrival behind a figure; or a correction of an earlier frozen month.

    ``of_month`` is the month it counts in, ``source`` the key of the deal, arrival or project.
    The last row of a source in a month tells whether it ``counts`` there, and with how much; a
    correction also tells whether it ``counted`` before, and with how much. The
    names are kept, because a project may be renamed or its import undone later.
    """

    class Kind(models.TextChoices):
        OWN = "own", _("of the month")
        LATE = "late", _("late entry")
        REVERSAL = "reversal", _("reversal")

    frozen = models.ForeignKey(
        FrozenMonth, models.CASCADE, related_name="rows", verbose_name=_("frozen month")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.OWN)
    key = models.CharField(_("indicator"), max_length=20)
    of_month = models.DateField(_("counts in"))
    source = models.BigIntegerField(_("row"))
    project = models.ForeignKey(
        "crm.Project", models.DO_NOTHING, related_name="+", db_constraint=False,
        verbose_name=_("project"),
    )  # fmt: skip
    label = models.CharField(_("project name"), max_length=160)
    code_name = models.CharField(_("code name"), max_length=60, blank=True)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    on = models.DateField(_("date"))
    counted = models.BooleanField(_("counted before"), default=False)
    counts = models.BooleanField(_("counts"), default=True)
    amount_yuan = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True)
    before_yuan = models.DecimalField(_("before"), max_digits=18, decimal_places=2, null=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = FrozenRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen row")
        verbose_name_plural = _("frozen rows")
        ordering = ["of_month", "key", "on", "id"]
        indexes = [models.Index(fields=["of_month", "key"], name="frozen_row_of_month")]

    def __str__(self):
        return self.code_name if self.is_confidential else self.label
