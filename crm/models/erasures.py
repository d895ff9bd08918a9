"""Personal data that was erased on a person's request: who did it, why, and how much there was."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import Role

from .base import ScopedQuerySet, everything, nothing


class ErasureQuerySet(ScopedQuerySet):
    """The bureau does it; the auditor may look whether and why it was done."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role in {Role.BUREAU, Role.AUDITOR} else nothing(at)

    def of(self, contact):
        return self.filter(contact_key=contact.pk)


class Erasure(models.Model):
    """One anonymised contact. ``found``: rows that named the person, by kind of record.

    While ``finished_at`` is empty, which no other transaction ever sees, the database lets the
    texts of the histories be blackened (``erasing``). Holds nothing of the person itself.
    """

    contact_key = models.BigIntegerField(_("contact"))
    reason = models.CharField(_("reason"), max_length=300)
    found = models.JSONField(_("rows"), default=dict)
    by = models.ForeignKey("crm.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    finished_at = models.DateTimeField(null=True, editable=False)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("anonymised contact")
        verbose_name_plural = _("anonymised contacts")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="erasure_once",
                fields=["contact_key"],
                violation_error_message=_("This contact is anonymised already."),
            ),
            models.CheckConstraint(
                name="erasure_has_reason",
                condition=~models.Q(reason=""),
                violation_error_message=_("An erasure needs its reason."),
            ),
        ]

    def __str__(self):
        return f"{self.contact_key} {self.at:%Y-%m-%d}"
