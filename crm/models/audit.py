"""The audit trail: who did what, from where, chained so that nothing can be taken out unnoticed.

Changes of fields and stages have histories of their own; this is what no record would tell:
signing in, denials, exports, reveals, overrides, what administrators do.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.access import Role

from .base import ScopedQuerySet, everything, nothing

BEGINNING = "0" * 64
CHUNK = 5_000
_LOCK = 5_201_314  # any number, the same on every node


class Action(models.TextChoices):
    SIGNED_IN = "signed_in", _("signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("sign-in failed")
    LOCKED = "locked", _("locked after wrong passwords")
    SIGNED_OUT = "signed_out", _("signed out")
    DENIED = "denied", _("denied")
    EXPORTED = "exported", _("exported")
    IMPORTED = "imported", _("imported")
    IMPORT_UNDONE = "import_undone", _("import undone")
    REVEALED = "revealed", _("looked at a phone number")
    MERGED = "merged", pgettext_lazy("audit", "merged")
    MERGE_UNDONE = "merge_undone", _("merge undone")
    OVERRIDDEN = "overridden", _("requirements overridden")
    ACCOUNT_CHANGED = "account_changed", _("account changed")
    ROLE_GIVEN = "role_given", _("role given")
    PASSWORD_GIVEN = "password_given", _("password given")
    UNLOCKED = "unlocked", _("unlocked")
    FACTOR_SET_UP = "factor_set_up", _("second factor set up")
    FACTOR_REMOVED = "factor_removed", _("second factor removed")
    RULE_CHANGED = "rule_changed", _("rule changed")
    ANONYMISED = "anonymised", _("contact anonymised")
    PURGED = "purged", _("old entries removed")


class AuditQuerySet(ScopedQuerySet):
    """The auditor's alone."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role == Role.AUDITOR else nothing(at)

    def live(self):
        """Nothing here is ever archived."""
        return self

    def record(self, action: str, *, by=None, name="", address="", about=None, **detail):
        """Add an entry to the chain; call it last in a transaction, for it holds the chain's lock.

        ``detail`` is kept as JSON and never holds personal data. ``name`` stands for somebody who
        is not signed in.
        """
        with transaction.atomic():
            last = self._held_last()
            entry = self.model(
                number=last.number + 1 if last else 1, at=timezone.now(), action=action, by=by,
                name=name or (by.username if by else ""), address=address or None,
                about=about._meta.model_name if about else "",
                about_id=about.pk if about else None,
                detail=json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str),
                previous=last.digest if last else BEGINNING,
            )  # fmt: skip
            entry.digest = entry.computed()
            entry.save(force_insert=True)
        return entry

    def _held_last(self):
        """The newest entry, with the chain held until the transaction ends.

        SQLite has one writer at a time anyway, as every transaction of ours begins as one.
        """
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        return self.order_by("-number").first()

    def verified(self) -> "Verdict":
        """Walk the whole chain; says where it is broken first, if it is."""
        count, previous, last = 0, None, None
        for entry in self.order_by("number").iterator(chunk_size=CHUNK):
            expected = last.number + 1 if last else entry.number
            broken = entry.number != expected or entry.digest != entry.computed()
            if broken or (previous is not None and entry.previous != previous):
                return Verdict(count=count, broken_at=expected, head=previous or BEGINNING)
            count, previous, last = count + 1, entry.digest, entry
        return Verdict(count=count, broken_at=None, head=previous or BEGINNING)

    def purge(self, *, on) -> int:
        """Remove what is older than the retention, which the database allows; leaves an entry."""
        limit = on - timedelta(days=settings.AUDIT_DAYS)
        with transaction.atomic():
            old = self.filter(at__lt=limit).order_by("number")
            last = old.last()
            count = old.delete()[0]
            if last:
                self.record(
                    Action.PURGED, count=count, last_number=last.number, last_digest=last.digest
                )
        return count


@dataclass(frozen=True)
class Verdict:
    """``broken_at`` is the number of the first entry that is missing or was changed, None: none."""

    count: int
    broken_at: int | None
    head: str


class AuditEntry(models.Model):
    """One thing that was done; the database refuses to change or to take out a recent one."""

    number = models.BigIntegerField(_("no."), primary_key=True)
    at = models.DateTimeField(_("when"), db_index=True)
    action = models.CharField(_("what"), max_length=20, choices=Action.choices)
    by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    name = models.CharField(_("account"), max_length=150, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True)
    about = models.CharField(_("about"), max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    detail = models.TextField(_("details"), default="{}")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["action", "-number"], name="audit_by_action"),
            models.Index(fields=["by", "-number"], name="audit_by_person"),
        ]

    def __str__(self):
        return f"{self.number} {self.get_action_display()}"

    def computed(self) -> str:
        """SHA-256 over everything in the entry and the digest of the one before it."""
        content = [
            self.previous, self.number, self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.action, self.by_id, self.name, self.address or "", self.about, self.about_id,
            self.detail,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    @property
    def details(self) -> dict:
        return json.loads(self.detail)
