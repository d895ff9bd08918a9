"""The investment alliance: who introduced whom, what came of it, meetings and promises."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from crm import models
from crm.access import Role
from crm.indicators import Scope, alliance
from crm.indicators.behind import Behind
from crm.periods import Period, today
from crm.reports import REPORTS, Asked

from . import make

pytestmark = pytest.mark.django_db

PERIOD = Period(make.days_ago(300), today() + timedelta(days=1))


@pytest.fixture
def brought():
    """Two members introduced one firm; its project is signed. A third only introduced a project."""
    firm, team = make.company(), make.team()
    first = make.introduction(company=firm, introduced_on=make.days_ago(90), task_force=team)
    second = make.introduction(company=firm, introduced_on=make.days_ago(80), task_force=team)
    project = make.project(
        lead_investor=firm, team=team, reported_on=make.days_ago(70), stage="negotiating"
    )
    make.deal(project=project, signed_on=make.days_ago(9), amount_yuan=Decimal(5_000_000))
    named = make.project(team=team, reported_on=make.days_ago(95))
    third = make.introduction(
        company=named.lead_investor, project=named, introduced_on=make.days_ago(30),
        task_force=team,
    )  # fmt: skip
    make.project(lead_investor=firm, team=team, reported_on=make.days_ago(100))
    return first, second, third, project, named


def facts(found) -> dict:
    return {
        key: (part.introductions, part.projects, len(part.talks), part.deals, part.yuan)
        for key, part in found.items()
    }


def test_a_project_is_brought_by_the_first_to_introduce_its_firm_or_by_who_named_it(brought):
    first, second, third, project, named = brought
    found = alliance.brought_by(Scope(make.keeper()), PERIOD)
    assert facts(found) == {
        first.membership_id: (1, {project.pk}, 1, 1, Decimal(5_000_000)),
        second.membership_id: (1, set(), 0, 0, Decimal(0)),
        third.membership_id: (1, {named.pk}, 0, 0, Decimal(0)),
    }
    whole = alliance.in_all(found.values())
    assert (whole.introductions, len(whole.firms), len(whole.projects)) == (3, 2, 2)


def test_a_later_period_does_not_inherit_what_an_earlier_introduction_brought(brought):
    since = Period(make.days_ago(85), today() + timedelta(days=1))
    found = alliance.brought_by(Scope(make.keeper()), since)
    assert found[brought[1].membership_id].projects == set()


def test_of_a_confidential_project_no_member_is_told(brought):
    project = brought[3]
    project.is_confidential, project.code_name = True, "代号青松"
    project.save()
    found = alliance.brought_by(Scope(make.user(Role.LEADER)), PERIOD)
    assert found[brought[0].membership_id].projects == set()


@pytest.mark.parametrize("by", ["member", "part", "team"])
def test_every_number_of_the_report_is_the_number_of_rows_behind_it(brought, by):
    reader = make.keeper()
    idle = make.alliance_membership()
    table = REPORTS["alliance_results"].build(Asked(Scope(reader), PERIOD, by))
    for (row, at), what in table.drills.items():
        if isinstance(what, Behind):
            number = (table.total if row < 0 else table.rows[row])[at]
            rows = Behind.read(what.address).rows(reader)
            counted = sum(deal.amount_yuan for deal in rows) / 10_000 if at == 6 else rows.count()
            assert number == counted
    assert table.total[1:6] == (3, 2, 2, 1, 1)
    assert (str(idle) in [row[0] for row in table.rows]) is (by == "member")


def test_a_member_does_not_introduce_itself_nor_tomorrow():
    member = make.alliance_membership()
    row = models.Introduction(
        membership=member, company=member.company, task_force=make.team(),
        introduced_on=make.days_ago(-1),
    )  # fmt: skip
    with pytest.raises(ValidationError) as refusal:
        row.save_as(make.keeper())
    assert set(refusal.value.message_dict) == {"company", "introduced_on"}


def test_a_task_force_notes_what_was_introduced_to_it_and_the_bureau_keeps_the_members():
    team = make.team()
    officer, member = make.user(team=team), make.alliance_membership()
    models.Introduction(membership=member, company=make.company(), task_force=team).save_as(officer)
    for row in (
        models.AllianceMeeting(name="理事会", held_on=today()),
        models.AllianceCommitment(membership=member, content="引荐两家企业"),
    ):
        with pytest.raises(PermissionDenied):
            row.save_as(officer)
        row.save_as(make.keeper())


def test_a_promise_of_a_member_is_kept_late_or_under_way():
    promise = make.alliance_commitment(due_on=make.days_ago(3))
    assert (promise.state, promise.state_label) == ("overdue", "逾期")
    assert list(models.AllianceCommitment.objects.overdue(today())) == [promise]
    promise.due_on = None
    assert promise.state == "under_way"
    promise.fulfilled_on = make.days_ago(-1)
    with pytest.raises(ValidationError):
        promise.save_as(make.keeper())
    promise.fulfilled_on = today()
    promise.save_as(make.keeper())
    assert promise.state == "fulfilled"


def test_the_page_says_who_brings_what(brought, client):
    first, _second, _third, project, _named = brought
    meeting = make.alliance_meeting()
    make.meeting_attendance(meeting=meeting, membership=first.membership, state="came")
    make.meeting_attendance(meeting=meeting)
    make.alliance_commitment(membership=first.membership, due_on=make.days_ago(2))
    client.force_login(make.user(Role.BUREAU))
    page = client.get("/alliance/").content.decode()
    assert page.index(first.membership.company.name) < page.index("应到2家，实到1家")
    assert [text in page for text in ("500万元", "1 / 1", "0 / 1", "逾期1项")] == [True] * 4
    assert project.name in page
    client.force_login(make.user(team=make.team()))
    hidden = client.get("/alliance/").content.decode()
    assert project.name not in hidden
    assert "500万元" not in hidden


def test_pages_of_members_introductions_and_meetings_open(brought, client):
    client.force_login(make.user(Role.BUREAU))
    first = brought[0]
    meeting = make.meeting_attendance(membership=first.membership).meeting
    promise = make.alliance_commitment(membership=first.membership, fulfilled_on=today())
    for path in (
        f"alliancemembership/{first.membership_id}/change/", f"introduction/{first.pk}/change/",
        f"alliancemeeting/{meeting.pk}/change/", f"alliancecommitment/{promise.pk}/change/",
        f"introduction/?q={first.company.name}&membership={first.membership_id}",
        "alliancemeeting/", "alliancecommitment/", "introduction/?year=2026",
    ):  # fmt: skip
        assert client.get(f"/crm/{path}").status_code == 200, path


def test_the_report_is_written_as_a_file(brought, tmp_path):
    target = tmp_path / "alliance.json"
    call_command("export_report", "alliance_results", "--output", str(target))
    assert json.loads(target.read_text())["title"] == "招商联盟成效"
