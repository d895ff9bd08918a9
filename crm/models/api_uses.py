"""How much each system took out: rows by kind and day."""

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.periods import today

from .base import ScopedQuerySet


class ApiUseQuerySet(ScopedQuerySet):
    """Shown with its token alone."""

    def add(self, token, kind: str, rows: int) -> bool:
        """Count rows that were read; says whether it is the first time on this day."""
        counted = self.filter(token=token, kind=kind, day=today())
        if counted.update(rows=F("rows") + rows):
            return False
        try:
            with transaction.atomic():
                self.create(token=token, kind=kind, day=today(), rows=rows)
        except IntegrityError:  # another request of this moment was first
            counted.update(rows=F("rows") + rows)
            return False
        return True


class ApiUse(models.Model):
    """Rows of one kind that a system read on one day."""

    token = models.ForeignKey("crm.ApiToken", models.CASCADE, related_name="uses")
    kind = models.CharField(max_length=16)
    day = models.DateField()
    rows = models.PositiveBigIntegerField()

    objects = ApiUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="api_use_once_a_day",
                fields=["token", "kind", "day"],
                violation_error_message=_("This day of the system is already counted."),
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.day}"
