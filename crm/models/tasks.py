"""What has to be done by a day: follow-ups of our own people, and what firms ask of the units."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.access import BUSINESS_ROLES, TEAM_ROLES, Role
from crm.periods import today

from .answers import Answered
from .base import Record, nothing, where
from .notices import Notice
from .outreach import TeamQuerySet, Visit, project_is_open
from .projects import Project


class FollowUpQuerySet(TeamQuerySet):
    @classmethod
    def visible_q(cls, user, at=""):
        return super().visible_q(user, at) | (
            where(at, owner=user.pk) if user.role in BUSINESS_ROLES else nothing(at)
        )

    @classmethod
    def open_q(cls, user, at=""):
        return cls.visible_q(user, at) & project_is_open(user, at)

    @classmethod
    def editable_q(cls, user, at=""):
        mine = where(at, owner=user.pk) if user.role in TEAM_ROLES else nothing(at)
        return super().editable_q(user, at) | mine

    def waiting(self):
        return self.filter(done_on=None)

    def overdue(self, on):
        return self.waiting().filter(due_on__lt=on)


class FollowUp(Record):
    """Something somebody has to do by a day."""

    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="follow_ups",
        verbose_name=_("company"),
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="follow_ups",
        verbose_name=_("project"),
    )  # fmt: skip
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="follow_ups",
        verbose_name=_("visit"),
    )  # fmt: skip
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, related_name="follow_ups", verbose_name=_("task force")
    )
    owner = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="follow_ups", verbose_name=_("who does it")
    )
    what = models.CharField(_("what is to be done"), max_length=200)
    due_on = models.DateField(_("due"))
    remind_on = models.DateField(
        _("remind on"), null=True, blank=True, help_text=_("empty: on the day it is due")
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=300, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="follow_up_in_order"),
            models.Index(fields=["owner", "done_on", "due_on"], name="follow_up_of_owner"),
        ]

    def __str__(self):
        return self.what

    def clean(self):
        errors = {}
        if self.done_on and self.done_on > today() and self.touches("done_on"):
            errors["done_on"] = _("This date lies in the future.")
        late = self.remind_on and self.due_on and self.remind_on > self.due_on
        if late and self.touches("remind_on", "due_on"):
            errors["remind_on"] = _("A reminder comes before the day it is due.")
        if errors:
            raise ValidationError(errors)

    def after_save_as(self, user, *, adding):
        """Whoever has to do it hears of it, unless they set it themselves."""
        super().after_save_as(user, adding=adding)
        key = f"follow-up-{self.pk}-{self.owner_id}"
        Notice.objects.tell([self.owner], "assigned", self, by=user, key=key)

    def finish(self, *, by, result: str = "", what: str = "", due_on=None):
        """Mark as done; with ``what`` and ``due_on`` the next step of the same matter is set.

        Returns the next follow-up or None. The project's own next step follows.
        """
        if bool(what.strip()) != bool(due_on):
            field = "due_on" if what.strip() else "what"
            raise ValidationError({field: _("A next step needs a text and a date.")})
        with transaction.atomic():
            if self.done_on is None:
                self.done_on, self.result = today(), result or self.result
                self.save_as(by)
            following = self._next(what.strip(), due_on, by) if due_on else None
            self._carry_into_project(following, by)
        return following

    def _next(self, what, due_on, by):
        following = FollowUp(
            company=self.company, project=self.project, visit=self.visit, owner=self.owner,
            task_force=self.task_force, what=what, due_on=due_on,
        )  # fmt: skip
        following.save_as(by)
        return following

    def _carry_into_project(self, following, by) -> None:
        project = self.project
        if project is None or not project.is_editable_by(by):
            return
        if following is not None:
            project.next_step, project.next_step_on = following.what, following.due_on
        elif project.next_step == self.what:
            project.next_step, project.next_step_on = "", None
        if project.touches("next_step", "next_step_on"):
            project.save_as(by)

    def snooze(self, to, *, by) -> None:
        """Put off to a later day; the reminder goes with it."""
        if to <= self.due_on:
            raise ValidationError({"due_on": _("The new day lies after the old one.")})
        with transaction.atomic():
            self.due_on, self.remind_on = to, None
            self.save_as(by)

    def hand_to(self, owner, *, by) -> None:
        """Let somebody else do it."""
        self.owner = owner
        self.save_as(by)


class RequestQuerySet(TeamQuerySet):
    """Requests are read by the team, the city readers, and the units that have to answer."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role == Role.DEPARTMENT and user.department_id:
            co = Request.co_departments.through.objects.filter(department=user.department_id)
            return where(at, department=user.department_id) | where(at, pk__in=co.values("request"))
        if user.role == Role.PARK:
            return Project.objects.all().open_q(user, f"{at}project__")
        return super().visible_q(user, at)

    @classmethod
    def open_q(cls, user, at=""):
        if user.role == Role.DEPARTMENT:
            return cls.visible_q(user, at)
        return cls.visible_q(user, at) & project_is_open(user, at)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.DEPARTMENT and user.department_id:
            return where(at, department=user.department_id)
        return super().editable_q(user, at)

    def asked_of(self, unit: int):
        """Requests that the unit answers, or helps to."""
        return self.filter(Q(department=unit) | Q(co_departments=unit))

    def waiting(self):
        return self.filter(closed_on=None)

    def overdue(self, on):
        return self.waiting().filter(due_on__lt=on)


