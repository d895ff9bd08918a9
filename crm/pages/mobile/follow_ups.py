"""My follow-ups: done in one tap, then the next step of the same matter."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm.access import permissions_of
from crm.dates import parse_date
from crm.models import FollowUp, StaleRecord
from crm.periods import today

from .frame import in_phone, phone_page

LONGEST = 60
# Quick picks: days from today and their names.
SOON = (
    (1, gettext_lazy("tomorrow")),
    (3, gettext_lazy("in 3 days")),
    (7, gettext_lazy("in a week")),
)
SHOWN = {
    "all": gettext_lazy("all"),
    "late": gettext_lazy("overdue"),
    "today": gettext_lazy("today"),
    "week": gettext_lazy("7 days"),
    "done": gettext_lazy("done"),
}


def waiting_of(user):
    """My open follow-ups, the longest overdue first."""
    rows = FollowUp.objects.live().visible_to(user).filter(owner=user).waiting()
    return rows.select_related("company", "project").order_by("due_on", "id")


@require_safe
@phone_page
def follow_ups_page(request):
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in SHOWN else "all"
    rows = list(_rows(request.user, chosen)[: LONGEST + 1])
    context = {
        "on": today(),
        "chips": [(key, label, key == chosen) for key, label in SHOWN.items()],
        "chosen": chosen,
        "tasks": rows[:LONGEST],
        "has_more": len(rows) > LONGEST,
        "finished": _finished(request),
        "picks": SOON,
    }
    return in_phone(request, "follow_ups.html", context, tab="tasks")


def _rows(user, chosen):
    on, rows = today(), waiting_of(user)
    if chosen == "done":
        done = FollowUp.objects.live().visible_to(user).filter(owner=user).exclude(done_on=None)
        return done.select_related("company", "project").order_by("-done_on", "-id")
    limits = {
        "late": {"due_on__lt": on},
        "today": {"due_on": on},
        "week": {"due_on__lte": on + timedelta(days=7)},
    }
    return rows.filter(**limits.get(chosen, {}))


def _finished(request):
    """The follow-up just marked as done: its next step is asked for, or the tap taken back."""
    key = request.GET.get("done", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 12):
        return None
    rows = FollowUp.objects.live().open_to(request.user).filter(pk=key, owner=request.user)
    return rows.exclude(done_on=None).select_related("company", "project").first()


@require_POST
@phone_page
def finish(request, pk: int):
    """Mark as done; a second tap changes nothing."""
    task = _own(request, pk)
    if task.done_on is None and not _done(request, lambda: task.finish(by=request.user)):
        return _back()
    return _back(done=task.pk)


@require_POST
@phone_page
def reopen(request, pk: int):
    """Take the tap back."""
    task = _own(request, pk)
    task.done_on = None
    _done(request, lambda: task.save_as(request.user))
    return _back()


@require_POST
@phone_page
def next_step(request, pk: int):
    """What comes after a follow-up that is done: the same firm and project, a new day."""
    task = _own(request, pk)
    try:
        due = _day(request.POST)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _back(done=task.pk)
    what = request.POST.get("what", "").strip() or task.what
    if not _done(request, lambda: task.finish(by=request.user, what=what, due_on=due)):
        return _back(done=task.pk)
    words = {"what": what, "due": f"{due:%m-%d}"}
    messages.success(request, _("Next step noted: %(what)s, %(due)s") % words)
    return _back()


def _day(posted):
    """A day that was picked, or so many days from today."""
    days = posted.get("days", "")
    if days in {str(days) for days, _label in SOON}:
        return today() + timedelta(days=int(days))
    if not posted.get("due_on", "").strip():
        raise ValidationError(_("Say by which day."))
    day = parse_date(posted["due_on"]).day
    if day is None:
        raise ValidationError(_("Say by which day."))
    return day


def _own(request, pk):
    if "change_followup" not in permissions_of(request.user.role):
        raise PermissionDenied
    rows = FollowUp.objects.live().open_to(request.user).filter(owner=request.user)
    return get_object_or_404(rows.select_related("company", "project", "task_force"), pk=pk)


def _done(request, act) -> bool:
    """Do it; what speaks against it is said in words."""
    try:
        act()
    except StaleRecord:
        messages.error(request, _("Somebody else changed this at the same moment; try again."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        return True
    return False


def _back(**query):
    address = reverse("crm_m_follow_ups")
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)
