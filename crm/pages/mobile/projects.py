"""My projects, those first whose next step is due."""

from django.db.models import F
from django.views.decorators.http import require_safe

from crm.models import Project
from crm.periods import today

from .firms import asked
from .frame import in_phone, phone_page

LONGEST = 40


@require_safe
@phone_page
def projects_page(request):
    text, whose = asked(request), _whose(request)
    rows = list(_rows(request.user, whose, text)[: LONGEST + 1])
    context = {
        "q": text, "whose": whose, "projects": rows[:LONGEST], "has_more": len(rows) > LONGEST,
        "on": today(),
    }  # fmt: skip
    return in_phone(request, "projects.html", context, tab="projects")


def _whose(request) -> str:
    """Mine, unless somebody asks for all or leads no project of their own."""
    if request.GET.get("whose") in {"mine", "all"}:
        return request.GET["whose"]
    own = Project.objects.live().filter(owner=request.user).exists()
    return "mine" if own else "all"


def _rows(user, whose, text):
    rows = Project.objects.live().shown_to(user).select_related("lead_investor", "park")
    rows = rows.found_by(text) if text else rows.active()
    if whose == "mine":
        rows = rows.filter(owner=user)
    return rows.order_by(F("next_step_on").asc(nulls_last=True), "-reported_on", "-id")
