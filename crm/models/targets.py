"""Targets of a year or a month, for the city, a task force or a park, and who changed them."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import BUSINESS_ROLES, CITY_READERS, TEAM_ROLES, Role
from crm.money import AmountPrecision, exact_text, parse_amount

from .base import (
    PartQuerySet,
    Reference,
    ReferenceQuerySet,
    StaleRecord,
    everything,
    nothing,
    where,
)
from .organisation import TaskForce

LARGEST = Decimal(10) ** 15


class TargetQuerySet(ReferenceQuerySet):
    """City targets are for all who work here; a team's or park's for it and for city readers."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in CITY_READERS:
            return everything(at)
        if user.role not in BUSINESS_ROLES:
            return nothing(at)
        return where(at, task_force=None, park=None) | cls._own_q(user, at)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.TEAM_LEAD:
            return cls._own_q(user, at)
        return super().editable_q(user, at)

    @classmethod
    def _own_q(cls, user, at):
        if user.role in TEAM_ROLES:
            return where(at, task_force__in=user.team_ids)
        if user.role == Role.PARK and user.park_id:
            return where(at, park=user.park_id)
        return nothing(at)

    def set_for(self, year: int, *, month: int | None = None):
        """Targets in force of a year, or of one of its months."""
        return self.live().filter(year=year, month=month)


class Target(Reference):
    """What is to be reached of an indicator in a year or month; taking one back archives it."""

    class Indicator(models.TextChoices):
        DEALS_SIGNED = "deals_signed", _("projects signed")
        SIGNED_YUAN = "signed_yuan", _("amount signed (yuan)")
        ARRIVED_YUAN = "arrived_yuan", _("money arrived (yuan)")
        TRIPS = "trips", _("outbound trips")
        FIRMS_VISITED = "firms_visited", _("firms visited")
        RESERVE_PROJECTS = "reserve_projects", _("reserve projects")

    MONEY = frozenset({Indicator.SIGNED_YUAN, Indicator.ARRIVED_YUAN})

    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(
        _("month"), null=True, blank=True, help_text=_("empty: the whole year")
    )
    indicator = models.CharField(_("indicator"), max_length=20, choices=Indicator.choices)
    task_force = models.ForeignKey(
        TaskForce, models.PROTECT, null=True, blank=True, related_name="targets",
        verbose_name=_("task force"), help_text=_("empty: the whole city"),
    )  # fmt: skip
    park = models.ForeignKey(
        "crm.Park", models.PROTECT, null=True, blank=True, related_name="targets",
        verbose_name=_("park"),
    )  # fmt: skip
    value = models.DecimalField(_("target"), max_digits=18, decimal_places=2)
    name = None

    objects = TargetQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-year", "month", "indicator", "task_force__number", "park"]
        constraints = [
            models.UniqueConstraint(
                "year", "indicator",
                Coalesce("month", 0), Coalesce("task_force", 0), Coalesce("park", 0),
                name="target_once",
                condition=Q(archived_at=None),
                violation_error_message=_("This target is already set."),
            ),
            models.CheckConstraint(
                name="target_of_team_or_park",
                condition=Q(task_force=None) | Q(park=None),
                violation_error_message=_("A target is a task force's or a park's, not both."),
            ),
            models.CheckConstraint(
                name="target_positive",
                condition=Q(value__gt=0),
                violation_error_message=_("A target is more than 0."),
            ),
            models.CheckConstraint(
                name="target_year_plausible",
                condition=Q(year__range=(2000, 2100)),
                violation_error_message=_("The year lies between 2000 and 2100."),
            ),
            models.CheckConstraint(
                name="target_month_plausible",
                condition=Q(month=None) | Q(month__range=(1, 12)),
                violation_error_message=_("A month is a number from 1 to 12."),
            ),
        ]  # fmt: skip

    def __str__(self):
        whose = self.task_force or self.park or _("whole city")
        when = f"{self.year}-{self.month:02d}" if self.month else f"{self.year}"
        return f"{when} {whose} {self.get_indicator_display()}"

    @property
    def text(self) -> str:
        """As ``parse_value`` reads it back: 11亿元, 20."""
        return value_text(self.indicator, self.value)

    def validate_for(self, user, *, without=frozenset()):
        super().validate_for(user, without=without)
        if user.role == Role.TEAM_LEAD and self.task_force_id not in user.team_ids:
            message = _("You may only set targets of your own task force.")
            raise ValidationError({"task_force": message}, code="out_of_scope")

    def save_as(self, user):
        before = None if self._state.adding else self.stored().get("value")
        with transaction.atomic():
            super().save_as(user)
            self._keep(before, self.value, user)

    def set_archived(self, moment, by, source="form"):
        with transaction.atomic():
            super().set_archived(moment, by, source)
            pair = (self.value, None) if moment else (None, self.value)
            self._keep(*pair, by)

    def _keep(self, before, after, user) -> None:
        """One line of the history, if there was a change."""
        if before != after:
            TargetChange.objects.create(
                target=self, before=before, after=after, by=user,
                is_sample=self.is_sample or user.is_sample,
            )  # fmt: skip

    @classmethod
    def put(cls, year: int, indicator: str, value: Decimal | None, *, by, version=None, **whose):
        """Set a target, or take it back with None. ``whose``: month, task_force, park.

        ``version`` is the one the writer saw, 0 for none: raises StaleRecord when it is another
        by now. Otherwise raises like ``save_as``. Returns whether anything changed.
        """
        key = {"month": None, "task_force": None, "park": None} | whose
        with transaction.atomic():
            rows = cls.objects.select_for_update(of=("self",)).live()
            row = rows.filter(year=year, indicator=indicator, **key).first()
            if version is not None and version != (row.version if row else 0):
                raise StaleRecord(str(row and row.pk))
            if (row is None and value is None) or (row and row.value == value):
                return False
            if value is None:
                row.archive(by=by)
                return True
            row = row or cls(year=year, indicator=indicator, **key)
            row.value = value
            row.save_as(by)
        return True


