"""Factor guarantees in figures: what waits, what is late, what is difficult, and who owes it."""

from django.db.models import Count, F, Min, Q

from crm.factors import Factor, FactorState
from crm.models import FactorGuarantee
from crm.periods import Period

from .scope import Scope

LAND_AND_POWER = (Factor.LAND, Factor.POWER, Factor.GREEN_POWER)


def waiting(scope: Scope, period: Period):
    """Lines not settled, of active projects."""
    return scope.rows(FactorGuarantee).waiting()


def late(scope: Scope, period: Period):
    """Lines not settled whose deadline lies before the cut."""
    return scope.rows(FactorGuarantee).overdue(period.cut)


def difficult(scope: Scope, period: Period):
    return scope.rows(FactorGuarantee).difficult()


def troubled(scope: Scope, period: Period):
    """Late or in difficulty."""
    rows = waiting(scope, period)
    return rows.filter(Q(due_on__lt=period.cut) | Q(state=FactorState.DIFFICULT))


def land_power_troubled(scope: Scope, period: Period):
    """Of these, the lines of land and power."""
    return troubled(scope, period).filter(factor__in=LAND_AND_POWER)


def counted(cut) -> dict:
    """Aggregates of a group of waiting lines."""
    return {
        "open": Count("pk"),
        "late": Count("pk", filter=Q(due_on__lt=cut)),
        "difficult": Count("pk", filter=Q(state=FactorState.DIFFICULT)),
        "oldest": Min("due_on", filter=Q(due_on__lt=cut)),
    }


def in_order(rows):
    """The longest late first, undated last."""
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")
