"""How projects keep going: stale, without a next step, the lead clock and its limits."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm import agenda
from crm.access import Role
from crm.clock import Facts, Limits, Step, ticks
from crm.models import Note, Project, TimeLimit
from crm.periods import today
from tests import make

pytestmark = pytest.mark.django_db
BIG = Decimal(100_000_000)


def stale():
    return list(Project.objects.stale(today()))


# -- standing still --------------------------------------------------------------------------------


def test_a_lead_without_any_sign_of_life_is_stale_after_its_days():
    late, _in_time = make.project(on=make.days_ago(46)), make.project(on=make.days_ago(45))
    assert stale() == [late]


def visited(project):
    make.visit(project=project, company=project.lead_investor, held_on=make.days_ago(5))


def noted(project):
    Note.write(project, "来电", by=make.keeper())


def changed(project):
    project.summary = "扩建"
    project.save_as(make.keeper())


@pytest.mark.parametrize("sign", [visited, noted, changed])
def test_a_visit_a_note_or_a_change_is_a_sign_of_life(sign):
    project = make.project(on=make.days_ago(90))
    assert stale() == [project]
    sign(project)
    assert stale() == []


def test_an_old_visit_and_an_archived_one_are_none():
    project = make.project(on=make.days_ago(200))
    make.visit(project=project, held_on=make.days_ago(60))
    make.visit(project=project, held_on=make.days_ago(2)).archive(by=make.keeper())
    assert stale() == [project]


def test_on_an_earlier_day_later_visits_do_not_count():
    project = make.project(on=make.days_ago(200))
    visited(project)
    assert list(Project.objects.stale(make.days_ago(20))) == [project]


# -- next step -------------------------------------------------------------------------------------


def idle():
    return list(Project.objects.without_next_step())


def test_a_project_with_nothing_planned_lacks_a_next_step():
    project = make.project()
    assert (idle(), project.lacks_next_step()) == ([project], True)


def test_a_dated_next_step_or_an_open_follow_up_is_one():
    make.project(next_step="送合同", next_step_on=make.days_ago(-3))
    make.follow_up(project=make.project())
    assert idle() == []


def test_a_next_step_without_date_and_a_finished_follow_up_are_none():
    first = make.project(next_step="送合同")
    second = make.project()
    make.follow_up(project=second, done_on=today())
    assert set(idle()) == {first, second}


def test_projects_in_production_or_on_hold_need_none():
    make.project(stage="producing", next_step="", next_step_on=None)
    Project.objects.update(next_step="", next_step_on=None)
    make.project(status="on_hold")
    assert idle() == []


# -- the lead clock --------------------------------------------------------------------------------


def facts(**values):
    defaults = {"reported_on": make.days_ago(10), "planned_yuan": None, "is_named": False,
                "is_assessed": False, "was_contacted": False,
                "active_on": make.days_ago(10)}  # fmt: skip
    return Facts(**(defaults | values))


def states(limits=None, **values):
    return {t.step: t.state for t in ticks(facts(**values), limits or Limits(), today())}


def test_after_ten_silent_days_all_but_the_report_are_late():
    assert states() == {"respond": "late", "assess": "late", "feed_back": "late",
                        "report": "running"}  # fmt: skip


def test_what_was_done_is_done():
    done = {"is_named": True, "is_assessed": True, "was_contacted": True}
    assert states(**done) == {"respond": "done", "assess": "done", "feed_back": "done",
                              "report": "running"}  # fmt: skip


@pytest.mark.parametrize(("days", "expected"), [(14, "running"), (15, "late")])
def test_a_report_is_due_a_fortnight_after_the_last_activity(days, expected):
    assert states(active_on=make.days_ago(days))["report"] == expected


@pytest.mark.parametrize(
    ("planned", "days"), [(None, 3), (BIG - 1, 3), (BIG, 7), (Decimal(10**12), 7)]
)
def test_big_projects_have_a_week_to_be_assessed(planned, days):
    assert Limits().days(Step.ASSESS, planned) == days


def test_the_last_day_is_still_in_time():
    assert states(reported_on=make.days_ago(3))["assess"] == "running"


def test_the_bureau_finds_the_usual_limits_and_changes_them():
    rows = TimeLimit.objects.filter(step="assess").order_by("from_yuan")
    assert [(row.from_yuan, row.days) for row in rows] == [(0, 3), (BIG, 7)]
    TimeLimit.objects.filter(step="assess", from_yuan=0).update(days=5)
    assert TimeLimit.current_limits().days("assess") == 5


def test_without_rows_the_defaults_hold():
    TimeLimit.objects.all().delete()
    assert TimeLimit.current_limits().days("report") == 14


def on_the_clock(*, days=30, named=True, assessed=True, contacted=True, **values):
    """A lead reported so many days ago with these steps done."""
    owner = {"owner": make.user()} if named else {}
    project = make.project(on=make.days_ago(days), **owner, **values)
    if assessed:
        make.assessment(project=project)
    if contacted:
        make.visit(project=project, held_on=make.days_ago(min(days, 2)))
    return project


CASES = [
    ({}, False),
    ({"named": False}, True),
    ({"assessed": False}, True),
    ({"contacted": False}, True),
    ({"days": 1, "named": False, "assessed": False, "contacted": False}, False),
    ({"days": 5, "assessed": False}, True),
    ({"days": 5, "assessed": False, "planned_yuan": BIG}, False),
    ({"days": 5, "assessed": False, "planned_yuan": BIG - 1}, True),
    ({"days": 8, "assessed": False, "planned_yuan": BIG}, True),
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_the_list_and_the_clock_of_the_page_say_the_same(given, expected):
    project = on_the_clock(**given)
    listed = Project.objects.late_on_the_clock(today()).exists()
    row = Project.objects.with_clock().get()
    shown = any(t.is_late for t in row.clock(today(), TimeLimit.current_limits()))
    assert (listed, shown) == (expected, expected), project


def test_a_silent_fortnight_is_late_in_both():
    project = on_the_clock(contacted=False)
    make.visit(project=project, held_on=make.days_ago(15))
    row = Project.objects.with_clock().get()
    late = [t.step for t in row.clock(today(), TimeLimit.current_limits()) if t.is_late]
    assert (late, Project.objects.late_on_the_clock(today()).count()) == (["report"], 1)


@pytest.mark.parametrize("values", [{"stage": "reserve"}, {"status": "on_hold"}])
def test_from_the_reserve_pool_on_and_on_hold_no_clock_runs(values):
    make.project(on=make.days_ago(60), **values)
    row = Project.objects.with_clock().get()
    assert (row.clock(today(), Limits()), Project.objects.late_on_the_clock(today()).count()) == (
        [], 0,
    )  # fmt: skip


# -- the agenda ------------------------------------------------------------------------------------


def test_every_open_follow_up_is_in_exactly_one_stretch():
    user, on = make.user(team=make.team()), today()
    for days in range(-3, 20):
        make.follow_up(owner=user, due_on=on + timedelta(days=days))
    make.follow_up(owner=user, done_on=on)
    counts = agenda.counts(user, on)
    assert (sum(counts.values()), counts["overdue"], counts["today"]) == (23, 3, 1)
    assert sum(len(part.rows) for part in agenda.sections(user, on)) == 23


def test_ones_own_follow_ups_and_everybodys():
    team = make.team()
    lead, officer = make.user(Role.TEAM_LEAD, team=team), make.user(team=team)
    make.follow_up(owner=officer, task_force=team)
    make.follow_up()
    counted = [sum(agenda.counts(lead, today(), everybody=all_).values()) for all_ in (False, True)]
    assert counted == [0, 1]


def test_a_lead_nobody_answers_for_is_everybodys_in_its_team():
    team = make.team()
    officer = make.user(team=team)
    project = make.project(team=team)
    make.project(team=team, owner=make.user(team=team))
    assert list(agenda.own_projects(officer)) == [project]


def test_the_project_page_and_list_show_the_clock_and_the_missing_step(client):
    project = make.project(on=make.days_ago(30))
    make.project(stage="reserve", on=make.days_ago(1))
    client.force_login(make.user(Role.BUREAU))
    page = client.get(f"/crm/project/{project.pk}/change/").content.decode()
    assert ("tick-late" in page, "还没有下一步" in page) == (True, True)
    for query in ("clock=on", "idle=on"):
        listed = client.get(f"/crm/project/?{query}").context["cl"].result_list
        assert list(listed) == [project]
