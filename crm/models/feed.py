"""The feed of changes: one line for each, in an order in which nothing is ever skipped.

A line's key says when it was written, not when it was committed: a slow transaction brings in lower
keys after higher ones were read. What readers follow is therefore ``position``, which committed
lines are given under one lock, for all nodes together.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import ScopedQuerySet

BATCH = 5_000
_LOCK = 5_201_315  # any number of its own, the same on every node
_PLACE = """
UPDATE crm_feedentry SET position = %s + placed.place
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place
      FROM crm_feedentry WHERE position IS NULL ORDER BY id LIMIT %s) AS placed
WHERE crm_feedentry.id = placed.id
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FeedGone(Exception):
    """The place in the feed is no longer there: too old, or of a database since restored."""


class FeedQuerySet(ScopedQuerySet):
    """Read through the API alone, with the scope of the row itself."""

    def place_committed(self) -> None:
        """Give every committed line its position, once; cheap where there is nothing new."""
        while self.filter(position=None).exists():
            with transaction.atomic():
                self._hold()
                last = self.aggregate(last=Max("position"))["last"] or 0
                with connection.cursor() as cursor:
                    cursor.execute(_PLACE, [last, BATCH])
                if cursor.rowcount < BATCH:
                    return

    def _hold(self) -> None:
        """One at a time; SQLite has one writer anyway, as all our transactions begin as one."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])

    def place_of_end(self) -> tuple[int, int]:
        """Position and stamp behind everything that was committed until now."""
        self.place_committed()
        last = self.exclude(position=None).order_by("position").last()
        return (last.position, last.stamp) if last else (0, 0)

    def after(self, position: int, stamp: int):
        """Lines behind a place, in their order; raises FeedGone when that place is not there.

        The stamp is the moment of the line: after a restore another line may stand at its place.
        """
        if position == 0:
            is_there = (self.aggregate(first=Min("position"))["first"] or 1) == 1
        else:
            line = self.filter(position=position).first()
            is_there = line is not None and line.stamp == stamp
        if not is_there:
            raise FeedGone
        return self.filter(position__gt=position).order_by("position")

    def forget_old(self, moment) -> int:
        """Remove what is older than kept; the newest line stays, as the next one counts on."""
        last = self.aggregate(last=Max("position"))["last"] or 0
        old = Q(at__lt=moment - timedelta(days=settings.FEED_DAYS), position__lt=last)
        return self.filter(old).delete()[0]


class FeedEntry(models.Model):
    """That a row of a kind was created, changed, archived, restored or removed; no content."""

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        CHANGED = "changed", _("changed")
        ARCHIVED = "archived", _("archived")
        RESTORED = "restored", _("brought back")
        REMOVED = "removed", _("removed for good")

    position = models.BigIntegerField(null=True, unique=True)
    kind = models.CharField(max_length=16)
    record_id = models.BigIntegerField()
    action = models.CharField(max_length=8, choices=Action.choices)
    at = models.DateTimeField(default=timezone.now)
    # Whose the row was before: whoever it was taken from is told that it is gone.
    team_before = models.BigIntegerField(null=True)
    park_before = models.BigIntegerField(null=True)
    parent_id = models.BigIntegerField(null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="feed_not_placed", condition=Q(position=None)),
            models.Index(fields=["at"], name="feed_by_age"),
        ]

    def __str__(self):
        return f"{self.kind} {self.record_id} {self.action}"

    @property
    def stamp(self) -> int:
        """The moment in microseconds since 1970."""
        return (self.at - _EPOCH) // timedelta(microseconds=1)
