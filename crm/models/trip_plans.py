"""What a trip or an event plans, and who is invited to it and came."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.access import CITY_READERS, TEAM_ROLES, Role
from crm.periods import today

from .base import PartQuerySet, Record, ScopedQuerySet, everything, nothing, where
from .outreach import Event, Trip, Visit


class TripPartQuerySet(PartQuerySet):
    parent = "trip"
    parent_model = "Trip"


class PlannedMeetingQuerySet(TripPartQuerySet):
    def with_outcome(self):
        """Adds ``was_met``: whether the firm was visited on this trip."""
        met = Visit.objects.live().filter(trip=OuterRef("trip"), company=OuterRef("company"))
        return self.annotate(was_met=Exists(met))


class PlannedMeeting(Record):
    """A firm that a trip is to visit: the day, the city and what for."""

    trip = models.ForeignKey(
        Trip, models.CASCADE, related_name="planned_meetings", verbose_name=_("trip")
    )
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, related_name="planned_meetings",
        verbose_name=_("target firm"),
    )  # fmt: skip
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    city = models.ForeignKey(
        "crm.Region", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("city"),
    )  # fmt: skip
    purpose = models.CharField(_("what for"), max_length=200, blank=True)

    objects = PlannedMeetingQuerySet.as_manager()

    # Any firm of the register may be planned for; meeting it is agreed with its task force.
    links_by_public_part = frozenset({"company"})

    class Meta:
        verbose_name = _("planned meeting")
        verbose_name_plural = _("target firms and itinerary")
        ordering = ["planned_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="planned_meeting_once",
                fields=["trip", "company"],
                violation_error_message=_("This firm is already planned for."),
            )
        ]

    def __str__(self):
        return str(self.company)


class InvitationQuerySet(ScopedQuerySet):
    """The city reads all; a task force its own guests, those of its trips and of the bureau."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in CITY_READERS:
            return everything(at)
        if user.role not in TEAM_ROLES:
            return nothing(at)
        own_trip = ~where(at, trip=None) & Trip.objects.all().visible_q(user, f"{at}trip__")
        own = where(at, task_force__in=user.team_ids) | where(at, task_force=None, trip=None)
        return own | own_trip

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        return where(at, task_force__in=user.team_ids) if user.role in TEAM_ROLES else nothing(at)

    def came(self):
        return self.filter(state=Invitation.State.CAME)


class Invitation(Record):
    """A firm (or another guest) invited to an event or to the presentation of a trip."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("sent regrets")
        CAME = "came", _("came")
        ABSENT = "absent", _("did not come")

    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="invitations",
        verbose_name=_("event"),
    )  # fmt: skip
    trip = models.ForeignKey(
        Trip, models.PROTECT, null=True, blank=True, related_name="invitations",
        verbose_name=_("trip"),
    )  # fmt: skip
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="invitations",
        verbose_name=_("company"),
    )  # fmt: skip
    guest = models.CharField(
        _("guest"), max_length=120, blank=True, help_text=_("name and position, or a body")
    )
    people_count = models.PositiveSmallIntegerField(_("number of people"), null=True, blank=True)
    state = models.CharField(
        _("attendance"), max_length=10, choices=State.choices, default=State.INVITED
    )
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, null=True, blank=True, related_name="invitations",
        verbose_name=_("invited by"), help_text=_("empty: by the bureau"),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = InvitationQuerySet.as_manager()

    links_by_public_part = frozenset({"company"})

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations and attendance")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="invitation_to_one",
                condition=(
                    Q(event__isnull=False, trip__isnull=True)
                    | Q(event__isnull=True, trip__isnull=False)
                ),
                violation_error_message=_("An invitation is to one event or one trip."),
            ),
            models.CheckConstraint(
                name="invitation_names_guest",
                condition=Q(company__isnull=False) | ~Q(guest=""),
                violation_error_message=_("A guest is a firm or a name."),
            ),
            models.UniqueConstraint(
                name="invitation_once_to_event",
                fields=["event", "company", "guest"],
                condition=Q(event__isnull=False, archived_at=None),
                violation_error_message=_("This guest is already on the list."),
            ),
            models.UniqueConstraint(
                name="invitation_once_to_trip",
                fields=["trip", "company", "guest"],
                condition=Q(trip__isnull=False, archived_at=None),
                violation_error_message=_("This guest is already on the list."),
            ),
        ]

    def __str__(self):
        return " ".join(filter(None, [self.company and self.company.name, self.guest]))

    def sign(self, user):
        """Whom a task force invites is its guest."""
        super().sign(user)
        if self._state.adding and self.task_force_id is None and user.role in TEAM_ROLES:
            self.task_force = user.team

    def clean(self):
        """Attendance is known when the day has come."""
        started_on = (self.event or self.trip) and (self.event or self.trip).started_on
        is_over = self.state in (self.State.CAME, self.State.ABSENT)
        if is_over and started_on and started_on > today() and self.touches("state"):
            raise ValidationError({"state": _("It has not taken place yet.")})

    def mark(self, state: str, *, by) -> None:
        """Say who confirmed, came or stayed away."""
        self.state = state
        self.save_as(by)
