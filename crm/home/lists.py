"""What a reader has to do today, by role: each list as long as the page can bear, with a link."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.access import Role, permissions_of
from crm.models import FollowUp, Project, Request, StageProposal

LONGEST_LIST = 8


def list_url(model: str, filters: dict) -> str:
    return f"{reverse(f'admin:crm_{model}_changelist')}?{urlencode(filters, doseq=True)}"


def joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def lists_for(user, on: date) -> list[dict]:
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
        list_url("followup", {"mine": "on", "waiting": "on"}),
        empty=_("Nothing is waiting for you."),
        action=("visit", _("Log a visit")), user=user,
    )  # fmt: skip


def _late_follow_ups(user, on):
    late = FollowUp.objects.live().open_to(user).overdue(on)
    return _list(
        _("Overdue follow-ups"), [_follow_up_row(item, on) for item in _first(late)],
        list_url("followup", {"overdue": "on"}), empty=_("No follow-up is overdue."),
    )  # fmt: skip


def _first(follow_ups):
    return follow_ups.select_related("company", "project", "owner")[:LONGEST_LIST]


def _follow_up_row(item: FollowUp, on: date) -> dict:
    about = item.project or item.company
    meta = joined(str(about) if about else "", str(item.owner))
    row = _row(item.what, "followup", item.pk, meta, item.due_on, item.due_on < on)
    return row | {"url": f"{reverse('crm_todo')}?done={item.pk}#f{item.pk}"}


def _my_missing(user, on):
    mine = Project.objects.live().shown_to(user).filter(owner=user.pk, is_open=True)
    return _list(
        _("My projects with something missing"),
        _project_rows(mine.active().with_incomplete_stage().order_by("stage_since", "id"), on),
        list_url("project", {"mine": "on", "incomplete": "on", "status": "active"}),
        empty=_("Nothing is missing in your projects."),
        action=("project", _("Report a lead")), user=user,
    )  # fmt: skip


def _late_projects(user, on):
    late = Project.objects.live().shown_to(user).filter(is_open=True).overdue(on)
    return _list(
        _("Projects past their next step"), _project_rows(late.order_by("next_step_on", "id"), on),
        list_url("project", {"overdue": "on"}), empty=_("No next step is overdue."),
    )  # fmt: skip


def _stale_projects(user, on):
    still = Project.objects.live().shown_to(user).filter(is_open=True).stale(on)
    return _list(
        _("Projects standing still"), _project_rows(still.order_by("stage_since", "id"), on),
        list_url("project", {"stale": "on"}), empty=_("Every project is moving."),
    )  # fmt: skip


def _park_projects(user, on):
    own = Project.objects.live().shown_to(user).active().order_by("next_step_on", "id")
    return _list(
        _("Projects of the park"), _project_rows(own, on),
        list_url("project", {"status": "active"}), empty=_("No project is in the park yet."),
    )  # fmt: skip


def _project_rows(projects, on: date) -> list[dict]:
    shown = projects.select_related("lead_team")[:LONGEST_LIST]
    return [_project_row(project, on) for project in shown]


def _project_row(project: Project, on: date) -> dict:
    stage = project.get_stage_display()
    if not project.is_open:
        return _row(project.shown_name, "project", project.pk, stage, None, False)
    meta = joined(stage, str(project.lead_team or ""), project.next_step)
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
                joined(f"→ {item.get_to_stage_display()}", str(item.proposed_by)),
                item.effective_on, False,
            )
            for item in rows[:LONGEST_LIST]
        ],
        list_url("stageproposal", {"state": "open"}), empty=_("No proposal is waiting."),
    )  # fmt: skip


def _requests(user, on):
    waiting = Request.objects.live().open_to(user).waiting().order_by("due_on", "id")
    rows = waiting.select_related("company", "project")[:LONGEST_LIST]
    return _list(
        _("Requests to answer"),
        [
            _row(
                str(item), "request", item.pk,
                joined(item.get_category_display(), str(item.project or item.company)),
                item.due_on, item.due_on < on,
            )
            for item in rows
        ],
        list_url("request", {"waiting": "on"}), empty=_("No request is waiting for your unit."),
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
