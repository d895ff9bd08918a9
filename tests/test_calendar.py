"""The calendar: each kind on its day, within the reader's scope; a file others can read."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from crm.access import Role
from crm.calendars import Asked, entries_of
from crm.calendars.file import without_numbers
from crm.models import CalendarFeed
from crm.periods import Period, today
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.team()


@pytest.fixture
def officer(team):
    return make.user(team=team)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def events_of(answer) -> list:
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def one_of_each(team, officer, **secret):
    """A visit, trip, follow-up, milestone and event of today."""
    on = today()
    project = make.project(team=team, owner=officer, name="甲项目", **secret)
    return [
        make.visit(task_force=team, created_by=officer, held_on=on, project=project,
                   company=make.company(name=f"甲企业{make.number('甲')}", owning_team=team)),
        make.trip(task_force=team, name="赴甲地招商", started_on=on, ended_on=on + timedelta(2)),
        make.follow_up(task_force=team, owner=officer, what="甲跟进", due_on=on, project=project),
        make.milestone(project=project, title="甲节点", planned_on=on),
        make.event(name="甲推介会", started_on=on),
    ]  # fmt: skip


def open_feed(client) -> str:
    """Path of the address that the page shows once."""
    page = client.post("/calendar/feed/open/", follow=True)
    return urlsplit(page.context["address"]).path


# -- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["month", "week"])
def test_every_kind_stands_on_its_day_and_leads_to_its_record(desk, team, officer, view):
    visit, trip, task, milestone, event = one_of_each(team, officer)

    text = text_of(desk.get(f"/calendar/?view={view}"))

    for words in ("甲企业", "赴甲地招商", "甲跟进", "甲节点", "甲推介会"):
        assert words in text
    for address in (
        f"/crm/visit/{visit.pk}/", f"/crm/trip/{trip.pk}/", f"/crm/followup/{task.pk}/",
        f"/crm/project/{milestone.project_id}/", f"/crm/event/{event.pk}/",
    ):  # fmt: skip
        assert address in text


def test_a_chosen_kind_leaves_out_the_others(desk, team, officer):
    one_of_each(team, officer)

    text = text_of(desk.get("/calendar/?kind=trip"))

    assert "赴甲地招商" in text
    assert "甲跟进" not in text


def test_mine_leaves_out_my_colleagues(desk, team):
    make.visit(task_force=team, held_on=today(), company=make.company(name="同事企业"))

    assert "同事企业" not in text_of(desk.get("/calendar/"))
    assert "同事企业" in text_of(desk.get("/calendar/?whose=all"))


def test_a_team_leaves_out_the_others(client, team):
    client.force_login(make.user(Role.LEADER))
    make.visit(task_force=team, held_on=today(), company=make.company(name="甲班企业"))
    make.visit(held_on=today(), company=make.company(name="乙班企业"))

    text = text_of(client.get(f"/calendar/?team={team.pk}"))

    assert "甲班企业" in text
    assert "乙班企业" not in text


def test_what_is_not_the_readers_is_not_there(desk):
    other = make.team()
    stranger = make.user(team=other)
    one_of_each(other, stranger)

    text = text_of(desk.get("/calendar/?whose=all"))

    assert "甲推介会" in text  # events are everybody's
    assert not [leak for leak in ("甲企业", "赴甲地", "甲跟进", "甲节点") if leak in text]


def test_a_confidential_project_is_closed_to_a_colleague_outside(desk, team):
    one_of_each(team, make.user(team=team), is_confidential=True, code_name="雪豹")

    text = text_of(desk.get("/calendar/?whose=all"))

    assert not [leak for leak in ("甲企业", "甲跟进", "甲节点", "甲项目") if leak in text]


def test_a_crowded_day_shows_some_and_counts_the_rest(desk, team, officer):
    for _n in range(9):
        make.visit(task_force=team, created_by=officer, held_on=today())

    assert "还有 4 项" in text_of(desk.get("/calendar/"))
    assert "还有" not in text_of(desk.get("/calendar/?view=week"))


def test_the_rest_of_a_very_crowded_day_is_in_the_list(client, team):
    client.force_login(make.user(Role.BUREAU))
    for _n in range(18):
        make.visit(task_force=team, held_on=today())

    page = client.get(f"/calendar/?view=week&kind=visit&team={team.pk}")

    day = today().isoformat()
    assert f"/crm/visit/?since={day}&amp;until={day}&amp;team={team.pk}" in text_of(page)


def test_follow_ups_of_a_very_crowded_day_are_in_their_list(desk, team, officer):
    for _n in range(18):
        make.follow_up(task_force=team, owner=officer, due_on=today())

    page = desk.get("/calendar/?view=week")
    listed = desk.get(f"/crm/followup/?due={today()}&mine=on")

    assert f"/crm/followup/?due={today()}&amp;mine=on" in text_of(page)
    assert listed.context["cl"].result_count == 18


@pytest.mark.parametrize("query", ["on=%00", "on=9999-99-99", "team=x", "team=99999", "kind=?",
                                   "view=year", "whose=", "on=二〇二五年五月"])  # fmt: skip
def test_an_address_that_makes_no_sense_still_shows_a_calendar(desk, query):
    assert desk.get(f"/calendar/?{query}").status_code == 200


def test_the_page_costs_the_same_with_more_in_it(desk, team, officer):
    def count():
        with CaptureQueriesContext(connection) as queries:
            desk.get("/calendar/")
        return len(queries)

    one_of_each(team, officer)
    count()
    few = count()
    for _n in range(4):
        one_of_each(team, officer)

    assert count() == few


def test_each_kind_is_one_query(officer, team):
    one_of_each(team, officer)
    assert officer.team_ids

    with CaptureQueriesContext(connection) as queries:
        entries_of(Asked(officer, Period.year(today().year)), ["visit", "follow_up", "trip"])

    assert len(queries) == 3


@pytest.mark.parametrize(
    ("first", "last", "is_shown"),
    [(-9, -8, False), (-9, 0, True), (0, 9, True), (1, 2, False), (-9, 9, True)],
)
def test_a_trip_is_shown_when_it_meets_the_days_asked_for(team, officer, first, last, is_shown):
    on = today()
    days = {"started_on": on + timedelta(first), "ended_on": on + timedelta(last)}
    make.trip(task_force=team, **days)

    window = entries_of(Asked(officer, Period(on, on + timedelta(1))), ["trip"])

    assert bool(window.entries) == is_shown


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.PARK, Role.SYSTEM_ADMIN])
def test_roles_that_read_no_visits_have_no_calendar(client, role):
    client.force_login(make.user(role))

    for path in ("/calendar/", "/calendar/calendar.ics", "/calendar/feed/"):
        assert client.get(path).status_code == 403


# -- the file --------------------------------------------------------------------------------------


def test_the_file_holds_all_day_events_that_end_the_day_after(desk, team, officer):
    trip = make.trip(
        task_force=team, name="赴深圳；广州,“招商”", started_on=today(),
        ended_on=today() + timedelta(2),
    )  # fmt: skip

    [event] = events_of(desk.get("/calendar/calendar.ics"))

    assert (event["UID"], str(event["SUMMARY"])) == (f"trip-{trip.pk}@testserver", trip.name)
    assert event["DTSTART"].dt == trip.started_on
    assert event["DTEND"].dt == trip.ended_on + timedelta(1)
    assert event["DTSTAMP"].dt.replace(microsecond=0) == trip.updated_at.replace(microsecond=0)
    assert event["URL"].endswith(f"/crm/trip/{trip.pk}/change/")


def test_the_file_is_a_calendar_of_the_citys_time_zone(desk):
    calendar = Calendar.from_ical(desk.get("/calendar/calendar.ics").content)

    assert calendar["VERSION"] == "2.0"
    assert calendar["X-WR-TIMEZONE"] == "Asia/Shanghai"


def test_an_event_keeps_its_uid_when_it_is_changed(desk, team, officer):
    task = make.follow_up(task_force=team, owner=officer, what="旧", due_on=today())
    [before] = events_of(desk.get("/calendar/calendar.ics"))
    task.what = "新"
    task.save()

    [after] = events_of(desk.get("/calendar/calendar.ics"))

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_the_file_names_no_confidential_project_and_nothing_about_it(desk, team, officer):
    one_of_each(team, officer, is_confidential=True, code_name="雪豹")

    answer = desk.get("/calendar/calendar.ics")
    titles = " ".join(str(event["SUMMARY"]) for event in events_of(answer))

    assert titles.count("雪豹") == 3
    assert not [leak for leak in ("甲企业", "甲跟进", "甲节点", "甲项目") if leak in titles]


def test_the_file_holds_no_telephone_numbers(desk, team, officer):
    make.follow_up(
        task_force=team,
        owner=officer,
        due_on=today(),
        what="致电 138 1234 5678 商定 2026年的1.5亿元",
    )

    [event] = events_of(desk.get("/calendar/calendar.ics"))

    assert "***" in event["SUMMARY"]
    assert "5678" not in event["SUMMARY"]
    assert "2026年的1.5亿元" in event["SUMMARY"]


@given(st.from_regex(r"(\+86 ?)?1[3-9][0-9]([ \-]?[0-9]{4}){2}", fullmatch=True))
def test_no_mobile_number_survives_however_it_is_broken_up(number):
    assert not any(character.isdigit() for character in without_numbers(f"电话{number}。"))


# -- the feed --------------------------------------------------------------------------------------


def test_a_feed_is_read_without_signing_in_and_holds_my_own(desk, client, team, officer):
    one_of_each(team, officer)
    make.visit(task_force=team, held_on=today(), company=make.company(name="同事企业"))
    path = open_feed(desk)
    client.logout()

    answer = client.get(path)
    titles = " ".join(str(event["SUMMARY"]) for event in events_of(answer))

    assert answer["Content-Type"].startswith("text/calendar")
    assert [words for words in ("甲企业", "赴甲地招商", "甲跟进", "甲节点") if words in titles]
    assert "同事企业" not in titles


def test_the_feed_of_a_leader_holds_the_citys_trips_and_not_everybodys_visits(
    client, team, officer
):
    one_of_each(team, officer)
    client.force_login(make.user(Role.LEADER))

    titles = [str(event["SUMMARY"]) for event in events_of(client.get(open_feed(client)))]

    assert [words for words in titles if "赴甲地招商" in words]
    assert not [words for words in titles if "甲企业" in words or "甲跟进" in words]


def test_of_a_crowd_the_file_holds_what_is_nearest_to_the_day(desk, team, officer, monkeypatch):
    monkeypatch.setattr("crm.pages.calendar.FILE_MOST", 3)
    for days in (-20, -2, 0, 1, 40):
        due = today() + timedelta(days)
        make.follow_up(task_force=team, owner=officer, what=f"{days}天", due_on=due)

    titles = [str(event["SUMMARY"]) for event in events_of(desk.get("/calendar/calendar.ics"))]

    assert [title.partition("天")[0] for title in titles] == ["-2", "0", "1"]


def test_the_address_is_shown_once_and_its_secret_is_not_kept(desk):
    path = open_feed(desk)
    secret = path.removeprefix("/calendar/feed/").removesuffix(".ics")

    again = desk.get("/calendar/feed/")

    assert secret not in text_of(again)
    assert secret not in CalendarFeed.objects.get().digest
    assert len(secret) >= 40


def test_a_new_address_ends_the_old_one(desk):
    old, new = open_feed(desk), open_feed(desk)

    assert [desk.get(path).status_code for path in (old, new)] == [404, 200]


def test_a_closed_feed_leads_nowhere(desk):
    path = open_feed(desk)

    desk.post("/calendar/feed/close/")

    assert desk.get(path).status_code == 404


def test_the_feed_of_somebody_who_left_leads_nowhere(desk, officer):
    path = open_feed(desk)
    officer.is_active = False
    officer.save()

    assert desk.get(path).status_code == 404


def test_a_feed_follows_the_role(desk, officer):
    path = open_feed(desk)
    officer.role = Role.AUDITOR
    officer.save()

    assert desk.get(path).status_code == 404


def test_reading_is_noted_once_an_hour(desk):
    path = open_feed(desk)
    desk.get(path)
    first = CalendarFeed.objects.get().last_read_at

    desk.get(path)

    assert CalendarFeed.objects.get().last_read_at == first


def test_a_made_up_secret_leads_nowhere(client):
    assert client.get("/calendar/feed/made-up.ics").status_code == 404


def test_everybody_sees_their_own_feed_only(officer):
    CalendarFeed.objects.open_for(make.user())
    CalendarFeed.objects.open_for(officer)

    assert [feed.user for feed in CalendarFeed.objects.visible_to(officer)] == [officer]
    assert str(CalendarFeed.objects.get(user=officer)) == str(officer)


def test_an_event_without_a_last_day_lasts_one(officer):
    make.event(name="单日", started_on=date(2026, 3, 1), ended_on=None)

    window = entries_of(Asked(officer, Period.month(2026, 3)), ["event"])

    assert [(entry.first, entry.last) for entry in window.entries] == [(date(2026, 3, 1),) * 2]
