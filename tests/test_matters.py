"""Requests and leaders' directives: answers, later deadlines, closing, escalation; to do."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from crm.access import Role
from crm.models import Directive, FollowUp, Notice, Reply
from crm.periods import today
from crm.reminders import remind
from tests import make

pytestmark = pytest.mark.django_db


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


@pytest.fixture
def unit():
    return make.user(Role.DEPARTMENT)


@pytest.fixture
def request_(unit):
    return make.request(department=unit.department)


def kinds(matter) -> list[str]:
    return list(matter.replies.values_list("kind", flat=True))


# -- requests --------------------------------------------------------------------------------------


def test_the_unit_answers_moves_the_deadline_and_closes(unit, request_):
    due = request_.due_on
    request_.answer("已协调", by=unit)
    request_.extend(due + timedelta(days=5), by=unit, reason="等待批复")
    request_.close(by=unit, result="已接入双回路")
    last = request_.replies.get(kind="extended")
    assert kinds(request_) == ["answer", "extended", "closed"]
    assert (last.due_from, last.due_to, request_.closed_on) == (
        due, due + timedelta(days=5), today(),
    )  # fmt: skip


def test_a_supporting_unit_answers_but_does_not_close(request_):
    helper = make.user(Role.DEPARTMENT)
    request_.co_departments.add(helper.department)
    request_.answer("配合办理", by=helper)
    with pytest.raises(PermissionDenied):
        request_.close(by=helper, result="已办")
    request_.refresh_from_db()
    assert (kinds(request_), request_.closed_on) == (["answer"], None)


@pytest.mark.parametrize("role", [Role.LEADER, Role.STATISTICIAN, Role.DEPARTMENT, Role.OFFICER])
def test_nobody_else_answers(request_, role):
    with pytest.raises(PermissionDenied):
        request_.answer("越权", by=make.user(role))
    assert Reply.objects.count() == 0


def test_the_team_hears_of_an_answer_and_the_unit_of_its_request(unit):
    team = make.team()
    officer = make.user(Role.OFFICER, team=team)
    firm = make.company(owning_team=team)
    row = make.request().__class__(
        company=firm, task_force=team, department=unit.department, category="power",
        content="双回路", due_on=today() + timedelta(days=9),
    )  # fmt: skip
    row.save_as(officer)
    row.answer("已受理", by=unit)
    assert (told(unit), told(officer)) == (["request"], ["answer"])


@pytest.mark.parametrize(
    ("act", "values"),
    [("answer", {"text": " "}), ("close", {"result": ""}), ("reopen", {"reason": ""}),
     ("extend", {"to": today(), "reason": "更早"}), ("reopen", {"reason": "没有办结"}),
     ("extend", {"to": today() + timedelta(days=90), "reason": " "})],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(unit, request_, act, values):
    text = values.pop("text", None)
    with pytest.raises(ValidationError):
        getattr(request_, act)(*([text] if text else []), by=unit, **values)
    assert Reply.objects.count() == 0


def test_a_closed_request_is_answered_only_after_it_is_opened_again(unit, request_):
    request_.close(by=unit, result="已办")
    with pytest.raises(ValidationError):
        request_.answer("补充", by=unit)
    request_.reopen(by=unit, reason="未落实")
    request_.answer("补充", by=unit)
    assert kinds(request_) == ["closed", "reopened", "answer"]


@pytest.mark.parametrize("sql", ["UPDATE crm_reply SET text = 'x'", "DELETE FROM crm_reply"])
def test_the_database_keeps_replies_as_written(sql):
    make.reply()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(("days", "level"), [(0, ""), (1, "bureau"), (6, "bureau"), (7, "city")])
def test_an_overdue_request_goes_up_after_the_days_the_bureau_set(unit, days, level):
    row = make.request(department=unit.department, raised_on=make.days_ago(60),
                       due_on=make.days_ago(days))  # fmt: skip
    for _again in range(2):
        remind(today())
    row.refresh_from_db()
    assert (row.supervision, kinds(row)) == (level, ["escalated"] if level else [])


def test_the_pages_of_a_unit_show_its_requests_only(client, unit, request_):
    make.request(content="别人的诉求")
    client.force_login(unit)
    page = client.get("/requests/").content.decode()
    assert ("双回路" in page, "别人的诉求" in page) == (True, False)
    answer = client.post(
        f"/requests/{request_.pk}/act/", {"do": "answer", "answer-text": "已列入计划"}, follow=True
    )
    assert "已列入计划" in answer.content.decode()


def test_errors_are_said_in_place(client, unit, request_):
    client.force_login(unit)
    sent = {"do": "extend", "extend-text": "等待", "extend-due_on": "2001-01-01"}
    answer = client.post(f"/requests/{request_.pk}/act/", sent)
    assert (answer.status_code, "新的时限应晚于原时限" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("tab", ["open", "overdue", "answered", "closed", "nonsense"])
def test_every_tab_opens_and_counts(client, tab):
    client.force_login(make.user(Role.BUREAU))
    make.request(raised_on=make.days_ago(9), due_on=make.days_ago(1))
    make.request(closed_on=today())
    make.reply()
    page = client.get(f"/requests/?tab={tab}")
    counts = {each["key"]: each["count"] for each in page.context["tabs"]}
    assert counts == {"open": 2, "overdue": 1, "answered": 1, "closed": 1}


def test_a_closed_matter_does_not_exist_for_others(client, request_):
    secret = make.project(is_confidential=True, code_name="昆仑")
    row = make.request(project=secret, content="绝密诉求")
    client.force_login(make.user(Role.LEADER))
    answers = [client.get(f"/requests/{row.pk}/"), client.get("/requests/")]
    assert [a.status_code for a in answers] == [404, 200]
    assert not any("绝密诉求" in a.content.decode() for a in answers)


def test_the_list_asks_as_much_for_many_rows(client, django_assert_max_num_queries):
    client.force_login(make.user(Role.BUREAU))
    for _n in range(12):
        make.request()
    client.get("/requests/")
    with django_assert_max_num_queries(20):
        client.get("/requests/")


# -- directives ------------------------------------------------------------------------------------


def test_a_leader_writes_one_line_and_the_task_force_hears_of_it(client):
    team = make.team()
    officer, leader = make.user(team=team), make.user(Role.LEADER, full_name="吴市长")
    client.force_login(leader)
    sent = {"text": "本月内促成签约", "responsible": f"team-{team.pk}", "due_on": today()}
    client.post("/directives/new/", sent)
    row = Directive.objects.get()
    assert (row.text, row.leader, row.task_force, row.created_by) == (
        "本月内促成签约", "吴市长", team, leader,
    )  # fmt: skip
    assert told(officer) == ["directive"]


def test_a_directive_to_nobody_waits_for_the_bureau_who_names_the_unit(client, unit):
    bureau = make.user(Role.BUREAU)
    row = Directive(text="加快能评", leader="张市长")
    row.save_as(make.user(Role.LEADER))
    assert (told(bureau), list(Directive.objects.unassigned())) == (["directive"], [row])
    client.force_login(bureau)
    sent = {"do": "assign", "assign-department": unit.department.pk, "assign-due_on": today()}
    client.post(f"/directives/{row.pk}/act/", sent)
    row.refresh_from_db()
    assert (row.responsible, told(unit)) == (unit.department, ["directive"])


def test_one_is_responsible_not_two_and_not_nobody(client):
    bureau = make.user(Role.BUREAU)
    row = make.directive()
    client.force_login(bureau)
    both = {"assign-department": make.department().pk, "assign-task_force": make.team().pk}
    for sent in ({}, both):
        answer = client.post(f"/directives/{row.pk}/act/", {"do": "assign", **sent})
        assert answer.status_code == 422
    row.refresh_from_db()
    assert row.responsible is None


def test_the_task_force_answers_and_only_the_bureau_closes():
    team = make.team()
    officer, bureau = make.user(team=team), make.user(Role.BUREAU)
    row = make.directive(task_force=team)
    row.answer("已约投资方", by=officer)
    with pytest.raises(PermissionDenied):
        row.close(by=officer, result="自行销号")
    row.close(by=bureau, result="已签约")
    assert (kinds(row), row.closed_on) == (["answer", "closed"], today())


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DEPARTMENT, Role.STATISTICIAN, Role.PARK])
def test_others_write_no_directive(client, role):
    client.force_login(make.user(role))
    assert client.post("/directives/new/", {"text": "越权", "leader": "我"}).status_code == 403
    assert Directive.objects.count() == 0


@pytest.mark.parametrize("sent", [{"text": ""}, {"text": "x", "due_on": "2001-01-01"},
                                  {"text": "x", "responsible": "team-99999"}])  # fmt: skip
def test_a_wrong_directive_is_said_in_place(client, sent):
    client.force_login(make.user(Role.LEADER))
    assert client.post("/directives/new/", sent).status_code == 422
    assert Directive.objects.count() == 0


def test_a_directive_sent_twice_is_one(client):
    client.force_login(make.user(Role.LEADER))
    token = "0d9fcb5e-9a44-4c3e-8f5e-6d7b8a1c2d3f"
    for _turn in range(2):
        client.post("/directives/new/", {"text": "抓紧", "form_token": token})
    assert Directive.objects.count() == 1


def test_a_directive_about_a_project_stands_on_its_page(client):
    project = make.project()
    client.force_login(make.user(Role.LEADER))
    page = client.get(f"/directives/new/?project={project.pk}").content.decode()
    client.post("/directives/new/", {"text": "抓紧", "project": project.pk})
    assert (project.name in page, Directive.objects.get().project) == (True, project)


# -- to do -----------------------------------------------------------------------------------------


@pytest.fixture
def officer():
    return make.user(Role.OFFICER, team=make.team())


@pytest.fixture
def task(officer):
    project = make.project(team=officer.team, owner=officer)
    return make.follow_up(owner=officer, task_force=officer.team, project=project,
                          company=project.lead_investor, due_on=today())  # fmt: skip


def do(client, task, **sent):
    return client.post(f"/todo/{task.pk}/", sent, follow=True).content.decode()


def test_done_with_a_next_step_is_one_form(client, officer, task):
    client.force_login(officer)
    day = today() + timedelta(days=7)
    do(client, task, do="finish", what="寄送方案", due_on=day, result="已送达")
    task.refresh_from_db()
    task.project.refresh_from_db()
    following = FollowUp.objects.waiting().get()
    assert (task.done_on, task.result) == (today(), "已送达")
    assert (following.what, following.due_on, following.owner) == ("寄送方案", day, officer)
    assert (task.project.next_step, task.project.next_step_on) == ("寄送方案", day)


def test_done_with_nothing_to_follow_clears_the_projects_next_step(client, officer, task):
    type(task.project).objects.update(next_step=task.what, next_step_on=task.due_on)
    client.force_login(officer)
    do(client, task, do="finish", next="none", what="忽略", due_on=today())
    task.project.refresh_from_db()
    assert (FollowUp.objects.waiting().count(), task.project.next_step) == (0, "")


@pytest.mark.parametrize("sent", [{"what": "寄送"}, {"due_on": "2027-01-01"},
                                  {"what": "寄送", "due_on": "下周"}])  # fmt: skip
def test_half_a_next_step_is_refused_and_nothing_is_done(client, officer, task, sent):
    client.force_login(officer)
    page = do(client, task, do="finish", **sent)
    task.refresh_from_db()
    assert ("messagelist" in page, task.done_on) == (True, None)


def test_a_task_is_put_off_handed_over_and_taken_back(client, officer, task):
    colleague = make.user(Role.OFFICER, team=officer.team)
    client.force_login(officer)
    do(client, task, do="snooze", due_on=today() + timedelta(days=3))
    do(client, task, do="finish", next="none")
    do(client, task, do="reopen")
    do(client, task, do="hand", owner=colleague.pk)
    task.refresh_from_db()
    assert (task.due_on, task.done_on, task.owner) == (
        today() + timedelta(days=3), None, colleague,
    )  # fmt: skip
    assert told(colleague) == ["assigned"]


@pytest.mark.parametrize("sent", [{"do": "snooze", "due_on": ""}, {"do": "hand", "owner": "x"},
                                  {"do": "snooze", "due_on": "2001-01-01"}])  # fmt: skip
def test_what_cannot_be_is_said_and_changes_nothing(client, officer, task, sent):
    client.force_login(officer)
    assert 'class="error"' in do(client, task, **sent)
    assert FollowUp.objects.get().version == task.version


def test_an_unknown_verb_and_somebody_elses_task_are_refused(client, officer, task):
    client.force_login(officer)
    assert client.post(f"/todo/{task.pk}/", {"do": "drop"}).status_code == 403
    client.force_login(make.user(Role.OFFICER, team=make.team()))
    assert client.post(f"/todo/{task.pk}/", {"do": "finish", "next": "none"}).status_code == 404


def test_the_page_shows_what_is_due_and_opens_the_form_asked_for(client, officer, task):
    make.directive(task_force=officer.team)
    client.force_login(officer)
    page = client.get(f"/todo/?done={task.pk}").content.decode()
    assert (task.what in page, 'name="act-' in page, " open>" in page) == (True, True, True)


@pytest.mark.parametrize("role", [Role.LEADER, Role.PARK, Role.DEPARTMENT, Role.SYSTEM_ADMIN])
def test_who_has_no_tasks_has_no_such_page(client, role):
    client.force_login(make.user(role))
    assert client.get("/todo/").status_code == 403
