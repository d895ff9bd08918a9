"""Requests of other systems that were carried out: the same key again writes nothing twice."""

from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import ScopedQuerySet

KEPT = timedelta(days=30)


class ApiAnswerQuerySet(ScopedQuerySet):
    """Read by nobody but the API itself."""

    def claim(self, token, key: str, digest: str) -> tuple["ApiAnswer", bool]:
        """The row of this key, and whether it was made just now; call it in a transaction.

        Of two requests at once the second waits here until the first is done or has failed.
        """
        try:
            with transaction.atomic():
                return self.create(token=token, key=key, digest=digest), True
        except IntegrityError:
            return self.get(token=token, key=key), False

    def forget_old(self, moment) -> int:
        return self.filter(made_at__lt=moment - KEPT).delete()[0]


class ApiAnswer(models.Model):
    """What a key stands for: which request, and which row came of it.

    The answer itself is not kept: it may name people, who can ask to be forgotten.
    """

    token = models.ForeignKey("crm.ApiToken", models.CASCADE, related_name="answers")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    record_id = models.BigIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ApiAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="api_key_once",
                fields=["token", "key"],
                violation_error_message=_("This key of the system was used before."),
            )
        ]

    def __str__(self):
        return self.key

    def keep(self, record_id: int, status: int) -> None:
        self.record_id, self.status = record_id, status
        self.save(update_fields=["record_id", "status"])
