"""What the bureau decides about the screens: the ranking, and who may hang up a wall screen."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import BUSINESS_ROLES, Role

from .base import Record, ScopedQuerySet, everything, nothing
from .revocable import Revocable, digest_of

SEEN_EVERY = timedelta(minutes=1)


class ScreenSettingsQuerySet(ScopedQuerySet):
    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role in BUSINESS_ROLES else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)

    def current(self) -> "ScreenSettings":
        """The one row; before it is first changed, the defaults."""
        return self.first() or ScreenSettings()


class ScreenSettings(Record):
    """One row: what all screens of the city show."""

    shows_ranking = models.BooleanField(
        _("task forces are ranked"), default=True,
        help_text=_("on the workbench and on the wall screen"),
    )  # fmt: skip

    objects = ScreenSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("screen settings")
        verbose_name_plural = _("screen settings")
        constraints = [
            models.CheckConstraint(
                name="screen_settings_one_row",
                condition=Q(pk=1),
                violation_error_message=_("There is only one row of screen settings."),
            )
        ]

    def __str__(self):
        return str(_("screen settings"))


class WallTokenQuerySet(ScopedQuerySet):
    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return cls.visible_q(user, at)

    def valid(self):
        return self.live().filter(revoked_at=None)

    def opened_by(self, secret: str) -> "WallToken | None":
        """The token that this address carries, if it still opens anything."""
        return self.valid().filter(digest=digest_of(secret)).first()


class WallToken(Revocable):
    """The right to show the wall screen without signing in; only a digest of it is kept."""

    name = models.CharField(
        _("where it hangs"), max_length=60, help_text=_("e.g. lobby, 3rd floor")
    )
    last_used_at = models.DateTimeField(_("last shown at"), null=True, blank=True, editable=False)

    objects = WallTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("wall screen")
        verbose_name_plural = _("wall screens")
        ordering = ["-id"]

    def __str__(self):
        return self.name

    def note_use(self) -> None:
        """Remember when it was last shown, to the minute; not a change of the record."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at >= SEEN_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)
