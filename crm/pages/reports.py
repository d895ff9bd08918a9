"""The reports: all of them at a glance, and each one with chart, table, files and print."""

from urllib.parse import quote, urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from crm import freezing
from crm.access import permissions_of
from crm.auditing import audit_export
from crm.filters.reports import ReportFilter
from crm.reports import REPORTS, Report, files
from crm.reports.table import TOTAL, Column, Formula, FrozenList, Kind, Record, Table
from crm.reports.words import cell_text

from .frame import in_frame, page
from .months import month_url

PAGE_SIZE = 50
SHORT = 14
OFFERED = ("xlsx", "csv", "docx")
NUMBERS = {Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.SHARE}


@page("view_report")
def index(request):
    """A card for every report with its indicator of the period."""
    chosen = ReportFilter(request.GET, user=request.user)
    asked = chosen.asked
    cards = [
        {
            "title": report.title, "description": report.description,
            "url": f"{reverse('crm_report', args=[report.name])}?{_kept(request)}",
            "figure": _figure(report, asked),
        }
        for report in REPORTS.values()
    ]  # fmt: skip
    context = {
        "title": _("Reports"), "cards": cards, "chosen": chosen, "asked": asked,
        "caution": freezing.caution(asked.scope, asked.period) if not asked.kept else "",
        "frozen": asked.kept, "month_url": month_url(request.user, asked.period),
    }  # fmt: skip
    return in_frame(request, "crm/reports/index.html", context)


def _figure(report: Report, asked):
    if not report.figure:
        return None
    return freezing.figure_for(report.figure, asked.scope, asked.period)


def _kept(request) -> str:
    """The days and the task force of the address, without what belongs to one report."""
    kept = {key: request.GET[key] for key in ("year", "part", "since", "until", "team")
            if request.GET.get(key)}  # fmt: skip
    return urlencode(kept)


@page("view_report")
def report(request, name: str):
    """Chart, table, total, notes and definition; ``format`` in the address asks for a file."""
    found = REPORTS.get(name)
    if found is None:
        raise Http404
    chosen = ReportFilter(request.GET, user=request.user, report=found)
    table = found.build(chosen.asked)
    if ending := request.GET.get("format"):
        return _file(request, found, table, ending)
    link = link_for(request.user)
    pages = Paginator(range(len(table.rows)), PAGE_SIZE)
    shown = pages.get_page(request.GET.get("page"))
    draws = found.draw and table.rows
    context = {
        "title": table.title, "report": found, "table": table, "chosen": chosen,
        "asked": chosen.asked, "pages": pages, "shown": shown,
        "page_links": _page_links(request, pages, shown),
        "answer": _answer(found, chosen.asked, table, link),
        "chart": found.draw(chosen.asked, table, link) if draws else "",
        "heads": [{"title": c.title, "css": _css(c)} for c in table.columns],
        "rows": [_cells(table, place, table.rows[place], link) for place in shown.object_list],
        "total": _cells(table, TOTAL, table.total, link),
        "ways": _ways(request, found, chosen.asked.by),
        "files": _files(request) if may_export(request.user) else [],
        "kept": _kept(request), "caution": table.caution,
        "month_url": month_url(request.user, chosen.asked.period),
    }  # fmt: skip
    return in_frame(request, "crm/reports/report.html", context)


def _answer(found: Report, asked, table: Table, link) -> list[dict]:
    """What stands before chart and table; nothing where there is nothing to report."""
    if found.answer is None or not table.rows:
        return []
    return [
        {"label": said.label, "text": said.text, "url": link(said.behind)}
        for said in found.answer(asked, table)
    ]


def _cells(table: Table, place: int, row: tuple, link) -> list[dict]:
    return [_cell(table, place, at, row, link) for at in range(len(table.columns))]