class Request(Answered, Record):
    """What a firm needs solved (诉求), with a responsible unit and a deadline."""

    class Category(models.TextChoices):
        LAND = "land", _("land and site")
        POWER = "power", _("power and energy")
        NETWORK = "network", _("network")
        POLICY = "policy", _("policy")
        FUNDS = "funds", _("funds")
        PEOPLE = "people", _("people")
        APPROVAL = "approval", _("approval")
        OTHER = "other", _("other")

    class Supervision(models.TextChoices):
        NONE = "", _("none")
        BUREAU = "bureau", _("by the bureau")
        CITY = "city", _("by the city")

    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="requests",
        verbose_name=_("company"),
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="requests",
        verbose_name=_("project"),
    )  # fmt: skip
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, related_name="requests", verbose_name=_("task force")
    )
    raised_on = models.DateField(_("raised on"), default=today)
    source = models.CharField(_("source"), max_length=60, blank=True)
    category = models.CharField(_("category"), max_length=10, choices=Category.choices)
    content = models.TextField(_("request"))
    department = models.ForeignKey(
        "crm.Department", models.PROTECT, related_name="requests",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    co_departments = models.ManyToManyField(
        "crm.Department", blank=True, related_name="+", verbose_name=_("supporting units")
    )
    due_on = models.DateField(_("due"))
    progress = models.TextField(_("progress"), blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    supervision = models.CharField(
        _("supervision"), max_length=8, choices=Supervision.choices, blank=True, default=""
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="request_of_firm_or_project",
                condition=~Q(company=None) | ~Q(project=None),
                violation_error_message=_("A request belongs to a firm or a project."),
            ),
            models.CheckConstraint(
                name="request_dates_in_order",
                condition=Q(due_on__gte=F("raised_on")),
                violation_error_message=_("The deadline lies before the request."),
            ),
            models.CheckConstraint(
                name="request_closed_after_raised",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("raised_on")),
                violation_error_message=_("The request was closed before it was raised."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="request_in_order"),
            models.Index(fields=["department", "closed_on", "due_on"], name="request_open"),
        ]

    def __str__(self):
        return self.content[:60]

    def units(self) -> list[int]:
        """Keys of the responsible unit and of those in support."""
        return [self.department_id, *self.co_departments.values_list("pk", flat=True)]

    def involved(self) -> list:
        """The units, whoever raised it, and the officer responsible for the project."""
        people = apps.get_model("crm", "User").objects.working()
        own = [self.created_by_id, self.project and self.project.owner_id]
        of_units = Q(role=Role.DEPARTMENT, department__in=self.units())
        return list(people.filter(of_units | Q(pk__in=filter(None, own))))

    def after_save_as(self, user, *, adding):
        """The responsible unit hears of a request that has become its own."""
        super().after_save_as(user, adding=adding)
        people = apps.get_model("crm", "User").objects.working()
        unit = people.filter(role=Role.DEPARTMENT, department=self.department_id)
        key = f"request-{self.pk}-{self.department_id}"
        Notice.objects.tell(unit, "request", self, by=user, key=key)

    def clean(self):
        for field in ("raised_on", "closed_on"):
            value = getattr(self, field)
            if value and value > today() and self.touches(field):
                raise ValidationError({field: _("This date lies in the future.")})
