"""Possible twins of what is being typed, as a piece of a page for the add and change forms."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from crm.duplicates import similar_firms, similar_projects
from crm.models import Company, Park, Project
from crm.names import clean_text

from .frame import page

LONGEST = 160


@require_safe
@page("add_company")
def companies(request):
    name, code = _text(request, "name"), _text(request, "uscc")
    found = similar_firms(request.user, name, code=code, but=_key(request, "but"))
    return _answer(request, found)


@require_safe
@page("add_project")
def projects(request):
    firm, park = _key(request, "lead_investor"), _key(request, "park")
    draft = Project(
        pk=_key(request, "but"), name=_text(request, "name"), lead_team=request.user.team,
        lead_investor=_visible(Company, request.user, firm),
        park=_visible(Park, request.user, park), filing_code=_text(request, "filing_code"),
    )  # fmt: skip
    return _answer(request, similar_projects(request.user, draft))


def _visible(model, user, pk):
    return pk and model.objects.visible_to(user).filter(pk=pk).first()


def _text(request, name: str) -> str:
    return clean_text(request.GET.get(name, ""))[:LONGEST]


def _key(request, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else None


def _answer(request, found):
    return render(request, "crm/similar.html", {"rows": [_row(each) for each in found]})


def _row(similar) -> dict:
    page_of = f"admin:crm_{similar.kind}_change"
    return {"similar": similar, "url": similar.pk and reverse(page_of, args=[similar.pk])}
