"""The same figures by task force (单位口径).

Money and signings are split by the credit shares of each project, exactly: the rows of a split
figure add up to the city's total. Trips and visits are whole in every team that took part, so
their rows do not add up: the city's figure is the union, never the sum.
"""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from crm.models import CreditShare, Project, TaskForce, Trip
from crm.periods import Period
from crm.stages import Stage

from .activity import outbound_visits
from .arrivals import confirmed_in
from .figures import REGISTRY, Figure, Kind, TeamRow
from .scope import Scope
from .signing import cohort, counting_deals

FEN = Decimal("0.01")


def signed_by_team(scope: Scope, period: Period) -> list[TeamRow]:
    """Amount signed × credit share; adds up to ``signed_yuan`` to the fen."""
    deals = counting_deals(scope).signed_in(period).filter(amount_yuan__isnull=False)
    return _team_rows(_split(deals, Sum("amount_yuan"), at="project__"), quantum=FEN)


def arrived_by_team(scope: Scope, period: Period) -> list[TeamRow]:
    """Money arrived × credit share; adds up to ``arrived_yuan`` to the fen."""
    money = confirmed_in(scope, period)
    return _team_rows(_split(money, Sum("amount_yuan"), at="project__"), quantum=FEN)


def deals_by_team(scope: Scope, period: Period) -> list[TeamRow]:
    """Projects signed as Σ share (0.5 for half a project); adds up to ``deals_signed``."""
    parts = _split(cohort(scope, period), Count("pk", distinct=True), at="")
    return _team_rows(parts, quantum=FEN)


def deals_led_by_team(scope: Scope, period: Period) -> list[TeamRow]:
    """Projects signed by main team: every project is 1 for the team that leads it."""
    groups = cohort(scope, period).order_by().values_list("lead_team").annotate(Count("pk"))
    return _named(dict(groups))


def trips_by_team(scope: Scope, period: Period) -> list[TeamRow]:
    """Trips each team led or joined; a joint trip is one in every team's row."""
    started = scope.rows(Trip).started_in(period).values("pk")
    joined = Q(joint_trips__in=started) & ~Q(joint_trips__task_force=F("pk"))
    led = Count("trips", filter=Q(trips__in=started), distinct=True)
    counts = TaskForce.objects.annotate(n=led + Count("joint_trips", filter=joined, distinct=True))
    return _named(dict(counts.filter(n__gt=0).values_list("pk", "n")))


def firms_by_team(scope: Scope, period: Period) -> list[TeamRow]:
    """Distinct firms each team visited; a firm that two teams met is one in each row."""
    met = outbound_visits(scope, period).order_by().values_list("task_force")
    return _named(dict(met.annotate(Count("company", distinct=True))))


def reserve_by_team(scope: Scope, period: Period) -> list[TeamRow]:
    """Reserve projects by main team."""
    pool = scope.rows(Project).standing_in(Stage.RESERVE, period.cut)
    return _named(dict(pool.order_by().values_list("lead_team").annotate(Count("pk"))))


BY_TEAM = {
    "deals_signed": deals_by_team,
    "signed_yuan": signed_by_team,
    "arrived_yuan": arrived_by_team,
    "trips": trips_by_team,
    "firms_visited": firms_by_team,
    "reserve_projects": reserve_by_team,
}


def figure_of(key: str, scope: Scope, period: Period) -> Figure:
    """The figure of a scope; a task force's split figure is its own share of the credit.

    The shares of all teams add up to the city's figure, so they are never those of whole projects.
    """
    figure = REGISTRY[key](scope, period)
    if scope.team is None or key not in SPLIT:
        return figure
    rows = SPLIT[key](scope.of(None), period)
    zero = Decimal("0.00") if figure.kind is Kind.YUAN else 0
    value = next((row.value for row in rows if row.team_id == scope.team.pk), zero)
    return replace(figure, value=value, parts={})


SPLIT = {
    "deals_signed": deals_by_team,
    "signed_yuan": signed_by_team,
    "arrived_yuan": arrived_by_team,
}


def _split(rows, measure, *, at: str) -> dict[int | None, Fraction]:
    """The measure by team, each row split by its project's credit shares; two queries.

    Groups of equal share are added in SQL and multiplied here, so nothing is rounded. What the
    shares of a project leave over (none entered, or less than 100 %) belongs to its main team.
    """
    shares = f"{at}credit_shares__"
    given = CreditShare.objects.filter(project=OuterRef(f"{at}pk")).order_by().values("project")
    covered = Subquery(given.annotate(total=Sum("percent")).values("total"))
    totals: dict[int | None, Fraction] = defaultdict(Fraction)
    by_share = rows.order_by().filter(**{f"{shares}isnull": False})
    for team, part, amount in by_share.values_list(
        f"{shares}task_force", f"{shares}percent"
    ).annotate(measured=measure):
        totals[team] += Fraction(amount) * Fraction(part) / 100
    by_lead = rows.order_by().annotate(covered=covered).values_list(f"{at}lead_team", "covered")
    for team, part, amount in by_lead.annotate(measured=measure):
        totals[team] += Fraction(amount) * (100 - Fraction(part or 0)) / 100
    return totals


def _team_rows(totals: dict[int | None, Fraction], *, quantum: Decimal) -> list[TeamRow]:
    """Round to the quantum so that the rows still add up: largest remainders get the rest."""
    unit = Fraction(quantum)
    whole = {team: amount // unit for team, amount in totals.items() if amount}
    rest = int(sum(totals.values()) / unit) - sum(whole.values())
    left_over = sorted(whole, key=lambda team: (-(totals[team] % unit), team or 0))
    for team in left_over[:rest]:
        whole[team] += 1
    return _named({team: int(n) * quantum for team, n in whole.items()})


def _named(values: dict) -> list[TeamRow]:
    """Rows in the order of the teams' numbers, what belongs to no team last; one query."""
    names = {team.pk: str(team) for team in TaskForce.objects.order_by("number")}
    rows = [TeamRow(pk, name, values[pk]) for pk, name in names.items() if pk in values]
    return rows + [TeamRow(None, _("no task force"), values[n]) for n in values if n is None]
