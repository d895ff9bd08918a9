"""Leaders' directives (批示、督办), and the replies to them and to firms' requests."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import CITY_READERS, TEAM_ROLES, Role, permissions_of
from crm.periods import today

from .accounts import Membership, User
from .answers import Answered
from .attachments import exactly_one
from .base import Record, ScopedQuerySet, everything, nothing, where
from .notices import Notice
from .outreach import project_is_open
from .projects import Project
from .tasks import Request


class DirectiveQuerySet(ScopedQuerySet):
    """The city reads all of them; a task force or a unit those it has to answer."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in CITY_READERS:
            return everything(at)
        if user.role in TEAM_ROLES:
            return where(at, task_force__in=user.team_ids)
        if user.role == Role.DEPARTMENT and user.department_id:
            return where(at, department=user.department_id)
        return nothing(at)

    @classmethod
    def open_q(cls, user, at=""):
        if user.role == Role.DEPARTMENT:
            return cls.visible_q(user, at)
        return cls.visible_q(user, at) & project_is_open(user, at)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        return where(at, created_by=user.pk) if user.role == Role.LEADER else nothing(at)

    def waiting(self):
        return self.filter(closed_on=None)

    def unassigned(self):
        return self.waiting().filter(department=None, task_force=None)

    def overdue(self, on):
        return self.waiting().filter(due_on__lt=on)


class Directive(Answered, Record):
    """What a leader wants done: one line, who does it, by when."""

    text = models.CharField(_("directive"), max_length=300)
    leader = models.CharField(_("leader"), max_length=60)
    given_on = models.DateField(_("given on"), default=today)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="directives",
        verbose_name=_("project"),
    )  # fmt: skip
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="directives",
        verbose_name=_("company"),
    )  # fmt: skip
    department = models.ForeignKey(
        "crm.Department", models.PROTECT, null=True, blank=True, related_name="directives",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, null=True, blank=True, related_name="directives",
        verbose_name=_("task force"),
    )  # fmt: skip
    due_on = models.DateField(_("due"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("leader's directive")
        verbose_name_plural = _("leaders' directives")
        ordering = [F("due_on").asc(nulls_last=True), "-id"]
        constraints = [
            models.CheckConstraint(
                name="directive_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write something first."),
            ),
            models.CheckConstraint(
                name="directive_to_one",
                condition=Q(department=None) | Q(task_force=None),
                violation_error_message=_("One unit or one task force is responsible, not both."),
            ),
            models.CheckConstraint(
                name="directive_dates_in_order",
                condition=Q(due_on=None) | Q(due_on__gte=F("given_on")),
                violation_error_message=_("The deadline lies before the directive."),
            ),
            models.CheckConstraint(
                name="directive_closed_after_given",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("given_on")),
                violation_error_message=_("It was closed before it was given."),
            ),
        ]
        indexes = [models.Index(fields=["closed_on", "due_on"], name="directive_open")]

    def __str__(self):
        return self.text[:60]

    @property
    def responsible(self):
        """The unit or task force, None until the bureau has named one."""
        return self.department or self.task_force

    def clean(self):
        if self.touches("given_on") and self.given_on and self.given_on > today():
            raise ValidationError({"given_on": _("This date lies in the future.")})

    def involved(self) -> list:
        """The responsible people, the bureau's author and the leader who wrote it."""
        return [*self._responsible_people(), *filter(None, [self.created_by])]

    def _responsible_people(self) -> list:
        if self.department_id:
            return list(unit_people([self.department_id]))
        if self.task_force_id:
            return list(team_people(self.task_force_id))
        return list(User.objects.working().filter(role=Role.BUREAU))

    def after_save_as(self, user, *, adding):
        """Whoever has become responsible hears of it; until somebody is, the bureau does."""
        super().after_save_as(user, adding=adding)
        who = f"{self.department_id or ''}-{self.task_force_id or ''}"
        Notice.objects.tell(
            self._responsible_people(), "directive", self, by=user,
            key=f"directive-{self.pk}-{who}",
        )  # fmt: skip

    def assign(self, *, by, department=None, task_force=None, due_on=None):
        """Name who does it and by when; the bureau may do so again later."""
        if "change_directive" not in permissions_of(by.role):
            raise PermissionDenied
        if bool(department) == bool(task_force):
            raise ValidationError({"task_force": _("Name one unit or one task force.")})
        self.department, self.task_force, self.due_on = department, task_force, due_on
        self.save_as(by)


def unit_people(department_ids):
    """Accounts that answer for these units."""
    return User.objects.working().filter(role=Role.DEPARTMENT, department__in=department_ids)


def team_people(task_force_id):
    """Accounts of a task force today."""
    members = Membership.objects.filter(task_force=task_force_id, left_on=None).values("user")
    return User.objects.working().filter(pk__in=members)


class ReplyQuerySet(ScopedQuerySet):
    """A thread is read by whoever may open the matter; it is written by the matter only."""

    @classmethod
    def visible_q(cls, user, at=""):
        of_request = Request.objects.all().open_q(user, f"{at}request__")
        of_directive = Directive.objects.all().open_q(user, f"{at}directive__")
        return (~where(at, request=None) & of_request) | (
            ~where(at, directive=None) & of_directive
        )  # fmt: skip


class Reply(models.Model):
    """One entry of the thread below a request or a directive; the database keeps it as written."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer")
        EXTENDED = "extended", _("deadline moved")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("opened again")
        ESCALATED = "escalated", _("escalated")

    request = models.ForeignKey(
        Request, models.PROTECT, null=True, blank=True, related_name="replies",
        verbose_name=_("request"),
    )  # fmt: skip
    directive = models.ForeignKey(
        Directive, models.PROTECT, null=True, blank=True, related_name="replies",
        verbose_name=_("leader's directive"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.ANSWER)
    text = models.TextField(_("text"), max_length=4000)
    by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who"), help_text=_("empty: the deadline itself"),
    )  # fmt: skip
    at = models.DateTimeField(_("when"), default=timezone.now)
    due_from = models.DateField(_("deadline before"), null=True, blank=True)
    due_to = models.DateField(_("deadline after"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="reply_to_one_matter",
                condition=exactly_one(("request", "directive")),
                violation_error_message=_("A reply belongs to one request or directive."),
            )
        ]

    def __str__(self):
        return self.text[:60]


def escalate(request: Request, level: str) -> bool:
    """Raise an overdue request to the bureau or the city; False when it stands there already."""
    order = ["", Request.Supervision.BUREAU, Request.Supervision.CITY]
    with transaction.atomic():
        row = Request._base_manager.select_for_update().get(pk=request.pk)
        if not row.is_overdue() or order.index(row.supervision) >= order.index(level):
            return False
        row.supervision = level
        row.save(update_fields=["supervision"])
        row._reply("escalated", str(row.get_supervision_display()), None)
    return True
