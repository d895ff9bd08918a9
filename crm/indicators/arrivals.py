"""Money that arrived (到位资金): confirmed arrivals only, each in its own month.

Source of the definitions: the bureau's reference of indicators (到位资金, 资金到位率).
"""

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Arrival
from crm.periods import Period

from .figures import ZERO, Kind, MonthRow, indicator, ratio
from .scope import Scope
from .signing import cohort, counting_deals

FROM_OUTSIDE = Sum("amount_yuan", filter=Q(origin=Arrival.Origin.OUTSIDE))


def confirmed(scope: Scope):
    return scope.rows(Arrival).confirmed().filter(project__archived_at=None)


def confirmed_in(scope: Scope, period: Period):
    return confirmed(scope).arrived_in(period)


@indicator(
    _("money arrived"),
    pgettext_lazy("unit", "yuan"),
    _("Confirmed money that arrived in the period, for projects signed in any year."),
    Kind.YUAN,
)
def arrived_yuan(scope: Scope, period: Period):
    """到位资金; parts: from outside and inside the province, and of this period's signings."""
    signings = cohort(scope, period).values("pk")
    found = confirmed_in(scope, period).aggregate(
        value=Sum("amount_yuan"),
        outside=FROM_OUTSIDE,
        own=Sum("amount_yuan", filter=Q(project__in=signings)),
    )
    total, outside = found["value"] or ZERO, found["outside"] or ZERO
    parts = {"outside": outside, "inside": total - outside, "own_signings": found["own"] or ZERO}
    return {"value": total, "parts": parts}


def arrived_by_month(scope: Scope, period: Period) -> list[MonthRow]:
    """Confirmed money by month, months without any left out; adds up to ``arrived_yuan``."""
    months = confirmed_in(scope, period).order_by("month").values_list("month")
    rows = months.annotate(total=Sum("amount_yuan"), outside=FROM_OUTSIDE)
    return [MonthRow(month, total, outside or ZERO) for month, total, outside in rows]


@indicator(
    _("share of contract sums arrived"),
    "%",
    _("Money arrived so far for the projects signed in the period ÷ their contract sums."),
    Kind.RATE,
)
def arrival_rate(scope: Scope, period: Period):
    """资金到位率: arrivals up to the cut ÷ contract sum, both of the projects signed in T."""
    signings = cohort(scope, period).values("pk")
    arrived = confirmed(scope).filter(project__in=signings, month__lt=period.end)
    deals = counting_deals(scope).filter(project__in=signings).signed_in(period)
    numerator = arrived.aggregate(total=Sum("amount_yuan"))["total"] or ZERO
    denominator = deals.aggregate(total=Sum("amount_yuan"))["total"] or ZERO
    unknown = deals.filter(amount_yuan=None).count()
    return ratio(numerator, denominator) | {"unknown": unknown}
