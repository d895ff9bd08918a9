"""The monthly report (月度通报), also of a quarter or year: text, tables and a chart."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import freezing, indicators
from crm.indicators import Scope
from crm.models.projects import sample_present
from crm.money import in_unit, rounded
from crm.papers import Graph, Paper, Section, grids, sentences, word
from crm.papers.figures import Figures, own_scope
from crm.periods import Period, today

from .registry import Document, add_document


def render(scope: Scope, period: Period) -> bytes:
    """The report as docx."""
    return word.render(build(scope, period), by=scope.reader)


def build(scope: Scope, period: Period) -> Paper:
    """The report of a month, quarter or year for the city or one task force."""
    found = Figures(own_scope(scope), until_today(period))
    sections = [_signing(found), _pool(found), _outreach(found), _teams(found), _slow(found),
                _next(found)]  # fmt: skip
    return Paper(
        title=_("Bulletin on investment attraction, %(whose)s") % {"whose": found.whose},
        subtitle=_("(%(days)s)") % {"days": period.label},
        as_of=found.period.cut,
        sections=tuple(section for section in sections if section),
        notes=notes(found),
        caution=caution(found),
    )


def until_today(period: Period) -> Period:
    """What is gone of the period; one to come is left as it is."""
    end = Period.year_to_date(today()).end
    return Period(period.start, end) if period.start < end < period.end else period


def notes(found: Figures) -> tuple[str, ...]:
    """What the figures are and whether sample data is among them."""
    said = [
        _("Figures as of %(day)s; signings are formal contracts in force.")
        % {"day": sentences.day(found.period.cut)}
    ]
    if sample_present():
        said.append(_("This document contains sample data."))
    return tuple(said)


def caution(found: Figures) -> str:
    """That the month is frozen, and what is the frozen state in it; of today's records that too."""
    if not found.frozen:
        return freezing.caution(found.scope, found.period)
    month = found.frozen.month
    return _(
        "%(month)s was frozen on %(day)s by %(who)s: figures and signings are the frozen ones; "
        "slow projects and next steps are of today's records."
    ) % {"month": month, "day": f"{month.frozen_at:%Y-%m-%d}", "who": month.by}


def _signing(found: Figures) -> Section:
    paragraphs = [sentences.signed(found)]
    if not found.is_year:
        paragraphs.append(sentences.signed_in_period(found, str(found.period.label)))
    paragraphs += [sentences.arrived(found), sentences.progress(found)]
    tables = (grids.signings(found), grids.corrections(found))
    return Section(
        _("Signings and money"), tuple(filter(None, paragraphs)), graph=signed_by_month(found),
        grids=tuple(filter(None, tables)),
    )  # fmt: skip


def signed_by_month(found: Figures) -> Graph:
    """亿元 signed month by month, this year beside the year before."""
    year = found.period.cut.year
    series = tuple(
        (str(Period.year(each).label), _months(found, each)) for each in (year, year - 1)
    )
    series = tuple(each for each in series if any(each[1])) or series[:1]
    categories = tuple(_("month %(month)s") % {"month": month} for month in range(1, 13))
    title = _("Amount signed by month, %(whose)s") % {"whose": found.whose}
    return Graph(title, _("100m yuan"), categories, series)


def _months(found: Figures, year: int) -> tuple:
    """Two queries for the city; a task force's share of the credit is worked out by month."""
    whole = Period.year(year)
    signed = {}
    if not found.scope.team:
        signed = {r.month: r.yuan for r in indicators.signed_by_month(found.scope, whole)}
    return tuple(_month(found, Period.month(year, month), signed) for month in range(1, 13))


def _month(found: Figures, month: Period, signed: dict) -> Decimal | None:
    """None for a month that has not begun; nothing signed is no column."""
    if month.start > found.period.cut:
        return None
    if found.frozen and (frozen := found.frozen_in(month)):
        value = frozen.figures()["signed_yuan"].value
    elif found.scope.team:
        value = indicators.figure_of("signed_yuan", found.scope, month).value
    else:
        value = signed.get(month.start, Decimal(0))
    return rounded(in_unit(value, "亿元"), 2) or None


def _pool(found: Figures) -> Section:
    stages = indicators.projects_by_stage(found.scope, found.year_so_far)
    paragraphs = (sentences.pool(found), "" if found.frozen else sentences.stage_counts(stages))
    return Section(_("Reserve and projects under way"), tuple(filter(None, paragraphs)))


def _outreach(found: Figures) -> Section:
    paragraphs = [_("This year: %(what)s") % {"what": sentences.outreach(found)}]
    if not found.is_year:
        text = sentences.outreach(found, of_year=False)
        paragraphs.append(f"{found.period.label}：{text}")
    return Section(_("Going out and receiving"), tuple(paragraphs))


def _teams(found: Figures) -> Section | None:
    if found.scope.team:
        return None
    text = sentences.ranking(found, grids.team_rates(found))
    return Section(_("Task forces"), (text,) if text else (), grids=(grids.teams(found),))


def _slow(found: Figures) -> Section | None:
    table = grids.slow(found, found.period.cut)
    if table is None:
        return None
    text = _("The following projects stand still or are late; those responsible report why.")
    return Section(_("Slow projects"), (text,), grids=(table,))


def _next(found: Figures) -> Section | None:
    items = grids.plans(found, grids.ahead_of(found.period, grids.AHEAD_DAYS))
    return Section(_("Next steps"), items=tuple(items)) if items else None


DOCUMENT = add_document(
    Document(
        "monthly",
        gettext_lazy("Monthly report"),
        gettext_lazy(
            "Bulletin of a month, quarter or year: text from the figures, tables and a chart."
        ),
        render,
    )
)
