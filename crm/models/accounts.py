"""People who log in. There is no superuser: what somebody may do follows from the role alone."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.access import ADMINISTRATORS, Role

from .base import PartQuerySet, Record, ScopedQuerySet, everything, nothing


class UserQuerySet(ScopedQuerySet):
    """Business roles see colleagues as names to choose from; administrators see accounts."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return everything(at) if user.role == Role.SYSTEM_ADMIN else nothing(at)

    def working(self):
        return self.filter(is_active=True).exclude(role__in=["", *ADMINISTRATORS])


class AccountManager(UserManager.from_queryset(UserQuerySet)):
    use_in_migrations = False

    def create_user(self, username, email=None, password=None, **extra):
        return self._create_user(username, email, password, **extra)

    def create_superuser(self, username, email=None, password=None, **extra):
        """``createsuperuser`` makes the first system administrator; nobody is above the rules."""
        extra = {k: v for k, v in extra.items() if k not in {"is_staff", "is_superuser"}}
        return self._create_user(username, email, password, **extra, role=Role.SYSTEM_ADMIN)


class User(AbstractUser):
    """An account. ``role`` says what kind of work, memberships and units say whose rows."""

    first_name = None
    last_name = None
    is_superuser = False
    groups = None
    user_permissions = None

    full_name = models.CharField(_("full name"), max_length=40, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    department = models.ForeignKey(
        "crm.Department", models.PROTECT, null=True, blank=True, verbose_name=_("home unit")
    )
    park = models.ForeignKey(
        "crm.Park", models.PROTECT, null=True, blank=True, verbose_name=_("park")
    )
    gets_digest = models.BooleanField(_("daily mail"), default=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    password_changed_at = models.DateTimeField(_("password set"), null=True, editable=False)
    must_change_password = models.BooleanField(
        _("must set a password of their own"), default=False, editable=False
    )

    objects = AccountManager()
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="user_role_known",
                condition=Q(role__in=["", *Role.values]),
                violation_error_message=_("This role does not exist."),
            ),
        ]

    def __str__(self):
        return self.full_name or self.username

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)

    @property
    def is_staff(self):
        """May use the site at all: an account without a role may not."""
        return bool(self.role)

    @is_staff.setter
    def is_staff(self, value):
        """Django's own forms set it; the role decides."""

    def _get_session_auth_hash(self, secret=None):
        """Sessions end with the password, and with what the account may do and see."""
        return salted_hmac(
            "crm.models.User.session",
            "|".join(map(str, (self.password, self.role, self.park_id, self.department_id))),
            secret=secret, algorithm="sha256",
        ).hexdigest()  # fmt: skip

    def clean(self):
        super().clean()
        if self.role == Role.PARK and self.park_id is None:
            raise ValidationError({"park": _("A park account needs its park.")})
        if self.role == Role.DEPARTMENT and self.department_id is None:
            raise ValidationError({"department": _("A department account needs its unit.")})

    @cached_property
    def team_ids(self) -> frozenset[int]:
        """Task forces the user belongs to today."""
        rows = Membership.objects.filter(user=self, left_on=None)
        return frozenset(rows.values_list("task_force_id", flat=True))

    @cached_property
    def team(self):
        """The task force that new records are filed under; None without a membership."""
        membership = (
            Membership.objects.filter(user=self, left_on=None)
            .select_related("task_force")
            .order_by("joined_on", "id")
            .first()
        )
        return membership and membership.task_force


class MembershipQuerySet(PartQuerySet):
    parent = "task_force"
    parent_model = "TaskForce"

    def current(self):
        return self.filter(left_on=None)


class Membership(Record):
    """Who belongs to which task force, from when until when; teams change every year."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="memberships", verbose_name=_("member")
    )
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, related_name="memberships", verbose_name=_("task force")
    )
    duty = models.CharField(_("duty"), max_length=40, blank=True)
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["task_force", "joined_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="membership_open_once",
                fields=["user", "task_force"],
                condition=Q(left_on=None),
                violation_error_message=_("This person already belongs to this task force."),
            ),
            models.CheckConstraint(
                name="membership_dates_in_order",
                condition=Q(left_on=None) | Q(left_on__gte=models.F("joined_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.task_force} · {self.user}"

    def after_save_as(self, user, *, adding):
        """Who belongs to a task force decides what they see."""
        self._note(
            "membership_changed", user, member=self.user_id, task_force=self.task_force_id,
            joined_on=self.joined_on, left_on=self.left_on,
        )  # fmt: skip
