"""The rows behind the figures that a frozen month keeps."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min

from crm.indicators import Scope
from crm.indicators.arrivals import confirmed_in
from crm.indicators.signing import counting_deals, first_signed_in
from crm.models import Project
from crm.periods import Period
from crm.stages import Stage

# Figures of what happened in a month: a correction of them belongs to the month and is added to
# the next. The reserve pool is a state: it is listed, and stands anew in every month.
FLOWS = ("deals_signed", "signed_yuan", "arrived_yuan")
LISTED = (*FLOWS, "reserve_projects")


@dataclass(frozen=True)
class Line:
    """One row behind a figure: a project, deal or arrival, its day and its amount."""

    key: str
    source: int
    project_id: int
    on: date
    amount_yuan: Decimal | None = None

    @property
    def of_month(self) -> date:
        return self.on.replace(day=1)


def lines_of(scope: Scope, key: str, period: Period) -> list[Line]:
    """The rows that an indicator counts in a period, by day."""
    return sorted(_FINDERS[key](scope, period), key=lambda line: (line.on, line.source))


def _signed_projects(scope, period):
    deals = counting_deals(scope)
    projects = first_signed_in(deals, period)
    firsts = deals.filter(project__in=projects).order_by().values_list("project")
    for project, first in firsts.annotate(first=Min("signed_on")):
        yield Line("deals_signed", project, project, first)


def _signed_deals(scope, period):
    rows = counting_deals(scope).signed_in(period)
    for pk, project, on, amount in rows.values_list("pk", "project", "signed_on", "amount_yuan"):
        yield Line("signed_yuan", pk, project, on, amount)


def _arrivals(scope, period):
    rows = confirmed_in(scope, period)
    for pk, project, on, amount in rows.values_list("pk", "project", "month", "amount_yuan"):
        yield Line("arrived_yuan", pk, project, on, amount)


def _reserve(scope, period):
    pool = scope.rows(Project).standing_in(Stage.RESERVE, period.cut)
    for pk, amount in pool.order_by().values_list("pk", "planned_yuan"):
        yield Line("reserve_projects", pk, pk, period.cut, amount)


_FINDERS = {
    "deals_signed": _signed_projects,
    "signed_yuan": _signed_deals,
    "arrived_yuan": _arrivals,
    "reserve_projects": _reserve,
}
