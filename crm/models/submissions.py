"""Forms that were sent: a second click on “save” leads to the record the first one made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import ScopedQuerySet


class Submission(models.Model):
    """The token of an add form and where its record stands."""

    token = models.UUIDField(_("token"), primary_key=True)
    user = models.ForeignKey("crm.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    url = models.CharField(_("address of the record"), max_length=200)
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")

    def __str__(self):
        return self.url
