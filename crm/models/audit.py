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
    BULK_CHANGED = "bulk_changed", _("many rows changed")
    BULK_UNDONE = "bulk_undone", _("change of many rows taken back")
    ARCHIVED = "archived", _("archived")
    RESTORED = "restored", _("brought back from the archive")
    REMOVED = "removed", _("removed for good")
    MEMBERSHIP_CHANGED = "membership_changed", _("membership of a task force changed")
    CIRCLE_CHANGED = "circle_changed", _("circle of a confidential project changed")
    SAMPLE_CLEARED = "sample_cleared", _("sample data cleared")
    TOKEN_MADE = "token_made", _("token of a system made")
    TOKEN_CHANGED = "token_changed", _("token of a system changed")
    TOKEN_REVOKED = "token_revoked", _("token of a system revoked")
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
        rows = self.order_by("number").values_list(*COLUMNS)
        return walk(rows.iterator(chunk_size=CHUNK), *self._before_the_first())

    def _before_the_first(self) -> tuple[int, str]:
        """Number and digest of the last entry that the retention removed; else the beginning."""
        if purge := self.filter(action=Action.PURGED).order_by("-number").first():
            return purge.details["last_number"], purge.details["last_digest"]
        return 0, BEGINNING

    def lost_of(self, heads: list[str]) -> list[str]:
        """Which of these digests, noted when each was the newest, stand in the trail no more.

        The chain alone cannot tell that its newest end was cut off. What the retention removed
        is no loss: only digests younger than it are to be asked for.
        """
        kept = set(self.filter(digest__in=heads).values_list("digest", flat=True))
        gone = {digest for _number, digest in [self._before_the_first()]}
        return [head for head in heads if head not in kept | gone]

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


COLUMNS = (
    "digest", "previous", "number", "at", "action", "by_id", "name", "address", "about",
    "about_id", "detail",
)  # fmt: skip


def walk(rows, number: int = 0, digest: str = BEGINNING) -> Verdict:
    """Judge entries in the order of their numbers, each a tuple of ``COLUMNS``.

    ``number`` and ``digest`` are those of the entry before the first one.
    """
    count = 0
    for written, *content in rows:
        number += 1
        previous, its_number = content[:2]
        if (its_number, previous) != (number, digest) or written != digest_of(*content):
            return Verdict(count=count, broken_at=number, head=digest)
        count, digest = count + 1, written
    return Verdict(count=count, broken_at=None, head=digest)


def digest_of(previous, number, at, action, by, name, address, about, about_id, detail) -> str:
    """SHA-256 over everything in an entry and the digest of the one before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [previous, number, moment, action, by, name, address or "", about, about_id, detail]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


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
        return digest_of(*(getattr(self, name) for name in COLUMNS[1:]))

    @property
    def details(self) -> dict:
        return json.loads(self.detail)
