"""Find a firm, and its card: whom to call, what was talked about, which projects."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from crm import searching
from crm.access import PHONE_READERS
from crm.models import Company, Project, Visit
from crm.names import mask_phone
from crm.pages.phones import is_revealed, reveal_address

from .frame import in_phone, phone_page
from .suggesting import suggested_firms

LONGEST_QUERY = 60
SHOWN_VISITS, SHOWN_PROJECTS = 5, 8


@require_safe
@phone_page
def firms_page(request):
    text = asked(request)
    context = {
        "q": text,
        "firms": searching.best(request.user, "company", text) if text else [],
        "suggested": [] if text else suggested_firms(request.user),
    }
    part = "part" in request.GET
    return in_phone(request, "firm_rows.html" if part else "firms.html", context, tab="firms")


def asked(request) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]


@require_safe
@phone_page
def firm_page(request, pk: int):
    user = request.user
    rows = Company.objects.live().visible_to(user).select_related("region", "owning_team")
    firm = get_object_or_404(rows.prefetch_related("other_names"), pk=pk)
    context = {"firm": firm}
    if firm.is_open:
        context |= {
            "people": [_person(request, contact) for contact in _contacts(firm)],
            "visits": _visits(firm, user),
            "projects": _projects(firm, user),
        }
    return in_phone(request, "firm.html", context, tab="firms")


def _contacts(firm):
    return firm.contacts.filter(archived_at=None, has_left=False).order_by("-is_primary", "id")[:8]


def _person(request, contact) -> dict:
    """A contact with its number, masked until somebody who works with the firm asks for it."""
    number = contact.mobile or contact.phone
    shown = request.user.role in PHONE_READERS
    revealed = shown and is_revealed(request, contact.pk)
    return {
        "contact": contact,
        "number": number if revealed else mask_phone(number),
        "call": number if revealed else "",
        "reveal": reveal_address(request, contact) if number and shown and not revealed else "",
    }


def _visits(firm, user):
    rows = Visit.objects.live().open_to(user).filter(company=firm)
    return rows.select_related("task_force", "project").order_by("-held_on", "-id")[:SHOWN_VISITS]


def _projects(firm, user):
    rows = Project.objects.live().shown_to(user).filter(lead_investor=firm, is_open=True)
    return rows.order_by("-reported_on", "-id")[:SHOWN_PROJECTS]
