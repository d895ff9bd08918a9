"""The chain map: every chain at a glance, one from upstream to downstream, and each of its gaps."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import charts
from crm.access import TEAM_ROLES, permissions_of
from crm.chains import Picture, coverage, pictures, until
from crm.indicators.behind import Behind
from crm.models import Segment
from crm.periods import today
from crm.strength import State
from crm.targeting import Scoring

from .frame import in_frame, page
from .planning import plan_form
from .reports import link_for

PAGE = 30
MOST_FIRST = 6


@page("view_chain")
@require_safe
def chains(request):
    """How strong each chain is, and where its gaps are."""
    on = today()
    found = pictures(request.user, on)
    codes = permissions_of(request.user.role)
    context = {
        "title": _("Chain map"), "pictures": found, "on": on, **_about(request, found),
        "first": _visit_first(request.user, found, on),
        "may_import": "import_ledger" in codes and "change_segment" in codes,
        "may_export": "export_ledger" in codes,
    }  # fmt: skip
    return in_frame(request, "crm/chains/chains.html", context)


def _visit_first(user, found: list[Picture], on) -> dict:
    """The missing segments of all chains with the firm most worth a visit, the best ones first."""
    missing = {c.segment.pk: c.segment for p in found for c in p.cells
               if c.judged.state == State.MISSING}  # fmt: skip
    scoring = Scoring(user, on)
    firms = Behind("gap_firms", until(on)).rows(user)
    best = scoring.best_by_segment(firms, list(missing), most=1) if missing else {}
    order = sorted(missing, key=lambda pk: -best[pk][0].score if pk in best else 0)
    rows = [{"segment": missing[pk], "firm": next(iter(best.get(pk, ())), None)} for pk in order]
    weak = sum(picture.states[State.WEAK] for picture in found)
    return {"missing": len(missing), "weak": weak, "rows": rows[:MOST_FIRST]}


@page("view_chain")
@require_safe
def chain(request, pk: int):
    """One chain as a picture, its rule in words, its gaps, and how it filled up year by year."""
    on = today()
    found = pictures(request.user, on)
    picture = next((p for p in found if p.chain.pk == pk), None)
    if picture is None:
        raise Http404
    years = coverage(request.user, {cell.segment.pk for cell in picture.cells}, on)
    context = {
        "title": _("%(chain)s: chain map") % {"chain": picture.chain}, "picture": picture,
        "chain": picture.chain, "on": on, "rule": picture.chain.thresholds.in_words(),
        "others": found, "years": years, "chart": _drawn(picture, years, request.user),
        "gaps": [cell for cell in picture.cells if cell.is_gap],
        "may_edit": "change_chain" in permissions_of(request.user.role),
        **_about(request, found),
    }  # fmt: skip
    return in_frame(request, "crm/chains/chain.html", context)


def _about(request, found: list[Picture]) -> dict:
    """Whose numbers they are, and what is not among them."""
    return {
        "link": link_for(request.user),
        "closed": found[0].closed if found else 0,
        "is_team": request.user.role in TEAM_ROLES,
    }


def _drawn(picture: Picture, years, user):
    """Segments with a project signed or later at the end of each year, of all of them."""
    if not years:
        return ""
    link, every = link_for(user), len(picture.cells)
    marks = [
        charts.Mark(
            year.label, year.covered, link(year.here.behind.where(chain=picture.chain.pk)),
            _("of %(every)s · %(count)s projects") % {"every": every, "count": year.here.count},
        )
        for year in years
    ]  # fmt: skip
    title = _("Segments of %(chain)s with projects signed or later") % {"chain": picture.chain}
    return charts.responsive(charts.bars, marks, title=title)


@page("view_chain")
@require_safe
def segment(request, pk: int):
    """A segment: what stands there, what it asks for, and the firms that could fill it."""
    on = today()
    row = get_object_or_404(Segment.objects.visible_to(request.user).select_related("chain"), pk=pk)
    found = pictures(request.user, on)
    cells = {cell.segment.pk: cell for picture in found for cell in picture.cells}
    if row.pk not in cells:
        raise Http404
    cell = cells[row.pk]
    context = {
        "title": str(row), "segment": row, "cell": cell, "on": on,
        "rule": row.chain.thresholds.in_words(),
        "before": cells.get(row.follows_id),
        "after": [c for c in cells.values() if c.segment.follows_id == row.pk],
        **_firms(request, row, on), **_about(request, found),
    }  # fmt: skip
    purpose = f"{cell.judged.work.label}：{row}"
    context["plan"] = plan_form(request, purpose=purpose)
    return in_frame(request, "crm/chains/segment.html", context)


def _firms(request, row: Segment, on) -> dict:
    """A page of the firms to win in the segment, the best first; none for who reads no firms."""
    if "view_signal" not in permissions_of(request.user.role):
        return {"firms": [], "shown": None}
    scoring = Scoring(request.user, on)
    behind = Behind("gap_firms", until(on)).where(segment=row.pk)
    pages = Paginator(scoring.ranked(behind.rows(request.user)), PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return {"firms": scoring.shown(shown.object_list), "shown": shown, "pages": pages}
