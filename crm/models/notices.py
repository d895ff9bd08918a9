"""What people are told in the app; what it is about is looked up in their scope when they read."""

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of

from .base import ScopedQuerySet, where
from .outbox import Outgoing, Robot

# What concerns more than one person; only this is repeated in group chats.
FOR_GROUPS = {"proposal", "decided", "request", "overdue", "directive", "conflict"}


class NoticeQuerySet(ScopedQuerySet):
    """Everybody's notices are their own."""

    @classmethod
    def visible_q(cls, user, at=""):
        return where(at, recipient=user.pk)

    @classmethod
    def editable_q(cls, user, at=""):
        return cls.visible_q(user, at)

    def unread(self):
        return self.filter(read_at=None)

    def tell(self, people, kind: str, record, *, key: str, by=None) -> None:
        """Put a notice into the inbox of each of the people, once per ``key``; never to oneself.

        Robots that were asked to hear of this kind get one message through the outbox.
        """
        moment = timezone.now()
        rows = [
            self.model(
                recipient_id=pk, kind=kind, model=record._meta.model_name, record_id=record.pk,
                by=by, key=key, at=moment,
            )
            for pk in dict.fromkeys(person.pk for person in people)
            if by is None or pk != by.pk
        ]  # fmt: skip
        self.bulk_create(rows, ignore_conflicts=True)
        if kind not in FOR_GROUPS:
            return
        label = Notice.Kind(kind).label
        for robot in Robot.objects.hearing(kind, getattr(record, "task_force_id", None)):
            Outgoing.objects.queue(
                f"{key}-robot-{robot.pk}", robot=robot, body=f"{label}：{public_label(record)}"
            )

    def read_all(self) -> int:
        return self.unread().update(read_at=timezone.now())


class Notice(models.Model):
    """One line in somebody's inbox."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("mentioned you")
        ASSIGNED = "assigned", _("assigned to you")
        PROPOSAL = "proposal", _("proposal waiting")
        DECIDED = "decided", _("proposal decided")
        REQUEST = "request", _("request to your unit")
        ANSWER = "answer", _("answered")
        OVERDUE = "overdue", _("past its deadline")
        DIRECTIVE = "directive", _("leader's directive")
        CONFLICT = "conflict", _("conflict")
        PROTECTION = "protection", _("protection ends soon")
        FOLLOW_UP = "follow_up", _("follow-up due")
        COMMITMENT = "commitment", _("commitment due")
        FACTOR = "factor", _("factor guarantee due")
        KEY_FIRM = "key_firm", _("key firm to be contacted")

    recipient = models.ForeignKey(
        "crm.User", models.CASCADE, related_name="notices", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    model = models.CharField(_("kind of record"), max_length=40)
    record_id = models.BigIntegerField(_("record"))
    by = models.ForeignKey(
        "crm.User", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    key = models.CharField(_("key"), max_length=80)
    at = models.DateTimeField(_("when"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    digest = models.ForeignKey(
        "crm.Digest", models.SET_NULL, null=True, blank=True, related_name="notices",
        verbose_name=_("digest"),
    )  # fmt: skip

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="notice_once",
                fields=["recipient", "key"],
                violation_error_message=_("This was told already."),
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient"], condition=Q(read_at=None), name="notice_unread"
            ),
            models.Index(fields=["recipient", "-at", "-id"], name="notice_of_person"),
        ]  # fmt: skip

    def __str__(self):
        return self.get_kind_display()


class Digest(models.Model):
    """The mail of one day to one person; what is in it is in no other."""

    recipient = models.ForeignKey(
        "crm.User", models.CASCADE, related_name="digests", verbose_name=_("recipient")
    )
    day = models.DateField(_("day"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.UniqueConstraint(
                name="digest_once_a_day",
                fields=["recipient", "day"],
                violation_error_message=_("This digest was made already."),
            )
        ]

    def __str__(self):
        return f"{self.day} {self.recipient}"


def records_of(notices, user) -> dict:
    """The records behind notices, by (model, key), as far as the reader may open them now."""
    wanted: dict = {}
    for notice in notices:
        wanted.setdefault(notice.model, set()).add(notice.record_id)
    return {
        (name, row.pk): row
        for name, keys in wanted.items()
        if f"view_{name}" in permissions_of(user.role)
        for row in apps.get_model("crm", name).objects.filter(pk__in=keys).open_to(user)
    }


def public_label(record) -> str:
    """A name that may leave the system: the code name where a project is confidential."""
    project_model = apps.get_model("crm", "Project")
    project = record if isinstance(record, project_model) else getattr(record, "project", None)
    if project is not None:
        return project.code_name if project.is_confidential else project.name
    company = getattr(record, "company", None)
    if company is not None or record._meta.model_name == "company":
        return str(company or record)
    return str(record._meta.verbose_name)
