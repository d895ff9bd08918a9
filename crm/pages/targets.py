"""Targets: what each is to reach, what was done, and the grid in which they are set."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from crm.access import CITY_READERS, TEAM_ROLES, Role, permissions_of
from crm.charts import Mark, count_text, cumulative, responsive, yuan_text
from crm.indicators import NOTHING, Scope, percent
from crm.models import StaleRecord, Target, TargetChange
from crm.models.targets import parse_value
from crm.periods import parse_year, today
from crm.reports import targets, xlsx

from .frame import in_frame, page
from .taking_out import may_take_out, taken_out

CHANGES_A_PAGE = 12
YEARS_BACK = 4


@page("view_target")
@require_http_methods(["GET", "HEAD", "POST"])
def targets_page(request):
    """The matrix; with ``edit`` as a grid of boxes, saved together or not at all."""
    year, month = _asked(request.GET)
    chosen = targets.matrix(Scope(request.user), year, month, on=today())
    editing = "edit" in request.GET and _may_set(request.user)
    errors = {}
    if request.method == "POST":
        if not _may_set(request.user):
            raise PermissionDenied
        count, errors = save(chosen, request.POST, by=request.user)
        if not errors:
            text = ngettext("%(count)s target changed.", "%(count)s targets changed.", count)
            messages.success(request, text % {"count": count})
            return HttpResponseRedirect(address(year, month))
        editing = True
        chosen = targets.matrix(Scope(request.user), year, month, on=today())
    context = _context(request, chosen, editing, errors)
    return in_frame(request, "crm/targets.html", context, status=422 if errors else 200)


@page("export_report")
@require_safe
def targets_workbook(request):
    """The matrix as a workbook."""
    if "view_target" not in permissions_of(request.user.role):
        raise PermissionDenied
    year, month = _asked(request.GET)
    chosen = targets.matrix(Scope(request.user), year, month, on=today())
    table = targets.build(chosen, on=today())
    return taken_out(
        request, xlsx.render(table, by=request.user), report="targets", name=f"{table.title}.xlsx",
        content_type=xlsx.CONTENT_TYPE, rows=len(table.rows),
    )  # fmt: skip


# -- which -----------------------------------------------------------------------------------------


def _asked(params) -> tuple[int, int | None]:
    """Year and month of the address; what cannot be read is this year, all of it."""
    try:
        year = parse_year(params.get("year", "")).start.year
    except ValidationError:
        year = today().year
    month = params.get("month", "")
    return year, int(month) if month.isdecimal() and 1 <= int(month) <= 12 else None


def address(year: int, month: int | None, **more) -> str:
    wanted = {"year": year, **({"month": month} if month else {}), **more}
    return f"{reverse('crm_targets')}?{urlencode(wanted)}"


def _may_set(user) -> bool:
    return "change_target" in permissions_of(user.role)


def _is_own(user, row) -> bool:
    """Whether the user sets the targets of this row."""
    if not _may_set(user):
        return False
    team = row.whose["task_force"]
    return user.role == Role.BUREAU or bool(team and team.pk in user.team_ids)


def _is_counted(row, cell) -> bool:
    return row.whose["park"] is None or cell.indicator in targets.PARK_INDICATORS


# -- saving ----------------------------------------------------------------------------------------


def save(chosen, given, *, by) -> tuple[int, dict[str, str]]:
    """Write what was changed in the grid: all of it, or nothing and why by name of the box.

    A box that still holds what the page was opened with was not touched: nothing is written over
    with an old value.
    """
    errors, count = {}, 0
    try:
        with transaction.atomic():
            for row in chosen.rows:
                for cell in row.cells if _is_own(by, row) else ():
                    name = f"{row.key}-{cell.indicator}"
                    try:
                        count += _put(chosen, row, cell, name, given, by)
                    except ValidationError as error:
                        errors[name] = " ".join(error.messages)
                    except StaleRecord:
                        errors[name] = _meanwhile(cell)
            if errors:
                raise _NothingSaved
    except _NothingSaved:
        return 0, errors
    except IntegrityError:
        return 0, {"": _("Somebody else changed this at the same moment; nothing was saved.")}
    return count, {}


class _NothingSaved(Exception):
    """Takes back what was written before an error was found."""


def _put(chosen, row, cell, name, given, by) -> bool:
    version, found, _before = given.get(f"was-{name}", "").partition(":")
    if not _is_touched(given, name) or not found or not version.isdecimal():
        return False
    value = parse_value(cell.indicator, given[name])
    return Target.put(
        chosen.year, cell.indicator, value,
        by=by, version=int(version), month=chosen.month, **row.whose,
    )  # fmt: skip


def _is_touched(given, name) -> bool:
    """Whether a box holds another text than the page was opened with."""
    before = given.get(f"was-{name}", "").partition(":")[2]
    return name in given and given[name].strip() != before.strip()


def _meanwhile(cell) -> str:
    if cell.target is None:
        return _("Meanwhile this target was taken back. Save again to set yours.")
    return _("Meanwhile %(who)s set %(value)s. Save again to set yours.") % {
        "who": cell.target.updated_by or "—",
        "value": cell.target.text,
    }


# -- showing ---------------------------------------------------------------------------------------


def _context(request, chosen, editing: bool, errors: dict) -> dict:
    user = request.user
    given = request.POST if errors else {}
    rows = [_shown_row(user, chosen, row, editing, given, errors) for row in chosen.rows]
    line = request.GET.get("line", "")
    line = line if line in Target.Indicator.values else Target.Indicator.SIGNED_YUAN
    return {
        "title": _("Targets"), "chosen": chosen, "rows": rows, "editing": editing,
        "errors": errors, "error": errors.get("", ""), "may_set": _may_set(user),
        "indicators": _heads(chosen, line),
        "gone": percent(chosen.gone), "years": _years(chosen), "months": _months(chosen),
        "label": targets.label_of(chosen),
        "may_export": may_take_out(user),
        "edit_url": address(chosen.year, chosen.month, edit=1),
        "back_url": address(chosen.year, chosen.month),
        "export_url": f"{reverse('crm_targets_workbook')}?"
        + address(chosen.year, chosen.month).partition("?")[2],
        "pace": None if editing else _pace(user, chosen.year, line),
        "changes": _changes(request, chosen.year),
    }  # fmt: skip


def _shown_row(user, chosen, row, editing, given, errors) -> dict:
    own = _is_own(user, row)
    cells = []
    for cell in row.cells:
        name = f"{row.key}-{cell.indicator}"
        counted, text = _is_counted(row, cell), cell.target.text if cell.target else ""
        cells.append(
            {
                "name": name, "label": targets.short_label(cell.indicator), "counted": counted,
                "target": text,
                "done": cell.done_text if counted else "",
                "rate": None if cell.rate is None else percent(cell.rate),
                "is_ahead": cell.gap is not None and cell.gap >= 0,
                "gap": None if cell.gap is None else percent(abs(cell.gap)),
                "fill": min(100, round(cell.rate * 100)) if cell.rate is not None else 0,
                "tick": min(99, round(chosen.gone * 100)),
                "box": counted and editing and own,
                "was": f"{cell.target.version if cell.target else 0}:{text}",
                "given": given[name] if _is_touched(given, name) else text,
                "error": errors.get(name, ""),
            }
        )  # fmt: skip
    return {"key": row.key, "label": row.label, "cells": cells, "own": own,
            "kind": row.key.partition("-")[0]}  # fmt: skip


def _heads(chosen, line: str) -> list[dict]:
    return [
        {"label": targets.short_label(key), "key": key.value, "current": key == line,
         "url": address(chosen.year, chosen.month, line=key.value) + "#pace"}
        for key in targets.INDICATORS
    ]  # fmt: skip


def _pace(user, year: int, indicator: str) -> dict | None:
    """The year adding up against its target, of the city or of the reader's own task force."""
    if user.role not in CITY_READERS | TEAM_ROLES:
        return None
    team = user.team if user.role in TEAM_ROLES else None
    if team is None and user.role not in CITY_READERS:
        return None
    line = targets.pace_line(Scope(user), year, indicator, on=today(), team=team)
    form = yuan_text if indicator in Target.MONEY else count_text
    title = _("%(what)s month by month, %(whose)s") % {
        "what": targets.short_label(indicator), "whose": team or _("whole city"),
    }  # fmt: skip
    chart = responsive(
        cumulative, _monthly(line), title=title, form=form, target=line[-1].asked,
        target_name=_("target"), names=(_("done"), ""), wide=1080,
    )  # fmt: skip
    return {"title": title, "chart": chart, "rows": [_pace_row(point, form) for point in line]}


