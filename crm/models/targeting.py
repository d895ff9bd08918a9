"""Which firms to court: what officers noticed, what each factor weighs, who waits for a call."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Max, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from crm import appeal
from crm.appeal import HIGH, LOW, MIDDLE, Factor
from crm.money import rounded
from crm.periods import today

from .base import Record, ReferenceQuerySet
from .companies import ClosedCompanyPartQuerySet, Company
from .fields import PercentField


class SignalQuerySet(ClosedCompanyPartQuerySet):
    """What was noticed at a firm is read by whoever may read the firm."""

    def fresh(self, on: date):
        """Noticed within the days a signal counts."""
        since = on - timedelta(days=appeal.SIGNAL_DAYS)
        return self.live().filter(seen_on__gt=since, seen_on__lte=on)

    def promising(self):
        return self.exclude(kind=Signal.Kind.RISK)

    def warnings(self):
        return self.filter(kind=Signal.Kind.RISK)


class Signal(Record):
    """Something noticed that says a firm may invest, or had better not be counted on."""

    class Kind(models.TextChoices):
        EXPANSION = "expansion", _("plans to expand")
        SITE = "site", _("looks for a site")
        FUNDING = "funding", _("raised money or goes public")
        ORDER = "order", _("won orders that need capacity")
        STATEMENT = "statement", _("said so by its management")
        RISK = "risk", _("warning")

    class Strength(models.IntegerChoices):
        STRONG = HIGH, _("strong")
        CLEAR = MIDDLE, _("clear")
        SLIGHT = LOW, _("slight")

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="signals", verbose_name=_("company")
    )
    kind = models.CharField(_("kind of signal"), max_length=10, choices=Kind.choices)
    strength = models.PositiveSmallIntegerField(
        _("how strong"), choices=Strength.choices, default=Strength.CLEAR
    )
    seen_on = models.DateField(_("noticed on"), default=today)
    text = models.CharField(_("what was noticed"), max_length=300)
    source = models.CharField(_("where from"), max_length=200, blank=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["-seen_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="signal_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Say what was noticed."),
            ),
            models.CheckConstraint(
                name="signal_strength_known",
                condition=Q(strength__in=[LOW, MIDDLE, HIGH]),
                violation_error_message=_("A signal is strong, clear or slight."),
            ),
        ]
        indexes = [models.Index(fields=["company", "seen_on"], name="signal_of_firm")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.seen_on}"

    def clean(self):
        if self.seen_on and self.seen_on > today() and self.touches("seen_on"):
            raise ValidationError({"seen_on": _("This date lies in the future.")})


class TargetFactor(Record):
    """What a factor weighs in the score of a target firm, and the share of it at each level."""

    factor = models.CharField(_("factor"), max_length=10, choices=Factor.choices, unique=True)
    weight = PercentField(_("weight"), help_text=_("points at the highest level"))
    middle = PercentField(_("share at the middle level (%)"), default=appeal.SHARES[MIDDLE])
    low = PercentField(_("share at the low level (%)"), default=appeal.SHARES[LOW])
    is_disabled = models.BooleanField(_("disabled"), default=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("target-firm factor")
        verbose_name_plural = _("target-firm factors")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="target_factor_levels_in_order",
                condition=Q(middle__gte=F("low")),
                violation_error_message=_("A higher level counts at least as much as a lower one."),
            )
        ]

    def __str__(self):
        return f"{self.get_factor_display()} {self.weight.normalize():f}"

    def points(self) -> dict[int, int]:
        """Tenths of points by level; whole numbers add up exactly on every database."""
        if self.is_disabled:
            return dict.fromkeys(appeal.SHARES, 0)
        shares = appeal.SHARES | {MIDDLE: self.middle, LOW: self.low}
        tenths = {level: self.weight * share / 10 for level, share in shares.items()}
        return {level: int(rounded(points, 0)) for level, points in tenths.items()}

    @classmethod
    def points_by_factor(cls) -> dict[str, dict[int, int]]:
        """The bureau's points, and the usual ones of factors it has not set; one query."""
        usual = {f: cls(factor=f, weight=weight) for f, weight in appeal.WEIGHTS.items()}
        rows = usual | {row.factor: row for row in cls.objects.all()}
        return {str(factor): rows[factor].points() for factor in Factor}


# -- the rhythm of contacts ------------------------------------------------------------------------


def effective_rhythm() -> Case:
    """Days between two contacts of a key firm: its own, else those of its tier."""
    tiers = [When(key_tier=tier, then=Value(days)) for tier, days in appeal.RHYTHM.items()]
    own = When(contact_every_days__isnull=False, then=F("contact_every_days"))
    return Case(own, *tiers, default=None, output_field=models.IntegerField())


def with_rhythm(firms, visits):
    """Firms with ``last_contact_on`` among these visits (any way of talking) and ``every_days``."""
    last = visits.filter(company=OuterRef("pk")).order_by().values("company")
    return firms.annotate(
        last_contact_on=Subquery(last.annotate(day=Max("held_on")).values("day")),
        every_days=effective_rhythm(),
    )


def overdue_q(on: date) -> Q:
    """Of firms with rhythm: never contacted, or longer ago than the rhythm allows."""
    late = Q(last_contact_on=None, every_days__isnull=False)
    for days in appeal.RHYTHMS:
        late |= Q(every_days=days, last_contact_on__lt=on - timedelta(days=days))
    return late
