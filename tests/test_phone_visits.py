"""A visit logged on the phone: sent once or twice it is one visit, whole or not at all."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from crm import visit_log
from crm.access import Role
from crm.models import Attachment, Company, FollowUp, Submission, Visit
from crm.pages.mobile import visits
from crm.periods import today
from crm.visit_log import MOST_PHOTOS
from tests import make
from tests.phoning import JSON, SEND, entry, firm, officer, phone, team, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
FIXTURES = (firm, officer, phone, team)  # asked for by name

JPEG = b"\xff\xd8\xff\xe0 a photo"


def photo(name="现场.jpg", content=JPEG):
    return make.upload(name, content)


def test_a_visit_is_logged_with_its_photo_for_the_officers_team(phone, officer, team, firm):
    answer = phone.post(SEND, entry(company=firm.pk, photos=[photo()]))

    visit = Visit.objects.get()
    assert answer["Location"] == "/m/"
    assert (visit.company, visit.task_force, visit.created_by) == (firm, team, officer)
    assert (visit.city, list(visit.our_people.all())) == (firm.region, [officer])
    assert Attachment.objects.get(visit=visit).filename == "现场.jpg"


def test_the_same_entry_sent_twice_is_one_visit(phone, firm):
    sent = entry(company=firm.pk)

    first = phone.post(SEND, {**sent, "photos": [photo()]}, headers=JSON)
    again = phone.post(SEND, {**sent, "photos": [photo()]}, headers=JSON)

    assert first.json() == again.json()
    assert (Visit.objects.count(), Attachment.objects.count()) == (1, 1)


def test_of_two_that_arrive_at_the_same_moment_one_is_saved(officer, team, firm):
    token = uuid.uuid4()
    visits = [Visit(company=firm, task_force=team, mode=mode) for mode in ("outbound", "call")]

    urls = [
        visit_log.log(visit, [], token=token, by=officer, url_of=lambda v: f"/visit/{v.pk}")
        for visit in visits
    ]

    assert urls[0] == urls[1]
    assert Visit.objects.get().mode == "outbound"


def test_an_entry_that_arrives_while_it_is_looked_at_is_not_refused_as_its_own_double(
    phone, firm, monkeypatch
):
    sent = entry(company=firm.pk)
    first = phone.post(SEND, sent, headers=JSON)
    answers = iter([None])  # it was not there yet when the second one began
    known = visits.sent_before
    monkeypatch.setattr(visits, "sent_before", lambda *who: next(answers, known(*who)))

    again = phone.post(SEND, sent, headers=JSON)

    assert (again.status_code, again.json()) == (200, first.json())
    assert Visit.objects.count() == 1


def test_a_token_of_somebody_else_is_refused(officer, team, firm):
    token = uuid.uuid4()
    Submission.objects.create(token=token, user=make.user(), url="/theirs/")

    with pytest.raises(ValidationError):
        visit_log.log(Visit(company=firm, task_force=team), [], token=token, by=officer, url_of=str)

    assert not Visit.objects.exists()


def test_a_visit_without_a_readable_token_is_logged_all_the_same(phone, firm):
    phone.post(SEND, entry(company=firm.pk, token="?"))

    assert Visit.objects.count() == 1


def test_errors_come_back_by_field_and_nothing_is_saved(phone, firm):
    tomorrow = today() + timedelta(days=1)

    answer = phone.post(
        SEND, entry(company=firm.pk, held_on=tomorrow, photos=[photo()]), headers=JSON
    )

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["held_on"]
    assert (Visit.objects.count(), Attachment.objects.count()) == (0, 0)


def test_without_a_script_what_was_typed_stays_in_the_form(phone, firm):
    tomorrow = today() + timedelta(days=1)

    answer = phone.post(SEND, entry(company=firm.pk, held_on=tomorrow, content="电价四毛"))

    assert answer.status_code == 422
    assert "电价四毛" in text_of(answer)
    assert f'value="{firm.pk}" checked' in text_of(answer)


@pytest.mark.parametrize(
    "files",
    [[("页面.jpg", b"<!doctype html>")], [("现场.heic", b"ftypheic")], [("现场.jpg", JPEG)] * 10],
    ids=["html in disguise", "unknown kind", "too many"],
)
def test_files_that_may_not_be_kept_are_refused_with_the_reason(phone, firm, files):
    photos = [photo(*file) for file in files]

    answer = phone.post(SEND, entry(company=firm.pk, photos=photos), headers=JSON)

    assert list(answer.json()["errors"]) == ["photos"]
    assert not Visit.objects.exists()
    assert len(files) in (1, MOST_PHOTOS + 1)


def test_a_name_nobody_knows_becomes_a_firm_of_the_team(phone, team):
    phone.post(SEND, entry(firm_name="新来者科技有限公司"))

    assert Visit.objects.get().company == Company.objects.get(name="新来者科技有限公司")
    assert Company.objects.get().owning_team == team


def test_a_name_that_is_known_is_the_firm_however_it_is_written(phone, team):
    known = make.company(name="云岭（西宁）科技有限公司", owning_team=team)

    phone.post(SEND, entry(firm_name="云岭(西宁)科技有限公司 "))

    assert Visit.objects.get().company == known


def test_another_teams_firm_is_refused_and_the_team_named(phone):
    theirs = make.company(name="他组企业有限公司", owning_team=make.team(name="别的专班"))

    by_name = phone.post(SEND, entry(firm_name="他组企业有限公司"), headers=JSON)
    by_key = phone.post(SEND, entry(company=theirs.pk), headers=JSON)

    assert "别的专班" in by_name.json()["errors"]["company"][0]
    assert "company" in by_key.json()["errors"]
    assert not Visit.objects.exists()


def test_a_visit_needs_a_firm(phone):
    answer = phone.post(SEND, entry(), headers=JSON)

    assert list(answer.json()["errors"]) == ["company"]


@pytest.mark.parametrize("days", [1, 3, 7])
def test_a_quick_pick_makes_a_follow_up(phone, officer, firm, days):
    phone.post(SEND, entry(company=firm.pk, next_in=days))

    task = FollowUp.objects.get()
    assert (task.owner, task.due_on) == (officer, today() + timedelta(days=days))
    assert task.what


def test_the_trip_counts_on_its_days_and_where_we_went_there(phone, team, firm):
    trip = make.trip(task_force=team, started_on=today(), ended_on=today())
    earlier = today() - timedelta(days=1)

    phone.post(SEND, entry(company=firm.pk, trip=trip.pk))
    phone.post(SEND, entry(company=firm.pk, trip=trip.pk, mode="call"))
    phone.post(SEND, entry(company=firm.pk, trip=trip.pk, held_on=earlier))

    assert [visit.mode for visit in trip.visits.all()] == ["outbound"]
    assert trip.visits.get().held_on == today()


def test_the_form_offers_the_firm_of_the_link_and_its_only_project(phone, team, firm):
    project = make.project(team=team, lead_investor=firm)

    text = text_of(phone.get(f"{SEND}?company={firm.pk}"))

    assert f'value="{firm.pk}" checked' in text
    assert f'value="{project.pk}" checked' in text


def test_firms_are_found_by_initials_and_those_of_others_cannot_be_chosen(phone, team):
    own = make.company(name="瀚海智算有限公司", owning_team=team)
    other = make.company(name="瀚海储能有限公司", owning_team=make.team(name="乙班"))

    text = text_of(phone.get("/m/visits/firms/?q=hh"))

    assert f'value="{own.pk}"' in text
    assert f'value="{other.pk}"' not in text
    assert "乙班" in text


def test_projects_of_a_firm_are_offered_for_the_visit(phone, team, firm):
    own = make.project(team=team, lead_investor=firm)
    secret = make.project(
        team=team, lead_investor=firm, is_confidential=True, code_name="雪豹", owner=make.user()
    )

    text = text_of(phone.get(f"/m/visits/firms/{firm.pk}/projects/"))

    assert own.name in text
    assert secret.name not in text


def test_the_bureau_chooses_the_task_force(client, team, firm):
    client.force_login(make.user(Role.BUREAU))

    without = client.post(SEND, entry(company=firm.pk), headers=JSON)
    client.post(SEND, entry(company=firm.pk, task_force=team.pk))

    assert list(without.json()["errors"]) == ["task_force"]
    assert Visit.objects.get().task_force == team
