"""What the page of a trip or an event says of it, from plan to effect."""

import re
from datetime import date, timedelta

from django.db.models import Case, Count, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.access import permissions_of
from crm.indicators import Effect, Scope, effects_of, with_precision
from crm.indicators.behind import Behind
from crm.indicators.effects import EVENT, MODELS, TRIP, credited, leads_of
from crm.models import AttributionRule, Contact, Invitation, PlannedMeeting, Visit
from crm.money import format_yuan
from crm.periods import Period, today

from .reports import link_for

MOST = 8
# Who came stands first, then who is expected.
STATES = ("came", "confirmed", "invited", "absent", "declined")
BY_STATE = Case(*(When(state=state, then=place) for place, state in enumerate(STATES)))


def effect_of(record, user) -> dict:
    """Plan, people, meetings, leads, deals and cost, as far as each is open to the reader."""
    side = TRIP if isinstance(record, MODELS[TRIP]) else EVENT
    rows = type(record).objects.filter(pk=record.pk).visible_to(user)
    scope, period = Scope(user), _until_now(record)
    effect = effects_of(side, scope, rows, period).get(record.pk, Effect())
    plan, guests = _planned(record, side), _invited(record, side, user)
    return {
        "steps": _steps(record, side, effect, period, plan, guests, user),
        "costs": _costs(effect), "planned": plan[:MOST], "went": _went(record),
        "guests": guests["rows"], "guests_url": _list("invitation", f"{side}={record.pk}"),
        "guest_add": _add("invitation", f"{side}={record.pk}", user),
        "visits": _visits(record, side, user),
        "visits_url": _list("visit", f"{side}={record.pk}"),
        "visit_add": _add("visit", f"{side}={record.pk}", user),
        "leads": _open(leads_of(side, scope, rows, period)).select_related("lead_investor")[:MOST],
        "deals": _open(credited(side, scope, rows, period)).select_related("project")[:MOST],
        "rule": AttributionRule.current().in_words(), "is_planned": _is_to_come(record),
    }  # fmt: skip


def _is_to_come(record) -> bool:
    return record.started_on is not None and record.started_on > today()


def _until_now(record) -> Period:
    """From the first day (of an undated event: of the year its date names) until today."""
    first = record.started_on
    if first is None:
        named = re.search("(19|20)[0-9]{2}", record.date_text)
        first = date(int(named[0]) if named else today().year, 1, 1)
    return Period(first, max(first, today()) + timedelta(days=1))


def _open(rows):
    return rows.filter(is_open=True)


def _list(model: str, query: str) -> str:
    return f"{reverse(f'admin:crm_{model}_changelist')}?{query}"


def _add(model: str, query: str, user) -> str:
    may = f"add_{model}" in permissions_of(user.role)
    return f"{reverse(f'admin:crm_{model}_add')}?{query}" if may else ""


# -- plan and people -------------------------------------------------------------------------------


def _planned(record, side: str) -> list:
    """Target firms in the order of the itinerary, each with whether it was met."""
    if side == EVENT:
        return []
    rows = PlannedMeeting.objects.filter(trip=record).with_outcome()
    return list(rows.select_related("company", "city").order_by("planned_on", "pk"))


def _invited(record, side: str, user) -> dict:
    """The first of the list, those who came before the others, and how many are in each state."""
    rows = Invitation.objects.live().visible_to(user).filter(**{side: record.pk})
    states = Invitation.State
    kinds = {
        "invited": Count("pk"),
        "confirmed": Count("pk", filter=Q(state__in=[states.CONFIRMED, states.CAME])),
        "came": Count("pk", filter=Q(state=states.CAME)),
    }
    shown = rows.select_related("company").order_by(BY_STATE, "pk")[:MOST]
    return {"rows": list(shown), **rows.aggregate(**kinds)}


def _went(record) -> list[str]:
    """Head, our people and the others as written."""
    head = getattr(record, "delegation_head", "")
    people = [str(person) for person in record.our_people.all()]
    return [name for name in (head, *people, record.our_people_text) if name]


def _visits(record, side: str, user) -> list[dict]:
    """The first meetings with whom they met there; people of closed firms stay unnamed."""
    rows = Visit.objects.live().open_to(user).filter(**{side: record.pk})
    visits = list(rows.select_related("company").order_by("held_on", "pk")[:MOST])
    links = Visit.their_people.through.objects.filter(visit__in=[v.pk for v in visits])
    pairs = list(links.values_list("visit", "contact"))
    known = Contact.objects.filter(pk__in=[pk for _visit, pk in pairs]).open_to(user).in_bulk()
    return [
        {
            "visit": visit,
            "people": "、".join(
                [*(str(known[pk]) for at, pk in pairs if at == visit.pk and pk in known),
                 *filter(None, [visit.their_people_text])]
            ),
        }
        for visit in visits
    ]  # fmt: skip


# -- figures ---------------------------------------------------------------------------------------


def _steps(record, side, effect: Effect, period: Period, plan, guests, user) -> list[dict]:
    """The way from plan to money, each number with the list behind it."""
    link = link_for(user)

    def behind(name: str) -> str:
        return link(Behind(f"{side}_{name}", period, None, ((side, str(record.pk)),)))

    met = sum(row.was_met for row in plan)
    first = (
        _step(_("target firms"), len(plan), "", _("%(count)s met") % {"count": met})
        if side == TRIP
        else _step(_("invited"), guests["invited"], _list("invitation", f"{side}={record.pk}"),
                   _("%(count)s confirmed") % {"count": guests["confirmed"]})
    )  # fmt: skip
    visits = _("%(count)s visits") % {"count": effect.visits}
    came = _("%(count)s guests came") % {"count": guests["came"]} if guests["invited"] else visits
    talks = _("%(count)s in talks or further") % {"count": len(effect.talks)}
    amount = with_precision(
        format_yuan(None if effect.deals == effect.unknown else effect.yuan), effect.precision
    )
    return [
        first,
        _step(_("firms seen"), len(effect.firms), behind("met"), came),
        _step(_("leads"), len(effect.leads), behind("leads"), talks),
        _step(_("deals credited"), effect.deals, behind("deals"), amount if effect.deals else ""),
    ]


def _step(label: str, value: int, url: str, note: str) -> dict:
    return {"label": label, "value": value, "url": url if value else "", "note": note}


def _costs(effect: Effect) -> list[dict]:
    """Cost and cost per result; unknown is not 0."""
    figures = (
        (_("cost"), effect.cost), (_("cost per lead"), effect.cost_per_lead),
        (_("cost per deal"), effect.cost_per_deal),
    )  # fmt: skip
    return [
        {"label": label, "text": "" if value is None else format_yuan(value)}
        for label, value in figures
    ]
