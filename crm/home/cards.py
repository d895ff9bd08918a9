"""The numbers of the workbench: each with its words, its definition and the list behind it."""

import re
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm import indicators
from crm.access import CITY_READERS, permissions_of
from crm.indicators import Figure, Scope
from crm.indicators.behind import Behind
from crm.money import format_yuan
from crm.periods import Period
from crm.stages import Stage

from .lists import joined, list_url


def cards_for(choice) -> list[dict]:
    """Cards in groups: ``lead`` (large), ``pool``, ``rates``, ``outreach``, ``late``."""
    groups = {
        "lead": _signing, "pool": _pool, "rates": _rates, "outreach": _outreach, "late": _lateness,
    }  # fmt: skip
    return [
        card | {"group": name} for name, group in groups.items() for card in group(choice) if card
    ]


def _signing(choice):
    signed = indicators.deals_signed(choice.scope, choice.period)
    amount = indicators.signed_yuan(choice.scope, choice.period)
    yield _card(
        choice, signed, "project", choice.filters(signed=choice.as_filter),
        **_against_target(choice, signed),
    )  # fmt: skip
    yield _card(
        choice, amount, "deal", choice.filters(year=choice.as_filter, counting="formal"),
        **_against_target(choice, amount),
    )  # fmt: skip


def _pool(choice):
    scope, period = choice.scope, choice.period
    pool = indicators.reserve_projects(scope, period)
    planned = indicators.reserve_planned_yuan(scope, period)
    in_pool = choice.filters(stood_in=Stage.RESERVE.value, cut=period.cut.isoformat())
    detail = _("planned investment %(amount)s") % {"amount": planned.text}
    yield _card(choice, pool, "project", in_pool, detail=joined(detail, _unknown(planned)))
    arrived = indicators.arrived_yuan(scope, period)
    outside = format_yuan(arrived.parts["outside"])
    detail = _("of which from outside the province %(amount)s") % {"amount": outside}
    filters = choice.filters(year=choice.as_filter, counting="on")
    yield _card(choice, arrived, "arrival", filters, detail=detail)


def _rates(choice):
    rates = {
        indicators.landing_rate: Stage.LANDED, indicators.start_rate: Stage.BUILDING,
        indicators.production_rate: Stage.PRODUCING,
    }  # fmt: skip
    for rate, stage in rates.items():
        figure = rate(choice.scope, choice.period)
        came = Behind(f"signed_and_at_{stage}", choice.period, choice.team and choice.team.pk)
        signed = choice.filters(signed=choice.as_filter)
        parts = [
            {"label": Stage(stage).label, "value": figure.numerator,
             "url": list_url("project", {"behind": came.address})},
            {"label": _("projects signed"), "value": figure.denominator,
             "url": list_url("project", signed)},
        ]  # fmt: skip
        yield _card(choice, figure, "project", signed, parts=parts)


def _outreach(choice):
    scope, period = choice.scope, choice.period
    by = {"visited_by": choice.team.pk} if choice.team else {}
    yield _card(
        choice, indicators.firms_visited(scope, period), "company",
        {"visited": choice.as_filter} | by,
    )  # fmt: skip
    visits = choice.filters(year=choice.as_filter, mode="outbound")
    yield _card(choice, indicators.visits(scope, period), "visit", visits)
    trips = choice.filters(year=period.code)  # trips may be planned, the rest of the year counts
    yield _card(choice, indicators.trips(scope, period), "trip", trips)


def _lateness(choice):
    period = Period(choice.on, choice.on + timedelta(days=1))
    late = indicators.overdue(choice.scope, period)
    names = {
        "projects": ("project", _("projects past their next step")),
        "follow_ups": ("followup", _("follow-ups overdue")),
        "requests": ("request", _("requests overdue")),
    }
    for part, (model, label) in names.items():
        count = late.parts[part]
        yield _card(
            choice, late, model, choice.filters(overdue="on"), key=f"overdue_{part}",
            label=label, value=f"{count:,}", tone="bad" if count else "good",
        )  # fmt: skip
    still = indicators.stale(choice.scope, period)
    tone = "warn" if still.value else "good"
    yield _card(choice, still, "project", choice.filters(stale="on"), tone=tone)


def _card(choice, figure: Figure, model: str, filters: dict, **given) -> dict | None:
    """A card, or None for a reader whose role does not work with the rows behind it."""
    if f"view_{model}" not in permissions_of(choice.user.role):
        return None
    number, unit = number_and_unit(figure)
    return {
        "key": figure.key, "label": str(figure.label), "value": number, "unit": unit,
        "detail": _unknown(figure), "url": list_url(model, filters), "tone": "neutral",
        "definition": str(figure.definition), "as_of": figure.as_of,
    } | given  # fmt: skip


def number_and_unit(figure: Figure) -> tuple[str, str]:
    """``超220亿元`` → ``超220`` and ``亿元``; other figures have their own unit."""
    match = re.fullmatch(r"(.*[0-9])\s*(.*)", figure.text)
    if figure.value is None or match is None:
        return figure.text, ""
    return match[1], match[2] or str(figure.unit)


def _unknown(figure: Figure) -> str:
    if not figure.unknown:
        return ""
    text = ngettext(
        "%(count)s more with an unknown amount",
        "%(count)s more with unknown amounts",
        figure.unknown,
    )
    return text % {"count": figure.unknown}


def _against_target(choice, figure: Figure) -> dict:
    """Of a year the share of the target reached beside the time gone; and against last year."""
    detail = joined(_against_last_year(choice, figure), _unknown(figure))
    team = choice.target_team
    if not choice.is_year or (team is None and choice.user.role not in CITY_READERS):
        return {"detail": detail}
    progress = progress_of(Scope(choice.user), choice.period, figure.key, team)
    if progress is None:
        return {"detail": joined(_("no target set"), detail)}
    return progress | {"detail": detail}


def progress_of(scope: Scope, period: Period, key: str, team=None) -> dict | None:
    """The year's target and how far it is reached; None where no target is set."""
    reached = indicators.target_rate(scope, period, key, team)
    if reached.value is None:
        return None
    gone = indicators.pace(scope, period).value
    target = reached.denominator
    return {
        "target": _target_text(key, target),
        "reached": f"{indicators.percent(reached.value, 1)}%",
        "gone": f"{indicators.percent(gone, 1)}%",
        "gap": f"{indicators.percent(abs(reached.value - gone), 1)}",
        "is_ahead": reached.value >= gone,
        "progress": min(100, round(reached.value * 100)),
        "pace": min(100, round(gone * 100)),
        "tone": "good" if reached.value >= gone else "warn",
    }


def _target_text(key: str, target) -> str:
    unit = pgettext("unit", "projects")
    return format_yuan(target) if key.endswith("yuan") else f"{target.normalize():,f}{unit}"


def _against_last_year(choice, figure: Figure) -> str:
    change = indicators.year_on_year(choice.scope, choice.period, figure.key)
    if change.value is None:
        return ""
    return _("%(change)s%% on the year before") % {
        "change": f"{indicators.percent(change.value, 1):+}"
    }
