"""Rights held by whoever knows a secret: only its digest is kept, and they can be taken back."""

import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import Record


def new_secret() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class Revocable(Record):
    """A right with its secret: made when the row is, shown once, revoked for good."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("revoked by"),
    )  # fmt: skip

    prefix = ""
    # The secret itself, only on the object that was just made.
    secret = ""

    class Meta(Record.Meta):
        abstract = True

    never_judged = Record.never_judged | {"digest"}

    def sign(self, user):
        super().sign(user)
        if not self.digest:
            self.secret = self.prefix + new_secret()
            self.digest = digest_of(self.secret)

    def revoke(self, *, by) -> None:
        """Take the right back for good: what it opened stays shut from the next request on."""
        if self.revoked_at is not None:
            raise ValidationError(_("This is already revoked."), code="revoked")
        self.revoked_at, self.revoked_by = timezone.now(), by
        self.save_as(by)
