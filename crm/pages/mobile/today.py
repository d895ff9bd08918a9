"""Today: what I have to do, whom I met, and one big button."""

from datetime import timedelta

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm import agenda
from crm.access import permissions_of
from crm.models import FollowUp, Visit
from crm.periods import today

from .follow_ups import waiting_of
from .frame import in_phone, phone_page
from .visits import blank_entry

SOON = timedelta(days=7)
SHOWN_TASKS, MOST_TODAY, SHOWN_VISITS = 4, 20, 6
LOOK_BACK = timedelta(days=30)


@require_safe
@phone_page
def today_page(request):
    on, user = today(), request.user
    tasks = waiting_of(user)
    late = list(tasks.filter(due_on__lt=on)[: SHOWN_TASKS + 1])
    soon = tasks.filter(due_on__gt=on, due_on__lte=on + SOON)
    done = FollowUp.objects.live().filter(owner=user, done_on=on).count()
    context = {
        "on": on,
        "late": late[:SHOWN_TASKS],
        "has_more_late": len(late) > SHOWN_TASKS,
        "due": tasks.filter(due_on=on)[:MOST_TODAY],
        "soon": soon[:SHOWN_TASKS],
        "done": done,
        **_owed(user, on),
        "visits": _my_visits(user, on),
        **blank_entry(request),
    }
    return in_phone(request, "today.html", context, tab="today")


def _owed(user, on) -> dict:
    """Commitments and factor guarantees of one's projects that are overdue or due soon."""
    if "view_todo" not in permissions_of(user.role):
        return {}
    promised, promised_count = agenda.commitments(user, on)
    factors, factors_count = agenda.factors(user, on)
    return {
        "promised": promised[:SHOWN_TASKS], "factors": factors[:SHOWN_TASKS],
        "owed_count": promised_count + factors_count,
    }  # fmt: skip


def _my_visits(user, on):
    rows = Visit.objects.live().open_to(user).of_person(user)
    recent = rows.filter(held_on__gte=on - LOOK_BACK, held_on__lte=on)
    return recent.select_related("company", "project").order_by("-held_on", "-id")[:SHOWN_VISITS]


@require_safe
@never_cache
@phone_page
def session(request):
    """For the script, before it sends what the phone has kept: who is signed in, and the token."""
    return JsonResponse({"user": str(request.user.pk), "csrf": get_token(request)})
