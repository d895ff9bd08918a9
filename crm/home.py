"""The workbench: what a reader has to know and to do today, each number with the rows behind it.

Cards take their figures from ``crm.indicators`` and link to a list under the same filter, so that
the number and the list agree. Who works with no business records sees none of their figures.
"""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Max, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import indicators
from crm.access import BUSINESS_ROLES, CITY_READERS, TEAM_ROLES, Role, permissions_of
from crm.indicators import Figure, Scope
from crm.models import Deal, FollowUp, Project, Request, StageProposal
from crm.models.projects import sample_present
from crm.money import format_yuan
from crm.periods import Period, parse_year, today
from crm.stages import Stage

LONGEST_LIST = 8
MOST_YEARS = 12


def home_for(user, params) -> dict:
    """Everything the workbench shows to a user; ``params`` may name the ``year``."""
    on = today()
    if user.role not in BUSINESS_ROLES:
        return {"cards": [], "funnel": [], "lists": [], "year": on.year, "years": [], "as_of": on}
    scope, year = Scope(user), _year(params.get("year", ""), on)
    period = indicators.year_until(year, on)
    return {
        "cards": _cards(scope, period, on),
        "funnel": _funnel(scope, period),
        "lists": _lists(user, on),
        "year": year,
        "years": _years(scope, year, on),
        "as_of": period.cut,
    }


# -- which year ------------------------------------------------------------------------------------


def _year(given: str, on: date) -> int:
    """The year asked for; else this year, or with sample data the year of the latest deal."""
    try:
        return parse_year(given).start.year
    except ValidationError:
        if not sample_present():
            return on.year
    latest = Deal.objects.live().counting().aggregate(latest=Max("signed_on"))["latest"]
    return latest.year if latest else on.year


def _years(scope: Scope, year: int, on: date) -> list[int]:
    """Years to choose from, newest first."""
    first = scope.rows(Project).aggregate(first=Min("reported_on"))["first"] or on
    oldest = max(min(first.year, year), on.year - MOST_YEARS)
    return sorted({year, *range(oldest, on.year + 1)}, reverse=True)


# -- cards -----------------------------------------------------------------------------------------


def _cards(scope: Scope, period: Period, on: date) -> list[dict]:
    groups = (_signing_cards, _pool_cards, _outreach_cards, _rate_cards, _lateness_cards)
    at = {_signing_cards: period, _lateness_cards: Period(on, on + timedelta(days=1))}
    return [card for group in groups for card in group(scope, at.get(group, period)) if card]


def _signing_cards(scope, period):
    year = period.start.year
    signed = indicators.deals_signed(scope, period)
    amount = indicators.signed_yuan(scope, period)
    yield _card(
        scope, signed, "project", {"signed": year}, **_against_target(scope, signed, period)
    )
    yield _card(
        scope, amount, "deal", {"year": year, "counting": "formal"},
        **_against_target(scope, amount, period),
    )  # fmt: skip


def _pool_cards(scope, period):
    year, cut = period.start.year, period.cut.isoformat()
    pool = indicators.reserve_projects(scope, period)
    planned = indicators.reserve_planned_yuan(scope, period)
    in_pool = {"stood_in": Stage.RESERVE.value, "cut": cut}
    detail = _("planned investment %(amount)s") % {"amount": planned.text}
    yield _card(scope, pool, "project", in_pool, detail=_joined(detail, _unknown(planned)))
    arrived = indicators.arrived_yuan(scope, period)
    outside = format_yuan(arrived.parts["outside"])
    detail = _("of which from outside the province %(amount)s") % {"amount": outside}
    yield _card(scope, arrived, "arrival", {"year": year, "counting": "on"}, detail=detail)


def _outreach_cards(scope, period):
    year = period.start.year
    yield _card(scope, indicators.trips(scope, period), "trip", {"year": year})
    yield _card(scope, indicators.firms_visited(scope, period), "company", {"visited": year})
    visits = indicators.visits(scope, period)
    yield _card(scope, visits, "visit", {"year": year, "mode": "outbound"})


def _rate_cards(scope, period):
    for rate in (indicators.landing_rate, indicators.start_rate, indicators.production_rate):
        figure = rate(scope, period)
        detail = _("%(part)s of %(whole)s projects signed") % {
            "part": figure.numerator, "whole": figure.denominator,
        }  # fmt: skip
        yield _card(scope, figure, "project", {"signed": period.start.year}, detail=detail)