def parse_value(indicator: str, text: str) -> Decimal | None:
    """What somebody wrote as a target; a bare amount is 亿元. None for an empty text.

    Raises ValidationError for anything that is no exact amount or whole number above 0.
    """
    text = str(text).strip()
    if not text:
        return None
    if indicator in Target.MONEY:
        amount = parse_amount(text, unit="亿元")
        if amount.precision != AmountPrecision.EXACT or not amount.yuan:
            raise ValidationError(_("A target is an exact amount above 0, e.g. 11亿元."))
        return amount.yuan
    plain = text.replace(",", "").replace("，", "")
    if not (plain.isascii() and plain.isdigit()) or not 0 < Decimal(plain) < LARGEST:
        message = _("“%(text)s” is not a target; expected a whole number above 0.")
        raise ValidationError(message, params={"text": text[:40]})
    return Decimal(plain)


def value_text(indicator: str, value: Decimal | None) -> str:
    """A target for reading and writing; empty when there is none."""
    if value is None:
        return ""
    return exact_text(value) if indicator in Target.MONEY else f"{value.normalize():f}"


class TargetChangeQuerySet(PartQuerySet):
    """Read by whoever sees the target, written by nobody but the target."""

    parent = "target"
    parent_model = "Target"

    @classmethod
    def editable_q(cls, user, at=""):
        return nothing(at)


class TargetChange(models.Model):
    """One change of a target, append-only; ``before`` None: new, ``after`` None: taken back."""

    target = models.ForeignKey(
        Target, models.PROTECT, related_name="changes", verbose_name=_("target")
    )
    before = models.DecimalField(_("before"), max_digits=18, decimal_places=2, null=True)
    after = models.DecimalField(_("after"), max_digits=18, decimal_places=2, null=True)
    by = models.ForeignKey("crm.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = TargetChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a target")
        verbose_name_plural = _("changes of targets")
        ordering = ["-recorded_at", "-id"]

    def __str__(self):
        return f"{self.before_text or '—'} → {self.after_text or '—'}"

    @property
    def before_text(self) -> str:
        return value_text(self.target.indicator, self.before)

    @property
    def after_text(self) -> str:
        return value_text(self.target.indicator, self.after)
