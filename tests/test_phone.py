"""The phone pages: who is let in, the day and its follow-ups, and nothing of others is shown."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.access import Role
from crm.models import FollowUp
from crm.periods import today
from tests import make
from tests.phoning import JSON, SEND, entry, firm, officer, phone, team, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
FIXTURES = (firm, officer, phone, team)  # asked for by name


# -- who is signed in ------------------------------------------------------------------------------


def test_a_script_learns_who_is_signed_in(phone, officer):
    answer = phone.get("/m/session/", headers=JSON)

    assert answer.json()["user"] == str(officer.pk)
    assert answer.json()["csrf"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/m/session/", SEND])
def test_a_script_without_a_session_is_told_so(client, path):
    assert client.get(path, headers=JSON).status_code == 401


def test_a_person_without_a_session_is_asked_to_sign_in(client):
    assert "id_username" in text_of(client.get("/m/", follow=True))


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.PARK, Role.AUDITOR])
def test_roles_that_read_no_visits_have_no_phone_pages(client, role):
    client.force_login(make.user(role))

    assert client.get("/m/").status_code == 403


def test_a_leader_reads_and_does_not_log(client):
    client.force_login(make.user(Role.LEADER))

    assert SEND not in text_of(client.get("/m/")).replace(f'data-send="{SEND}"', "")
    assert client.get(SEND).status_code == 403
    assert client.post(SEND, entry()).status_code == 403


# -- today, follow-ups -----------------------------------------------------------------------------


def test_today_shows_my_follow_ups_overdue_first_and_nobody_elses(phone, officer, team):
    for what, days in (("明日之事", 1), ("今日之事", 0), ("拖延之事", -3)):
        make.follow_up(owner=officer, task_force=team, what=what, due_on=today() + timedelta(days))
    make.follow_up(owner=make.user(team=team), task_force=team, what="他人之事", due_on=today())

    text = text_of(phone.get("/m/"))

    places = [text.index(what) for what in ("拖延之事", "今日之事", "明日之事")]
    assert places == sorted(places)
    assert "他人之事" not in text


def test_today_shows_my_visits_also_those_i_only_took_part_in(phone, officer, team):
    make.visit(created_by=officer, task_force=team, content="我记的", held_on=today())
    make.visit(our_people=[officer], task_force=team, content="我参加的", held_on=today())
    make.visit(task_force=team, content="他人的", held_on=today())

    text = text_of(phone.get("/m/"))

    assert "我记的" in text
    assert "我参加的" in text
    assert "他人的" not in text


def test_one_tap_is_done_and_asks_for_the_next_step(phone, officer, team):
    task = make.follow_up(owner=officer, task_force=team)

    answer = phone.post(f"/m/follow-ups/{task.pk}/done/", follow=True)
    phone.post(f"/m/follow-ups/{task.pk}/done/")

    task.refresh_from_db()
    assert task.done_on == today()
    assert f"/m/follow-ups/{task.pk}/next/" in text_of(answer)


def test_the_tap_can_be_taken_back(phone, officer, team):
    task = make.follow_up(owner=officer, task_force=team, done_on=today())

    phone.post(f"/m/follow-ups/{task.pk}/reopen/")

    task.refresh_from_db()
    assert task.done_on is None


@pytest.mark.parametrize(
    ("posted", "what", "days"),
    [({"days": "3"}, "送交方案", 3), ({"days": "1", "what": "约见总裁"}, "约见总裁", 1)],
)
def test_the_next_step_concerns_the_same_firm(phone, officer, team, firm, posted, what, days):
    task = make.follow_up(owner=officer, task_force=team, company=firm, done_on=today())

    phone.post(f"/m/follow-ups/{task.pk}/next/", posted)

    following = FollowUp.objects.exclude(pk=task.pk).get()
    assert (following.company, following.what) == (firm, what)
    assert following.due_on == today() + timedelta(days=days)


@pytest.mark.parametrize("posted", [{}, {"due_on": "哪天"}, {"days": "99"}])
def test_a_next_step_without_a_day_is_refused_in_words(phone, officer, team, posted):
    task = make.follow_up(owner=officer, task_force=team, done_on=today())

    answer = phone.post(f"/m/follow-ups/{task.pk}/next/", posted, follow=True)

    assert FollowUp.objects.count() == 1
    assert 'class="error"' in text_of(answer)


def test_somebody_elses_follow_up_is_not_mine_to_tick_off(phone, team):
    task = make.follow_up(owner=make.user(team=team), task_force=team)

    assert phone.post(f"/m/follow-ups/{task.pk}/done/").status_code == 404


@pytest.mark.parametrize(
    ("show", "shown"),
    [("late", {"迟"}), ("today", {"今"}), ("week", {"迟", "今", "周"}), ("done", {"毕"}),
     ("all", {"迟", "今", "周", "远"}), ("?", {"迟", "今", "周", "远"})],
)  # fmt: skip
def test_follow_ups_are_narrowed_by_a_chip(phone, officer, team, show, shown):
    days = {"迟": -2, "今": 0, "周": 6, "远": 30}
    for what, day in days.items():
        due = today() + timedelta(days=day)
        make.follow_up(owner=officer, task_force=team, what=f"事{what}", due_on=due)
    make.follow_up(owner=officer, task_force=team, what="事毕", done_on=today())

    text = text_of(phone.get(f"/m/follow-ups/?show={show}"))

    assert {what for what in "迟今周远毕" if f"事{what}" in text} == shown


# -- firms and projects ----------------------------------------------------------------------------


def test_a_number_is_shown_for_calling_when_it_is_asked_for(phone, firm):
    contact = make.contact(company=firm, name="王五", mobile="13800000001")

    before = text_of(phone.get(f"/m/firms/{firm.pk}/"))
    phone.post(f"/contacts/{contact.pk}/phones/?next=/m/firms/{firm.pk}/")
    after = text_of(phone.get(f"/m/firms/{firm.pk}/"))

    assert "王五" in before
    assert "138****0001" in before
    assert "13800000001" not in before
    assert 'href="tel:13800000001"' in after


def test_of_another_teams_firm_only_the_public_part_is_shown(phone):
    theirs = make.company(owning_team=make.team())
    make.contact(company=theirs, name="泄密人", mobile="13800000002")
    make.visit(company=theirs, content="泄密内容")

    text = text_of(phone.get(f"/m/firms/{theirs.pk}/"))

    assert theirs.name in text
    assert not [leak for leak in ("泄密人", "13800000002", "泄密内容") if leak in text]


def test_a_leader_sees_masked_numbers_that_cannot_be_called(client, firm):
    make.contact(company=firm, mobile="13800000003")
    client.force_login(make.user(Role.LEADER))

    text = text_of(client.get(f"/m/firms/{firm.pk}/"))

    assert "138****0003" in text
    assert "tel:" not in text


def test_firms_are_suggested_by_follow_up_trip_and_last_visit(phone, officer, team, firm):
    due = make.company(name="该联系企业", owning_team=team)
    make.follow_up(owner=officer, task_force=team, company=due, due_on=today())
    trip = make.trip(task_force=team, started_on=today(), ended_on=today(), cities=[firm.region])
    met = make.company(name="刚见过企业", owning_team=team)
    make.visit(company=met, created_by=officer, task_force=team, held_on=today())
    make.company(name="无关企业", owning_team=team)

    text = text_of(phone.get("/m/firms/"))

    assert [n for n in (due.name, firm.name, met.name, "无关企业") if n in text] == [
        due.name, firm.name, met.name,
    ]  # fmt: skip
    assert trip.name in text_of(phone.get(SEND))


def test_a_search_for_nothing_known_says_so(phone):
    assert "查无此名" in text_of(phone.get("/m/firms/?q=查无此名&part=1"))


def test_a_confidential_project_goes_by_its_code_name(phone, team):
    secret = make.project(
        team=team, name="泄密项目", is_confidential=True, code_name="雪豹", owner=make.user()
    )

    text = text_of(phone.get("/m/projects/?whose=all"))

    assert "雪豹" in text
    assert secret.name not in text
    assert secret.lead_investor.name not in text


def test_projects_are_mine_first_and_can_be_searched(phone, officer, team):
    make.project(team=team, owner=officer, name="我的智算项目")
    make.project(team=team, name="同组储能项目")

    mine, found = phone.get("/m/projects/"), phone.get("/m/projects/?whose=all&q=储能")

    assert "我的智算项目" in text_of(mine)
    assert "同组储能项目" not in text_of(mine)
    assert "同组储能项目" in text_of(found)


def test_the_number_of_queries_does_not_grow(phone, officer, team, firm):
    def add_rows(count):
        for _n in range(count):
            row = {"company": make.company(owning_team=team), "task_force": team}
            make.visit(created_by=officer, held_on=today(), **row)
            make.follow_up(owner=officer, due_on=today(), **row)
            make.contact(company=firm)
            make.project(team=team, owner=officer, lead_investor=firm)

    def counts():
        paths = ("/m/", "/m/firms/", "/m/projects/", "/m/follow-ups/", SEND, f"/m/firms/{firm.pk}/")
        found = []
        for path in paths:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                phone.get(path)
            found.append(len(queries))
        return found

    add_rows(1)
    counts()  # the first request of a session writes the session
    few = counts()
    add_rows(5)

    assert counts() == few


def test_a_date_typed_by_hand_is_read(phone, officer, team):
    task = make.follow_up(owner=officer, task_force=team, done_on=today())

    phone.post(f"/m/follow-ups/{task.pk}/next/", {"due_on": "2099-01-01"})

    assert FollowUp.objects.exclude(pk=task.pk).get().due_on == date(2099, 1, 1)
