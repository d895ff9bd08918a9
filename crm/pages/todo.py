"""To do: one's follow-ups by their day; done and the next step in two clicks."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import agenda
from crm.access import Role
from crm.models import FollowUp, StaleRecord
from crm.names import clean_text
from crm.periods import today

from .frame import in_frame, page
from .timeline import colleagues

LEADS = {Role.TEAM_LEAD, Role.BUREAU}


@page("view_todo")
@require_safe
def todo(request):
    """``?done=`` opens the form of one follow-up, ``?whose=all`` shows everybody's."""
    user, on = request.user, today()
    everybody = request.GET.get("whose") == "all" and user.role in LEADS
    late, late_count = agenda.late_on_the_clock(user, on, everybody=everybody)
    promised, promised_count = agenda.commitments(user, on, everybody=everybody)
    owed, owed_count = agenda.factors(user, on, everybody=everybody)
    idle, idle_count = agenda.without_next_step(user, everybody=everybody)
    silent, silent_count = agenda.late_key_firms(user, on)
    context = {
        "title": _("To do"), "silent": silent, "silent_count": silent_count,
        "on": on, "everybody": everybody, "may_see_all": user.role in LEADS,
        "sections": agenda.sections(user, on, everybody=everybody),
        "opened": request.GET.get("done", ""), "done": agenda.done_on(user, on),
        "late": late, "late_count": late_count, "idle": idle, "idle_count": idle_count,
        "owed": owed, "owed_count": owed_count,
        "promised": promised, "promised_count": promised_count,
        "matters": agenda.matters(user, on), "days": agenda.days_to_choose(on),
        "in_a_week": on + timedelta(days=7),
        "colleagues": colleagues(user.team and user.team.pk, user),
    }  # fmt: skip
    return in_frame(request, "crm/flow/todo.html", context)


@page("view_todo")
@require_POST
def act(request, pk: int):
    """Finish, put off, hand over or take back one follow-up."""
    item = get_object_or_404(FollowUp.objects.live().open_to(request.user), pk=pk)
    verb = request.POST.get("do", "")
    if verb not in VERBS:
        raise PermissionDenied
    try:
        text = VERBS[verb](item, request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(f"{_back(request)}?done={pk}#f{pk}")
    except StaleRecord:
        messages.error(request, _("Somebody else changed this at the same moment."))
    else:
        messages.success(request, text)
    return HttpResponseRedirect(_back(request))


def _back(request) -> str:
    return reverse("admin:index" if request.POST.get("from") == "home" else "crm_todo")


def _finish(item, request) -> str:
    """Done, with the next step unless there is none."""
    values = {"by": request.user, "result": clean_text(request.POST.get("result", ""))[:300]}
    if request.POST.get("next") == "none":
        item.finish(**values)
        return _("Done.")
    what = clean_text(request.POST.get("what", ""))[:200]
    following = item.finish(**values, what=what, due_on=_day(request, "due_on"))
    if following is None:
        return _("Done.")
    return _("Done. Next: %(what)s, %(day)s.") % {"what": following.what, "day": following.due_on}


def _snooze(item, request) -> str:
    day = _day(request, "due_on")
    if day is None:
        raise ValidationError(_("Choose a day."))
    item.snooze(day, by=request.user)
    return _("Put off to %(day)s.") % {"day": day}


def _hand(item, request) -> str:
    key = request.POST.get("owner", "")
    people = colleagues(item.task_force_id, request.user)
    owner = people.filter(pk=key).first() if key.isascii() and key.isdigit() else None
    if owner is None:
        raise ValidationError(_("Choose a colleague of this task force."))
    item.hand_to(owner, by=request.user)
    return _("%(who)s does it now.") % {"who": owner}


def _reopen(item, request) -> str:
    item.done_on = None
    item.save_as(request.user)
    return _("It waits again.")


VERBS = {"finish": _finish, "snooze": _snooze, "hand": _hand, "reopen": _reopen}


def _day(request, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("“%(text)s” is not a date.") % {"text": text[:20]})
    return day
