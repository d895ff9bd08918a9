"""Merges of two records into one: what was moved, so that it can be taken back."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import Role

from .base import ScopedQuerySet, everything, nothing

UNDO_DAYS = 30


class MergeQuerySet(ScopedQuerySet):
    """The bureau's; nobody else reads what was merged from which row."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)

    def into(self, record):
        """Merges that another record of the kind came into this one by, still in force."""
        return self.filter(kind=record._meta.model_name, keeper_id=record.pk, undone_at=None)

    def of(self, record):
        """The merge that this record went into another one by, still in force."""
        return self.filter(kind=record._meta.model_name, loser_id=record.pk, undone_at=None)


class Merge(models.Model):
    """One merge. ``journal`` holds keys, versions and former values, as ``crm.merging`` left them.

    There are no foreign keys to the two records: of every kind there may be merges.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        CONTACT = "contact", _("contact")
        PROJECT = "project", _("project")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    keeper_id = models.BigIntegerField(_("kept record"))
    keeper_name = models.CharField(_("kept"), max_length=200)
    loser_id = models.BigIntegerField(_("merged record"))
    loser_name = models.CharField(_("merged"), max_length=200)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="+", verbose_name=_("merged by")
    )
    at = models.DateTimeField(_("merged at"), default=timezone.now)
    journal = models.JSONField(default=dict)
    undone_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("taken back by"),
    )  # fmt: skip
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    left = models.JSONField(_("left as it is"), default=list)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["kind", "loser_id"], name="merge_of_loser"),
            models.Index(fields=["kind", "keeper_id"], name="merge_into_keeper"),
        ]

    def __str__(self):
        return f"{self.loser_name} → {self.keeper_name}"

    @property
    def undo_until(self):
        return self.at + timedelta(days=UNDO_DAYS)

    def may_be_undone(self) -> bool:
        return bool(self.journal) and self.undone_at is None and timezone.now() <= self.undo_until
