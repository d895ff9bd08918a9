"""Where changes are pushed to: hosts that the security administrator listed, and who hears what."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .api_tokens import ApiToken
from .audit import Action
from .base import Record, SecurityAdminsQuerySet
from .feed import FeedEntry
from .revocable import new_secret

HTTPS = URLValidator(schemes=["https"], message=_("Write an address that begins with https://."))


def origin_of(url: str) -> str:
    """``https://host:port`` of an address, as a host is listed; "" for one that has none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def check_url(url: str) -> None:
    """Raise ValidationError for what is no plain https address."""
    HTTPS(url)
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.fragment:
        raise ValidationError(_("Write an address without a name, a password or a “#”."))


class PushHostQuerySet(SecurityAdminsQuerySet):
    def allows(self, url: str) -> bool:
        return self.live().filter(origin=origin_of(url)).exists()


class PushHost(Record):
    """A host that changes may be pushed to; no other is ever called, whoever asks for it."""

    origin = models.CharField(
        _("address of the host"), max_length=200, validators=[check_url],
        help_text=_("e.g. https://data.xining.gov.cn or https://10.1.2.3:8443"),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = PushHostQuerySet.as_manager()

    class Meta:
        verbose_name = _("host for pushes")
        verbose_name_plural = _("hosts for pushes")
        ordering = ["origin"]
        constraints = [
            models.UniqueConstraint(
                name="push_host_once",
                fields=["origin"],
                condition=Q(archived_at=None),
                violation_error_message=_("This host is already listed."),
            )
        ]

    def __str__(self):
        return self.origin

    def clean(self):
        self.origin = self.origin.rstrip("/").lower()
        if self.origin != origin_of(self.origin):
            raise ValidationError({"origin": _("Write the host alone, without a path.")})

    def after_save_as(self, user, *, adding):
        super().after_save_as(user, adding=adding)
        self._note(Action.RULE_CHANGED, user, host=self.origin, note=self.note)

    def take_off(self, *, by) -> None:
        """From now on nothing is sent there; what is queued waits until it is listed again."""
        if self.archived_at is not None:
            raise ValidationError(_("This host is off the list already."), code="off")
        self.archived_at = timezone.now()
        self.save_as(by)


class SubscriptionQuerySet(SecurityAdminsQuerySet):
    def working(self):
        """Subscriptions that are told of changes now, with their tokens."""
        rows = self.live().filter(is_active=True, token__revoked_at=None, token__archived_at=None)
        return rows.select_related("token__account").order_by("pk")


class Subscription(Record):
    """Pushes to one address, within what the token's account may see; never any content."""

    name = models.CharField(_("name"), max_length=60)
    token = models.ForeignKey(
        ApiToken, models.PROTECT, related_name="subscriptions", verbose_name=_("token of a system"),
        help_text=_("It hears of what this token reads, as long as the token is valid."),
    )  # fmt: skip
    url = models.CharField(_("address"), max_length=300, validators=[check_url])
    kinds = models.JSONField(_("hears of"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    # The receiver checks signatures with it, so it is kept as it is; shown once.
    secret = models.CharField(max_length=64, editable=False)
    # Where it stands in the feed.
    position = models.BigIntegerField(default=0, editable=False)
    stamp = models.BigIntegerField(default=0, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    # Whether the secret was made just now and is still to be shown.
    is_new = False

    class Meta:
        verbose_name = _("push of changes")
        verbose_name_plural = _("pushes of changes")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="subscription_name_once",
                fields=["name"],
                condition=Q(archived_at=None),
                violation_error_message=_("There is already a push of this name."),
            )
        ]

    def __str__(self):
        return self.name

    never_judged = Record.never_judged | {"secret", "position", "stamp"}

    def sign(self, user):
        super().sign(user)
        if not self.secret:
            self.secret, self.is_new = new_secret(), True
            self.position, self.stamp = FeedEntry.objects.place_of_end()

    def clean(self):
        errors = {}
        if self.url and not PushHost.objects.allows(self.url):
            errors["url"] = _("This host is not listed: list it first under hosts for pushes.")
        readable = self.token.reads if self.token_id else []
        if not isinstance(self.kinds, list) or not self.kinds or set(self.kinds) - set(readable):
            errors["kinds"] = _("Choose among the kinds that the token reads.")
        if self.token_id and self.touches("token") and not self.token.is_valid():
            errors["token"] = _("This token opens nothing any more.")
        if errors:
            raise ValidationError(errors)

    def after_save_as(self, user, *, adding):
        super().after_save_as(user, adding=adding)
        self._note(
            Action.RULE_CHANGED, user, push=self.name, system=self.token.name, url=self.url,
            kinds=self.kinds, is_active=self.is_active,
        )  # fmt: skip

    def go_on_from(self, position: int, stamp: int) -> None:
        """Remember what was queued; not a change of the record."""
        self.position, self.stamp = position, stamp
        type(self).objects.filter(pk=self.pk).update(position=position, stamp=stamp)
