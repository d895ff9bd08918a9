"""The drawings of the workbench: the funnel, money by month, task forces ranked."""

from datetime import date

from django.utils.translation import gettext as _

from crm import charts, indicators
from crm.access import permissions_of
from crm.charts import Mark, yuan_text
from crm.indicators import Scope
from crm.periods import Period

from .lists import list_url


def _panel(drawing, title: str, definition: str, as_of: date, url: str = "") -> dict:
    return {
        "drawing": drawing, "title": title, "definition": definition, "as_of": as_of, "url": url,
    }  # fmt: skip


def funnel_chart(choice) -> dict | None:
    """Count and planned investment per stage at the cut; every bar leads to its projects."""
    if "view_project" not in permissions_of(choice.user.role):
        return None
    cut = choice.period.cut.isoformat()
    rows = indicators.projects_by_stage(choice.scope, choice.period)
    steps = [
        charts.Step(
            str(row.label), row.count, row.planned_yuan, amount=row.planned_text,
            url=list_url("project", choice.filters(stood_in=row.stage, cut=cut)),
            tone=f"stage-{row.stage}",
        )
        for row in rows
    ]  # fmt: skip
    title = _("Projects by stage")
    drawing = charts.responsive(charts.funnel, steps, title=title)
    definition = _("Active projects by the stage they stood in on the day, planned investment.")
    return _panel(drawing, title, definition, choice.period.cut) | {"steps": steps}


def arrivals_chart(choice) -> dict | None:
    """Confirmed money month by month, the year chosen beside the year before."""
    if "view_arrival" not in permissions_of(choice.user.role):
        return None
    now = _months(choice, choice.year)
    then = _months(choice, choice.year - 1)
    title = _("Money arrived by month")
    drawing = charts.responsive(
        charts.columns, now, then, title=title, form=yuan_text,
        names=(str(choice.year), str(choice.year - 1)), wide=600,
    )  # fmt: skip
    url = list_url("arrival", choice.filters(year=choice.year, counting="on"))
    definition = _("Confirmed money by the month it arrived; darker is the year chosen.")
    return _panel(drawing, title, definition, choice.on, url)


def _months(choice, year: int) -> list[Mark]:
    """A mark per month of the year that has begun."""
    period = indicators.year_until(year, choice.on)
    rows = indicators.arrived_by_month(choice.scope, period)
    found = {row.month.month: row.yuan for row in rows}
    return [
        Mark(
            str(n), found.get(n, 0),
            url=list_url("arrival", choice.filters(year=f"{year}-{n:02d}", counting="on")),
        )
        for n in range(1, period.cut.month + 1)
    ]  # fmt: skip


def ranking_chart(choice) -> dict:
    """Amount signed by task force and credit share, most first; the target as a line."""
    title = _("Task forces by amount signed")
    marks = ranking_marks(Scope(choice.user), choice.period, filter_by=choice.as_filter)
    drawing = charts.responsive(charts.bars, marks, title=title, form=yuan_text) if marks else ""
    definition = _(
        "Amount of the contracts × the share of the credit; the shares of all task forces add up "
        "to the city's amount. The list behind a bar shows whole contracts."
    )
    return _panel(drawing, title, definition, choice.period.cut)


def ranking_marks(scope: Scope, period: Period, *, filter_by: str = "") -> list[Mark]:
    """A bar per task force with its projects beside it; none where nothing was signed."""
    counts = {row.team_id: row.value for row in indicators.deals_by_team(scope, period)}
    rows = indicators.signed_by_team(scope, period)
    ranked = sorted(rows, key=lambda row: (row.team_id is None, -row.value))
    filters = {"year": filter_by, "counting": "formal"}
    return [
        Mark(
            str(row.team), row.value, note=_projects(counts.get(row.team_id, 0)),
            url=list_url("deal", filters | {"team": row.team_id})
            if filter_by and row.team_id else "",
        )
        for row in ranked
    ]  # fmt: skip


def _projects(share) -> str:
    return _("%(count)s projects") % {"count": f"{share.normalize():f}" if share else "0"}
