"""One timeline per firm, project and person: everything the reader may open, newest first."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from crm.access import Role
from crm.models import Note, Notice
from crm.periods import today
from crm.timeline import PAGE, place_of, read_place, timeline
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]


@pytest.fixture
def bureau():
    return make.user(Role.BUREAU, full_name="赵科长")


def kinds(anchor, user, **asked) -> list[str]:
    return [event.kind for event in timeline(anchor, user, **asked)[0]]


def full_project(by):
    """A project with one event of every kind."""
    project = make.project(stage="lead")
    make.visit(project=project, company=project.lead_investor)
    deal = make.deal(project=project)
    make.commitment(deal=deal, due_on=make.days_ago(3), fulfilled_on=today())
    make.arrival(project=project)
    make.follow_up(project=project)
    make.request(project=project)
    make.directive(project=project)
    make.attachment(project=project)
    project.set_status("on_hold", by=by, on=today(), reason="等待")
    project.summary = "扩建二期"
    project.save_as(by)
    Note.write(project, "投资方来电", by=by)
    return project


EVERY_KIND = {"visit", "stage", "status", "file", "money", "deal", "follow_up", "request",
              "directive", "note", "change", "promised", "promise_due",
              "promise_kept"}  # fmt: skip


def test_a_project_shows_everything_that_happened_in_one_query(bureau, django_assert_num_queries):
    project = full_project(bureau)
    with django_assert_num_queries(1):
        events, onward = timeline(project, bureau)
    assert ({event.kind for event in events}, onward) == (EVERY_KIND, "")
    places = [(event.day, event.moment, event.rank, event.key) for event in events]
    assert places == sorted(places, reverse=True)


def test_a_firm_and_a_person_at_it_have_a_timeline_of_their_own(bureau):
    firm = make.company()
    contact = make.contact(company=firm)
    project = make.project(lead_investor=firm)
    make.visit(company=firm, their_people=[contact])
    Note.write(contact, "换了手机", by=bureau)
    contact.position = "董事长"
    contact.save_as(bureau)
    assert kinds(contact, bureau) == ["change", "note", "visit"]
    assert sorted(kinds(firm, bureau)) == ["change", "project", "visit"]
    assert project.name in [event.title for event in timeline(firm, bureau)[0]]


def test_a_colleague_shows_what_they_did_as_far_as_the_reader_may_open_it(bureau):
    officer = make.user(Role.OFFICER, team=make.team())
    make.visit(task_force=officer.team, our_people=[officer])
    other = make.user(Role.OFFICER, team=make.team())
    assert (kinds(officer, bureau), kinds(officer, other)) == (["visit"], [])


TOGETHER = {
    "stage": {"stage", "status"}, "commitment": {"promised", "promise_due", "promise_kept"}
}  # fmt: skip


@pytest.mark.parametrize("chip", ["visit", "note", "money", *TOGETHER])
def test_a_chip_narrows_to_one_kind(bureau, chip):
    project = full_project(bureau)
    assert set(kinds(project, bureau, chip=chip)) == TOGETHER.get(chip, {chip})


def test_a_firm_shows_signals_and_the_promises_of_its_deals(bureau, client):
    firm = make.company()
    make.signal(company=firm, text="拟在西部布局算力中心", seen_on=make.days_ago(5))
    deal = make.deal(project=make.project(lead_investor=firm), signed_on=make.days_ago(90))
    make.commitment(deal=deal, content="供地200亩", due_on=make.days_ago(10))
    make.commitment(deal=deal, content="明年到位的奖补", due_on=make.days_ago(-90))
    void = make.deal(project=deal.project, status="void")
    make.commitment(deal=void, content="作废协议的承诺")
    found = [(e.kind, e.title) for e in timeline(firm, bureau)[0] if e.kind not in ("project",)]
    assert found == [
        ("signal", "拟在西部布局算力中心"), ("promise_due", "供地200亩"),
        ("promised", "明年到位的奖补"), ("promised", "供地200亩"),
    ]  # fmt: skip
    client.force_login(bureau)
    page = client.get(f"/timeline/company/{firm.pk}/?kind=signal").content.decode()
    assert "拟在西部布局算力中心" in page and "供地200亩" not in page


def test_promises_of_a_secret_deal_stay_out_of_the_timeline_of_its_firm(bureau):
    team = make.team()
    firm = make.company(owning_team=team)
    secret = make.project(team=team, lead_investor=firm, is_confidential=True, code_name="昆仑")
    make.commitment(deal=make.deal(project=secret), content="绝密承诺")
    officer = make.user(Role.OFFICER, team=team)
    assert "promised" in kinds(firm, bureau) and "promised" not in kinds(firm, officer)


def test_an_unknown_chip_shows_everything(bureau):
    project = full_project(bureau)
    assert set(kinds(project, bureau, chip="drop table")) == EVERY_KIND


def test_pages_follow_each_other_without_gap_or_repetition(bureau):
    firm, team = make.company(), make.team()
    for back in range(PAGE + 25):
        make.visit(company=firm, task_force=team, held_on=today() - timedelta(days=back // 2),
                   mode=("outbound", "online")[back % 2])  # fmt: skip
    first, place = timeline(firm, bureau)
    second, end = timeline(firm, bureau, after=place)
    keys = [event.key for event in first + second]
    assert (len(first), len(second), end, len(set(keys))) == (PAGE, 25, "", PAGE + 25)


@given(st.text(max_size=60))
def test_a_forged_place_is_no_place(text):
    assert read_place(text) is None or text.count("~") == 3


@pytest.mark.parametrize("text", ["", "a~b~c~d", "2026-01-01~2026-01-01T00:00:00~1~1",
                                  "2026-13-01~2026-01-01T00:00:00+00:00~1~1",
                                  "2026-01-01~2026-01-01T00:00:00Z~1~" + "9" * 30])  # fmt: skip
def test_what_is_no_place_begins_at_the_beginning(bureau, text):
    project = full_project(bureau)
    assert kinds(project, bureau, after=text) == kinds(project, bureau)


def test_a_place_reads_back(bureau):
    event = timeline(full_project(bureau), bureau)[0][0]
    assert read_place(place_of(event)) == (event.day, event.moment, event.rank, event.key)


def test_a_role_sees_only_the_kinds_it_works_with(bureau):
    unit = make.department()
    project = full_project(bureau)
    make.request(project=project, department=unit)
    reader = make.user(Role.DEPARTMENT, department=unit)
    assert set(kinds(project, reader)) == {"request", "change", "file"}


def test_a_firms_timeline_hides_what_belongs_to_a_secret_project(bureau, client):
    team = make.team()
    firm = make.company(owning_team=team)
    secret = make.project(team=team, lead_investor=firm, is_confidential=True, code_name="昆仑",
                          name="绝密工程", summary="绝密摘要")  # fmt: skip
    make.visit(company=firm, project=secret, task_force=team, content="绝密会谈")
    make.follow_up(company=firm, project=secret, task_force=team, what="绝密跟进")
    officer = make.user(Role.OFFICER, team=team)
    client.force_login(officer)
    page = client.get(f"/timeline/company/{firm.pk}/").content.decode()
    assert ("绝密" in page, "绝密会谈" in str(timeline(firm, bureau)[0])) == (False, True)


# -- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.PARK, Role.DEPARTMENT])
def test_the_timeline_of_a_closed_record_does_not_exist(client, role):
    secret = make.project(is_confidential=True, code_name="昆仑")
    make.note(project=secret, text="绝密记事")
    client.force_login(make.user(role))
    for path in ("", "people/"):
        answer = client.get(f"/timeline/project/{secret.pk}/{path}")
        assert (answer.status_code, "绝密" in answer.content.decode()) == (404, False)
    sent = client.post(f"/timeline/project/{secret.pk}/add/", {"what": "note", "note-text": "x"})
    assert (sent.status_code, Note.objects.count()) == (404, 1)


@pytest.mark.parametrize("model", ["user", "contact", "company", "project"])
def test_every_kind_of_timeline_opens(client, bureau, model):
    client.force_login(bureau)
    row = {"user": make.user, "contact": make.contact, "company": make.company,
           "project": lambda: full_project(bureau)}[model]()  # fmt: skip
    assert client.get(f"/timeline/{model}/{row.pk}/").status_code == 200


@pytest.mark.parametrize("path", ["deal/1/", "nothing/1/", "project/999999/"])
def test_other_records_have_no_timeline(client, bureau, path):
    client.force_login(bureau)
    assert client.get(f"/timeline/{path}").status_code == 404


def test_what_a_stage_was_entered_without_stands_with_the_move_and_once_on_the_page(client, bureau):
    project = make.project()
    project.move_to("reserve", by=bureau, on=today(), reason="补录")
    client.force_login(bureau)

    page = client.get(f"/crm/project/{project.pk}/change/").content.decode()
    assert (
        page.count("进入时缺：") == 1 and page.count(f"线索 → {project.get_stage_display()}") == 1
    )


def test_field_changes_of_one_save_stand_together(client, bureau):
    project = make.project()
    project.summary, project.content = "一", "二"
    project.save_as(bureau)
    client.force_login(bureau)
    page = client.get(f"/timeline/project/{project.pk}/?kind=change").content.decode()
    assert page.count('class="event kind-change') == 1
    assert page.count("<ins>") == 2


def add(client, record, **sent):
    model = record._meta.model_name
    return client.post(f"/timeline/{model}/{record.pk}/add/", sent)


def test_a_note_a_visit_and_a_follow_up_are_added_on_the_spot(client):
    team = make.team()
    officer = make.user(Role.OFFICER, team=team)
    project = make.project(team=team)
    client.force_login(officer)
    add(client, project, **{"what": "note", "note-text": "投资方来电"})
    add(client, project, **{"what": "visit", "visit-held_on": today(), "visit-mode": "call",
                            "visit-content": "电话沟通"})  # fmt: skip
    plan = {"follow_up-what": "寄方案", "follow_up-due_on": today()}
    add(client, project, **plan, **{"what": "follow_up", "follow_up-owner": officer.pk})
    assert set(kinds(project, officer)[:3]) == {"follow_up", "note", "visit"}
    assert project.visits.get().company == project.lead_investor


def test_a_part_of_the_page_answers_a_form_sent_by_script(client):
    team = make.team()
    project = make.project(team=team)
    client.force_login(make.user(Role.OFFICER, team=team))
    answer = add(client, project, **{"what": "note", "note-text": "来电", "part": "1"})
    assert (answer.status_code, "<html" in answer.content.decode()) == (200, False)
    assert "来电" in answer.content.decode()


def test_the_same_form_sent_twice_adds_one_note(client):
    team = make.team()
    project = make.project(team=team)
    client.force_login(make.user(Role.OFFICER, team=team))
    token = "0d9fcb5e-9a44-4c3e-8f5e-6d7b8a1c2d3e"
    for _turn in range(2):
        add(client, project, **{"what": "note", "note-text": "一次", "form_token": token})
    assert Note.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [{"what": "note", "note-text": "  "},
     {"what": "visit", "visit-held_on": "2099-01-01", "visit-mode": "call"},
     {"what": "follow_up", "follow_up-what": "", "follow_up-due_on": "x"}],
)  # fmt: skip
def test_what_is_wrong_is_said_in_place_and_nothing_is_kept(client, sent):
    team = make.team()
    project = make.project(team=team)
    client.force_login(make.user(Role.OFFICER, team=team))
    answer = add(client, project, **sent, part="1")
    assert (answer.status_code, "errorlist" in answer.content.decode()) == (422, True)
    assert (Note.objects.count(), project.visits.count(), project.follow_ups.count()) == (0, 0, 0)


def test_a_reader_adds_nothing(client):
    project = make.project()
    client.force_login(make.user(Role.LEADER))
    for kind in ("note", "visit", "follow_up", "deal"):
        assert add(client, project, what=kind).status_code == 403


# -- notes and mentions ----------------------------------------------------------------------------


def test_a_mention_reaches_only_colleagues_who_may_open_the_record(bureau):
    team = make.team()
    project = make.project(team=team, is_confidential=True, code_name="昆仑")
    told = make.user(Role.OFFICER, team=team, full_name="王强")
    project.confidants.add(told)
    make.user(Role.OFFICER, team=make.team(), full_name="李娜")
    note = Note.write(project, "@王强 @李娜 请跟进", by=bureau)
    assert list(note.mentions.all()) == [told]
    assert [n.recipient for n in Notice.objects.filter(kind="mention")] == [told]


def test_a_longer_name_is_not_taken_for_the_shorter_one_in_it(bureau):
    make.user(Role.LEADER, full_name="王强")
    longer = make.user(Role.LEADER, full_name="王强生")
    assert list(Note.write(make.project(), "@王强生 请阅", by=bureau).mentions.all()) == [longer]


def test_nobody_mentions_themselves(bureau):
    Note.write(make.project(), "@赵科长 记得", by=bureau)
    assert Notice.objects.count() == 0


def test_the_choice_after_the_at_sign_offers_only_who_may_open_the_record(client, bureau):
    team = make.team()
    project = make.project(team=team)
    make.user(Role.OFFICER, team=team, full_name="王强")
    make.user(Role.OFFICER, team=make.team(), full_name="王外")
    client.force_login(bureau)
    found = client.get(f"/timeline/project/{project.pk}/people/?q=王").json()["people"]
    assert [person["name"] for person in found] == ["王强"]


def test_a_note_is_corrected_by_another_one_of_its_author(bureau):
    project = make.project()
    wrong = Note.write(project, "投资 5 亿", by=bureau)
    Note.write(project, "投资 3 亿", by=bureau, corrects=wrong)
    codes = [(e.text, bool(e.code), bool(e.extra)) for e in timeline(project, bureau)[0]
             if e.kind == "note"]  # fmt: skip
    assert codes == [("投资 3 亿", True, False), ("投资 5 亿", False, True)]


def test_the_author_corrects_a_note_on_its_record(client):
    officer = make.user(Role.OFFICER, team=make.team())
    project = make.project(team=officer.team)
    note = Note.write(project, "投资方来电", by=officer)
    client.force_login(officer)

    offered = client.get(f"/timeline/project/{project.pk}/").content.decode()
    add(client, project,
        **{"what": "note", "note-text": "投资方来函", "note-corrects": note.pk})  # fmt: skip
    after = client.get(f"/timeline/project/{project.pk}/").content.decode()

    assert f'name="note-corrects" value="{note.pk}"' in offered
    assert Note.objects.get(corrects=note).text == "投资方来函"
    assert f'name="note-corrects" value="{note.pk}"' not in after


def test_nobody_is_offered_or_takes_a_correction_of_anothers_note(client, bureau):
    note = make.note(project=make.project(), text="原文")
    client.force_login(bureau)

    offered = client.get(f"/timeline/project/{note.project.pk}/").content.decode()
    sent = add(client, note.project,
               **{"what": "note", "note-text": "改写", "note-corrects": note.pk})  # fmt: skip

    assert "保存更正" not in offered
    assert sent.status_code == 422
    assert not Note.objects.filter(text="改写").exists()


def test_somebody_elses_note_is_not_corrected(bureau):
    from django.core.exceptions import ValidationError

    wrong = make.note()
    with pytest.raises(ValidationError):
        Note.write(wrong.project, "不对", by=bureau, corrects=wrong)


@pytest.mark.parametrize("sql", ["UPDATE crm_note SET text = 'x'", "DELETE FROM crm_note",
                                 "UPDATE crm_note SET created_by_id = NULL"])  # fmt: skip
def test_the_database_keeps_a_note_as_it_was_written(sql):
    make.note(text="原文")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Note.objects.get().text == "原文"


def test_a_note_may_move_to_another_record_as_when_firms_are_merged():
    note, keeper = make.note(company=make.company()), make.company()
    Note.objects.filter(pk=note.pk).update(company=keeper)
    assert Note.objects.get().company == keeper
