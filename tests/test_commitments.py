"""What both sides promised in a deal: kept, late, disputed; told to whom it concerns."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone

from crm import agenda, models, reminders
from crm.access import Role
from crm.indicators import Scope, falling_due, standing, tally
from crm.indicators.behind import Behind
from crm.periods import Period, today
from crm.reports import REPORTS, Asked

from . import make

pytestmark = pytest.mark.django_db

YEAR = Period(make.days_ago(200), make.days_ago(-30))


@pytest.fixture
def four():
    """A deal with a promise in each state, and one without a day."""
    deal = make.deal(project=make.project(team=make.team()))
    late = make.commitment(deal=deal, content="供地", due_on=make.days_ago(10), kind="land_price")
    kept = make.commitment(
        deal=deal, content="投资", side="investor", due_on=make.days_ago(20),
        fulfilled_on=make.days_ago(25),
    )  # fmt: skip
    disputed = make.commitment(
        deal=deal, content="电价", due_on=make.days_ago(5), disputed_on=make.days_ago(3),
        dispute="口径不一", fulfilled_on=make.days_ago(4),
    )  # fmt: skip
    coming = make.commitment(deal=deal, content="奖补", due_on=make.days_ago(-9))
    make.commitment(deal=deal, content="代办手续")
    return late, kept, disputed, coming


def states(rows) -> dict:
    return {row.content: row.state_then for row in rows}


def test_each_promise_is_in_one_state_and_the_row_says_the_same_as_the_database(four):
    found = standing(Scope(make.keeper()), today())
    assert states(found) == {
        "供地": "overdue", "投资": "fulfilled", "电价": "disputed", "奖补": "under_way",
        "代办手续": "under_way",
    }  # fmt: skip
    assert {row.content: row.state for row in found} == states(found)
    before = standing(Scope(make.keeper()), make.days_ago(22))
    assert states(before)["电价"] == "under_way"
    assert {row.content: row.state_on(make.days_ago(22)) for row in before} == states(before)


def test_promises_of_a_void_deal_bind_nobody(four):
    deal = four[0].deal
    deal.status = models.Deal.Status.VOID
    deal.save()
    assert not standing(Scope(make.keeper()), today()).exists()


def test_what_was_not_kept_is_carried_into_the_next_period(four):
    ten_days = Period(make.days_ago(8), make.days_ago(-1))
    found = falling_due(Scope(make.keeper()), ten_days)
    assert set(states(found)) == {"供地", "电价"}


def test_keeping_disputing_and_settling_are_recorded(four):
    late, by = four[0], make.keeper()
    late.begin_dispute("面积不符", by=by)
    assert late.state == "disputed"
    late.settle("按红线图重测", by=by)
    late.keep(by=by, on=make.days_ago(1), result="已挂牌")
    assert (late.state, late.fulfilled_on, late.result) == (
        "fulfilled", make.days_ago(1), "已挂牌",
    )  # fmt: skip
    late.reopen(by=by)
    assert late.state == "overdue"
    with pytest.raises(ValidationError):
        late.settle("再次解决", by=by)
    fields = {change.field for change in models.FieldChange.objects.filter(model="commitment")}
    assert {"dispute", "settled_on", "fulfilled_on"} <= fields


def test_nothing_is_kept_or_disputed_in_the_future(four):
    with pytest.raises(ValidationError) as refusal:
        four[3].keep(by=make.keeper(), on=make.days_ago(-2))
    assert list(refusal.value.message_dict) == ["fulfilled_on"]


def test_the_promise_of_a_confirmed_deal_is_the_bureaus_to_change_its_keeping_is_the_teams(four):
    late = four[0]
    officer = make.user(team=late.deal.project.lead_team)
    late.due_on = make.days_ago(9)
    late.save_as(officer)
    models.Deal.objects.filter(pk=late.deal_id).update(confirmed_at=timezone.now())
    late = models.Commitment.objects.get(pk=late.pk)
    late.keep(by=officer)
    late.content = "免费供地"
    with pytest.raises(PermissionDenied):
        late.save_as(officer)
    with pytest.raises(PermissionDenied):
        late.check_delete_by(officer)
    with pytest.raises(PermissionDenied):
        models.Commitment(deal=late.deal, side="city", content="新承诺").save_as(officer)
    late.save_as(make.keeper())


def test_the_responsible_unit_tells_how_it_keeps_its_part_and_nothing_else(four):
    late, unit = four[0], make.department()
    late.department = unit
    late.save()
    clerk = make.user(Role.DEPARTMENT, department=unit)
    late.keep(by=clerk, result="已办结")
    late.due_on = today()
    with pytest.raises(PermissionDenied):
        late.save_as(clerk)
    evidence = models.Attachment(commitment=late, file=make.upload("凭证.pdf"))
    evidence.save_as(clerk)
    assert list(models.Attachment.objects.open_to(clerk)) == [evidence]
    assert not models.Attachment.objects.open_to(make.user(Role.DEPARTMENT)).exists()


# -- told to whom it concerns ----------------------------------------------------------------------


def test_what_is_due_is_told_once_to_the_officer_and_the_unit(four):
    late, _kept, _disputed, coming = four
    owner, unit = make.user(team=late.deal.project.lead_team), make.department()
    clerk = make.user(Role.DEPARTMENT, department=unit)
    models.Project.objects.update(owner=owner)
    models.Commitment.objects.update(department=unit)
    reminders.remind(today())
    reminders.remind(today())
    told = models.Notice.objects.filter(model="commitment")
    assert sorted(told.values_list("recipient", "record_id", "kind")) == sorted(
        (person.pk, row.pk, kind)
        for person in (owner, clerk)
        for row, kind in ((late, "overdue"), (coming, "commitment"))
    )
    assert agenda.commitments(owner, today()) == ([late, coming], 2)
    assert agenda.commitments(clerk, today()) == ([late, coming], 2)
    models.TimeLimit.objects.filter(step="before_promise").update(days=5)
    assert agenda.commitments(owner, today()) == ([late], 1)


def test_of_a_confidential_project_the_unit_hears_nothing(four):
    late, unit = four[0], make.department()
    make.user(Role.DEPARTMENT, department=unit)
    project = late.deal.project
    project.is_confidential, project.code_name = True, "代号青松"
    project.save()
    late.department, late.deal.project = unit, project
    lead = make.user(Role.TEAM_LEAD, team=project.lead_team)
    assert late.involved() == [lead]


def test_without_a_task_force_the_bureau_hears_of_it():
    promise = make.commitment()
    promise.deal.project.lead_team = None
    assert {person.role for person in promise.involved()} == {"bureau"}


# -- page ------------------------------------------------------------------------------------------


def test_the_page_lists_by_state_and_notes_what_was_done(four, client):
    late = four[0]
    client.force_login(make.user(team=late.deal.project.lead_team))
    page = client.get("/commitments/").content.decode()
    assert [text in page for text in ("供地", "奖补")] == [True, False]
    act = f"/commitments/{late.pk}/act/"
    client.post(act, {"do": "dispute", "text": ""})
    late.refresh_from_db()
    assert late.disputed_on is None
    answer = client.post(
        act,
        {
            "do": "keep",
            "text": "已挂牌",
            "on": str(make.days_ago(2)),
            "back": "/commitments/?tab=kept",
        },
    )
    assert answer.url == "/commitments/?tab=kept"
    late.refresh_from_db()
    assert (late.fulfilled_on, late.result) == (make.days_ago(2), "已挂牌")
    client.post(act, {"do": "dispute", "text": "面积不符", "back": "//elsewhere.example/"})
    client.post(act, {"do": "settle", "text": "已重测"})
    client.post(act, {"do": "keep", "on": "昨天"})
    client.post(act, {"do": "reopen"})
    late.refresh_from_db()
    assert (late.state, late.settlement) == ("overdue", "已重测")
    assert client.post(act, {"do": "burn"}).status_code == 403
    for tab in ("overdue", "soon", "later", "disputed", "kept", "nonsense"):
        query = {"tab": tab, "side": "city", "kind": "policy", "unit": "1", "p": "9"}
        assert client.get("/commitments/", query).status_code == 200


def test_a_task_force_sees_and_notes_nothing_of_others(four, client):
    client.force_login(make.user(team=make.team()))
    assert "供地" not in client.get("/commitments/?tab=overdue").content.decode()
    answer = client.post(f"/commitments/{four[0].pk}/act/", {"do": "keep"})
    assert answer.status_code == 404
    client.force_login(make.user(Role.LEADER))
    assert "供地" in client.get("/commitments/?tab=overdue").content.decode()
    assert client.post(f"/commitments/{four[0].pk}/act/", {"do": "keep"}).status_code == 403


def test_deal_and_project_pages_show_what_is_due(four, client):
    client.force_login(make.user(Role.BUREAU))
    project = four[0].deal.project
    for path in (f"/crm/project/{project.pk}/change/", f"/crm/deal/{four[0].deal_id}/change/"):
        page = client.get(path).content.decode()
        assert "供地" in page
        assert "逾期" in page
    assert (
        client.get(f"/crm/commitment/?project={project.pk}&state=overdue&q=供地").status_code == 200
    )
    assert client.get(f"/crm/commitment/?team={project.lead_team_id}").status_code == 200


# -- report ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["each", "unit", "kind", "side", "team"])
def test_every_number_is_the_number_of_rows_behind_it(four, by):
    reader = make.keeper()
    table = REPORTS["commitments_due"].build(Asked(Scope(reader), YEAR, by))
    for (row, at), what in table.drills.items():
        if isinstance(what, Behind):
            number = (table.total if row < 0 else table.rows[row])[at]
            number = 4 if number == "4 项承诺" else number
            assert number == Behind.read(what.address).rows(reader).count()
    assert "1 项" in table.notes[0]
    if by == "side":
        facts = {row[0]: row[1:6] for row in table.rows}
        assert facts == {"市方": (3, 0, 1, 1, 1), "投资方": (1, 1, 0, 0, 0)}
        assert table.total[6] == Decimal(1) / 4


def test_the_report_lists_the_worst_first_with_days_late(four, tmp_path):
    table = REPORTS["commitments_due"].build(Asked(Scope(make.keeper()), YEAR, "each"))
    assert [(row[0], row[6], row[8]) for row in table.rows] == [
        ("电价", "有争议", 1), ("供地", "逾期", 10), ("奖补", "履行中", None),
        ("投资", "已履行", None),
    ]  # fmt: skip
    team = four[0].deal.project.lead_team
    assert tally(falling_due(Scope(make.keeper()).of(team), YEAR)).count == 4
    assert tally(falling_due(Scope(make.keeper()).of(make.team()), YEAR)).kept_rate is None
    target = tmp_path / "commitments.json"
    call_command("export_report", "commitments_due", "--output", str(target))
    assert json.loads(target.read_text())["title"] == table.title
