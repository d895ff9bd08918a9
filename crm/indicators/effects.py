"""What trips and events brought: whom they met, the projects after it, the deals, and the cost.

A lead or a firm may have been met on several trips: it counts in each, and once in the total. A
deal is credited once, by the bureau's rule. Of projects closed to the reader no trip is told.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from django.db.models import Case, Count, Exists, OuterRef, Q, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from crm.models import (
    Attribution,
    Company,
    Deal,
    Event,
    Invitation,
    Project,
    TaskForce,
    Trip,
    Visit,
)
from crm.money import rounded
from crm.periods import Period

from .behind import CLOSED, SETS, Dimension, RowSet, in_talks
from .figures import ZERO, carried, precision_counts
from .scope import Scope
from .signing import counting_deals

TRIP, EVENT = "trip", "event"
MODELS = {TRIP: Trip, EVENT: Event}
OF_OUTINGS = {
    "trip": Dimension(_("trip"), "pk", Trip),
    "event": Dimension(_("event"), "pk", Event),
    "team": Dimension(_("task force"), "task_force", TaskForce),
    "kind": Dimension(_("kind"), "kind", choices=dict(Trip.Kind.choices)),
    "rank": Dimension(_("rank of the head"), "head_rank", choices=dict(Trip.HeadRank.choices)),
}


# -- which trips, which rows -----------------------------------------------------------------------


def outings(side: str, scope: Scope, period: Period, of=()):
    """Trips or events of the period, narrowed by values of OF_OUTINGS.

    An event without a day belongs to the year that its date as written names.
    """
    if side == TRIP:
        rows = scope.rows(Trip).started_in(period)
    else:
        undated = Q(started_on=None, date_text__contains=str(period.start.year))
        dated = Q(started_on__gte=period.start, started_on__lt=period.end)
        rows = scope.of(None).rows(Event)
        rows = rows.filter(dated | undated if period.start.month == 1 else dated)
    for key, value in of:
        if value == CLOSED:
            return rows.none()
        rows = rows.filter(**{OF_OUTINGS[key].path: value or None})
    return rows


def _visits(side: str, scope: Scope, rows):
    """Visits on these trips, or at these events by the task force asked for."""
    visits = (scope.of(None) if side == TRIP else scope).rows(Visit)
    return visits.filter(**{f"{side}__in": rows.values("pk")})


def _guests(side: str, scope: Scope, rows):
    came = (scope.of(None) if side == TRIP else scope).rows(Invitation).came()
    return came.filter(**{f"{side}__in": rows.values("pk")})


def leads_of(side: str, scope: Scope, rows, period: Period):
    """Projects reported after their lead investor was met there, or entered as coming from it."""
    known = scope.of(None).rows(Project).filter(reported_on__lt=period.end)
    firm = {"company": OuterRef("lead_investor")}
    before = _visits(side, scope, rows).filter(held_on__lte=OuterRef("reported_on"), **firm)
    came = _guests(side, scope, rows).filter(
        **firm, **{f"{side}__started_on__lte": OuterRef("reported_on")}
    )
    led = Exists(before) | Exists(came)
    return known.filter(led | Q(event__in=rows.values("pk")) if side == EVENT else led)


def _talks(side: str, scope: Scope, rows, period: Period):
    return in_talks(leads_of(side, scope, rows, period), period)


def credited(side: str, scope: Scope, rows, period: Period):
    """Counting deals signed by the cut and credited to these trips or events.

    The credit of a deal is dear to find. Inside CASE it is found once a deal; a bare IN would be
    joined with every trip first, and found for each pair.
    """
    deals = Attribution.objects.all().credit(counting_deals(scope.of(None)))
    here = Q(**{f"credited_{side}__in": rows.order_by().values("pk")})
    is_here = Case(When(here, then=Value(True)), default=Value(False))
    return deals.filter(signed_on__lt=period.end).annotate(is_here=is_here).filter(is_here=True)


def _set(side: str, find, scope: Scope, period: Period, of):
    """The rows behind a number. Those closed to the reader belong to no trip: they stand apart."""
    closed = any(value == CLOSED for _key, value in of)
    kept = () if closed else of
    found = find(side, scope, outings(side, scope, period, kept), period)
    return found.filter(is_open=not closed) if of else found


def _firms(side: str, scope: Scope, rows, period: Period):
    visited = _visits(side, scope, rows).values("company")
    came = _guests(side, scope, rows).values("company")
    return scope.of(None).rows(Company).filter(Q(pk__in=visited) | Q(pk__in=came))


def _costed(find):
    """The same of the trips whose cost is known, as far as a trip may be told of them."""

    def found(side: str, scope: Scope, rows, period: Period):
        return find(side, scope, rows.exclude(cost_yuan=None), period).filter(is_open=True)

    return found


def _themselves(side: str, scope: Scope, rows, period: Period):
    return rows


SETS |= {
    f"{side}_{name}": RowSet(model, label, partial(_set, side, find), dimensions=OF_OUTINGS)
    for side, outing in MODELS.items()
    for name, model, label, find in (
        ("outings", outing, _("trips and events"), _themselves),
        ("costed", outing, _("with their cost entered"), _costed(_themselves)),
        (
            "guests",
            Invitation,
            _("guests that came"),
            lambda side, s, rows, t: _guests(side, s, rows),
        ),
        ("costed_leads", Project, _("leads of those with a cost"), _costed(leads_of)),
        ("costed_deals", Deal, _("deals of those with a cost"), _costed(credited)),
        ("visits", Visit, _("visits to firms"), lambda side, s, rows, t: _visits(side, s, rows)),
        ("met", Company, _("firms seen"), _firms),
        ("leads", Project, _("projects after a meeting"), leads_of),
        ("talks", Project, _("of which in talks or further"), _talks),
        ("deals", Deal, _("deals credited"), credited),
    )
}


# -- what they brought -----------------------------------------------------------------------------


@dataclass
class Effect:
    """Of one trip or event, or of several together. Keys of firms and projects, so that a union
    stays a union; ``yuan`` is of the deals whose amount is known, ``cost_yuan`` of the trips.
    """

    outings: int = 0
    visits: int = 0
    guests: int = 0
    firms: set = field(default_factory=set)
    leads: set = field(default_factory=set)
    talks: set = field(default_factory=set)
    deals: int = 0
    yuan: Decimal = ZERO
    unknown: int = 0
    about: int = 0
    at_least: int = 0
    cost_yuan: Decimal = ZERO
    cost_unknown: int = 0
    # Results of the trips whose cost is known: what a cost per result is divided by.
    costed_leads: set = field(default_factory=set)
    costed_deals: int = 0

    @property
    def precision(self) -> str:
        return carried(self.about, self.at_least)

    @property
    def cost(self) -> Decimal | None:
        """None where no cost is known; an unknown cost is not 0."""
        return None if self.cost_unknown == self.outings else self.cost_yuan

    @property
    def cost_per_lead(self) -> Decimal | None:
        return self._per(len(self.costed_leads))

    @property
    def cost_per_deal(self) -> Decimal | None:
        return self._per(self.costed_deals)

    def _per(self, results: int) -> Decimal | None:
        return rounded(self.cost / results, 2) if self.cost is not None and results else None


SUMS = ("outings", "visits", "guests", "deals", "yuan", "unknown", "about", "at_least",
        "cost_yuan", "cost_unknown", "costed_deals")  # fmt: skip
UNIONS = ("firms", "leads", "talks", "costed_leads")


def together(effects: Iterable[Effect]) -> Effect:
    """Sums of what belongs to one trip only, unions of what several may have met."""
    whole = Effect()
    for effect in effects:
        for name in SUMS:
            setattr(whole, name, getattr(whole, name) + getattr(effect, name))
        for name in UNIONS:
            getattr(whole, name).update(getattr(effect, name))
    return whole


def effects_of(side: str, scope: Scope, rows, period: Period) -> dict[object, Effect]:
    """The effect of each of these trips or events by its key, and of what is closed (CLOSED).

    A fixed number of queries, whatever the number of rows.
    """
    found: dict = defaultdict(Effect)
    for pk, cost in rows.order_by().values_list("pk", "cost_yuan"):
        found[pk] = Effect(outings=1, cost_yuan=cost or ZERO, cost_unknown=cost is None)
    _add_meetings(found, side, scope, rows)
    _add_leads(found, side, scope, rows, period)
    _add_deals(found, side, scope, rows, period)
    for effect in found.values():
        if effect.outings and not effect.cost_unknown:
            effect.costed_leads, effect.costed_deals = effect.leads, effect.deals
    return dict(found)


def _add_meetings(found, side, scope, rows) -> None:
    visits = _visits(side, scope, rows).order_by()
    for pk, firm, count in visits.values_list(side, "company").annotate(Count("pk")):
        found[pk].visits += count
        found[pk].firms.add(firm)
    for pk, firm, people in _guests(side, scope, rows).values_list(side, "company", "people_count"):
        found[pk].guests += people or 1
        if firm is not None:
            found[pk].firms.add(firm)


def _add_leads(found, side, scope, rows, period) -> None:
    """Each open project at the trips where its investor was met before; closed ones apart."""
    leads = leads_of(side, scope, rows, period)
    talks = set(in_talks(leads, period).values_list("pk", flat=True))
    facts = leads.values_list("pk", "lead_investor", "reported_on", "event", "is_open")
    firms: dict = defaultdict(list)
    for pk, firm, reported_on, event, is_open in facts:
        if not is_open:
            _take(found[CLOSED], pk, talks)
            continue
        firms[firm].append((pk, reported_on))
        if side == EVENT and event in found:
            _take(found[event], pk, talks)
    for outing, firm, day in _meetings(side, scope, rows):
        for pk, reported_on in firms.get(firm, ()):
            if day is not None and day <= reported_on:
                _take(found[outing], pk, talks)


def _take(effect: Effect, project: int, talks: set) -> None:
    effect.leads.add(project)
    if project in talks:
        effect.talks.add(project)


def _meetings(side, scope, rows):
    """(trip or event, firm, day) of every meeting."""
    yield from _visits(side, scope, rows).values_list(side, "company", "held_on")
    guests = _guests(side, scope, rows).exclude(company=None)
    yield from guests.values_list(side, "company", f"{side}__started_on")


def _add_deals(found, side, scope, rows, period) -> None:
    column = f"credited_{side}"
    counted = (
        credited(side, scope, rows, period)
        .order_by()
        .values(column, "is_open")
        .annotate(
            deals=Count("pk"),
            yuan=Sum("amount_yuan"),
            unknown=Count("pk", filter=Q(amount_yuan=None)),
            **precision_counts("amount_yuan", "amount_precision"),
        )
    )
    for row in counted:
        effect = found[row[column] if row["is_open"] else CLOSED]
        for name in ("deals", "unknown", "about", "at_least"):
            setattr(effect, name, getattr(effect, name) + row[name])
        effect.yuan += row["yuan"] or ZERO
