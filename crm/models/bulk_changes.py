"""Changes of many rows at once, kept cell by cell so that they can be taken back."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import BUSINESS_ROLES

from .base import ScopedQuerySet, nothing, where

UNDO_DAYS = 30


class ChangeSetQuerySet(ScopedQuerySet):
    """Whoever made a change sees it and may take it back."""

    @classmethod
    def visible_q(cls, user, at=""):
        return where(at, made_by=user.pk) if user.role in BUSINESS_ROLES else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return where(at, undone_at=None)


class ChangeSet(models.Model):
    """One bulk edit or hand-over: what it did and what it left out."""

    class Kind(models.TextChoices):
        BULK = "bulk", _("bulk edit")
        HAND_OVER = "hand_over", _("hand-over")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    label = models.CharField(_("what was changed"), max_length=300)
    back_to = models.CharField(_("where it began"), max_length=500)
    left_out = models.JSONField(_("left out"), default=list)
    made_by = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    made_at = models.DateTimeField(_("changed at"), default=timezone.now)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    not_undone = models.JSONField(_("not taken back"), default=list)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of many rows")
        verbose_name_plural = _("changes of many rows")
        ordering = ["-id"]

    def __str__(self):
        return self.label

    @property
    def may_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() < self.undo_until

    @property
    def undo_until(self):
        return self.made_at + timezone.timedelta(days=UNDO_DAYS)

    def counts(self) -> list[dict]:
        """How many rows of each kind were changed."""
        found = self.rows.values("model").annotate(count=models.Count("pk")).order_by("model")
        names = {m._meta.model_name: m._meta.verbose_name_plural for m in _models()}
        return [{"name": names[row["model"]], "count": row["count"]} for row in found]


class ChangedRow(models.Model):
    """One row of a change: the values of the touched columns before and after."""

    change_set = models.ForeignKey(
        ChangeSet, models.CASCADE, related_name="rows", verbose_name=_("change of many rows")
    )
    model = models.CharField(_("kind of record"), max_length=40)
    row_id = models.BigIntegerField(_("record"))
    before = models.JSONField(_("before"), encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), encoder=DjangoJSONEncoder)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("changed row")
        verbose_name_plural = _("changed rows")
        ordering = ["id"]

    def __str__(self):
        return f"{self.model} {self.row_id}"


def _models():
    return ChangeSet._meta.app_config.get_models()
