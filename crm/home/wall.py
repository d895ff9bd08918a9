"""What stands on the wall screen: the same indicators as on the workbench, for the whole city."""

from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import charts, indicators
from crm.charts import Mark
from crm.charts.provinces import shapes
from crm.indicators import whole_city
from crm.models import Deal, Project, Region, ScreenSettings
from crm.models.projects import sample_present
from crm.money import format_yuan
from crm.periods import today
from crm.stages import Stage, reached

from .cards import number_and_unit, progress_of
from .drawings import ranking_marks

NEWEST, RANKED, PROVINCES = 3, 5, 6
LENGTH = 24  # characters of a project's name that can be read from across the room


def wall_for() -> dict:
    """Figures of this year (with sample data: of its latest year), as on the workbench."""
    on = today()
    year = indicators.default_year()
    scope, period = whole_city(), indicators.year_until(year, on)
    return {
        "year": year,
        "as_of": period.cut,
        "cards": _cards(scope, period),
        "funnel": _funnel(scope, period),
        "months": _months(scope, year, on),
        "ranking": _ranking(scope, period),
        "unsure": undetermined(indicators.signed_yuan(scope, period)),
        "origins": _origins(scope),
        "newest": _newest(scope, period),
        "has_sample": sample_present(),
    }


def _cards(scope, period) -> list[dict]:
    """Signed, amount, reserve, money arrived."""
    planned = indicators.reserve_planned_yuan(scope, period)
    extra = {"reserve_projects": _("planned investment %(amount)s") % {"amount": planned.text}}
    keys = ("deals_signed", "signed_yuan", "reserve_projects", "arrived_yuan")
    cards = []
    for key in keys:
        figure = indicators.REGISTRY[key](scope, period)
        value, unit = number_and_unit(figure)
        card = {
            "key": key, "label": figure.label, "value": value, "unit": unit,
            "detail": extra.get(key, ""), "definition": figure.definition,
            "unknown": undetermined(planned if key == "reserve_projects" else figure),
        }  # fmt: skip
        if key in ("deals_signed", "signed_yuan", "arrived_yuan"):
            card |= progress_of(scope, period, key) or {}
        cards.append(card)
    return cards


def undetermined(figure) -> str:
    """How many amounts are not known, and so not in the sum; "" where all are."""
    return _undetermined(figure.unknown) if figure.kind is indicators.Kind.YUAN else ""


def _undetermined(count: int) -> str:
    if not count:
        return ""
    text = ngettext("%(count)s amount undetermined", "%(count)s amounts undetermined", count)
    return text % {"count": f"{count:,}"}


def _funnel(scope, period) -> dict:
    """``share``: percent of the longest bar."""
    rows = indicators.projects_by_stage(scope, period)
    longest = max(row.count for row in rows) or 1
    return {
        "rows": [
            {"stage": row.stage, "label": row.label, "count": row.count,
             "amount": row.planned_text, "share": round(100 * row.count / longest)}
            for row in rows
        ],
        "unknown": _undetermined(sum(row.unknown for row in rows)),
    }  # fmt: skip


def _months(scope, year: int, on) -> dict:
    """Amount signed month by month, beside the year before; heights in percent of the highest."""
    now, then = _signed(scope, year, on), _signed(scope, year - 1, on)
    highest = max([*now.values(), *then.values()], default=0) or 1
    return {
        "rows": [
            {"month": n, "now": round(100 * now.get(n, 0) / highest), "now_at": 10 * n - 5,
             "then": round(100 * then.get(n, 0) / highest), "then_at": 10 * n - 9}
            for n in range(1, 13)
        ],
        "now": {"year": year, "total": format_yuan(sum(now.values()))},
        "then": {"year": year - 1, "total": format_yuan(sum(then.values()))},
    }  # fmt: skip


def _signed(scope, year: int, on) -> dict[int, Decimal]:
    period = indicators.year_until(year, on)
    return {row.month.month: row.yuan for row in indicators.signed_by_month(scope, period)}


def _ranking(scope, period) -> list[dict]:
    """The first of the task forces by amount and credit share; none where it is switched off."""
    if not ScreenSettings.objects.current().shows_ranking:
        return []
    marks = [mark for mark in ranking_marks(scope, period) if mark.value][:RANKED]
    return [
        {"label": mark.label, "amount": format_yuan(mark.value),
         "share": round(100 * mark.value / marks[0].value)}
        for mark in marks
    ]  # fmt: skip


def _origins(scope) -> dict:
    """Projects from the reserve pool on by the investor's province; without confidential ones.

    The map, the provinces with most projects by name and count, and how many are of none.
    """
    rows = scope.rows(Project).active().filter(
        is_confidential=False, stage__in=reached(Stage.RESERVE)
    )  # fmt: skip
    codes = rows.order_by().values_list("lead_investor__region__code").annotate(Count("pk"))
    counts: dict[str, int] = {}
    for code, count in codes:
        counts[(code or "")[:2]] = counts.get((code or "")[:2], 0) + count
    names = dict(Region.objects.filter(code__endswith="0000").values_list("code", "name"))
    drawn = shapes()["provinces"]
    marks = {
        code: Mark(str(names.get(f"{code}0000", code)), count)
        for code, count in counts.items() if code in drawn
    }  # fmt: skip
    first = sorted(marks, key=lambda code: (-marks[code].value, code))[:PROVINCES]
    drawing = charts.provinces(marks, title=_("Home provinces of the investors"), ranks=first)
    return {
        "map": drawing,
        "first": [{"name": drawn[code]["name"], "count": marks[code].value} for code in first],
        "elsewhere": sum(count for code, count in counts.items() if code not in drawn),
    }


def _newest(scope, period) -> list[dict]:
    """The latest signings that may be named in public."""
    deals = scope.rows(Deal).counting().signed_in(period).filter(
        project__is_confidential=False, project__archived_at=None
    )  # fmt: skip
    newest = deals.select_related("project").order_by("-signed_on", "-id")[:NEWEST]
    return [
        {"name": deal.project.name[:LENGTH] + ("…" if len(deal.project.name) > LENGTH else ""),
         "amount": format_yuan(deal.amount_yuan), "on": deal.signed_on}
        for deal in newest
    ]  # fmt: skip
