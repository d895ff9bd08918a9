"""The calendar: a month or a week of what was and what is to come, its file and its feed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm.access import TEAM_ROLES, permissions_of
from crm.calendars import KINDS, Asked, as_ics, entries_of, nearest_entries
from crm.dates import parse_date
from crm.models import CalendarFeed, TaskForce
from crm.periods import Period, today

from .frame import in_frame, page

PERMISSION = "view_visit"
VIEWS = {"month": gettext_lazy("by month"), "week": gettext_lazy("by week")}
MOST_A_DAY = {"month": 5, "week": 16}
# What a file and a feed hold: a month back, half a year ahead, and of a crowd what is nearest.
FILE_BACK, FILE_AHEAD, FILE_MOST = timedelta(days=31), timedelta(days=183), 800
SHARED = ("trip", "event")  # what a feed also carries of others: of the own teams, or of the city
ADMIN_NAMES = {"follow_up": "followup"}


@dataclass(frozen=True)
class Question:
    """What the address asks for, made sound."""

    view: str
    on: date
    kinds: tuple[str, ...]
    whose: str
    team: TaskForce | None

    @property
    def period(self) -> Period:
        """Whole weeks, from a Monday to a Sunday."""
        if self.view == "week":
            return Period.week(self.on)
        month = Period.month(self.on.year, self.on.month)
        return Period(Period.week(month.start).start, Period.week(month.cut).end)

    def url(self, **changes) -> str:
        asked = {
            "view": self.view, "on": self.on.isoformat(), "whose": self.whose,
            "team": self.team.pk if self.team else "", "kind": self.kinds, **changes,
        }  # fmt: skip
        if set(asked["kind"]) == set(KINDS):
            asked.pop("kind")
        asked = {name: value for name, value in asked.items() if value != ""}
        return f"?{urlencode(asked, doseq=True)}"


@require_safe
@page(PERMISSION)
def calendar_page(request):
    question = _question(request)
    window = entries_of(_asked(request, question), question.kinds)
    context = {
        "title": _("Calendar"),
        "question": question,
        "weeks": _weeks(question, window),
        "weekdays": [_day_name(number) for number in range(7)],
        "heading": Period.month(question.on.year, question.on.month).label,
        "views": [
            (label, question.url(view=key), key == question.view) for key, label in VIEWS.items()
        ],
        "kinds": _kind_chips(request, question),
        "people": _people(question),
        "teams": TaskForce.objects.current(),
        "earlier": question.url(on=_step(question, -1).isoformat()),
        "later": question.url(on=_step(question, 1).isoformat()),
        "now": question.url(on=today().isoformat()),
        "file": reverse("crm_calendar_file") + question.url(),
        "most": FILE_MOST,
    }
    return in_frame(request, "crm/calendar.html", context)


@require_safe
@page(PERMISSION)
def calendar_file(request):
    """The same choice as a file, a month back and half a year ahead of the day shown."""
    question = _question(request)
    asked = _filed(request.user, question.on, mine=question.whose == "mine", team=question.team)
    found = nearest_entries(asked, question.kinds, on=question.on, limit=FILE_MOST)
    answer = _ics(request, found)
    answer["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return answer


@require_safe
@never_cache
def feed(request, token: str):
    """One's own calendar for a calendar program, by the secret in the address alone.

    Whoever reads for the whole city gets its trips and events too, not everybody's visits.
    """
    user = CalendarFeed.objects.reader_of(token)
    if user is None or PERMISSION not in permissions_of(user.role):
        raise Http404
    on, of_city = today(), user.role not in TEAM_ROLES
    shared = nearest_entries(_filed(user, on, mine=not of_city), SHARED, on=on, limit=FILE_MOST)
    others = [kind for kind in KINDS if kind not in SHARED]
    own = nearest_entries(_filed(user, on, mine=True), others, on=on, limit=FILE_MOST)
    return _ics(request, [*shared, *own])


@require_safe
@page(PERMISSION)
def feed_page(request):
    """Whether one's feed is open; its address is shown once, when it is made."""
    token = request.session.pop("calendar_feed", None)
    path = reverse("crm_calendar_feed", args=[token]) if token else ""
    context = {
        "title": _("Calendar feed"),
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
        "address": request.build_absolute_uri(path) if path else "",
        "of_city": request.user.role not in TEAM_ROLES,
        "most": FILE_MOST,
    }
    return in_frame(request, "crm/calendar_feed.html", context)


@require_POST
@page(PERMISSION)
def open_feed(request):
    request.session["calendar_feed"] = CalendarFeed.objects.open_for(request.user)
    return HttpResponseRedirect(reverse("crm_calendar_feed_page"))


@require_POST
@page(PERMISSION)
def close_feed(request):
    CalendarFeed.objects.filter(user=request.user).delete()
    messages.success(request, _("The feed is closed; its address leads nowhere now."))
    return HttpResponseRedirect(reverse("crm_calendar_feed_page"))


