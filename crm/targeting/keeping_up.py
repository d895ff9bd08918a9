"""The rhythm of contacts with key firms: when each was last talked to, when it is due again."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, F, IntegerField, Q, Value, When

from crm.models import Company, Visit
from crm.models.targeting import overdue_q, with_rhythm


@dataclass(frozen=True)
class KeyFirm:
    """When a key firm is due; ``days_late`` 0 on time, None where it was never talked to."""

    every_days: int
    last_on: date | None
    due_on: date | None
    days_late: int | None

    @property
    def is_late(self) -> bool:
        return self.days_late is None or self.days_late > 0


def key_firms(reader, on: date):
    """Key firms open to the reader with rhythm, the late ones first, the longest silence on top."""
    firms = Company.objects.live().open_to(reader).key_companies()
    visits = Visit.objects.live().open_to(reader)
    return (
        with_rhythm(firms, visits)
        .annotate(
            is_late=Case(When(overdue_q(on), then=Value(1)), default=Value(0),
                         output_field=IntegerField())
        )
        .order_by("-is_late", F("last_contact_on").asc(nulls_first=True), "sort_key", "pk")
        .select_related("owning_team", "region")
    )  # fmt: skip


def late_ones(firms):
    return firms.filter(Q(is_late=1))


def rhythm_of(firm: Company, on: date) -> KeyFirm:
    """In words of days, for a row of ``key_firms``."""
    last = firm.last_contact_on
    due = last + timedelta(days=firm.every_days) if last else None
    late = max((on - due).days, 0) if due else None
    return KeyFirm(firm.every_days, last, due, late)
