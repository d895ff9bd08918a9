"""Deals (签约) and the money that arrives (到位资金)."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import TEAM_ROLES, Role, permissions_of
from crm.money import AmountPrecision
from crm.names import match_key
from crm.periods import Period, today

from .base import PartQuerySet, Record, everything, nothing, where
from .fields import ExactField, YuanField
from .finding import FindableQuerySet
from .projects import Project


class DealQuerySet(PartQuerySet, FindableQuerySet):
    """Deals of a closed project are listed under its code name with their amount.

    Joint teams read a deal; only the lead team writes it, and only until the bureau confirmed it.
    """

    parent = "project"
    parent_model = "Project"
    found_in = ("number_key",)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        if user.role not in TEAM_ROLES:
            return nothing(at)
        return where(at, project__lead_team__in=user.team_ids, confirmed_at=None)

    def in_force(self):
        return self.filter(status=Deal.Status.IN_FORCE, archived_at=None)

    def counting(self, *, with_framework: bool = False):
        """Deals that count: in force, formal; with framework agreements only when asked for.

        A replaced framework is not in force any more, so nothing counts twice.
        """
        kinds = [Deal.Kind.CONTRACT, Deal.Kind.SUPPLEMENT]
        if with_framework:
            kinds += [Deal.Kind.FRAMEWORK, Deal.Kind.LETTER_OF_INTENT]
        return self.in_force().filter(kind__in=kinds, project__archived_at=None)

    def signed_in(self, period: Period):
        return self.filter(signed_on__gte=period.start, signed_on__lt=period.end)

    def of_at_least(self, yuan):
        return self.filter(amount_yuan__gte=yuan)


class Deal(Record):
    """An agreement of a project. The amount of a supplement is the increase only."""

    class Kind(models.TextChoices):
        FRAMEWORK = "framework", _("framework agreement")
        LETTER_OF_INTENT = "letter_of_intent", _("letter of intent")
        CONTRACT = "contract", _("formal contract")
        SUPPLEMENT = "supplement", _("supplement")

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("in force")
        REPLACED = "replaced", _("replaced")
        ENDED = "ended", _("ended")
        VOID = "void", _("void")

    class Recognition(models.TextChoices):
        PENDING = "pending", _("pending")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="deals", verbose_name=_("project")
    )
    number = models.CharField(_("contract number"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.CONTRACT)
    amount_yuan = YuanField(_("amount"), null=True, blank=True)
    amount_precision = models.CharField(
        _("how exact"), max_length=12, choices=AmountPrecision.choices, blank=True, default=""
    )
    amount_text = models.CharField(_("amount as written"), max_length=120, blank=True)
    outside_yuan = YuanField(_("of which from outside the province"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    original_amount = ExactField(_("amount in that currency"), low=0, null=True, blank=True)
    exchange_rate = ExactField(_("exchange rate"), places=6, low=0, null=True, blank=True)
    rate_on = models.DateField(_("rate of the day"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_text = models.CharField(_("date as written"), max_length=60, blank=True)
    event = models.ForeignKey(
        "crm.Event", models.PROTECT, null=True, blank=True, related_name="deals",
        verbose_name=_("signing event"),
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=80, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.IN_FORCE
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by",
        verbose_name=_("replaces"),
    )  # fmt: skip
    has_support_clause = models.BooleanField(_("contains support clauses"), null=True, blank=True)
    fair_review_no = models.CharField(_("fair-competition check no."), max_length=60, blank=True)
    fair_review_on = models.DateField(_("checked on"), null=True, blank=True)
    recognition = models.CharField(
        _("recognition"), max_length=8, choices=Recognition.choices, default=Recognition.PENDING
    )
    recognition_reason = models.CharField(_("reason"), max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    source = models.TextField(_("source sentence"), blank=True)
    number_key = models.CharField(max_length=60, editable=False, default="")

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="deal_number_once",
                fields=["number"],
                condition=~Q(number="") & Q(archived_at=None),
                violation_error_message=_("Another deal already has this contract number."),
            ),
            models.CheckConstraint(
                name="deal_amount_positive",
                condition=Q(amount_yuan=None) | Q(amount_yuan__gt=0),
                violation_error_message=_("An amount is more than 0; unknown is left empty."),
            ),
            models.CheckConstraint(
                name="deal_outside_within_amount",
                condition=Q(outside_yuan=None) | Q(outside_yuan__lte=F("amount_yuan")),
                violation_error_message=_("The part from outside exceeds the amount."),
            ),
            models.CheckConstraint(
                name="deal_not_its_own_successor",
                condition=Q(replaces=None) | ~Q(replaces=F("id")),
                violation_error_message=_("A deal does not replace itself."),
            ),
            models.CheckConstraint(
                name="deal_foreign_amount_has_rate",
                condition=Q(currency="CNY") | (~Q(original_amount=None)),
                violation_error_message=_("A foreign amount is kept as it was signed."),
            ),
            models.CheckConstraint(
                name="deal_rejection_has_reason",
                condition=~Q(recognition="rejected") | ~Q(recognition_reason=""),
                violation_error_message=_("A rejection needs its reason."),
            ),
        ]
        indexes = [
            models.Index(fields=["signed_on", "kind", "status"], name="deal_by_day"),
            models.Index(fields=["project", "signed_on"], name="deal_of_project"),
        ]

    def __str__(self):
        return self.number or str(_("deal without number"))

    @classmethod
    def derived_from(cls):
        return frozenset({"number"})

    def derive(self):
        self.number_key = match_key(self.number)[:60]

    def is_formal(self) -> bool:
        return self.kind == self.Kind.CONTRACT

    def is_in_force(self) -> bool:
        return self.status == self.Status.IN_FORCE and self.archived_at is None

    def is_fair_checked(self) -> bool:
        """Fair-competition check done, or no support clause in the contract."""
        return self.has_support_clause is False or bool(self.fair_review_no)

    def clean(self):
        errors = {}
        if self.signed_on and self.touches("signed_on"):
            if self.signed_on > today():
                errors["signed_on"] = _("This date lies in the future.")
            elif (first := self.first_contact_on()) and self.signed_on < first:
                errors["signed_on"] = ValidationError(
                    _("Signed on %(signed)s, before the first contact on %(first)s."),
                    params={"signed": self.signed_on, "first": first},
                )
        if self.replaces_id and self.touches("replaces") and not self._replaces_own():
            errors["replaces"] = _("A deal replaces a deal of the same project only.")
        if errors:
            raise ValidationError(errors)

    def _replaces_own(self) -> bool:
        return self.replaces.project_id == self.project_id

    def first_contact_on(self) -> date | None:
        """Day of the first logged contact of the project; None when none is logged."""
        if self.project_id is None:
            return None
        visits = self.project.visits.filter(archived_at=None)
        return visits.aggregate(first=models.Min("held_on"))["first"]

    def after_save_as(self, user, *, adding):
        """What a deal replaces is no longer in force."""
        if self.replaces_id and self.replaces.status == self.Status.IN_FORCE:
            self.replaces.status = self.Status.REPLACED
            self.replaces.updated_by = user
            self.replaces.save()

    def confirm(self, *, by) -> None:
        """The bureau confirms a deal somebody else entered; teams can no longer change it."""
        if "confirm_money" not in permissions_of(by.role):
            raise PermissionDenied
        if by.pk == self.created_by_id:
            raise ValidationError(_("Nobody confirms what they entered."), code="second_person")
        self.confirmed_by, self.confirmed_at, self.updated_by = by, timezone.now(), by
        self.save()


class DealPartQuerySet(PartQuerySet):
    parent = "deal"
    parent_model = "Deal"

    @classmethod
    def visible_q(cls, user, at=""):
        return cls._parent().open_q(user, f"{at}deal__")


class DealParty(Record):
    """A signatory (签约主体); it may differ from the investor."""

    class Side(models.TextChoices):
        INVESTOR = "investor", _("investor's side")
        CITY = "city", _("city's side")

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="parties", verbose_name=_("deal"))
    side = models.CharField(_("side"), max_length=8, choices=Side.choices, default=Side.INVESTOR)
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="signed_as",
        verbose_name=_("company"),
    )  # fmt: skip
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("for a party that is no firm")
    )

    objects = DealPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(
                name="party_is_named",
                condition=~Q(company=None) | ~Q(name=""),
                violation_error_message=_("A party is a firm or a name."),
            )
        ]

    def __str__(self):
        return self.name or str(self.company)


class ArrivalQuerySet(PartQuerySet):
    """Money arrived follows the project; the park office reports for its park."""

    parent = "project"
    parent_model = "Project"

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        own = super().editable_q(user, at)
        if user.role == Role.PARK:
            own = cls._parent().open_q(user, f"{at}project__")
        return own & ~Q(**{f"{at}state": Arrival.State.CONFIRMED})

    def confirmed(self):
        return self.filter(state=Arrival.State.CONFIRMED, archived_at=None)

    def arrived_in(self, period: Period):
        return self.filter(month__gte=period.start, month__lt=period.end)


class Arrival(Record):
    """Money that arrived for a project in a month (到位资金)."""

    class Origin(models.TextChoices):
        OUTSIDE = "outside", _("from outside the province")
        INSIDE = "inside", _("from inside the province")

    class State(models.TextChoices):
        REPORTED = "reported", _("reported")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="arrivals", verbose_name=_("project")
    )
    month = models.DateField(_("month"))
    origin = models.CharField(
        _("origin"), max_length=8, choices=Origin.choices, default=Origin.OUTSIDE
    )
    amount_yuan = YuanField(_("amount"))
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REPORTED, editable=False
    )
    confirmed_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("confirmed by"),
    )  # fmt: skip

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("money arrived")
        verbose_name_plural = _("money arrived")
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="arrival_once_a_month_and_origin",
                fields=["project", "month", "origin"],
                condition=Q(archived_at=None),
                violation_error_message=_("Money of this month and origin is already entered."),
            ),
            models.CheckConstraint(
                name="arrival_positive",
                condition=Q(amount_yuan__gt=0),
                violation_error_message=_("An amount is more than 0."),
            ),
            models.CheckConstraint(
                name="arrival_month_is_first_day",
                condition=Q(month__day=1),
                violation_error_message=_("A month is written as its first day."),
            ),
        ]
        indexes = [models.Index(fields=["month", "state"], name="arrival_by_month")]

    def __str__(self):
        return f"{self.month:%Y-%m}"

    cleaned_by_itself = frozenset({"month"})

    def clean_fields(self, exclude=None):
        if self.month and "month" not in (exclude or ()) and isinstance(self.month, date):
            self.month = self.month.replace(day=1)
        super().clean_fields(exclude=exclude)

    def clean(self):
        if self.month and self.month > today() and self.touches("month"):
            raise ValidationError({"month": _("This month lies in the future.")})

    def confirm(self, *, by) -> None:
        """The bureau confirms reported money; only confirmed money counts."""
        if "confirm_money" not in permissions_of(by.role):
            raise PermissionDenied
        if by.pk == self.created_by_id:
            raise ValidationError(_("Nobody confirms what they entered."), code="second_person")
        self.state, self.confirmed_by, self.updated_by = self.State.CONFIRMED, by, by
        self.save()