def _monthly(line) -> list[Mark]:
    """What each month added; the months to come add nothing."""
    marks, before = [], 0
    for point in line:
        marks.append(
            Mark(_("month %(month)s") % {"month": point.month},
                 None if point.done is None else point.done - before)
        )  # fmt: skip
        before = before if point.done is None else point.done
    return marks


def _pace_row(point, form) -> dict:
    known = point.done is not None and point.asked is not None
    return {
        "month": _("month %(month)s") % {"month": point.month},
        "done": NOTHING if point.done is None else form(point.done),
        "asked": NOTHING if point.asked is None else form(point.asked),
        "is_ahead": known and point.done >= point.asked,
        "gap": form(abs(point.done - point.asked)) if known else NOTHING,
        "known": known,
    }


def _years(chosen) -> list[dict]:
    years = sorted({chosen.year, *range(today().year - YEARS_BACK, today().year + 2)}, reverse=True)
    return [
        {"label": year, "url": address(year, chosen.month), "current": year == chosen.year}
        for year in years
    ]


def _months(chosen) -> list[dict]:
    labels = [(None, _("whole year"))]
    labels += [(m, _("month %(month)s") % {"month": m}) for m in range(1, 13)]
    return [
        {"label": label, "url": address(chosen.year, month), "current": month == chosen.month}
        for month, label in labels
    ]


def _changes(request, year: int):
    rows = TargetChange.objects.visible_to(request.user).filter(target__year=year)
    rows = rows.select_related("target__task_force", "target__park", "by")
    return Paginator(rows, CHANGES_A_PAGE).get_page(request.GET.get("changes"))
