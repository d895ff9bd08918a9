"""Sentences of a written report, made from its figures by template.

Nothing is said that is not a figure: without a target or a year before, the clause is left out.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from crm.indicators import Figure, percent
from crm.models import Target
from crm.money import format_yuan

from .figures import Figures

RANKED = 3


def sentence(clauses: Iterable[str]) -> str:
    """The clauses that say something, with commas and a full stop; empty when there are none."""
    said = [clause for clause in clauses if clause]
    return _(", ").join(said) + _(".") if said else ""


def day(on: date) -> str:
    return _("%(month)s/%(day)s/%(year)s") % {"year": on.year, "month": on.month, "day": on.day}


def counted(figure: Figure) -> str:
    """A whole number, or a task force's share of joint projects: 0.5."""
    return figure.text if figure.value is None else f"{Decimal(figure.value).normalize():,f}"


def amount(figure: Figure) -> str:
    """With 约 or 超 as the indicator carries it, and how many amounts are not known."""
    if figure.unknown:
        return _("%(amount)s (%(count)s more undetermined)") % {
            "amount": figure.text, "count": figure.unknown,
        }  # fmt: skip
    return figure.text


def signed(found: Figures) -> str:
    """The year's signings against target, pace and the year before."""
    year = found.year("signed_yuan")
    return sentence([
        _("As of %(day)s, %(whose)s signed %(count)s projects this year") % {
            "day": day(found.period.cut), "whose": found.whose,
            "count": counted(found.year("deals_signed")),
        },
        _("for %(amount)s") % {"amount": amount(year)},
        _("%(count)s of them of 100m yuan and more") % {"count": counted(found.year("big_deals"))},
        *against_target(found, "signed_yuan"),
        compared(found.growth("signed_yuan")),
    ])  # fmt: skip


def against_target(found: Figures, key: str) -> list[str]:
    """Share of the year's target, ahead of or behind the time gone; nothing without a target."""
    target, done = found.target(key), found.year(key).value
    if not target or done is None:
        return []
    rate = Fraction(done) / Fraction(target)
    gap = rate - found.gone
    wanted = format_yuan(target) if key in Target.MONEY else f"{target.normalize():f}"
    text = _("ahead of the time gone by %(gap)s points") if gap >= 0 else (
        _("behind the time gone by %(gap)s points")
    )  # fmt: skip
    return [
        _("%(rate)s%% of the year's target of %(target)s")
        % {"rate": percent(rate), "target": wanted},
        text % {"gap": percent(abs(gap))},
    ]


def compared(growth: Fraction | None) -> str:
    """同比增长/下降/持平; empty where there is nothing to compare with."""
    if growth is None:
        return ""
    if not growth:
        return _("as much as a year before")
    text = _("%(rate)s%% more than a year before") if growth > 0 else (
        _("%(rate)s%% less than a year before")
    )  # fmt: skip
    return text % {"rate": percent(abs(growth))}


def signed_in_period(found: Figures, what: str) -> str:
    """``what`` names the days: 本月, 本周."""
    return sentence([
        _("%(what)s: %(count)s projects newly signed") % {
            "what": what, "count": counted(found.now("deals_signed")),
        },
        _("for %(amount)s") % {"amount": amount(found.now("signed_yuan"))},
        _("%(amount)s arrived") % {"amount": found.now("arrived_yuan").text},
    ])  # fmt: skip


def arrived(found: Figures) -> str:
    money = found.year("arrived_yuan")
    outside = money.parts.get("outside")
    return sentence([
        _("Money arrived this year: %(amount)s") % {"amount": money.text},
        _("from outside the province: %(amount)s") % {"amount": format_yuan(outside)}
        if outside is not None else "",
        *against_target(found, "arrived_yuan"),
        compared(found.growth("arrived_yuan")),
    ])  # fmt: skip


def pool(found: Figures) -> str:
    return sentence([
        _("%(count)s projects in reserve") % {"count": counted(found.year("reserve_projects"))},
        _("planned: %(amount)s") % {"amount": amount(found.year("reserve_planned_yuan"))},
        _("this year %(leads)s new leads, %(talks)s new in talks, %(reserve)s new in reserve") % {
            "leads": found.year("leads_new").text, "talks": found.year("negotiating_new").text,
            "reserve": found.year("reserve_new").text,
        },
    ])  # fmt: skip


def outreach(found: Figures, *, of_year: bool = True) -> str:
    read = found.year if of_year else found.now
    guests = read("delegations_received").parts.get("guests")
    return sentence([
        _("%(count)s outbound trips") % {"count": read("trips").text},
        _("%(firms)s firms visited (%(visits)s visits)") % {
            "firms": read("firms_visited").text, "visits": read("visits").text,
        },
        _("%(count)s delegations received") % {"count": read("delegations_received").text}
        + (_(" (%(guests)s guests)") % {"guests": guests} if guests else ""),
    ])  # fmt: skip


RATES = ("fulfilment_rate", "landing_rate", "start_rate", "production_rate", "arrival_rate")


def progress(found: Figures) -> str:
    """The rates of the year's signings; one of nothing is left out. Counts stand behind them."""
    clauses = []
    for key in RATES:
        rate = found.year(key)
        if rate.value is not None:
            clauses.append(f"{rate.label} {rate.text}{_of(rate)}")
    if not clauses:
        return ""
    return _("Of the projects signed this year: %(rates)s") % {"rates": sentence(clauses)}


def _of(rate: Figure) -> str:
    """(9/17): numerator and denominator of a count; money is too long to stand there."""
    if isinstance(rate.numerator, Decimal):
        return ""
    return _(" (%(part)s/%(whole)s)") % {"part": rate.numerator, "whole": rate.denominator}


def ranking(found: Figures, rates: list[tuple[str, Fraction]]) -> str:
    """Who leads, who lags behind the time gone; by share of the target for signings."""
    if not rates or found.scope.team:
        return ""
    best = sorted(rates, key=lambda pair: -pair[1])[:RANKED]
    behind = [name for name, rate in rates if rate < found.gone]
    said = _("%(name)s (%(rate)s%%)")
    leading = _(" and ").join(said % {"name": name, "rate": percent(rate)} for name, rate in best)
    return sentence([
        _("Foremost by share of the target: %(names)s") % {"names": leading},
        _("behind the time gone: %(names)s") % {"names": _(" and ").join(behind)} if behind else "",
    ])  # fmt: skip


def stage_counts(rows) -> str:
    """在建 8个、投产 5个 …: active projects by stage, with planned investment where known."""
    parts = [
        _("%(stage)s %(count)s (%(amount)s)")
        % {"stage": row.label, "count": row.count, "amount": row.planned_text}
        for row in rows
        if row.count
    ]
    if not parts:
        return ""
    return _("Active projects by stage: %(parts)s.") % {"parts": _("; ").join(parts)}