def _lateness_cards(scope, period):
    late = indicators.overdue(scope, period)
    names = {
        "projects": ("project", _("projects past their next step")),
        "follow_ups": ("followup", _("follow-ups overdue")),
        "requests": ("request", _("requests overdue")),
    }
    for part, (model, label) in names.items():
        count = late.parts[part]
        yield _card(
            scope, late, model, {"overdue": "on"},
            label=label, value=f"{count:,}", tone="bad" if count else "good",
        )  # fmt: skip
    still = indicators.stale(scope, period)
    tone = "warn" if still.value else "good"
    yield _card(scope, still, "project", {"stale": "on"}, tone=tone)


def _card(scope: Scope, figure: Figure, model: str, filters: dict, **given) -> dict | None:
    """A card, or None for a reader whose role does not work with the rows behind it."""
    if f"view_{model}" not in permissions_of(scope.reader.role):
        return None
    number, unit = _number_and_unit(figure)
    return {
        "label": str(figure.label), "value": number, "unit": unit, "detail": _unknown(figure),
        "url": _list_url(model, filters), "definition": str(figure.definition),
        "as_of": figure.as_of, "tone": "neutral",
    } | given  # fmt: skip


def _number_and_unit(figure: Figure) -> tuple[str, str]:
    """``超220亿元`` → ``超220`` and ``亿元``; other figures have their own unit."""
    match = re.fullmatch(r"(.*[0-9])\s*(.*)", figure.text)
    if figure.value is None or match is None:
        return figure.text, ""
    return match[1], match[2] or str(figure.unit)


def _unknown(figure: Figure) -> str:
    if not figure.unknown:
        return ""
    text = ngettext(
        "%(count)s more with an unknown amount",
        "%(count)s more with unknown amounts",
        figure.unknown,
    )
    return text % {"count": figure.unknown}


def _against_target(scope: Scope, figure: Figure, period: Period) -> dict:
    """Detail and tone: the share of the target reached beside the share of the year gone."""
    team = scope.reader.team if scope.reader.role in TEAM_ROLES else None
    if team is None and scope.reader.role not in CITY_READERS:
        return {}
    gap = indicators.pace_gap(scope, period, figure.key, team)
    if gap.value is None:
        return {}
    reached = gap.value + indicators.pace(scope, period).value
    detail = _("%(rate)s%% of the target, %(pace)s%% of the year gone") % {
        "rate": indicators.percent(reached, 1),
        "pace": indicators.percent(indicators.pace(scope, period).value, 1),
    }
    tone = "good" if gap.value >= 0 else "warn"
    return {
        "detail": _joined(detail, _unknown(figure)),
        "tone": tone,
        "progress": min(100, round(reached * 100)),
    }


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _list_url(model: str, filters: dict) -> str:
    return f"{reverse(f'admin:crm_{model}_changelist')}?{urlencode(filters, doseq=True)}"


# -- funnel ----------------------------------------------------------------------------------------


def _funnel(scope: Scope, period: Period) -> list[dict]:
    """Count and planned investment per stage at the cut; ``share`` is percent of the longest."""
    rows = indicators.projects_by_stage(scope, period)
    longest = max(row.count for row in rows) or 1
    return [
        {
            "stage": row.stage, "label": str(row.label), "count": row.count,
            "amount": row.planned_text,
            "url": _list_url("project", {"stood_in": row.stage, "cut": period.cut.isoformat()}),
            "share": round(100 * row.count / longest),
        }
        for row in rows
    ]  # fmt: skip


# -- lists -----------------------------------------------------------------------------------------


def _lists(user, on: date) -> list[dict]:
    by_role = {
        Role.OFFICER: (_my_follow_ups, _my_missing),
        Role.TEAM_LEAD: (_my_follow_ups, _proposals, _late_projects, _my_missing),
        Role.BUREAU: (_proposals, _late_follow_ups, _late_projects, _stale_projects),
        Role.STATISTICIAN: (_late_projects, _stale_projects),
        Role.LEADER: (_late_projects, _stale_projects),
        Role.PARK: (_park_projects,),
        Role.DEPARTMENT: (_requests,),
    }
    return [make(user, on) for make in by_role[user.role]]


def _my_follow_ups(user, on):
    mine = FollowUp.objects.live().open_to(user).waiting().filter(owner=user.pk)
    return _list(
        _("My follow-ups"), [_follow_up_row(item, on) for item in _first(mine)],
        _list_url("followup", {"mine": "on", "waiting": "on"}),
        empty=_("Nothing is waiting for you."),
        action=("visit", _("Log a visit")), user=user,
    )  # fmt: skip