def _cell(table: Table, place: int, at: int, row: tuple, link) -> dict:
    """A number leads to its rows, or opens how it is made; an empty cell does neither."""
    value, column = row[at], table.columns[at]
    behind = table.drills.get((place, at)) if value not in (None, "") else None
    cell = {"text": _text(table, place, at, row), "label": column.title, "css": _css(column)}
    if isinstance(behind, Formula):
        parts = [
            {"label": label, "text": _("list"), "url": link(rows)} for label, rows in behind.parts
        ]
        return cell | {"made": behind.said, "parts": parts}
    if behind is None and column.made and value is not None:
        return cell | {"made": column.made.said, "parts": _parts(table, place, row, column, link)}
    return cell | {"url": link(behind)}


def _parts(table: Table, place: int, row: tuple, column: Column, link) -> list[dict]:
    """The numbers that a derived one is made of, each with its own rows."""
    places = [(place, at, row) for at in column.made.parts]
    places += [(TOTAL, at, table.total) for at in column.made.whole if place != TOTAL]
    return [
        {
            "label": table.columns[at].title + (f"（{_('total')}）" if where == TOTAL else ""),
            "text": _text(table, where, at, values) or "—", "url": _url(table, where, at, link),
        }
        for where, at, values in places
    ]  # fmt: skip


def _url(table: Table, place: int, at: int, link) -> str:
    behind = table.drills.get((place, at))
    return "" if isinstance(behind, Formula) else link(behind)


def _text(table: Table, place: int, at: int, row: tuple) -> str:
    return cell_text(row[at], table.columns[at], total=place == TOTAL)


def _css(column: Column) -> str:
    """Numbers stand right; days and short words are not broken."""
    if column.kind in NUMBERS:
        return "num"
    return "words" if column.kind is Kind.TEXT and column.width > SHORT else "whole"


def link_for(user):
    """What turns the rows behind a number into the address of their list; "" where closed."""

    def link(what) -> str:
        if what is None or f"view_{what.model._meta.model_name}" not in permissions_of(user.role):
            return ""
        name = what.model._meta.model_name
        if isinstance(what, FrozenList):
            return f"{reverse('crm_month', args=[what.month.key])}#{what.key}"
        if isinstance(what, Record):
            return reverse(f"admin:crm_{name}_change", args=[what.pk])
        address = urlencode({"behind": what.address})
        return f"{reverse(f'admin:crm_{name}_changelist')}?{address}"

    link.do_not_call_in_templates = True  # a template hands it on
    return link


def _ways(request, found: Report, current: str) -> list[dict]:
    """The other ways to split the report, as links that keep the rest of the address."""
    return [
        {"label": label, "url": with_changed(request, by=key), "current": key == current}
        for key, label in found.by.items()
    ]


def _files(request) -> list[dict]:
    return [{"label": ending, "url": with_changed(request, format=ending)} for ending in OFFERED]


def with_changed(request, **changed) -> str:
    """The address with these values; another way to split starts at the first page."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("format", None)
    for key, value in changed.items():
        query[key] = value
    return f"?{query.urlencode()}"


def _page_links(request, pages: Paginator, shown) -> list[dict]:
    numbers = pages.get_elided_page_range(shown.number) if pages.num_pages > 1 else ()
    return [
        {"label": n, "url": with_changed(request, page=n) if isinstance(n, int) else "",
         "current": n == shown.number}
        for n in numbers
    ]  # fmt: skip


# -- files -----------------------------------------------------------------------------------------


def may_export(user) -> bool:
    return "export_report" in permissions_of(user.role)


def _file(request, found: Report, table: Table, ending: str) -> HttpResponse:
    """The whole report as a file; who took out what is written down."""
    if not may_export(request.user):
        raise PermissionDenied
    if ending not in OFFERED:
        raise Http404
    content, content_type = files.render(table, ending, by=request.user), files.FORMATS[ending][1]
    log_export(request, found.name, ending, len(table.rows))
    response = HttpResponse(content, content_type=content_type)
    name = quote(f"{table.title}-{table.as_of:%Y%m%d}.{ending}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def log_export(request, name: str, ending: str, rows: int) -> None:
    query = request.GET.copy()
    query.pop("format", None)
    audit_export(request, report=name, file_format=ending, rows=rows, query=query.urlencode())
