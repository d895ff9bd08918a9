"""One page about a project or a firm, for a phone and for one sheet of A4; the visit brief."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.briefs.company import company_brief
from crm.briefs.project import project_brief
from crm.briefs.visit import visit_brief
from crm.models import Company, Project
from crm.papers import word
from crm.periods import today

from .frame import in_frame, page
from .taking_out import may_take_out, taken_out

PROJECT_LINKS = ("lead_investor", "lead_team", "owner", "park", "segment__chain", "project_company")
COMPANY_LINKS = ("region", "industry", "parent", "owning_team", "alliance")


@page("view_project")
@require_safe
def project_page(request, pk: int):
    """For whoever may open the project; for others there is no such page."""
    rows = Project.objects.open_to(request.user).select_related(*PROJECT_LINKS)
    brief = project_brief(get_object_or_404(rows, pk=pk), request.user, on=today())
    back = reverse("admin:crm_project_change", args=[pk])
    return in_frame(request, "crm/brief.html", {"brief": brief, "back_url": back, "day": today()})


@page("view_company")
@require_safe
def company_page(request, pk: int):
    company = _company(request, pk)
    brief = company_brief(company, request.user, on=today())
    context = {
        "brief": brief, "day": today(), "back_url": reverse("admin:crm_company_change", args=[pk]),
        "visit_url": reverse("crm_visit_brief", args=[pk]),
    }  # fmt: skip
    return in_frame(request, "crm/brief.html", context)


@page("view_company")
@require_safe
def visit_page(request, pk: int):
    """Read on the page, printed on one sheet, or taken out as Word."""
    company = _company(request, pk)
    paper = visit_brief(company, request.user, on=today())
    if request.GET.get("format") == "docx":
        return taken_out(
            request, word.render(paper, by=request.user), report="visit_brief",
            name=f"{paper.title}.docx", content_type=word.CONTENT_TYPE, rows=0,
        )  # fmt: skip
    context = {
        "paper": paper, "title": paper.title, "may_export": may_take_out(request.user),
        "company": company, "back_url": reverse("admin:crm_company_change", args=[pk]),
    }  # fmt: skip
    return in_frame(request, "crm/visit_brief.html", context)


def _company(request, pk: int) -> Company:
    rows = Company.objects.open_to(request.user).select_related(*COMPANY_LINKS)
    return get_object_or_404(rows.prefetch_related("segments__chain", "other_names"), pk=pk)
