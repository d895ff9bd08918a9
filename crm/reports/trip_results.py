"""What trips and events brought: whom they met, leads, talks, deals, and what a result cost."""

from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.indicators import Effect, effects_of, outings, together
from crm.indicators.behind import CLOSED, Behind
from crm.indicators.effects import EVENT, MODELS, OF_OUTINGS, TRIP
from crm.models import Attribution, AttributionRule
from crm.money import UNITS, format_yuan
from crm.periods import Period, today

from .asking import UNIT, Asked, Line, exactness, money, table, unknown_note
from .drawing import bars_of
from .registry import Report, add_report
from .table import TOTAL, Column, Formula, Kind, Record, Said
from .words import cell_text

BY = {key: OF_OUTINGS[key].label for key in ("trip", "event", "team", "kind", "rank")}
UNKNOWN = "—"


def build(asked: Asked):
    """A row for each trip (or event, or kind of trips); what is closed to the reader stands apart.

    Firms and projects met on several trips count in each row and once in the total; deals and
    money once in all.
    """
    side = EVENT if asked.by == EVENT else TRIP
    rows = outings(side, asked.scope, asked.period)
    found = effects_of(side, asked.scope, rows, asked.period)
    closed = found.pop(CLOSED, None)
    lines = [_line(asked, side, *each) for each in _groups(asked, side, rows, found)]
    if closed is not None:
        lines.append(_line(asked, side, CLOSED, _("confidential projects"), closed, None))
    whole = together([*found.values(), *([closed] if closed else [])])
    second = None if asked.by in MODELS else whole.outings
    total = Line((_("total"), second, *_cells(whole)), _drills(asked, side))
    return table(
        asked, _("Results of trips and events"), _columns(asked), lines, total,
        notes=_notes(asked, side, rows, whole), definition=_definition(),
    )  # fmt: skip


def _definition() -> str:
    return _(
        "Trips and events that begin in the period, with what came of them by the cut. Firms met: "
        "visited, or came as guests. Leads: projects reported after their lead investor was met; "
        "in talks: of these, beyond a lead. Deals: formal contracts in force. %(rule)s"
    ) % {"rule": AttributionRule.current().in_words()}


def _columns(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 40),
        Column(_("first day") if asked.by in MODELS else _("trips"), _second(asked), 12, UNKNOWN),
        Column(_("visits"), Kind.COUNT, 8),
        Column(_("firms seen"), Kind.COUNT, 10),
        Column(_("guests came"), Kind.COUNT, 10),
        Column(_("leads"), Kind.COUNT, 8),
        Column(_("of which in talks"), Kind.COUNT, 10),
        Column(_("deals"), Kind.COUNT, 8),
        Column(_("amount signed"), Kind.MONEY, 14, _("undetermined")),
        Column(_("how exact"), Kind.TEXT, 8),
        Column(_("cost"), Kind.MONEY, 10, UNKNOWN),
        Column(_("cost per lead"), Kind.MONEY, 10, UNKNOWN),
        Column(_("cost per deal"), Kind.MONEY, 10, UNKNOWN),
    )


def _second(asked: Asked) -> Kind:
    return Kind.DATE if asked.by in MODELS else Kind.COUNT


def _groups(asked: Asked, side: str, rows, found: dict) -> list[tuple]:
    """(key, label, effect, second cell) of every row: each trip by its day, or groups of trips."""
    if asked.by in MODELS:
        named = rows.order_by("started_on", "pk").values_list("pk", "name", "started_on")
        return [(pk, name, found[pk], day) for pk, name, day in named]
    path, parts = OF_OUTINGS[asked.by].path, {}
    for pk, value in rows.order_by().values_list("pk", path):
        parts.setdefault(value, []).append(found[pk])
    names = _names(asked.by, parts)
    grouped = [(key, names[key], together(each), len(each)) for key, each in parts.items()]
    return sorted(grouped, key=lambda row: (row[0] is None, -row[2].yuan, -row[2].deals, row[1]))


def _names(by: str, values) -> dict:
    dimension = OF_OUTINGS[by]
    if dimension.model is None:
        return {value: str(dimension.choices[value]) for value in values}
    rows = dimension.model.objects.in_bulk([value for value in values if value is not None])
    return {None: _("led by the city's leaders")} | {pk: str(row) for pk, row in rows.items()}


def _line(asked: Asked, side: str, key, label: str, effect: Effect, second) -> Line:
    drills = _drills(asked, side, **{asked.by: key})
    if asked.by in MODELS and key != CLOSED:
        drills[0] = Record(MODELS[asked.by], key)
    return Line((label, second, *_cells(effect)), drills)


SETS = {2: "visits", 3: "met", 5: "leads", 6: "talks", 7: "deals", 8: "deals", 10: "costed"}
PER_RESULT = {11: "costed_leads", 12: "costed_deals"}


