"""What keeps an account its owner's: old passwords, sign-ins, and who needs a second factor."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import Role

from .accounts import User
from .base import Record, ScopedQuerySet, SecurityAdminsQuerySet, where

PASSWORDS_KEPT = 5
RULES_KEPT_SECONDS = 60
_RULES = "second-factor-roles"


class OldPasswordQuerySet(models.QuerySet):
    def keep(self, user) -> None:
        """Remember the password just set, and forget the oldest beyond those that are kept."""
        self.create(user=user, password=user.password)
        kept = self.filter(user=user).order_by("-id").values_list("pk", flat=True)
        self.filter(user=user).exclude(pk__in=list(kept[:PASSWORDS_KEPT])).delete()

    def match(self, user, password: str) -> bool:
        """Is it one of the last passwords of the account?"""
        rows = self.filter(user=user).order_by("-id")[:PASSWORDS_KEPT]
        return any(check_password(password, row.password) for row in rows)


class OldPassword(models.Model):
    """The hash of a password an account had; the last five are not used again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    objects = OldPasswordQuerySet.as_manager()

    def __str__(self):
        return f"{self.set_at:%Y-%m-%d}"


class SignInQuerySet(ScopedQuerySet):
    """Everybody sees their own."""

    @classmethod
    def visible_q(cls, user, at=""):
        return where(at, user=user.pk)

    def of(self, user):
        """Newest first."""
        return self.visible_to(user).order_by("-signed_in_at", "-id")

    def still_open(self):
        """Sign-ins whose session lives."""
        alive = Session.objects.filter(expire_date__gt=timezone.now())
        return self.filter(ended_at=None, session_key__in=alive.values("session_key"))


class SignIn(models.Model):
    """One signing in of an account, until its session ends."""

    class End(models.TextChoices):
        NONE = "", _("open")
        LOGGED_OUT = "logged_out", _("logged out")
        IDLE = "idle", _("idle too long")
        EXPIRED = "expired", _("longest time reached")
        ENDED = "ended", _("ended by its owner")

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    program = models.CharField(_("program"), max_length=200, blank=True)
    signed_in_at = models.DateTimeField(_("signed in"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end = models.CharField(
        _("how it ended"), max_length=10, choices=End.choices, blank=True, default=""
    )

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [models.Index(fields=["user", "-signed_in_at"], name="sign_in_of_user")]

    def __str__(self):
        return f"{self.user} {self.signed_in_at:%Y-%m-%d %H:%M}"

    def close(self, end: str) -> None:
        """End the session behind it, wherever it is open."""
        SessionStore(self.session_key).delete()
        self.ended_at, self.end = timezone.now(), end
        self.save(update_fields=["ended_at", "end"])


class SecondFactorRuleQuerySet(SecurityAdminsQuerySet):
    def roles(self) -> frozenset[str]:
        """Roles that sign in with a second factor; looked up once a minute."""
        found = cache.get(_RULES)
        if found is None:
            found = frozenset(self.filter(is_required=True).values_list("role", flat=True))
            cache.set(_RULES, found, RULES_KEPT_SECONDS)
        return found


class SecondFactorRule(Record):
    """Whether accounts of a role need a second factor to sign in."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices, unique=True)
    is_required = models.BooleanField(_("second factor required"), default=True)

    objects = SecondFactorRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("second-factor rule")
        verbose_name_plural = _("second-factor rules")
        ordering = ["role"]

    def __str__(self):
        return self.get_role_display()

    def after_save_as(self, user, *, adding):
        cache.delete(_RULES)


def password_is_too_old(user) -> bool:
    """Older than the policy allows; never for sample accounts and where the policy is off."""
    limit = settings.PASSWORD_DAYS
    if not limit or user.is_sample or user.password_changed_at is None:
        return False
    return (timezone.now() - user.password_changed_at).days >= limit
