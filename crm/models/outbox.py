"""Messages that leave the system: queued with the work itself, sent later, each of them once."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import Role

from .base import Record, ScopedQuerySet, everything, nothing

# Minutes until the next attempt; after the last one the message is given up and shown as such.
BACKOFF = (1, 5, 15, 60, 180, 360, 720, 1440)
LEASE = timedelta(minutes=5)


def check_address(url: str) -> None:
    """Raise ValidationError unless the address is on one of the hosts the administrator allowed."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" not in settings.WEBHOOK_ORIGINS:
        allowed = " ".join(settings.WEBHOOK_ORIGINS)
        message = _("Messages may only be sent to: %(allowed)s")
        raise ValidationError(message, params={"allowed": allowed}, code="origin")


class RobotQuerySet(ScopedQuerySet):
    """Robots hold addresses that are secrets: the system administrator alone sees them."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role == Role.SYSTEM_ADMIN else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return cls.visible_q(user, at)

    def hearing(self, kind: str, team_id: int | None):
        """Active robots that were asked to hear of this kind, for this task force or for all."""
        mine = Q(task_force=None) | Q(task_force=team_id)
        rows = self.filter(mine, is_active=True, archived_at=None).order_by("pk")
        return [robot for robot in rows if kind in robot.kinds]


class Robot(Record):
    """A group robot of WeCom (企业微信) or DingTalk (钉钉) that repeats notices in a group chat."""

    class Maker(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")

    name = models.CharField(_("name"), max_length=60)
    maker = models.CharField(_("maker"), max_length=10, choices=Maker.choices)
    url = models.CharField(_("webhook address"), max_length=300, validators=[check_address])
    secret = models.CharField(
        _("signing secret"), max_length=120, blank=True, help_text=_("DingTalk: starts with SEC")
    )
    kinds = models.JSONField(_("hears of"), default=list, blank=True)
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("task force"), help_text=_("empty: of all task forces"),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)

    objects = RobotQuerySet.as_manager()

    class Meta:
        verbose_name = _("group robot")
        verbose_name_plural = _("group robots")
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class OutgoingQuerySet(ScopedQuerySet):
    """Only the sender reads these rows."""

    def queue(self, message_id: str, **values) -> None:
        """Queue a message once: the same id again changes nothing."""
        self.bulk_create([self.model(message_id=message_id, **values)], ignore_conflicts=True)

    def due(self, moment):
        free = Q(leased_until=None) | Q(leased_until__lt=moment)
        return self.filter(free, sent_at=None, given_up_at=None, next_try_at__lte=moment)

    def take(self, moment, batch: int = 50) -> list:
        """Due messages, leased to the caller so that nobody else sends them meanwhile."""
        with transaction.atomic():
            rows = list(
                self.due(moment).select_for_update(skip_locked=_can_skip()).order_by("pk")[:batch]
            )
            self.filter(pk__in=[row.pk for row in rows]).update(leased_until=moment + LEASE)
        return rows

    def try_again(self, moment) -> int:
        """Begin anew with what was given up; returns how many messages."""
        given_up = self.filter(given_up_at__isnull=False)
        return given_up.update(attempts=0, given_up_at=None, next_try_at=moment)


def _can_skip() -> bool:
    return transaction.get_connection().features.has_select_for_update_skip_locked


class Outgoing(models.Model):
    """One message to a mail address, a robot or another system."""

    message_id = models.CharField(_("message id"), max_length=120, unique=True)
    robot = models.ForeignKey(
        Robot, models.CASCADE, null=True, blank=True, related_name="messages",
        verbose_name=_("group robot"),
    )  # fmt: skip
    recipient = models.ForeignKey(
        "crm.User", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("recipient"),
    )  # fmt: skip
    subscription = models.ForeignKey(
        "crm.Subscription", models.CASCADE, null=True, blank=True, related_name="messages",
        verbose_name=_("push of changes"),
    )  # fmt: skip
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    leased_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="outgoing_to_one",
                condition=Q(robot=None, recipient__isnull=False, subscription=None)
                | Q(robot__isnull=False, recipient=None, subscription=None)
                | Q(robot=None, recipient=None, subscription__isnull=False),
                violation_error_message=_("A message goes to a robot, a person or a system."),
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="outgoing_due",
                condition=Q(sent_at=None, given_up_at=None),
            )
        ]  # fmt: skip

    def __str__(self):
        return self.message_id

    def mark_sent(self, moment) -> None:
        self.sent_at, self.leased_until, self.last_error = moment, None, ""
        self.save(update_fields=["sent_at", "leased_until", "last_error"])

    def mark_failed(self, moment, error: str) -> None:
        """Try again later, or give up after the last attempt."""
        self.attempts, self.leased_until, self.last_error = self.attempts + 1, None, error[:200]
        if self.attempts > len(BACKOFF):
            self.given_up_at = moment
        else:
            self.next_try_at = moment + timedelta(minutes=BACKOFF[self.attempts - 1])
        self.save(
            update_fields=["attempts", "leased_until", "last_error", "given_up_at", "next_try_at"]
        )
