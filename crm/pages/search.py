"""Find anything: the box's answers while typing, and a page of results without JavaScript."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import searching

from .frame import in_frame, page

SHOWN = 5  # of a kind under the box; the page shows all that are counted
LONGEST = 100


@require_safe
@page("view_project")
def results(request):
    """``/search/?q=``: all kinds, or the recent records when nothing is asked."""
    text = _asked(request)
    context = {"title": _("Search"), "q": text, **_answer(request, text, searching.MOST)}
    return in_frame(request, "crm/search.html", context)


@require_safe
@page("view_project")
def quick(request):
    """The same as a piece of a page, for the box."""
    text = _asked(request)
    return render(request, "crm/search_results.html", {"q": text, **_answer(request, text, SHOWN)})


def _asked(request) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]


def _answer(request, text: str, most: int) -> dict:
    if not text:
        opened = _opened(request.GET.get("opened", ""))
        return {"recent": [_row(hit) for hit in searching.recent(request.user, opened)]}
    groups = searching.find(request.user, text)
    return {"groups": [_group(group, most) for group in groups]}


def _opened(text: str) -> list[tuple[str, int]]:
    """``company.12,project.5``: what this device remembers of the records it showed."""
    parts = (part.partition(".") for part in text[:400].split(","))
    return [
        (kind, int(pk)) for kind, _dot, pk in parts
        if kind in searching.KINDS and pk.isascii() and pk.isdecimal() and len(pk) < 12
    ]  # fmt: skip


def _group(group, most: int) -> dict:
    return {
        "kind": group.kind,
        "label": group.label,
        "count": group.count,
        "url": reverse(f"admin:crm_{group.kind}_changelist"),
        "has_more": group.has_more or len(group.hits) > most,
        "rows": [_row(hit) for hit in group.hits[:most]],
    }


def _row(hit) -> dict:
    url = reverse(f"admin:crm_{hit.kind}_change", args=[hit.pk])
    return {"url": url, "hit": hit, "tone": hit.badge[0], "badge": hit.badge[1]}
