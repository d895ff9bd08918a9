"""Signings month by month, for lines and columns over the year."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min, Sum
from django.db.models.functions import TruncMonth

from crm.periods import Period

from .figures import ZERO
from .scope import Scope
from .signing import counting_deals


@dataclass(frozen=True)
class SigningMonth:
    """``count`` adds up to ``deals_signed`` of the period, ``yuan`` to ``signed_yuan``."""

    month: date
    count: int
    yuan: Decimal


def signed_by_month(scope: Scope, period: Period) -> list[SigningMonth]:
    """Projects by the month of their first counting deal, and money by its own; two queries.

    Months without either are left out.
    """
    deals = counting_deals(scope)
    firsts = deals.order_by().values("project").annotate(first=Min("signed_on"))
    counts: dict[date, int] = {}
    for first in firsts.filter(first__gte=period.start, first__lt=period.end).values_list(
        "first", flat=True
    ):
        month = first.replace(day=1)
        counts[month] = counts.get(month, 0) + 1
    by_month = deals.signed_in(period).order_by().annotate(month=TruncMonth("signed_on"))
    sums = dict(by_month.values_list("month").annotate(total=Sum("amount_yuan")))
    return [
        SigningMonth(month, counts.get(month, 0), sums.get(month) or ZERO)
        for month in sorted({*counts, *sums})
    ]
