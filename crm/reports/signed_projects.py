"""Signed projects: which deals were signed in the period, by whom, for how much."""

from decimal import Decimal

from django.db.models import Min, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import charts, freezing, indicators
from crm.freezing.telling import names_for
from crm.indicators import NOTHING
from crm.indicators.signing import counting_deals
from crm.models import CreditShare, Deal, Project
from crm.periods import Period, today
from crm.stages import Stage

from .asking import Asked, Line, closed_note, exactness, money, table, unknown_note
from .registry import Report, add_report
from .table import Column, FrozenList, Kind, Record

NEW = gettext_lazy("new project")
MORE = gettext_lazy("adds to a signed project")


def build(asked: Asked):
    """A row for each counting deal signed in the period, in the order of signing.

    Of a frozen month the deals, days and amounts that it was frozen with. Six queries.
    """
    return _frozen(asked) if asked.kept else _live(asked)


LINKS = ("project__lead_investor", "project__park", "project__segment__chain",
         "project__lead_team", "event")  # fmt: skip


def _live(asked: Asked):
    behind = asked.behind("deals")
    deals = list(asked.rows(behind).select_related(*LINKS).order_by("signed_on", "pk"))
    firsts, shares, open_ids = _firsts(deals), _shares(deals), _open(deals, asked)
    lines = [
        _line(number, deal, firsts, shares, is_open=deal.project_id in open_ids)
        for number, deal in enumerate(deals, start=1)
    ]
    amount = indicators.signed_yuan(asked.scope, asked.period)
    count = indicators.deals_signed(asked.scope, asked.period)
    return table(
        asked, _("Signed projects"), _columns(), lines,
        _total(asked, count.value, len(deals), amount),
        notes=[*unknown_note(amount.unknown),
               *freezing.corrections_notes(asked.scope, asked.period, SIGNINGS),
               *closed_note(sum(deal.project_id not in open_ids for deal in deals))],
        definition=f"{count.definition} {amount.definition}",
    )  # fmt: skip


SIGNINGS = ("deals_signed", "signed_yuan")


def _frozen(asked: Asked):
    """The rows a month was frozen with; names as the reader may read them, the rest of today."""
    rows = asked.kept.rows("signed_yuan")
    scoped = Deal.objects.visible_to(asked.scope.reader).select_related(*LINKS)
    found = scoped.in_bulk([row.source for row in rows])
    names = names_for({row.project_id for row in rows}, asked.scope.reader)
    deals = list(found.values())
    open_ids, shares = _open(deals, asked), _shares(deals)
    new = {row.project_id for row in asked.kept.rows("deals_signed")}
    lines = []
    for number, row in enumerate(rows, start=1):
        firsts = {row.project_id: row.source} if row.project_id in new else {}
        new.discard(row.project_id)
        lines.append(_frozen_line(number, row, found.get(row.source), names,
                                  (firsts, shares, row.project_id in open_ids)))  # fmt: skip
    figures = asked.kept.figures()
    count, amount = figures["deals_signed"], figures["signed_yuan"]
    counted = len(asked.kept.rows("deals_signed"))
    return table(
        asked, _("Signed projects"), _columns(), lines,
        _frozen_total(asked, counted, len(rows), amount), is_frozen=True,
        notes=[*unknown_note(amount.unknown),
               _("Project, day and amount are the frozen ones; the other columns are of today."),
               *freezing.corrections_notes(asked.scope, asked.period, SIGNINGS)],
        definition=f"{count.definition} {amount.definition}",
    )  # fmt: skip


def _frozen_line(number: int, row, deal: Deal | None, names: dict, of_today: tuple) -> Line:
    name = names.get(row.project_id, NOTHING)
    firsts, shares, is_open = of_today
    counts = str(NEW if firsts else MORE)
    drills = {1: Record(Project, row.project_id)} if row.project_id in names else {}
    if deal is None:
        gone = (None, None, row.on, money(row.amount_yuan), "", counts, *[None] * 5)
        return Line((number, name, *gone), drills)
    of_day = _line(number, deal, firsts, shares, is_open=is_open).values
    exact = of_day[6] if deal.amount_yuan == row.amount_yuan else ""
    kept = (row.on if is_open else None, money(row.amount_yuan), exact, counts)
    return Line((number, name, *of_day[2:4], *kept, *of_day[8:]), drills)


def _frozen_total(asked: Asked, count: int, deals: int, amount) -> Line:
    """What is behind it stands on the page of the frozen month; a task force has no such page."""
    values = _total(asked, count, deals, amount).values
    if asked.scope.team is not None:
        return Line(values)
    month = asked.kept.month
    return Line(values, {1: FrozenList(month, "deals_signed"), 3: FrozenList(month, "signed_yuan"),
                         5: FrozenList(month, "signed_yuan")})  # fmt: skip


