"""Going out and receiving: events, trips, visits."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.access import BUSINESS_ROLES, CITY_READERS, TEAM_ROLES, Role
from crm.names import match_key
from crm.periods import Period, today
from crm.pinyin import search_text

from .base import Record, ScopedQuerySet, everything, nothing, where
from .companies import Company
from .fields import YuanField
from .finding import FindableQuerySet
from .projects import Project

HISTORY_DAYS = 60


def project_is_open(user, at: str) -> Q:
    """No project behind the row, or one that is open to the reader."""
    return where(at, project=None) | Project.objects.all().open_q(user, f"{at}project__")


class TeamQuerySet(ScopedQuerySet):
    """Rows that belong to one task force; the whole city reads them, the team writes them."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in CITY_READERS:
            return everything(at)
        return where(at, task_force__in=user.team_ids) if user.role in TEAM_ROLES else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        return where(at, task_force__in=user.team_ids) if user.role in TEAM_ROLES else nothing(at)


class EventQuerySet(ScopedQuerySet):
    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role in BUSINESS_ROLES else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)


class Event(Record):
    """A recruitment event: 推介会, 洽谈会, 青洽会, 投资说明会."""

    class Kind(models.TextChoices):
        PROMOTION = "promotion", _("promotion conference")
        MATCHMAKING = "matchmaking", _("matchmaking conference")
        QINGHAI_FAIR = "qinghai_fair", _("Qinghai investment fair")
        BRIEFING = "briefing", _("investment briefing")
        OTHER = "other", _("other")

    name = models.CharField(_("event"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    started_on = models.DateField(_("first day"), null=True, blank=True)
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    date_text = models.CharField(_("date as written"), max_length=60, blank=True)
    region = models.ForeignKey(
        "crm.Region", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("city"),
    )  # fmt: skip
    host = models.CharField(_("host"), max_length=120, blank=True)
    purpose = models.CharField(_("purpose of the event"), max_length=300, blank=True)
    our_people = models.ManyToManyField(
        "crm.User", blank=True, related_name="events", verbose_name=_("our people")
    )
    our_people_text = models.CharField(_("others on our side"), max_length=200, blank=True)
    cost_yuan = YuanField(_("cost"), null=True, blank=True)
    summary = models.TextField(_("what it was about"), blank=True)
    source = models.TextField(_("source sentence"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-started_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="event_dates_in_order",
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return self.name


class TripQuerySet(FindableQuerySet):
    """Trips of a team (or joint with it); trips of the city's leaders are for all."""

    found_in = ("name_key", "search_text")

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in CITY_READERS:
            return everything(at)
        if user.role not in TEAM_ROLES:
            return nothing(at)
        joint = Trip.joint_teams.through.objects.filter(taskforce__in=user.team_ids)
        return (
            where(at, task_force__in=user.team_ids)
            | where(at, task_force=None)
            | where(at, pk__in=joint.values("trip"))
        )

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        return where(at, task_force__in=user.team_ids) if user.role in TEAM_ROLES else nothing(at)

    def started_in(self, period: Period):
        return self.filter(started_on__gte=period.start, started_on__lt=period.end)


class Trip(Record):
    """An outbound recruitment trip (外出招商); one trip is one, however many cities."""

    class Kind(models.TextChoices):
        DOOR_KNOCKING = "door_knocking", _("door-knocking")
        STATIONED = "stationed", _("stationed")
        PROMOTION = "promotion", _("promotion")
        FOLLOW_UP = "follow_up", _("follow-up")

    class HeadRank(models.TextChoices):
        CITY_SECRETARY = "city_secretary", _("party secretary or mayor")
        CITY = "city", _("city leader")
        TEAM = "team", _("task force lead")
        STAFF = "staff", _("staff")

    name = models.CharField(_("trip"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=14, choices=Kind.choices, default=Kind.DOOR_KNOCKING
    )
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, null=True, blank=True, related_name="trips",
        verbose_name=_("task force"), help_text=_("empty: led by the city's leaders"),
    )  # fmt: skip
    joint_teams = models.ManyToManyField(
        "crm.TaskForce", blank=True, related_name="joint_trips", verbose_name=_("joint teams")
    )
    delegation_head = models.CharField(_("head of delegation"), max_length=60, blank=True)
    head_rank = models.CharField(
        _("rank of the head"), max_length=14, choices=HeadRank.choices, default=HeadRank.STAFF
    )
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"))
    date_text = models.CharField(_("date as written"), max_length=60, blank=True)
    cities = models.ManyToManyField(
        "crm.Region", blank=True, related_name="trips", verbose_name=_("cities")
    )
    people_count = models.PositiveSmallIntegerField(_("number of people"), null=True, blank=True)
    our_people = models.ManyToManyField(
        "crm.User", blank=True, related_name="trips", verbose_name=_("our people")
    )
    our_people_text = models.CharField(_("others on our side"), max_length=200, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    cost_yuan = YuanField(_("cost"), null=True, blank=True)
    summary = models.TextField(_("results"), blank=True)
    source = models.TextField(_("source sentence"), blank=True)
    name_key = models.CharField(max_length=120, editable=False, default="")
    search_text = models.CharField(max_length=1000, editable=False, default="")

    objects = TripQuerySet.as_manager()

    class Meta:
        verbose_name = _("trip")
        verbose_name_plural = _("trips")
        ordering = ["-started_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="trip_dates_in_order",
                condition=Q(ended_on__gte=F("started_on")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]
        indexes = [models.Index(fields=["task_force", "started_on"], name="trip_of_team")]

    def __str__(self):
        return self.name

    @classmethod
    def derived_from(cls):
        return frozenset({"name"})

    def derive(self):
        self.name_key = match_key(self.name)[:120]
        self.search_text = search_text(self.name)


class VisitQuerySet(TeamQuerySet):
    @classmethod
    def open_q(cls, user, at=""):
        return cls.visible_q(user, at) & project_is_open(user, at)

    def held_in(self, period: Period):
        return self.filter(held_on__gte=period.start, held_on__lt=period.end)

    def of_person(self, user):
        """Visits somebody logged or took part in."""
        took_part = Visit.our_people.through.objects.filter(user=user)
        return self.filter(Q(created_by=user) | Q(pk__in=took_part.values("visit")))

    def outbound(self):
        return self.filter(mode=Visit.Mode.OUTBOUND)

    def found_by(self, text: str):
        """Visits to the firms found."""
        return self.filter(company__in=Company.objects.all().found_by(text).values("pk"))


class Visit(Record):
    """A meeting with one firm: out, in, or online."""

    class Mode(models.TextChoices):
        OUTBOUND = "outbound", _("we went there")
        INBOUND = "inbound", _("they came here")
        ONLINE = "online", _("online meeting")
        CALL = "call", _("call")

    class Outcome(models.TextChoices):
        NONE = "none", _("no intention yet")
        INTERESTED = "interested", _("interested")
        INTENTION = "intention", _("clear intention")
        LEAD = "lead", _("a lead")
        AGREED = "agreed", _("agreement reached")

    company = models.ForeignKey(
        "crm.Company", models.PROTECT, related_name="visits", verbose_name=_("company")
    )
    mode = models.CharField(_("how"), max_length=10, choices=Mode.choices, default=Mode.OUTBOUND)
    held_on = models.DateField(_("date"), default=today)
    city = models.ForeignKey(
        "crm.Region", models.PROTECT, null=True, blank=True, related_name="visits",
        verbose_name=_("city"),
    )  # fmt: skip
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, related_name="visits", verbose_name=_("task force")
    )
    trip = models.ForeignKey(
        Trip, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("trip")
    )
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="visits",
        verbose_name=_("event"),
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="visits",
        verbose_name=_("project"),
    )  # fmt: skip
    delegation_head = models.CharField(_("head of our side"), max_length=60, blank=True)
    our_people = models.ManyToManyField(
        "crm.User", blank=True, related_name="visits", verbose_name=_("our people")
    )
    our_people_text = models.CharField(_("others on our side"), max_length=200, blank=True)
    their_people = models.ManyToManyField(
        "crm.Contact", blank=True, related_name="visits", verbose_name=_("their people")
    )
    their_people_text = models.CharField(_("others on their side"), max_length=200, blank=True)
    guest_count = models.PositiveSmallIntegerField(_("guests"), null=True, blank=True)
    content = models.TextField(_("what was talked about"), blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome.choices, default=Outcome.NONE
    )
    wants = models.CharField(_("what they asked for"), max_length=300, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_owner = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who does it"),
    )  # fmt: skip
    next_step_on = models.DateField(_("next step due"), null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="visit_once_a_day",
                fields=["company", "held_on", "task_force", "mode"],
                condition=Q(archived_at=None),
                violation_error_message=_("This visit of the day is already logged."),
            ),
            models.CheckConstraint(
                name="visit_next_step_after_visit",
                condition=Q(next_step_on=None) | Q(next_step_on__gte=F("held_on")),
                violation_error_message=_("The next step lies before the visit."),
            ),
        ]
        indexes = [
            models.Index(fields=["held_on", "task_force"], name="visit_by_day"),
            models.Index(fields=["project", "held_on"], name="visit_of_project"),
            models.Index(fields=["task_force", "-held_on"], name="visit_of_team"),
        ]

    def __str__(self):
        return f"{self.held_on} {self.company}"

    def clean(self):
        errors = {}
        if self.held_on and self.held_on > today() and self.touches("held_on"):
            errors["held_on"] = ValidationError(
                _("A visit cannot lie in the future: %(held_on)s."),
                params={"held_on": self.held_on},
            )
        is_open = self.next_step and not self.next_step_on
        if is_open and self.touches("next_step", "next_step_on"):
            errors["next_step_on"] = _("A next step needs a date.")
        if errors:
            raise ValidationError(errors)

    def rows_added_with(self, user):
        """A next step with a date becomes a follow-up of the person who does it.

        What was due long before it is entered is history, not a task.
        """
        long_ago = today() - timedelta(days=HISTORY_DAYS)
        if not (self.next_step and self.next_step_on) or self.next_step_on < long_ago:
            return []
        follow_up = self._meta.get_field("follow_ups").related_model(
            company=self.company, project=self.project, visit=self,
            owner=self.next_step_owner or user, task_force=self.task_force,
            what=self.next_step, due_on=self.next_step_on, created_by=user, updated_by=user,
            is_sample=self.is_sample,
        )  # fmt: skip
        return [follow_up]
