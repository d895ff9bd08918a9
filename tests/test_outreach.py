"""Trips, visits, what follows from them, and firms' requests."""

import pytest
from django.core.exceptions import ValidationError

from crm.models import FollowUp, Request, Trip, Visit
from crm.periods import Period, today

from . import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.team()


@pytest.fixture
def officer(team):
    return make.user(team=team)


def visit(team, **values):
    return Visit(company=make.company(), task_force=team, **values)


def test_an_officer_logs_a_visit(officer, team):
    row = visit(team, content="洽谈万卡集群", outcome="interested")
    row.save_as(officer)
    assert list(Visit.objects.visible_to(officer)) == [row]
    assert str(row) == f"{today()} {row.company}"


def test_a_visit_does_not_lie_in_the_future(officer, team):
    with pytest.raises(ValidationError, match="晚于今天") as refusal:
        visit(team, held_on=make.days_ago(-1)).save_as(officer)
    assert list(refusal.value.message_dict) == ["held_on"]
    assert not Visit.objects.exists()


def test_a_next_step_needs_a_date(officer, team):
    with pytest.raises(ValidationError) as refusal:
        visit(team, next_step="寄送材料").save_as(officer)
    assert list(refusal.value.message_dict) == ["next_step_on"]


def test_both_faults_are_named_at_once(officer, team):
    with pytest.raises(ValidationError) as refusal:
        visit(team, held_on=make.days_ago(-1), next_step="寄送材料").save_as(officer)
    assert set(refusal.value.message_dict) == {"held_on", "next_step_on"}


def test_a_visit_that_was_already_logged_is_not_logged_twice(officer, team):
    first = make.visit(task_force=team, held_on=today())
    second = Visit(company=first.company, task_force=team, held_on=today())
    with pytest.raises(ValidationError, match="已登记"):
        second.save_as(officer)


def test_the_next_step_becomes_a_follow_up_of_who_does_it(officer, team):
    colleague = make.user(team=team)
    row = visit(team, next_step="寄送材料", next_step_on=today(), next_step_owner=colleague)
    row.save_as(officer)
    todo = FollowUp.objects.get()
    assert (todo.what, todo.owner, todo.due_on) == ("寄送材料", colleague, today())
    assert (todo.visit, todo.company, todo.task_force) == (row, row.company, team)
    assert todo.created_by == officer


def test_without_a_name_the_next_step_is_of_whoever_logged_the_visit(officer, team):
    visit(team, next_step="寄送材料", next_step_on=today()).save_as(officer)
    assert FollowUp.objects.get().owner == officer


def test_changing_a_visit_makes_no_second_follow_up(officer, team):
    row = visit(team, next_step="寄送材料", next_step_on=today())
    row.save_as(officer)
    row.content = "补充纪要"
    row.save_as(officer)
    assert FollowUp.objects.count() == 1


def test_a_visit_without_a_next_step_makes_no_follow_up(officer, team):
    visit(team).save_as(officer)
    assert not FollowUp.objects.exists()


def test_the_first_and_the_last_day_of_a_period_count():
    held = [make.visit(held_on=f"2024-{day}") for day in ("01-01", "12-31")]
    make.visit(held_on="2023-12-31")
    make.visit(held_on="2025-01-01")
    assert set(Visit.objects.held_in(Period.year(2024))) == set(held)


def test_calls_online_meetings_and_receptions_are_no_outbound_visits():
    out = make.visit(mode="outbound")
    for mode in ("inbound", "online", "call"):
        make.visit(mode=mode)
    assert list(Visit.objects.outbound()) == [out]


def test_a_trip_belongs_to_the_period_in_which_it_starts():
    trip = make.trip(started_on="2024-12-30", ended_on="2025-01-03")
    make.trip(started_on="2023-12-30", ended_on="2024-01-03")
    assert list(Trip.objects.started_in(Period.year(2024))) == [trip]
    assert str(trip) == trip.name


def test_a_follow_up_waits_until_done_and_is_overdue_after_its_day():
    late = make.follow_up(due_on=make.days_ago(1))
    due = make.follow_up(due_on=today())
    make.follow_up(due_on=make.days_ago(1), done_on=today())
    assert set(FollowUp.objects.waiting()) == {late, due}
    assert list(FollowUp.objects.overdue(today())) == [late]


def test_a_follow_up_is_not_done_in_the_future(officer, team):
    todo = make.follow_up(task_force=team, owner=officer)
    todo.done_on = make.days_ago(-1)
    with pytest.raises(ValidationError) as refusal:
        todo.save_as(officer)
    assert list(refusal.value.message_dict) == ["done_on"]


def test_a_request_waits_until_closed_and_is_overdue_after_its_deadline():
    late = make.request(due_on=make.days_ago(1))
    due = make.request(due_on=today())
    make.request(due_on=make.days_ago(1), closed_on=today())
    assert set(Request.objects.waiting()) == {late, due}
    assert list(Request.objects.overdue(today())) == [late]


@pytest.mark.parametrize("field", ["raised_on", "closed_on"])
def test_a_request_is_neither_raised_nor_closed_in_the_future(field):
    request = make.request()
    setattr(request, field, make.days_ago(-1))
    with pytest.raises(ValidationError) as refusal:
        request.save_as(make.keeper())
    assert list(refusal.value.message_dict) == [field]


def test_the_responsible_unit_answers_and_closes_the_request():
    unit = make.department()
    request = make.request(department=unit)
    request.progress, request.closed_on = "双回路供电方案已批复", today()
    request.save_as(make.user("department", department=unit))
    assert Request.objects.get().closed_on == today()