def _columns():
    return (
        Column(_("no."), Kind.COUNT, 6),
        Column(_("project name"), Kind.TEXT, 30, shows="deals.project"),
        Column(_("investor"), Kind.TEXT, 22, shows="deals.investor"),
        Column(_("kind"), Kind.TEXT, 10, shows="deals.kind"),
        Column(_("signed on"), Kind.DATE, 12, shows="deals.signed_on"),
        Column(_("amount signed"), Kind.MONEY, 14, _("undetermined"), shows="deals.amount"),
        Column(_("how exact"), Kind.TEXT, 8, shows="deals.amount"),
        Column(_("counts as"), Kind.TEXT, 12),
        Column(_("signing event"), Kind.TEXT, 16, shows="deals.event"),
        Column(_("park"), Kind.TEXT, 16, shows="deals.park"),
        Column(_("chain segment"), Kind.TEXT, 16, shows="projects.segment"),
        Column(_("credit"), Kind.TEXT, 22, shows="deals.share"),
        Column(_("stage today"), Kind.TEXT, 10, shows="deals.progress"),
    )


def _line(number: int, deal: Deal, firsts, shares, *, is_open: bool) -> Line:
    project = deal.project
    counts = NEW if firsts.get(project.pk) == deal.pk else MORE
    name = project.name if is_open else project.code_name
    known = (
        str(project.lead_investor or ""), deal.get_kind_display(), deal.signed_on,
        money(deal.amount_yuan), exactness(deal.amount_precision), str(counts),
        str(deal.event or deal.place), str(project.park or project.site_text),
        str(project.segment or project.segment_text), shares.get(project.pk, ""),
        str(Stage(project.stage).label),
    )  # fmt: skip
    closed = (None, None, None, known[3], known[4], str(counts), *[None] * 4, known[-1])
    drills = {1: Record(Project, project.pk)}
    if is_open:
        drills[5] = Record(Deal, deal.pk)
    return Line((number, name, *(known if is_open else closed)), drills)


def _firsts(deals) -> dict[int, int]:
    """The first counting deal of each project, whenever it was signed: project → deal."""
    rows = (
        Deal.objects.counting().filter(project__in={deal.project_id for deal in deals})
        .exclude(signed_on=None).order_by("project", "signed_on", "pk")
    )  # fmt: skip
    firsts: dict[int, int] = {}
    for project, deal in rows.values_list("project", "pk"):
        firsts.setdefault(project, deal)
    return firsts


def _shares(deals) -> dict[int, str]:
    """Credit by task force as written: 甲 50%、乙 50%."""
    rows = CreditShare.objects.filter(project__in={deal.project_id for deal in deals})
    said: dict[int, list[str]] = {}
    for share in rows.select_related("task_force").order_by("-percent", "pk"):
        said.setdefault(share.project_id, []).append(str(share))
    return {project: "、".join(parts) for project, parts in said.items()}


def _open(deals, asked: Asked) -> set[int]:
    projects = Project.objects.filter(pk__in={deal.project_id for deal in deals})
    return set(projects.open_to(asked.scope.reader).values_list("pk", flat=True))


def _total(asked: Asked, count: int, deals: int, amount) -> Line:
    projects = ngettext("total: %(count)s project", "total: %(count)s projects", count)
    papers = ngettext("%(count)s deal", "%(count)s deals", deals) % {"count": deals}
    values = (
        None, projects % {"count": count}, None, papers, None, money(amount.value),
        exactness(amount.precision), *[None] * 6,
    )  # fmt: skip
    return Line(values, {1: asked.behind("signed"), 3: asked.behind("deals"),
                         5: asked.behind("deals")})  # fmt: skip


# -- the chart -------------------------------------------------------------------------------------


def draw(asked: Asked, shown, link):
    """The year adding up against last year and the target; months lead to their deals."""
    year = asked.period.start.year
    now, then = _months(asked, year, link), _months(asked, year - 1, link)
    names = (_("year %(year)s") % {"year": year}, _("year %(year)s") % {"year": year - 1})
    target = indicators.target_rate(
        asked.scope.of(None), Period.year(year), "signed_yuan", asked.scope.team
    ).denominator
    given = {"names": names, "form": charts.yuan_text}
    return charts.joined([
        charts.responsive(charts.columns, now, then, title=_("amount signed by month"), **given),
        charts.responsive(charts.cumulative, now, then, title=_("amount signed so far"),
                          target=target, target_name=_("target"), **given),
    ])  # fmt: skip


def _months(asked: Asked, year: int, link) -> list[charts.Mark]:
    """What each month of the year signed, up to this month; a month of unknown sums is unknown."""
    on = today()
    rows = counting_deals(asked.scope).signed_in(Period.year(year)).order_by()
    months = rows.values_list(TruncMonth("signed_on")).annotate(
        total=Sum("amount_yuan"), first=Min("pk")
    )  # fmt: skip
    found = {month.month: total for month, total, _first in months}
    last = on.month if year == on.year else 12
    return [
        charts.Mark(
            _("%(month)s.") % {"month": month}, found.get(month, Decimal(0)),
            link(Asked(asked.scope, Period.month(year, month)).behind("deals"))
            if month in found else "",
        )
        for month in range(1, last + 1)
    ]  # fmt: skip


REPORT = add_report(
    Report(
        "signed_projects", gettext_lazy("Signed projects"),
        gettext_lazy("Which deals were signed, when, for how much and to whose credit."),
        build, draw, figure="signed_yuan",
    )
)  # fmt: skip
