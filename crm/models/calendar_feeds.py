"""Private calendar feeds: an address with a secret in it, which calendar programs ask for."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import ScopedQuerySet, nothing, where
from .revocable import digest_of, new_secret

NOTED_EVERY = timedelta(hours=1)


class CalendarFeedQuerySet(ScopedQuerySet):
    """Everybody's own; nobody writes one but through ``open_for`` and ``close``."""

    @classmethod
    def visible_q(cls, user, at=""):
        return where(at, user=user.pk) if user.role else nothing(at)

    def open_for(self, user) -> str:
        """A new address for the user, the old one dies; returns the secret, which is not kept."""
        token = new_secret()
        fresh = {"digest": digest_of(token), "opened_at": timezone.now(), "last_read_at": None}
        self.update_or_create(user=user, defaults=fresh)
        return token

    def reader_of(self, token: str):
        """The working account behind a secret, or None."""
        feed = self.filter(digest=digest_of(token), user__is_active=True).select_related("user")
        found = feed.first()
        if found is None:
            return None
        found.note_reading()
        return found.user


class CalendarFeed(models.Model):
    """One person's feed. Only a digest of its secret is stored."""

    user = models.OneToOneField("crm.User", models.CASCADE, related_name="+", verbose_name=_("who"))
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    opened_at = models.DateTimeField(_("opened at"))
    last_read_at = models.DateTimeField(_("last read at"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self):
        return str(self.user)

    def note_reading(self) -> None:
        """Once an hour is enough to see whether a feed is used."""
        now = timezone.now()
        if self.last_read_at is None or now - self.last_read_at > NOTED_EVERY:
            CalendarFeed.objects.filter(pk=self.pk).update(last_read_at=now)
