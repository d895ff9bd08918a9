"""Tables of a written report: task forces, signings, slow projects, moves, requests, next steps."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from crm import freezing
from crm.freezing.telling import names_for, told
from crm.indicators import NOTHING, percent
from crm.indicators.signing import counting_deals
from crm.models import Deal, FollowUp, Milestone, Project, Request, StageMove, StageRule
from crm.money import format_yuan, in_unit, rounded
from crm.periods import Period

from . import Grid
from .figures import Figures

LONGEST = 20
AHEAD_DAYS = 31


def in_yi(yuan) -> str:
    """亿元 with two places, for columns whose head names the unit."""
    return NOTHING if yuan is None else f"{rounded(in_unit(Decimal(yuan), '亿元'), 2):,f}"


def count(value) -> str:
    return f"{Decimal(value).normalize():,f}"


# -- task forces -----------------------------------------------------------------------------------


def team_rates(found: Figures) -> list[tuple[str, Fraction]]:
    """Share of the year's target for signings, of the task forces that have one, in order."""
    rates = []
    for row in found.team_rows("signed_yuan"):
        target = row.team_id and found.target("signed_yuan", row.team_id)
        if target:
            rates.append((str(row.team), Fraction(row.value) / Fraction(target)))
    return rates


def teams(found: Figures) -> Grid:
    """The year so far of every task force; the city's line is the city's, not the sum."""
    keys = ("deals_signed", "signed_yuan", "arrived_yuan", "trips", "firms_visited")
    by_key = {key: {row.team_id: row for row in found.team_rows(key)} for key in keys}
    known = {pk: row.team for rows in by_key.values() for pk, row in rows.items()}
    order = sorted(known, key=lambda pk: (pk is None, pk or 0))
    rows = [_team_row(found, str(known[pk]), pk, by_key) for pk in order]
    return Grid(
        _("Task forces, this year up to %(day)s") % {"day": found.period.cut.isoformat()},
        (_("task force"), _("projects signed"), _("amount signed (100m yuan)"),
         _("target (100m yuan)"), _("share reached"), _("ahead or behind (points)"),
         _("money arrived (100m yuan)"), _("trips"), _("firms visited")),
        (28, 15, 19, 17, 18, 18, 19, 11, 11), (*rows, _city_row(found)),
        numbers=frozenset(range(1, 9)),
        note=_("Joint projects are shared by credit; trips and firms are whole in every row."),
    )  # fmt: skip


def _team_row(found: Figures, name: str, team_id, by_key: dict) -> tuple[str, ...]:
    value = {key: rows[team_id].value if team_id in rows else 0 for key, rows in by_key.items()}
    target = found.target("signed_yuan", team_id) if team_id else None
    return (
        name, count(value["deals_signed"]), in_yi(value["signed_yuan"]),
        *_against(found, value["signed_yuan"], target), in_yi(value["arrived_yuan"]),
        count(value["trips"]), count(value["firms_visited"]),
    )  # fmt: skip


def _city_row(found: Figures) -> tuple[str, ...]:
    done, target = found.year("signed_yuan").value, found.target("signed_yuan")
    return (
        found.whose, count(found.year("deals_signed").value), in_yi(done),
        *_against(found, done, target), in_yi(found.year("arrived_yuan").value),
        found.year("trips").text,
        found.year("firms_visited").text,
    )  # fmt: skip


def _against(found: Figures, done, target) -> tuple[str, str, str]:
    if not target:
        return (NOTHING,) * 3
    rate = Fraction(done) / Fraction(target)
    return in_yi(target), f"{percent(rate)}%", f"{percent(rate - found.gone):+}"


# -- signings --------------------------------------------------------------------------------------


def signings(found: Figures) -> Grid | None:
    """The deals of the period; of a frozen month the deals it was frozen with."""
    rows = _frozen_signings(found) if found.frozen else _signings(found)
    if not rows:
        return None
    return Grid(
        _("Projects signed, %(period)s") % {"period": found.period.label},
        (_("no."), _("project"), _("investor"), _("amount"), _("signed on"), _("park"),
         _("task force")),
        (9, 36, 30, 21, 23, 16, 21),
        tuple((str(n), *row) for n, row in enumerate(rows, start=1)), numbers=frozenset({3}),
    )  # fmt: skip


