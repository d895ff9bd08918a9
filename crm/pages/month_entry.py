"""The grid in which a month's arrived money and progress is entered with the keyboard alone."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.models import Arrival
from crm.month_entry import COLUMNS, in_ten_thousands, lines_of, projects_for, write
from crm.periods import Period, parse_month, today

from .frame import in_frame, page

PAGE_ROWS = 60
LONGEST = 4000


@page("add_arrival")
def grid(request):
    """The projects of one month; posted without JavaScript it writes every cell that differs."""
    month = _month(request)
    mine, rows = _projects(request)
    shown = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("p"))
    lines = lines_of(list(shown), month, by=request.user)
    if request.method == "POST":
        if _write_all(request, lines, month):
            return HttpResponseRedirect(request.get_full_path())
        status = 409
    else:
        status = 200
    context = {"title": _("Money arrived: monthly entry"), "month": month, "lines": lines,
               "shown": shown, "only_mine": mine, "months": _neighbours(month),
               "columns": [*Arrival.Origin.choices], "total": _total(rows, month)}  # fmt: skip
    return in_frame(request, "crm/month_entry.html", context, status=status)


def _month(request) -> date:
    asked = request.GET.get("month")
    if not asked:
        return today().replace(day=1)
    try:
        month = parse_month(asked).start
    except ValidationError as error:
        raise Http404 from error
    if month > today():
        raise Http404
    return month


def _projects(request):
    """One's own projects where there are some and not all were asked for."""
    whose = request.GET.get("whose")
    mine = projects_for(request.user, only_mine=True)
    if whose != "all" and (whose == "mine" or mine.exists()):
        return True, mine
    return False, projects_for(request.user, only_mine=False)


def _neighbours(month: date) -> dict:
    period = Period.month(month.year, month.month)
    following = period.end if period.end <= today() else None
    return {"label": period.label, "previous": period.previous().start, "next": following}


def _total(projects, month: date) -> str:
    rows = Arrival.objects.live().filter(project__in=projects.values("pk"), month=month)
    amounts = rows.exclude(state=Arrival.State.REJECTED).values_list("amount_yuan", flat=True)
    return in_ten_thousands(sum(amounts)) or "0"


def _write_all(request, lines, month: date) -> bool:
    """Write the cells a person changed; False when one needs another look."""
    saved, told = 0, True
    for line in lines:
        for column in COLUMNS:
            key = line.cells[column].key
            text = request.POST.get(f"cell-{key}")
            if text is None or text == request.POST.get(f"was-{key}", ""):
                continue
            cell = write(request.user, line.project.pk, column, month, text[:LONGEST],
                         _number(request.POST.get(f"version-{key}")))  # fmt: skip
            saved += cell.state == "saved"
            if cell.notes or cell.state != "saved":
                told = False
                cell.text = text if cell.state != "saved" else cell.text
                line.cells[column] = cell
    if saved:
        text = ngettext("%(count)s cell was saved.", "%(count)s cells were saved.", saved)
        messages.success(request, text % {"count": saved})
    return told


def _number(text) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 12 else 0


@require_POST
@page("add_arrival")
def cell(request):
    """One cell, for the page's script."""
    project, _dash, column = request.POST.get("cell", "").partition("-")
    month = _month(request)
    written = write(request.user, _number(project), column, month,
                    request.POST.get("text", "")[:LONGEST],
                    _number(request.POST.get("version")))  # fmt: skip
    rows = _projects(request)[1]
    answer = {"state": written.state, "text": written.text, "version": written.version,
              "notes": written.notes, "theirs": written.theirs,
              "total": _total(rows, month)}  # fmt: skip
    return JsonResponse(answer)
