"""The weekly and the monthly report: read on the page, taken out as a Word file."""

from datetime import timedelta
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.access import CITY_READERS, TEAM_ROLES
from crm.indicators import Scope
from crm.models import Deal, TaskForce
from crm.models.projects import sample_present
from crm.papers import word
from crm.periods import Period, parse_month, parse_year, today
from crm.reports import monthly, weekly

from .frame import in_frame, page
from .months import month_url
from .taking_out import may_take_out, taken_out


@page("view_report")
@require_safe
def weekly_page(request):
    """The week of ``day``; without one this week, or with sample data the last with a deal."""
    week = Period.week(_day(request.GET.get("day", "")))
    nearby = [
        {"label": _("week before"), "day": week.start - timedelta(days=7)},
        {"label": _("week after"), "day": week.end},
    ]
    links = [
        {"label": each["label"], "url": _address("crm_weekly", request, day=each["day"])}
        for each in nearby
    ]
    context = {"links": links, "day": week.start, "is_weekly": True}
    return _paper(request, "weekly", weekly, week, context, {"day": week.start.isoformat()})


@page("view_report")
@require_safe
def monthly_page(request):
    """A month, or the whole year; without one the last month that is over."""
    period = _month(request.GET)
    year, month = period.start.year, None if period == Period.year(period.start.year) else (
        period.start.month
    )  # fmt: skip
    links = [{"label": _("whole year"), "current": month is None,
              "url": _address("crm_monthly", request, year=year)}]  # fmt: skip
    links += [
        {"label": _("month %(month)s") % {"month": n}, "current": n == month,
         "url": _address("crm_monthly", request, month=f"{year}-{n:02d}")}
        for n in range(1, 13)
    ]  # fmt: skip
    years = [
        {"label": each, "current": each == year,
         "url": _address("crm_monthly", request, **_same(each, month))}
        for each in range(year - 2, min(year + 2, today().year) + 1)
    ]  # fmt: skip
    kept = _same(year, month)
    return _paper(request, "monthly", monthly, period, {"links": links, "years": years}, kept)


def _same(year: int, month: int | None) -> dict:
    return {"month": f"{year}-{month:02d}"} if month else {"year": year}


def _paper(request, name: str, report, period: Period, context: dict, kept: dict):
    scope = Scope(request.user).of(_team(request))
    paper = report.build(scope, period)
    if request.GET.get("format") == "docx":
        return taken_out(
            request, word.render(paper, by=request.user), report=name,
            name=f"{paper.title}{paper.subtitle}.docx", content_type=word.CONTENT_TYPE, rows=0,
        )  # fmt: skip
    shown = {
        "title": paper.title, "paper": paper, "kept": kept,
        "teams": TaskForce.objects.current() if request.user.role in CITY_READERS else [],
        "month_url": month_url(request.user, period), "team": scope.team,
        "may_export": may_take_out(request.user),
        "file_url": _address(f"crm_{name}", request, **kept, format="docx"),
    }  # fmt: skip
    return in_frame(request, "crm/paper.html", {**shown, **context})


def _address(name: str, request, **wanted) -> str:
    if team := request.GET.get("team"):
        wanted["team"] = team
    return f"{reverse(name)}?{urlencode(wanted)}"


def _team(request) -> TaskForce | None:
    """The task force asked for, where the reader reads them all; else the reader's own."""
    if request.user.role in TEAM_ROLES:
        return request.user.team
    number = request.GET.get("team", "")
    return TaskForce.objects.filter(pk=number).first() if number.isdecimal() else None


def _day(text: str):
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    return found or _latest()


def _latest():
    """Today; with sample data, which lies years back, the day of its last deal."""
    if not sample_present():
        return today()
    last = Deal.objects.live().counting().filter(signed_on__lte=today()).order_by("-signed_on")
    return last.values_list("signed_on", flat=True).first() or today()


def _month(params) -> Period:
    try:
        if "year" in params:
            return parse_year(params["year"])
        return parse_month(params.get("month", ""))
    except ValidationError:
        day = _latest()
    if day == today():
        day = day.replace(day=1) - timedelta(days=1)
    return Period.month(day.year, day.month)
