"""Target firms by score and key firms by the rhythm of contacts, as lists, files and plans."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.chains import until
from crm.filters.targeting import KeyFirmFilter, TargetFilter
from crm.indicators.behind import Behind
from crm.models import Company
from crm.periods import today
from crm.reports import files
from crm.reports.target_firms import key_firm_table, target_table
from crm.targeting import Scoring, key_firms, rhythm_of

from .frame import in_frame, page
from .planning import plan_form
from .reports import may_export, with_changed
from .taking_out import taken_out

PAGE = 30
FORMATS = ("xlsx", "csv", "json")


@page("view_signal")
@require_safe
def targets(request):
    """Firms to win, the most promising first; each score explained line by line."""
    user, on = request.user, today()
    scoring = Scoring(user, on)
    rows = Behind("firms_to_win", until(on)).rows(user)
    chosen = TargetFilter(request.GET, rows, user=user, on=on, segments=scoring.segments)
    ranked = scoring.ranked(chosen.qs)
    if ending := request.GET.get("format"):
        return _file(request, target_table(scoring, ranked), "target_firms", ending)
    pages = Paginator(ranked, PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "title": _("Target firms"), "firms": scoring.shown(shown.object_list),
        "factors": _factors(scoring), "may_weigh": user.role == "bureau",
        **_shared(request, chosen, pages, shown, on),
    }  # fmt: skip
    return in_frame(request, "crm/targeting/targets.html", context)


def _factors(scoring: Scoring) -> list[dict]:
    """The legend: each factor with the most it gives."""
    return [
        {"key": key, "label": label, "most": most} for key, label, most in scoring.most() if most
    ]


@page("view_signal")
@require_safe
def keeping_up(request):
    """Key firms with their leader and rhythm, the overdue ones first."""
    user, on = request.user, today()
    chosen = KeyFirmFilter(request.GET, key_firms(user, on), user=user, on=on)
    if ending := request.GET.get("format"):
        return _file(request, key_firm_table(chosen.qs, on), "key_firms", ending)
    pages = Paginator(chosen.qs, PAGE)
    shown = pages.get_page(request.GET.get("page"))
    firms = list(shown.object_list)
    for firm in firms:
        firm.rhythm = rhythm_of(firm, on)
    context = {
        "title": _("Key firms: keeping in touch"), "firms": firms,
        "late_count": chosen.qs.filter(is_late=1).count(),
        "every": chosen.qs.count(), **_shared(request, chosen, pages, shown, on),
    }  # fmt: skip
    return in_frame(request, "crm/targeting/key_firms.html", context)


def _shared(request, chosen, pages, shown, on) -> dict:
    wanted = request.GET.get("plan") == "1"
    return {
        "chosen": chosen, "pages": pages, "shown": shown, "on": on,
        "page_links": _page_links(request, pages, shown), "plan_open": wanted,
        "plan": plan_form(request), "files": _files(request) if may_export(request.user) else [],
    }  # fmt: skip


def _page_links(request, pages, shown) -> list[dict]:
    numbers = pages.get_elided_page_range(shown.number) if pages.num_pages > 1 else ()
    return [
        {"label": n, "url": with_changed(request, page=n) if isinstance(n, int) else "",
         "current": n == shown.number}
        for n in numbers
    ]  # fmt: skip


def _files(request) -> list[dict]:
    return [{"label": ending, "url": with_changed(request, format=ending)} for ending in FORMATS]


def _file(request, table, name: str, ending: str):
    """The whole list as a file; who took it out is written down."""
    if ending not in FORMATS:
        raise PermissionDenied
    content, content_type = files.render(table, ending, by=request.user), files.FORMATS[ending][1]
    return taken_out(
        request, content, report=name, name=f"{table.title}-{table.as_of:%Y%m%d}.{ending}",
        content_type=content_type, rows=len(table.rows),
    )  # fmt: skip


def appeal_of(firm: Company, user) -> dict:
    """What a firm's page says of it as a target: the lines of its score and its rhythm."""
    on = today()
    scored = Scoring(user, on).of(firm)
    rhythm = rhythm_of(scored, on) if scored.key_tier and scored.every_days else None
    place = urlencode({"q": firm.name})
    return {
        "firm": scored, "lines": scored.lines, "score": scored.score, "rhythm": rhythm,
        "url": f"{reverse('crm_target_firms')}?{place}",
    }  # fmt: skip
