"""Going out and receiving: task forces, trips, visits, guests, key firms reached.

Source of the definitions: the bureau's reference of indicators, as written in domain terms there
(外出招商批次, 拜访家次/家数, 接待客商批次/人次, 重点企业覆盖率).
"""

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Company, TaskForce, Trip, Visit
from crm.periods import Period

from .figures import Kind, indicator, ratio
from .scope import Scope


def outbound_visits(scope: Scope, period: Period):
    return scope.rows(Visit).outbound().held_in(period)


@indicator(
    _("task forces"),
    pgettext_lazy("unit", "task forces"),
    _("Task forces that existed on the last day of the period."),
)
def task_forces(scope: Scope, period: Period):
    """Task forces set up by the cut and not dissolved before it; without dates: those in use."""
    rows = scope.rows(TaskForce).filter(
        Q(set_up_on=None) | Q(set_up_on__lte=period.cut),
        Q(dissolved_on=None, is_disabled=False) | Q(dissolved_on__gte=period.cut),
    )
    return {"value": rows.count()}


@indicator(
    _("outbound trips"),
    pgettext_lazy("unit", "trips"),
    _("Outbound trips that start in the period; one trip is one, however many cities or teams."),
)
def trips(scope: Scope, period: Period):
    """外出招商批次: trips by their first day; a joint trip is one for the city."""
    return {"value": scope.rows(Trip).started_in(period).count()}


@indicator(
    _("visits to firms"),
    pgettext_lazy("unit", "visits"),
    _("Outbound visits in the period, one per firm met; calls and online meetings are not visits."),
)
def visits(scope: Scope, period: Period):
    """拜访家次: outbound visits × firms met (a visit row is one firm)."""
    return {"value": outbound_visits(scope, period).count()}


@indicator(
    _("firms visited"),
    pgettext_lazy("unit", "firms"),
    _("Distinct firms met on outbound visits in the period; calls and online do not count."),
)
def firms_visited(scope: Scope, period: Period):
    """拜访家数: distinct firms of outbound visits; a firm met by two teams is one in the city."""
    met = outbound_visits(scope, period)
    return met.aggregate(value=Count("company", distinct=True))


@indicator(
    _("delegations received"),
    pgettext_lazy("unit", "delegations"),
    _("Inbound visits in the period; the number of guests stands beside it."),
)
def delegations_received(scope: Scope, period: Period):
    """接待客商批次; parts: guests (人次) and how many visits do not say how many came."""
    received = scope.rows(Visit).filter(mode=Visit.Mode.INBOUND).held_in(period)
    found = received.aggregate(
        value=Count("pk"),
        guests=Sum("guest_count"),
        unknown=Count("pk", filter=Q(guest_count=None)),
    )
    return {
        "value": found["value"],
        "unknown": found["unknown"],
        "parts": {"guests": found["guests"] or 0},
    }


@indicator(
    _("key firms reached"),
    "%",
    _("Key firms visited in the period ÷ key firms on the list."),
    Kind.RATE,
)
def coverage(scope: Scope, period: Period):
    """重点企业覆盖率: key firms with an outbound visit in T ÷ key firms now on the list."""
    met = outbound_visits(scope, period).values("company")
    found = (
        scope.rows(Company)
        .key_companies()
        .aggregate(met=Count("pk", filter=Q(pk__in=met)), listed=Count("pk"))
    )
    return ratio(found["met"], found["listed"])
