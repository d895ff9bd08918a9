"""What parks have to give, with date and source, and their rules of entry."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.access import Role
from crm.factors import UNITS, Supply
from crm.periods import today

from .base import Record, Reference, ReferenceQuerySet, nothing, where
from .fields import ExactField
from .reference import Chain, Park


class ParkKeptQuerySet(ReferenceQuerySet):
    """Read by all who read parks; kept by the bureau and by the office of the park itself."""

    park_path = "park"

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.PARK:
            own = {cls.park_path: user.park_id}
            return where(at, **own) if user.park_id else nothing(at)
        return super().editable_q(user, at)


class SupplyQuerySet(ParkKeptQuerySet):
    def in_force(self) -> dict:
        """{(park, what): the latest figure}; of several without a date the last one entered."""
        dated = models.F("as_of").asc(nulls_first=True)
        return {(row.park_id, row.what): row for row in self.live().order_by(dated, "pk")}


class ParkSupply(Record):
    """One figure of what a park has to give; a later one replaces it and both stay readable."""

    park = models.ForeignKey(
        Park, models.CASCADE, related_name="supplies", verbose_name=_("park")
    )  # fmt: skip
    what = models.CharField(
        pgettext_lazy("stock of a park", "what"), max_length=20, choices=Supply.choices
    )
    amount = ExactField(pgettext_lazy("stock of a park", "amount"), places=3, low=0)
    as_of = models.DateField(
        _("as of"), null=True, blank=True, help_text=_("empty: the source gives no date")
    )
    source = models.TextField(_("source"))

    objects = SupplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of a park")
        verbose_name_plural = _("figures of parks")
        ordering = ["park", "what", "-as_of", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="park_supply_once_a_day",
                fields=["park", "what", "as_of"],
                violation_error_message=_("This park already has this figure as of that day."),
            ),
            models.CheckConstraint(
                name="park_supply_share_in_percent",
                condition=~Q(what=Supply.GREEN.value) | Q(amount__lte=100),
                violation_error_message=_("A share is at most 100 %%."),
            ),
            models.CheckConstraint(
                name="park_supply_has_source",
                condition=~Q(source=""),
                violation_error_message=_("Say where the figure comes from."),
            ),
        ]

    def __str__(self):
        return f"{self.get_what_display()} {self.amount.normalize():f}"

    @property
    def unit(self) -> str:
        return UNITS[self.what]

    def clean(self):
        if self.as_of and self.as_of > today() and self.touches("as_of"):
            raise ValidationError({"as_of": _("This date lies in the future.")})


class EntryRule(Reference):
    """A rule of entry of a park; those with a value or a chain are checked by the system."""

    class Kind(models.TextChoices):
        INVESTMENT = "investment", _("planned investment at least (10k yuan)")
        INTENSITY = "intensity", _("investment per mu at least (10k yuan)")
        PUE = "pue", _("PUE at most")
        GREEN = "green", _("green power share at least (%)")
        CHAIN = "chain", _("industry chain")
        OTHER = "other", _("other; judged by people")

    BY_VALUE = ("investment", "intensity", "pue", "green")

    park = models.ForeignKey(
        Park, models.CASCADE, related_name="entry_rules", verbose_name=_("park")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    value = ExactField(_("value"), places=3, low=0, null=True, blank=True)
    chain = models.ForeignKey(
        Chain, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("industry chain"),
    )  # fmt: skip
    as_of = models.DateField(_("as of"), null=True, blank=True)
    source = models.TextField(_("source"))

    class Meta(Reference.Meta):
        verbose_name = _("rule of entry")
        verbose_name_plural = _("rules of entry")
        constraints = [
            models.CheckConstraint(
                name="entry_rule_has_what_it_checks",
                condition=(Q(kind__in=["investment", "intensity", "pue", "green"])
                           & Q(value__isnull=False))
                | (Q(kind="chain") & Q(chain__isnull=False))
                | Q(kind="other"),
                violation_error_message=_("Such a rule needs its value, or its industry chain."),
            ),
        ]  # fmt: skip
