"""Which trip or event a signing is credited to: the bureau's rule, and its choices by hand.

A deal is credited to one trip, to one event, or to nothing; never twice.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Case, DateField, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from crm.access import Role

from .base import Record, Reference, everything, nothing
from .deals import Deal, DealPartQuerySet
from .outreach import Event, Trip, Visit
from .trip_plans import Invitation


class AttributionRule(Reference):
    """How signings are credited, as the bureau sets it; one row, without it the usual rule."""

    class Meeting(models.TextChoices):
        FIRST = "first", _("the first meeting with the firm")
        LAST = "last", _("the last meeting before the signing")
        BY_HAND = "by_hand", _("only what the bureau chose by hand")

    meeting = models.CharField(
        _("a signing is credited to"), max_length=8, choices=Meeting.choices, default=Meeting.FIRST
    )
    days = models.PositiveSmallIntegerField(
        _("within (days) before the signing"), null=True, blank=True,
        help_text=_("empty: however long before"),
    )  # fmt: skip
    signing_event_first = models.BooleanField(
        _("a deal signed at an event is credited to that event"), default=False
    )
    is_only = models.BooleanField(default=True, editable=False)
    name = None

    class Meta(Reference.Meta):
        verbose_name = _("rule of attribution")
        verbose_name_plural = _("rule of attribution")
        constraints = [
            models.UniqueConstraint(
                name="attribution_rule_is_one",
                fields=["is_only"],
                violation_error_message=_("There is one rule only; change that one."),
            ),
            models.CheckConstraint(
                name="attribution_rule_is_only",
                condition=Q(is_only=True),
                violation_error_message=_("There is one rule only; change that one."),
            ),
            models.CheckConstraint(
                name="attribution_days_positive",
                condition=Q(days=None) | Q(days__gt=0),
                violation_error_message=_("The days are more than 0; without a limit leave empty."),
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "AttributionRule":
        return cls.objects.first() or cls()

    def in_words(self) -> str:
        """The rule as one reads it under a figure."""
        parts = [str(_("Chosen by hand where the bureau did so"))]
        if self.signing_event_first:
            parts.append(str(_("the event at which it was signed")))
        if self.meeting != self.Meeting.BY_HAND:
            parts.append(str(self.get_meeting_display()) + self._limit_in_words())
        return str(_(", else ")).join(parts) + str(_(". Each deal is credited once at most."))

    def _limit_in_words(self) -> str:
        if not self.days:
            return ""
        text = ngettext_lazy(
            " (within %(days)s day before it)", " (within %(days)s days before it)", "days"
        )
        return str(text % {"days": self.days})


class AttributionQuerySet(DealPartQuerySet):
    """Chosen by the bureau; read by whoever may open the deal."""

    @classmethod
    def editable_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)

    def credit(self, deals):
        """Adds ``credited_trip`` and ``credited_event``: keys, at most one of them filled."""
        rule = AttributionRule.current()
        deals, trip, event = _by_rule(deals, rule)
        if rule.signing_event_first:
            trip = _either(Q(event__isnull=False), NOBODY, trip)
            event = _either(Q(event__isnull=False), F("event_id"), event)
        by_hand = Q(attribution__isnull=False)
        return deals.annotate(
            credited_trip=_either(by_hand, F("attribution__trip_id"), trip),
            credited_event=_either(by_hand, F("attribution__event_id"), event),
        )


KEY = models.BigIntegerField()
NOBODY = models.Value(None, output_field=KEY)


def _either(condition: Q, then, otherwise) -> Case:
    return Case(When(condition, then=then), default=otherwise, output_field=KEY)


def _by_rule(deals, rule: AttributionRule) -> tuple:
    """The deals with what the rule needs, and trip and event of the meeting that counts.

    Meetings are visits on a trip or at an event, and guests of the firm who came to an event; of a
    visit that was both, the trip counts.
    """
    if rule.meeting == AttributionRule.Meeting.BY_HAND:
        return deals, NOBODY, NOBODY
    is_first = rule.meeting == AttributionRule.Meeting.FIRST
    visits, guests = _visits(rule), _guests(rule)
    if is_first:
        visits, guests = visits.order_by("held_on", "pk"), guests.order_by("event__started_on")
    else:
        visits, guests = visits.order_by("-held_on", "-pk"), guests.order_by("-event__started_on")
    deals = deals.annotate(
        met_on=Subquery(visits.values("held_on")[:1]),
        came_on=Subquery(guests.values("event__started_on")[:1]),
    )
    nearer = Q(came_on__lt=F("met_on")) if is_first else Q(came_on__gt=F("met_on"))
    by_guest = Q(came_on__isnull=False) & (Q(met_on__isnull=True) | nearer)
    at_event = visits.annotate(place=_either(Q(trip__isnull=False), NOBODY, F("event_id")))
    trip = _either(by_guest, NOBODY, Subquery(visits.values("trip")[:1], output_field=KEY))
    event = _either(
        by_guest,
        Subquery(guests.values("event")[:1], output_field=KEY),
        Subquery(at_event.values("place")[:1], output_field=KEY),
    )
    return deals, trip, event


def _visits(rule: AttributionRule):
    """Visits to the firm of the deal, or about its project, on a trip or at an event."""
    of_deal = Q(project=OuterRef("project")) | Q(company=OuterRef("project__lead_investor"))
    went = Q(trip__isnull=False) | Q(event__isnull=False)
    there = {"trip__archived_at": None, "event__archived_at": None}
    return Visit.objects.live().filter(of_deal, went, **there, **_days(rule, "held_on"))


def _guests(rule: AttributionRule):
    """Guests of the firm of the deal who came to an event whose day is known."""
    came = Invitation.objects.live().came().filter(event__isnull=False, event__archived_at=None)
    days = _days(rule, "event__started_on")
    return came.filter(company=OuterRef("project__lead_investor"), **days)


def _days(rule: AttributionRule, path: str) -> dict:
    until = {f"{path}__lte": OuterRef("signed_on")}
    if not rule.days:
        return until
    first = OuterRef("signed_on") - timedelta(days=rule.days)
    return until | {f"{path}__gte": ExpressionWrapper(first, output_field=DateField())}


class Attribution(Record):
    """What the bureau chose by hand for one deal: a trip, an event, or neither."""

    deal = models.OneToOneField(
        Deal, models.CASCADE, related_name="attribution", verbose_name=_("deal")
    )
    trip = models.ForeignKey(
        Trip, models.PROTECT, null=True, blank=True, related_name="attributions",
        verbose_name=_("trip"),
    )  # fmt: skip
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="attributions",
        verbose_name=_("event"),
    )  # fmt: skip
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("with neither trip nor event: credited to none")
    )

    objects = AttributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("attribution by hand")
        verbose_name_plural = _("attributions by hand")
        constraints = [
            models.CheckConstraint(
                name="attribution_to_one",
                condition=Q(trip=None) | Q(event=None),
                violation_error_message=_("A deal is credited to a trip or to an event, not both."),
            ),
            models.CheckConstraint(
                name="attribution_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("A choice by hand needs its reason."),
            ),
        ]

    def __str__(self):
        return str(self.trip or self.event or _("credited to none"))