# -- what is asked ---------------------------------------------------------------------------------


def _question(request) -> Question:
    given = request.GET
    wanted = tuple(kind for kind in given.getlist("kind") if kind in KINDS)
    whose = given.get("whose", "")
    return Question(
        view=given["view"] if given.get("view") in VIEWS else "month",
        on=_day(given.get("on", "")),
        kinds=wanted or tuple(KINDS),
        whose=whose if whose in ("mine", "all") else _default(request.user),
        team=_team(given.get("team", "")),
    )


def _default(user) -> str:
    return "mine" if user.role in TEAM_ROLES else "all"


def _day(text: str) -> date:
    try:
        day = parse_date(text).day or today()
    except ValidationError:
        return today()
    return day if 1990 <= day.year <= 2100 else today()


def _team(text: str):
    known = text.isascii() and text.isdecimal() and len(text) < 10
    return TaskForce.objects.filter(pk=text).first() if known else None


def _asked(request, question) -> Asked:
    most = MOST_A_DAY[question.view]
    return Asked(request.user, question.period, question.whose == "mine", question.team, most)


def _step(question, steps: int) -> date:
    if question.view == "week":
        return question.on + timedelta(days=7 * steps)
    place = question.on.year * 12 + question.on.month - 1 + steps
    return date(place // 12, place % 12 + 1, 1)


# -- what is shown ---------------------------------------------------------------------------------


def _weeks(question, window) -> list[list[dict]]:
    start, end = question.period.start, question.period.end
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    cells = [_cell(day, question, window) for day in days]
    return [cells[place : place + 7] for place in range(0, len(cells), 7)]


def _cell(day, question, window) -> dict:
    found = [entry for entry in window.entries if entry.first <= day <= entry.last]
    shown = found[: MOST_A_DAY[question.view]]
    all_of = Counter(entry.kind for entry in found)
    all_of |= Counter({kind: n for (kind, on), n in window.totals.items() if on == day})
    more = all_of - Counter(entry.kind for entry in shown)
    return {
        "day": day,
        "name": _day_name(day.weekday()),
        "is_today": day == today(),
        "is_other": question.view == "month" and day.month != question.on.month,
        "entries": [_shown(entry, day) for entry in shown],
        "more": more.total(),
        "more_url": _more_url(question, day, more),
    }


def _shown(entry, day) -> dict:
    return {
        "entry": entry,
        "url": _address(entry),
        "label": KINDS[entry.kind].label,
        "is_late": entry.kind in ("follow_up", "milestone")
        and not entry.is_done and entry.first < today(),
        "goes_on": entry.last > day,
        "came_on": entry.first < day,
    }  # fmt: skip


def _more_url(question, day, more) -> str:
    """A crowded day leads to its week; there, to the list of those rows where there is one."""
    if question.view == "month":
        return question.url(view="week", on=day.isoformat())
    kind = max(more, key=more.get, default="")
    team = {"team": question.team.pk} if question.team else {}
    if kind == "follow_up":
        mine = {"mine": "on"} if question.whose == "mine" else {}
        return (
            f"{reverse('admin:crm_followup_changelist')}?{urlencode({'due': day, **mine, **team})}"
        )
    if kind == "visit" and question.whose == "all":
        span = {"since": day, "until": day}
        return f"{reverse('admin:crm_visit_changelist')}?{urlencode({**span, **team})}"
    return ""


def _address(entry) -> str:
    if entry.kind == "milestone":
        return reverse("admin:crm_project_change", args=[entry.project_key])
    name = ADMIN_NAMES.get(entry.kind, entry.kind)
    return reverse(f"admin:crm_{name}_change", args=[entry.key])


def _kind_chips(request, question) -> list[dict]:
    """One chip a kind; a click takes it out or in, the last one brings all of them back."""
    chips = []
    for key, kind in KINDS.items():
        if kind.permission not in permissions_of(request.user.role):
            continue
        others = tuple(each for each in question.kinds if each != key)
        on = key in question.kinds
        kinds = others if on else (*question.kinds, key)
        chips.append(
            {
                "key": key,
                "label": kind.label,
                "on": on,
                "url": question.url(kind=kinds or tuple(KINDS)),
            }
        )
    return chips


def _people(question) -> list[tuple]:
    labels = (("mine", _("mine")), ("all", _("all I may see")))
    return [(label, question.url(whose=key), key == question.whose) for key, label in labels]


def _day_name(number: int) -> str:
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[number]


def _filed(user, on, *, mine: bool, team=None) -> Asked:
    return Asked(user, Period(on - FILE_BACK, on + FILE_AHEAD), mine, team)


def _ics(request, entries) -> HttpResponse:
    body = as_ics(
        entries, host=request.get_host().partition(":")[0],
        url_of=lambda entry: request.build_absolute_uri(_address(entry)),
    )  # fmt: skip
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")