def _late_follow_ups(user, on):
    late = FollowUp.objects.live().open_to(user).overdue(on)
    return _list(
        _("Overdue follow-ups"), [_follow_up_row(item, on) for item in _first(late)],
        _list_url("followup", {"overdue": "on"}), empty=_("No follow-up is overdue."),
    )  # fmt: skip


def _first(follow_ups):
    return follow_ups.select_related("company", "project", "owner")[:LONGEST_LIST]


def _follow_up_row(item: FollowUp, on: date) -> dict:
    about = item.project or item.company
    meta = _joined(str(about) if about else "", str(item.owner))
    row = _row(item.what, "followup", item.pk, meta, item.due_on, item.due_on < on)
    return row | {"url": f"{reverse('crm_todo')}?done={item.pk}#f{item.pk}"}


def _my_missing(user, on):
    mine = Project.objects.live().shown_to(user).filter(owner=user.pk, is_open=True)
    return _list(
        _("My projects with something missing"),
        _project_rows(mine.active().with_incomplete_stage().order_by("stage_since", "id"), on),
        _list_url("project", {"mine": "on", "incomplete": "on", "status": "active"}),
        empty=_("Nothing is missing in your projects."),
        action=("project", _("Report a lead")), user=user,
    )  # fmt: skip


def _late_projects(user, on):
    late = Project.objects.live().shown_to(user).filter(is_open=True).overdue(on)
    return _list(
        _("Projects past their next step"), _project_rows(late.order_by("next_step_on", "id"), on),
        _list_url("project", {"overdue": "on"}), empty=_("No next step is overdue."),
    )  # fmt: skip


def _stale_projects(user, on):
    still = Project.objects.live().shown_to(user).filter(is_open=True).stale(on)
    return _list(
        _("Projects standing still"), _project_rows(still.order_by("stage_since", "id"), on),
        _list_url("project", {"stale": "on"}), empty=_("Every project is moving."),
    )  # fmt: skip


def _park_projects(user, on):
    own = Project.objects.live().shown_to(user).active().order_by("next_step_on", "id")
    return _list(
        _("Projects of the park"), _project_rows(own, on),
        _list_url("project", {"status": "active"}), empty=_("No project is in the park yet."),
    )  # fmt: skip


def _project_rows(projects, on: date) -> list[dict]:
    shown = projects.select_related("lead_team")[:LONGEST_LIST]
    return [_project_row(project, on) for project in shown]


def _project_row(project: Project, on: date) -> dict:
    stage = project.get_stage_display()
    if not project.is_open:
        return _row(project.shown_name, "project", project.pk, stage, None, False)
    meta = _joined(stage, str(project.lead_team or ""), project.next_step)
    due = project.next_step_on
    return _row(project.shown_name, "project", project.pk, meta, due, bool(due and due < on))


def _proposals(user, on):
    waiting = StageProposal.objects.live().open_to(user).filter(state=StageProposal.State.OPEN)
    rows = waiting.select_related("project", "proposed_by").order_by("proposed_at", "id")
    return _list(
        _("Proposals waiting for the bureau"),
        [
            _row(
                item.project.name, "stageproposal", item.pk,
                _joined(f"→ {item.get_to_stage_display()}", str(item.proposed_by)),
                item.effective_on, False,
            )
            for item in rows[:LONGEST_LIST]
        ],
        _list_url("stageproposal", {"state": "open"}), empty=_("No proposal is waiting."),
    )  # fmt: skip


def _requests(user, on):
    waiting = Request.objects.live().open_to(user).waiting().order_by("due_on", "id")
    rows = waiting.select_related("company", "project")[:LONGEST_LIST]
    return _list(
        _("Requests to answer"),
        [
            _row(
                str(item), "request", item.pk,
                _joined(item.get_category_display(), str(item.project or item.company)),
                item.due_on, item.due_on < on,
            )
            for item in rows
        ],
        _list_url("request", {"waiting": "on"}), empty=_("No request is waiting for your unit."),
    )  # fmt: skip


def _list(title, rows, url, *, empty, action=None, user=None) -> dict:
    """One list; ``action`` is the model to add to and the words for it, when it is empty."""
    model, label = action or ("", "")
    may_add = bool(action) and f"add_{model}" in permissions_of(user.role)
    return {
        "title": title, "rows": rows, "url": url, "empty": empty,
        "empty_action_url": reverse(f"admin:crm_{model}_add") if may_add else "",
        "empty_action_label": label if may_add else "",
    }  # fmt: skip


def _row(title, model, pk, meta, due, late) -> dict:
    url = reverse(f"admin:crm_{model}_change", args=[pk])
    return {"title": title, "url": url, "meta": meta, "due": due, "late": late}
