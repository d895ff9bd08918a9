"""The weekly report (周报): the week, the year so far, what moved, and the week to come."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import indicators
from crm.indicators import Scope
from crm.papers import Graph, Paper, Section, grids, sentences, word
from crm.papers.figures import Figures, own_scope
from crm.periods import Period

from .monthly import caution, notes, until_today
from .registry import Document, add_document


def render(scope: Scope, period: Period) -> bytes:
    """The report as docx."""
    return word.render(build(scope, period), by=scope.reader)


def build(scope: Scope, period: Period) -> Paper:
    """The report of a week (or any days) for the city or one task force."""
    found = Figures(own_scope(scope), until_today(period))
    sections = [_week(found), _projects(found), _requests(found), _slow(found), _next(found)]
    days = f"{sentences.day(period.start)} – {sentences.day(period.cut)}"
    return Paper(
        title=_("Weekly report on investment attraction, %(whose)s") % {"whose": found.whose},
        subtitle=_("(%(days)s)") % {"days": days},
        as_of=found.period.cut,
        sections=tuple(section for section in sections if section),
        notes=notes(found),
        caution=caution(found),
    )


def _week(found: Figures) -> Section:
    new = sentences.sentence([
        _("%(count)s new leads") % {"count": found.now("leads_new").text},
        _("%(count)s new in talks") % {"count": found.now("negotiating_new").text},
        _("%(count)s new in reserve") % {"count": found.now("reserve_new").text},
    ])  # fmt: skip
    paragraphs = (
        _("This week: %(what)s") % {"what": sentences.outreach(found, of_year=False)},
        _("Projects: %(what)s") % {"what": new},
        sentences.signed_in_period(found, _("This week")),
        sentences.signed(found),
        sentences.pool(found),
    )
    tables = (grids.signings(found), None if found.scope.team else grids.teams(found))
    return Section(_("The week"), paragraphs, grids=tuple(filter(None, tables)))


def _projects(found: Figures) -> Section:
    rows = indicators.projects_by_stage(found.scope, found.year_so_far)
    title = _("Active projects by stage, %(whose)s") % {"whose": found.whose}
    series = ((_("projects"), tuple(row.count for row in rows)),)
    graph = Graph(title, _("projects"), tuple(str(row.label) for row in rows), series)
    table = grids.moves(found)
    said = (sentences.stage_counts(rows),)
    return Section(
        _("Projects"), tuple(filter(None, said)), graph=graph, grids=(table,) if table else ()
    )


def _requests(found: Figures) -> Section:
    raised, closed, late = grids.request_counts(found)
    text = sentences.sentence([
        _("%(count)s requests raised") % {"count": raised},
        _("%(count)s closed") % {"count": closed},
        ngettext("%(count)s is past its day", "%(count)s are past their day", late)
        % {"count": late} if late else "",
    ])  # fmt: skip
    return Section(_("Requests and problems"), (text,))


def _slow(found: Figures) -> Section | None:
    table = grids.slow(found, found.period.cut)
    return table and Section(_("Slow projects"), grids=(table,))


def _next(found: Figures) -> Section | None:
    items = grids.plans(found, grids.ahead_of(found.period, 7))
    return Section(_("Next week"), items=tuple(items)) if items else None


DOCUMENT = add_document(
    Document(
        "weekly",
        gettext_lazy("Weekly report"),
        gettext_lazy(
            "Outreach, moves and requests of a week, the year so far, and the week to come."
        ),
        render,
    )
)
