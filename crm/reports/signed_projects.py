"""Signed projects: which deals were signed in the period, by whom, for how much."""

from decimal import Decimal

from django.db.models import Min, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import charts, indicators
from crm.indicators.signing import counting_deals
from crm.models import CreditShare, Deal, Project
from crm.periods import Period, today
from crm.stages import Stage

from .asking import Asked, Line, closed_note, exactness, money, table, unknown_note
from .registry import Report, add_report
from .table import Column, Kind, Record

NEW = gettext_lazy("new project")
MORE = gettext_lazy("adds to a signed project")


def build(asked: Asked):
    """A row for each counting deal signed in the period, in the order of signing; five queries."""
    behind = asked.behind("deals")
    deals = list(
        asked.rows(behind)
        .select_related("project__lead_investor", "project__park", "project__segment__chain",
                        "project__lead_team", "event")
        .order_by("signed_on", "pk")
    )  # fmt: skip
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
               *closed_note(sum(deal.project_id not in open_ids for deal in deals))],
        definition=f"{count.definition} {amount.definition}",
    )  # fmt: skip


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
    return Line((number, name, *(known if is_open else closed)), {1: Record(Project, project.pk)})


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