def _signings(found: Figures) -> list[tuple[str, ...]]:
    deals = counting_deals(found.scope).signed_in(found.period).order_by("signed_on", "pk")
    return _deal_rows(found, deals.select_related(*_DEAL_LINKS))


_DEAL_LINKS = ("project__lead_investor", "project__park", "project__lead_team")


def _deal_rows(found: Figures, deals) -> list[tuple[str, ...]]:
    names = names_for({deal.project_id for deal in deals}, found.scope.reader)
    return [
        (names.get(deal.project_id, NOTHING), *_of_project(deal.project, deal.is_open),
         format_yuan(deal.amount_yuan), f"{deal.signed_on:%Y-%m-%d}",
         *_place(deal.project, deal.is_open))
        for deal in deals
    ]  # fmt: skip


def _of_project(project, is_open: bool) -> tuple[str]:
    """Whoever may not open the project does not learn who invests or where."""
    shown = is_open and project.lead_investor
    return (str(project.lead_investor) if shown else NOTHING,)


def _place(project, is_open: bool) -> tuple[str, str]:
    park = str(project.park) if is_open and project.park else NOTHING
    return park, str(project.lead_team) if project.lead_team else NOTHING


def _frozen_signings(found: Figures) -> list[tuple[str, ...]]:
    kept = found.frozen.rows("signed_yuan")
    names = names_for({row.project_id for row in kept}, found.scope.reader)
    scoped = Deal.objects.visible_to(found.scope.reader).select_related(*_DEAL_LINKS)
    deals = {deal.pk: deal for deal in scoped.filter(pk__in=[row.source for row in kept])}
    rows = []
    for row in kept:
        deal = deals.get(row.source)
        project, is_open = (deal.project, deal.is_open) if deal else (None, False)
        rows.append(
            (names.get(row.project_id, NOTHING), *_of_project(project, is_open),
             format_yuan(row.amount_yuan), f"{row.on:%Y-%m-%d}",
             *(_place(project, is_open) if project else (NOTHING, NOTHING)))
        )  # fmt: skip
    return rows


def corrections(found: Figures) -> Grid | None:
    """补报 and 核减 of earlier months: reported with a frozen month, or waiting for this one."""
    known = freezing.corrections_with(found.scope, found.period)
    rows = tuple(
        (each.kind_label, each.of_month, each.what, each.project, each.change)
        for each in told(known, found.scope.reader)
    )
    heads = (_("kind"), _("counts in"), _("indicator"), _("project"), _("change"))
    title = _("Late entries and reversals of earlier months")
    return Grid(title, heads, (18, 22, 30, 58, 28), rows, numbers=frozenset({4})) if rows else None


# -- slow and late ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slow:
    project: Project
    reason: str


def slow_projects(found: Figures, on: date) -> tuple[list[Slow], int]:
    """Projects that miss a milestone on a day, then those that stand still; how many there are.

    The first LONGEST of them, the longest wait first. Six queries.
    """
    scoped = found.scope.rows(Project).filter(is_open=True)
    late = Q(planned_on__lt=on, actual_on=None, is_not_applicable=False)
    missed = Milestone.objects.live().filter(late).order_by("planned_on", "id")
    by_need = scoped.active().filter(pk__in=missed.order_by().values("project"))
    first = missed.filter(project=OuterRef("pk")).values("planned_on")[:1]
    standing = scoped.stale(on).exclude(pk__in=by_need.values("pk"))
    shown = list(_shown(by_need.annotate(missed_on=Subquery(first)).order_by("missed_on", "pk")))
    reasons = {m.project_id: m for m in missed.filter(project__in=shown).reverse()}
    limits = StageRule.stale_days_by_stage()
    found_slow = [Slow(project, _missed(reasons[project.pk])) for project in shown]
    if len(shown) < LONGEST:
        rows = _shown(standing.order_by("stage_since", "pk"), LONGEST - len(shown))
        found_slow += [Slow(project, _stands(project, on, limits)) for project in rows]
    return found_slow, by_need.count() + standing.count()


def _shown(projects, most: int = LONGEST):
    return projects.select_related("lead_team")[:most]


