"""What parks have, what projects take of it or were promised, and what is left.

These are facts of the place: they count the projects of the whole city, whoever asks, confidential
ones included. Which projects they are is told by lists of the reader's own scope.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncMonth

from crm.factors import FACTOR_OF, STOCKS, Claim, FactorState, Supply
from crm.models import FactorGuarantee, Park, ParkSupply, Project, StageRule
from crm.stages import ProjectStatus

ZERO = Decimal(0)
# A project that rests keeps what it has; a lost, ended or merged one gives it back.
HOLDING = (ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD)


@dataclass(frozen=True)
class Balance:
    """One stock of one park. ``supply`` None: nobody entered what the park has.

    ``unknown`` counts the projects that take or were promised some, nobody entered how much: what
    is left is then at most ``left``.
    """

    park: Park
    what: str
    supply: ParkSupply | None = None
    taken: Decimal = ZERO
    promised: Decimal = ZERO
    wanted: Decimal = ZERO
    unknown: int = 0

    @property
    def has(self) -> Decimal | None:
        return self.supply and self.supply.amount

    @property
    def left(self) -> Decimal | None:
        return None if self.supply is None else self.has - self.taken - self.promised

    @property
    def is_over(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def is_short(self) -> bool:
        """Less is left than the reserve wants."""
        return self.left is not None and self.left < self.wanted


def claiming(rows, claims: dict[str, str]):
    """Of these projects, those that claim something in a park."""
    return rows.filter(park__isnull=False, status__in=HOLDING, stage__in=claims)


def balances(*, but=None) -> dict[tuple[int, str], Balance]:
    """{(key of the park, stock): balance} of all parks in use, without one project; 4 queries."""
    claims = StageRule.claim_by_stage()
    parks = list(Park.objects.live().current().order_by("sequence", "id"))
    supplies = ParkSupply.objects.in_force()
    sums = _sums(claiming(Project.objects.live().exclude(pk=but), claims), claims)
    return {
        (park.pk, what): Balance(
            park, what, supplies.get((park.pk, what)), **sums.get((park.pk, what), {})
        )
        for park in parks
        for what in STOCKS
    }


def _sums(rows, claims) -> dict:
    """{(park, stock): {claim: sum, "unknown": projects}}."""
    wanted = {what: Sum(f"needs__{what}") for what in STOCKS}
    known = {f"known_{what}": Count(f"needs__{what}") for what in STOCKS}
    found: dict = {}
    grouped = rows.order_by().values("park", "stage").annotate(n=Count("pk"), **wanted, **known)
    for row in grouped:
        claim = claims[row["stage"]]
        for what in STOCKS:
            sums = found.setdefault((row["park"], what), {"unknown": 0})
            sums[claim] = sums.get(claim, ZERO) + (row[what] or ZERO)
            if claim != Claim.WANTED:
                sums["unknown"] += row["n"] - row[f"known_{what}"]
    return found


@dataclass(frozen=True)
class Outside:
    """What the claims of projects come to that the reader may not list."""

    projects: int
    land_mu: Decimal
    load_mw: Decimal


def outside_of(park, user) -> Outside:
    """The city's claims in a park less those of the projects that this reader may list."""
    claims = StageRule.claim_by_stage()
    every = _total(claiming(Project.objects.live(), claims), park)
    seen = _total(claiming(Project.objects.live().visible_to(user), claims), park)
    return Outside(*(every[key] - seen[key] for key in ("n", "land", "load")))


def _total(rows, park) -> dict:
    found = rows.filter(park=park).aggregate(
        n=Count("pk"), land=Sum("needs__land_mu"), load=Sum("needs__load_mw")
    )
    return {key: value or ZERO for key, value in found.items()}


# -- by month --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthNeed:
    """What projects that have not taken it yet need of a stock in a month; None: no date."""

    month: date | None
    amount: Decimal
    projects: int
    unknown: int


def needs_by_month(what: str, park=None) -> list[MonthNeed]:
    """By the latest deadline of the project's lines of the factor; undated last; one query."""
    claims = {s: c for s, c in StageRule.claim_by_stage().items() if c != Claim.TAKEN}
    lines = (
        FactorGuarantee.objects.live()
        .filter(project=OuterRef("pk"), factor=FACTOR_OF[Supply(what)])
        .exclude(state=FactorState.NOT_NEEDED)
    )
    due = lines.order_by().values("project").annotate(last=Max("due_on")).values("last")
    rows = claiming(Project.objects.live(), claims).filter(**{"park": park} if park else {})
    rows = rows.annotate(month=TruncMonth(Subquery(due))).order_by().values("month")
    found = rows.annotate(
        amount=Sum(f"needs__{what}"), n=Count("pk", filter=Q(**{f"needs__{what}__gt": 0})),
        known=Count(f"needs__{what}"), every=Count("pk"),
    )  # fmt: skip
    made = [
        MonthNeed(row["month"], row["amount"] or ZERO, row["n"], row["every"] - row["known"])
        for row in found
    ]
    return sorted(made, key=lambda need: (need.month is None, need.month or date.max))


def available(what: str, park=None) -> tuple[Decimal | None, list]:
    """What the parks have beyond what is taken, and the parks nobody entered it for."""
    known, unknown = [], []
    for balance in balances().values():
        if balance.what == what and (park is None or balance.park.pk == park.pk):
            if balance.has is None:
                unknown.append(balance.park)
            else:
                known.append(balance.has - balance.taken)
    return (sum(known, ZERO) if known else None), unknown
