"""The same figures by park: a project and its money belong to the park it is meant for, whole."""

from django.db.models import Count, Sum

from crm.models import Project
from crm.periods import Period
from crm.stages import Stage

from .arrivals import confirmed_in
from .scope import Scope
from .signing import cohort, counting_deals


def deals_by_park(scope: Scope, period: Period) -> dict:
    """Projects signed by park; the key None is what no park was chosen for."""
    return _grouped(cohort(scope, period), "park", Count("pk"))


def signed_by_park(scope: Scope, period: Period) -> dict:
    """Amount signed by the park of the project; adds up to ``signed_yuan``."""
    deals = counting_deals(scope).signed_in(period).filter(amount_yuan__isnull=False)
    return _grouped(deals, "project__park", Sum("amount_yuan"))


def arrived_by_park(scope: Scope, period: Period) -> dict:
    """Money arrived by the park of the project; adds up to ``arrived_yuan``."""
    return _grouped(confirmed_in(scope, period), "project__park", Sum("amount_yuan"))


def reserve_by_park(scope: Scope, period: Period) -> dict:
    """Reserve projects by the park they are meant for."""
    pool = scope.rows(Project).standing_in(Stage.RESERVE, period.cut)
    return _grouped(pool, "park", Count("pk"))


BY_PARK = {
    "deals_signed": deals_by_park,
    "signed_yuan": signed_by_park,
    "arrived_yuan": arrived_by_park,
    "reserve_projects": reserve_by_park,
}


def _grouped(rows, park: str, measure) -> dict:
    """{id of the park: measure}; one query."""
    return dict(rows.order_by().values_list(park).annotate(measured=measure))