def _missed(milestone: Milestone) -> str:
    return _("%(what)s planned for %(day)s, not done") % {
        "what": milestone, "day": milestone.planned_on.isoformat(),
    }  # fmt: skip


def _stands(project: Project, on: date, limits: dict) -> str:
    return _("%(days)s days in the stage, %(limit)s allowed") % {
        "days": (on - project.stage_since).days, "limit": limits.get(project.stage, NOTHING),
    }  # fmt: skip


def slow(found: Figures, on: date) -> Grid | None:
    projects, count = slow_projects(found, on)
    if not projects:
        return None
    rows = tuple(
        (each.project.name, each.project.get_stage_display(), each.reason,
         str(each.project.lead_team or NOTHING), each.project.next_step or NOTHING)
        for each in projects
    )  # fmt: skip
    more = count - len(rows)
    return Grid(
        _("Slow and late projects"),
        (_("project"), _("stage"), _("reason"), _("task force"), _("next step")),
        (44, 14, 40, 22, 36), rows,
        note=_("%(count)s more are in the system.") % {"count": more} if more else "",
    )  # fmt: skip


# -- the week --------------------------------------------------------------------------------------


def moves(found: Figures) -> Grid | None:
    """Stage moves of the period in the reader's open projects."""
    rows = StageMove.objects.filter(
        project__in=found.scope.rows(Project).filter(is_open=True).values("pk"),
        effective_on__gte=found.period.start, effective_on__lt=found.period.end,
    ).exclude(from_stage="").select_related("project__lead_team")  # fmt: skip
    if not (total := rows.count()):
        return None
    shown = tuple(
        (row.project.name, str(row), f"{row.effective_on:%Y-%m-%d}",
         str(row.project.lead_team or NOTHING))
        for row in rows.order_by("effective_on", "id")[:LONGEST]
    )  # fmt: skip
    more = total - len(shown)
    return Grid(
        _("Projects that moved"), (_("project"), _("stage"), _("date"), _("task force")),
        (66, 36, 26, 28), shown,
        note=_("%(count)s more are in the system.") % {"count": more} if more else "",
    )  # fmt: skip


def request_counts(found: Figures) -> tuple[int, int, int]:
    """Requests raised, closed, and open past their day at the end of the period."""
    rows, period = found.scope.rows(Request).filter(is_open=True), found.period
    raised = rows.filter(raised_on__gte=period.start, raised_on__lt=period.end).count()
    closed = rows.filter(closed_on__gte=period.start, closed_on__lt=period.end).count()
    return raised, closed, rows.overdue(period.cut).count()


# -- what comes next -------------------------------------------------------------------------------


def plans(found: Figures, ahead: Period) -> list[str]:
    """Signings planned, then next steps and follow-ups due in the days ahead, as items."""
    projects = found.scope.rows(Project).filter(is_open=True).active()
    due = {"planned_signing_on__gte": ahead.start.replace(day=1),
           "planned_signing_on__lt": ahead.end}  # fmt: skip
    signing = projects.filter(stage="reserve", **due).order_by("planned_signing_on", "pk")
    items = [
        _("to sign %(project)s (%(amount)s planned)")
        % {"project": p.name, "amount": format_yuan(p.planned_yuan)}
        for p in signing[:8]
    ]
    steps = projects.filter(next_step_on__gte=ahead.start, next_step_on__lt=ahead.end)
    items += [
        _("%(day)s, %(project)s: %(step)s")
        % {"day": f"{p.next_step_on:%m-%d}", "project": p.name, "step": p.next_step}
        for p in steps.exclude(next_step="").order_by("next_step_on", "pk")[:8]
    ]
    tasks = found.scope.rows(FollowUp).filter(
        is_open=True, done_on=None, due_on__gte=ahead.start, due_on__lt=ahead.end
    )
    return items + [
        _("%(day)s, %(project)s: %(step)s")
        % {"day": f"{t.due_on:%m-%d}", "project": t.project or t.company or NOTHING, "step": t.what}
        for t in tasks.select_related("project", "company").order_by("due_on", "pk")[:6]
    ]


def ahead_of(period: Period, days: int) -> Period:
    return Period(period.end, period.end + timedelta(days=days))