def _drills(asked: Asked, side: str, **of) -> dict:
    """The rows behind each number; what is a sum of people or a quotient says of which rows."""

    def behind(name: str):
        return asked.behind(f"{side}_{name}").where(**of)

    drills: dict = {at: behind(name) for at, name in SETS.items()}
    if asked.by not in MODELS:
        drills[1] = behind("outings")
    said = _("The people of every guest that came; a guest without a number is one.")
    drills[4] = _made(said, behind("guests"))
    for at, name in PER_RESULT.items():
        said = _("Cost ÷ results, both of the trips and events whose cost is entered.")
        drills[at] = _made(said, behind("costed"), behind(name))
    return drills


def _made(said: str, *parts: Behind) -> Formula:
    return Formula(said, tuple((str(each.row_set.label), each) for each in parts))


def _cells(effect: Effect) -> tuple:
    unknown = effect.deals and effect.unknown == effect.deals
    return (
        effect.visits, len(effect.firms), effect.guests, len(effect.leads), len(effect.talks),
        effect.deals, None if unknown else money(effect.yuan),
        _("undetermined") if unknown else exactness(effect.precision),
        money(effect.cost) if effect.outings else None,
        money(effect.cost_per_lead), money(effect.cost_per_deal),
    )  # fmt: skip


def _notes(asked: Asked, side: str, rows, whole: Effect) -> list[str]:
    notes = [_("A firm or lead met on several counts in each row and once in the total.")]
    if whole.cost_unknown:
        text = ngettext(
            "The cost of %(count)s is not entered; it is unknown, not 0, and left out of the "
            "costs per result.",
            "The costs of %(count)s are not entered; they are unknown, not 0, and left out of the "
            "costs per result.",
            whole.cost_unknown,
        )
        notes.append(text % {"count": whole.cost_unknown})
    later = _since(asked, side, rows, whole)
    return [*notes, *unknown_note(whole.unknown), *_credited_to_none(asked), *later]


def _credited_to_none(asked: Asked) -> list[str]:
    """Deals of the period that no trip and no event can claim: counted, so that none is missed."""
    deals = Attribution.objects.all().credit(asked.rows(asked.behind("deals"))).filter(is_open=True)
    count = deals.filter(credited_trip=None, credited_event=None).count()
    text = ngettext(
        "%(count)s deal signed in the period is credited to no trip or event.",
        "%(count)s deals signed in the period are credited to no trip or event.",
        count,
    )
    return [text % {"count": count}] if count else []


def _since(asked: Asked, side: str, rows, whole: Effect) -> list[str]:
    """What was signed after the cut is told beside the table, so that no trip looks idle."""
    if asked.period.cut >= today():
        return []
    later = Period(asked.period.start, today() + timedelta(days=1))
    deals = together(effects_of(side, asked.scope, rows, later).values())
    if deals.deals == whole.deals:
        return []
    text = _("Since the cut until %(day)s: %(count)s more deals credited to these.")
    return [text % {"day": today(), "count": deals.deals - whole.deals}]


SHOWN_FIRST = (2, 3, 5, 6, 7, 8, 10)


def answer(asked: Asked, shown) -> list[Said]:
    """What the trips (or events) of the period brought, all together."""
    side = EVENT if asked.by == EVENT else TRIP
    behind = asked.behind(f"{side}_outings")
    said = [Said(str(OF_OUTINGS[side].label), f"{asked.rows(behind).count():,}", behind)]
    for at in SHOWN_FIRST:
        value, column = shown.total[at], shown.columns[at]
        text = cell_text(value, column, total=True)
        if column.kind is Kind.MONEY and value is not None:
            text = format_yuan(value * UNITS[UNIT])
        said.append(Said(column.title, text or UNKNOWN, shown.drills.get((TOTAL, at))))
    return said


def draw(asked: Asked, shown, link):
    """The amount signed of every row; where nothing is signed, the leads."""
    column = 8 if any(row[8] for row in shown.rows) else 5
    kept = sorted(range(len(shown.rows)), key=lambda at: -(shown.rows[at][column] or 0))
    drills = {
        (place, at): shown.drills[row, at]
        for place, row in enumerate(kept)
        for at in (column,)
        if (row, at) in shown.drills
    }
    ranked = replace(shown, rows=tuple(shown.rows[at] for at in kept), drills=drills)
    return bars_of(ranked, link, value=column)


REPORT = add_report(
    Report(
        "trip_results", gettext_lazy("Results of trips and events"),
        gettext_lazy("Each trip and event: whom it met, leads, deals, amount, cost per result."),
        build, draw, BY, figure="trips", answer=answer,
    )
)  # fmt: skip
