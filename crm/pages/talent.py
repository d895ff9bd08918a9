"""Talent: partner institutions, joint programmes, and people needed against people in training."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import charts
from crm.access import permissions_of
from crm.indicators import Scope, talent
from crm.indicators.behind import Behind
from crm.models import (
    FactorNeeds,
    Institution,
    PeopleNeed,
    Programme,
    Project,
    TrainingAgreement,
    TrainingYear,
)
from crm.models.talent import TrainingField
from crm.periods import Period, parse_year, today

from .frame import in_frame, page
from .reports import link_for

MOST = 12
YEARS_AROUND = 2
UNKNOWN = "—"


@page("view_programme")
@require_safe
def overview(request):
    """The balance of a year by field, the years side by side, partners, and who needs people."""
    user, year = request.user, _year(request)
    period = Period.year(year) if year < today().year else Period.year_to_date(today())
    period = period if year <= today().year else Period.year(year)
    scope = Scope(user)
    fields = _fields(scope, period, link_for(user))
    codes = permissions_of(user.role)
    context = {
        "title": _("Talent"), "year": year, "fields": fields,
        "years": [
            {"year": each, "current": each == year}
            for each in range(today().year - YEARS_AROUND, today().year + YEARS_AROUND + 1)
        ],
        "by_year": talent.by_year(scope, period).items(),
        "chart": _chart(fields, year), "figures": _figures(scope, period, fields, user),
        "partners": _partners(user, year), "projects": _projects(scope, period),
        "may_report": "view_report" in codes,
        "adds": {
            name: reverse(f"admin:crm_{name}_add") if f"add_{name}" in codes else ""
            for name in ("programme", "trainingagreement")
        },
    }  # fmt: skip
    return in_frame(request, "crm/talent.html", context)


def _year(request) -> int:
    try:
        return parse_year(request.GET.get("year", "")).start.year
    except ValidationError:
        return today().year


def _fields(scope: Scope, period: Period, link) -> list[dict]:
    labels = dict(TrainingField.choices) | {talent.UNSTATED: _("field not stated")}
    return [
        {
            "key": key, "label": labels[key], "balance": balance,
            "needs_url": link(Behind("talent_projects", period).where(field=key)),
            "trains_url": link(Behind("talent_programmes", period).where(field=key)),
        }
        for key, balance in talent.by_field(scope, period).items()
    ]  # fmt: skip


def _chart(fields: list[dict], year: int):
    marks = [
        charts.Mark(
            str(each["label"]), each["balance"].needed, each["needs_url"],
            "" if each["balance"].in_training is None
            else _("%(count)s in training") % {"count": f"{each['balance'].in_training:,}"},
            target=each["balance"].in_training,
        )
        for each in fields
        if each["key"]
    ]  # fmt: skip
    title = _("People needed by field; the line marks people in training in %(year)s")
    return charts.responsive(charts.bars, marks, title=title % {"year": year}) if marks else ""


def _figures(scope: Scope, period: Period, fields: list[dict], user) -> list[dict]:
    link = link_for(user)
    known = [row["balance"].in_training for row in fields]
    known = [number for number in known if number is not None]
    finished = [row["balance"].finished for row in fields if row["balance"].finished is not None]
    stayed = [row["balance"].stayed for row in fields if row["balance"].stayed is not None]
    silent = talent.unreported(scope, period)
    said = _("%(count)s programmes report no number") % {"count": silent} if silent else ""
    return [
        {"label": _("people needed"), "value": f"{talent.needed_in_all(scope, period):,}",
         "url": link(Behind("talent_projects", period)), "note": _("by projects in reserve or on")},
        {"label": _("in training"), "value": f"{sum(known):,}" if known else UNKNOWN,
         "url": link(Behind("talent_programmes", period)),
         "note": said or _("in %(year)s") % {"year": period.cut.year}},
        {"label": _("finishing"), "value": sum(finished) if finished else UNKNOWN, "url": "",
         "note": _("in %(year)s") % {"year": period.cut.year}},
        {"label": _("of which stayed here"), "value": sum(stayed) if stayed else UNKNOWN, "url": "",
         "note": _("in %(year)s") % {"year": period.cut.year}},
    ]  # fmt: skip


def _partners(user, year: int) -> list[dict]:
    """Institutions with their agreements and programmes; four queries."""
    agreements = list(TrainingAgreement.objects.live().visible_to(user).select_related("company"))
    programmes = list(Programme.objects.live().visible_to(user).select_related("company"))
    years = TrainingYear.objects.visible_to(user).filter(year=year)
    known = {row.programme_id: row for row in years}
    for programme in programmes:
        programme.this_year = known.get(programme.pk)
    return [
        {
            "row": row,
            "agreements": [each for each in agreements if each.institution_id == row.pk],
            "programmes": [each for each in programmes if each.institution_id == row.pk],
        }
        for row in Institution.objects.visible_to(user).current()
    ]


def _projects(scope: Scope, period: Period) -> list[dict]:
    """Projects that need most people, with what they say by field."""
    found = talent.stated(scope, period)
    first = sorted(found, key=lambda pk: (-max(found[pk]), pk))[:MOST]
    projects = Project.objects.in_bulk(first)
    parts: dict = {}
    for need in PeopleNeed.objects.filter(project__in=first).order_by("year", "pk"):
        parts.setdefault(need.project_id, []).append(need)
    needs = FactorNeeds.objects.filter(project__in=first).prefetch_related("institutions")
    partners = {row.project_id: [each.name for each in row.institutions.all()] for row in needs}
    return [
        {
            "project": projects[pk], "people": max(found[pk]), "parts": parts.get(pk, ()),
            "partners": partners.get(pk, ()),
        }
        for pk in first
    ]  # fmt: skip
