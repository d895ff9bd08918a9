"""Record pages: what may be typed, what is refused and how, and what is never lost."""

import io
import re
import uuid
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest

from crm.access import Role
from crm.models import Company, FollowUp, Project, StageProposal, Visit
from crm.periods import today
from tests import make

pytestmark = pytest.mark.django_db

NO_PARTS = {"-TOTAL_FORMS": "0", "-INITIAL_FORMS": "0"}


def parts(*prefixes) -> dict:
    return {f"{prefix}{key}": value for prefix in prefixes for key, value in NO_PARTS.items()}


@pytest.fixture
def team():
    return make.team()


@pytest.fixture
def officer(team):
    return make.user(Role.OFFICER, team=team)


@pytest.fixture
def at_desk(client, officer):
    client.force_login(officer)
    return client


def visit_form(team, company, **changes) -> dict:
    return {
        "company": company.pk, "held_on": today().isoformat(), "mode": "outbound",
        "task_force": team.pk, "outcome": "none", "content": "介绍绿电优势",
        "form_token": str(uuid.uuid4()), **parts("attachments"), **changes,
    }  # fmt: skip


def errors_of(answer) -> str:
    assert answer.status_code == 200
    return " ".join(
        re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', answer.content.decode(), re.S)
    )


# -- visits ----------------------------------------------------------------------------------------


def test_a_visit_needs_little_and_its_next_step_becomes_a_follow_up(at_desk, team, officer):
    due = today() + timedelta(days=7)
    form = visit_form(
        team, make.company(owning_team=team), next_step="送材料", next_step_on=due.isoformat()
    )
    answer = at_desk.post("/crm/visit/add/", form)
    assert answer.status_code == 302
    assert list(FollowUp.objects.values_list("what", "due_on", "owner")) == [
        ("送材料", due, officer.pk)
    ]


def test_a_visit_in_the_future_is_refused_with_its_date(at_desk, team):
    form = visit_form(team, make.company(owning_team=team), held_on="2099-01-01")
    assert "2099-01-01" in errors_of(at_desk.post("/crm/visit/add/", form))
    assert Visit.objects.count() == 0


def test_a_form_sent_twice_makes_one_record(at_desk, team):
    form = visit_form(team, make.company(owning_team=team))
    first, second = (at_desk.post("/crm/visit/add/", form) for _ in range(2))
    assert (first.status_code, second.status_code, Visit.objects.count()) == (302, 302, 1)
    assert second.url == f"/crm/visit/{Visit.objects.get().pk}/change/"


@pytest.mark.parametrize("field", ["company", "project", "task_force", "trip"])
def test_a_forged_link_to_another_team_is_refused_and_nothing_saved(at_desk, team, field):
    other = make.team()
    foreign = {
        "company": lambda: make.company(owning_team=other),
        "project": lambda: make.project(team=other),
        "task_force": lambda: other,
        "trip": lambda: make.trip(task_force=other),
    }[field]()
    form = visit_form(team, make.company(owning_team=team)) | {field: foreign.pk}
    assert errors_of(at_desk.post("/crm/visit/add/", form))
    assert Visit.objects.count() == 0


# -- firms and money -------------------------------------------------------------------------------


def company_form(**changes) -> dict:
    return {
        "name": "测试甲公司", "key_tier": "", "form_token": str(uuid.uuid4()),
        **parts("other_names", "marks", "signals"), **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("uscc", "91350100M000100Y44", "应为“3”"),
        ("uscc", "123", "18"),
        ("revenue_yuan", "-5万", "-5万"),
        ("revenue_yuan", "99999亿", "99999亿"),
        ("revenue_yuan", "NaN", "NaN"),
        ("revenue_yuan", "一大笔钱", "一大笔钱"),
        ("region", "987654", "有效"),
        ("registered_on", "2099-01-01", "晚于今天|将来|未来"),
    ],
)
def test_a_faulty_field_is_named_with_what_was_read(at_desk, field, typed, said):
    answer = at_desk.post("/crm/company/add/", company_form(**{field: typed}))
    assert re.search(said, errors_of(answer)), errors_of(answer)
    assert Company.objects.count() == 0


def test_an_amount_is_taken_as_people_write_it(at_desk):
    at_desk.post("/crm/company/add/", company_form(revenue_yuan="1.5个亿"))
    assert Company.objects.get().revenue_yuan == 150_000_000


def test_control_characters_do_not_reach_the_database(at_desk):
    at_desk.post("/crm/company/add/", company_form(name="测试\u202e乙\u200b公司"))
    assert Company.objects.get().name == "测试乙公司"


def test_a_contract_before_the_first_contact_is_refused(at_desk, team):
    project = make.project(team=team)
    make.visit(project=project, company=project.lead_investor, task_force=team, held_on=today())
    form = {
        "project": project.pk, "kind": "contract", "signed_on": "2024-01-05", "status": "in_force",
        "currency": "CNY", "recognition": "pending", "form_token": str(uuid.uuid4()),
        **parts("parties", "commitments", "attachments"),
    }  # fmt: skip
    assert "2024-01-05" in errors_of(at_desk.post("/crm/deal/add/", form))
    assert project.deals.count() == 0


# -- lost updates ----------------------------------------------------------------------------------


def contact_form(contact, **changes) -> dict:
    return {
        "company": contact.company_id, "name": contact.name, "record_version": contact.version,
        **changes,
    }  # fmt: skip


def test_a_stale_form_shows_both_versions_and_saves_nothing(at_desk, team):
    contact = make.contact(company=make.company(owning_team=team), position="经理")
    url, old = f"/crm/contact/{contact.pk}/change/", contact_form(contact)
    at_desk.post(url, old | {"position": "总经理"})
    page = at_desk.post(url, old | {"position": "副总经理"}).content.decode()
    contact.refresh_from_db()
    assert contact.position == "总经理"
    assert ("总经理" in page, "副总经理" in page, 'class="conflict' in page) == (True,) * 3


def test_saving_again_after_looking_keeps_what_was_typed(at_desk, team):
    contact = make.contact(company=make.company(owning_team=team))
    url, old = f"/crm/contact/{contact.pk}/change/", contact_form(contact)
    at_desk.post(url, old | {"position": "总经理"})
    page = at_desk.post(url, old | {"position": "副总经理"}).content.decode()
    version = re.search(r'name="record_version" value="(\d+)"', page)[1]
    at_desk.post(url, old | {"position": "副总经理", "record_version": version})
    contact.refresh_from_db()
    assert contact.position == "副总经理"


def test_a_form_without_a_version_is_refused(at_desk, team):
    contact = make.contact(company=make.company(owning_team=team), position="经理")
    form = contact_form(contact, position="总经理")
    del form["record_version"]
    at_desk.post(f"/crm/contact/{contact.pk}/change/", form)
    contact.refresh_from_db()
    assert contact.position == "经理"


# -- moving ----------------------------------------------------------------------------------------


def test_the_move_page_lists_what_is_missing_with_links(at_desk, team):
    project = make.project(team=team)
    page = at_desk.get(f"/crm/project/{project.pk}/move/").content.decode()
    assert f"/crm/project/{project.pk}/change/#id_segment" in page
    assert "/crm/visit/add/?project=" in page


def test_what_is_filled_in_is_saved_with_the_move(at_desk, team):
    project = make.project(team=team, reported_on=date(2024, 1, 1))
    make.complete(project, "negotiating", on=date(2024, 2, 1), without=("segment",))
    segment, project = make.segment(), Project.objects.get(pk=project.pk)
    form = {"segment": segment.pk, "on": "2024-03-01", "record_version": project.version}
    at_desk.post(f"/crm/project/{project.pk}/move/?to=negotiating", form)
    project.refresh_from_db()
    assert (project.stage, project.segment, project.moves.count()) == ("negotiating", segment, 2)


def test_a_move_that_fails_saves_nothing(at_desk, team):
    project = make.project(team=team)
    form = {
        "segment": make.segment().pk,
        "on": today().isoformat(),
        "record_version": project.version,
    }
    answer = at_desk.post(f"/crm/project/{project.pk}/move/?to=negotiating", form)
    project.refresh_from_db()
    assert "尚缺" in answer.content.decode()
    assert (project.stage, project.segment, project.moves.count()) == ("lead", None, 1)


def test_signing_is_proposed_by_the_team_and_confirmed_by_the_bureau(client, team, officer):
    project = make.project(team=team, stage="reserve", on=date(2024, 3, 1))
    make.complete(project, "signed", on=date(2024, 4, 1))
    version = Project.objects.get(pk=project.pk).version
    client.force_login(officer)
    client.post(
        f"/crm/project/{project.pk}/move/?to=signed",
        {"on": "2024-05-01", "record_version": version},
    )
    assert StageProposal.objects.get().proposed_by == officer
    client.force_login(make.user(Role.BUREAU))
    client.post(f"/crm/project/{project.pk}/decide/", {"confirm": ""})
    project.refresh_from_db()
    assert (project.stage, project.stage_since) == ("signed", date(2024, 5, 1))


def test_the_proposer_cannot_confirm(client, team):
    bureau = make.user(Role.BUREAU)
    project = make.project(team=team, stage="reserve", on=date(2024, 3, 1))
    make.complete(project, "signed", on=date(2024, 4, 1))
    Project.objects.get(pk=project.pk).propose("signed", by=bureau, on=date(2024, 5, 1))
    client.force_login(bureau)
    client.post(f"/crm/project/{project.pk}/decide/", {"confirm": ""})
    project.refresh_from_db()
    assert project.stage == "reserve"


def test_declining_needs_a_reason(client, team):
    project = make.project(team=team, stage="reserve", on=date(2024, 3, 1))
    make.complete(project, "signed", on=date(2024, 4, 1))
    Project.objects.get(pk=project.pk).propose("signed", by=make.keeper(), on=date(2024, 5, 1))
    client.force_login(make.user(Role.BUREAU))
    client.post(f"/crm/project/{project.pk}/decide/", {"decline": "", "note": ""})
    assert StageProposal.objects.get().state == "open"
    client.post(f"/crm/project/{project.pk}/decide/", {"decline": "", "note": "材料不全"})
    assert StageProposal.objects.get().state == "declined"


@pytest.mark.parametrize(("reason", "stage"), [("", "lead"), ("已在外省签约", "signed")])
def test_the_bureau_jumps_only_with_a_reason(client, reason, stage):
    project = make.project(reported_on=date(2024, 1, 1))
    client.force_login(make.user(Role.BUREAU))
    form = {"on": "2024-05-01", "reason": reason, "record_version": project.version}
    client.post(f"/crm/project/{project.pk}/move/?to=signed", form)
    project.refresh_from_db()
    assert project.stage == stage


def test_a_status_changes_with_a_reason(at_desk, team):
    project = make.project(team=team, reported_on=date(2024, 1, 1))
    form = {"status": "on_hold", "on": "2024-05-01", "reason": "等待电价政策"}
    at_desk.post(f"/crm/project/{project.pk}/status/", form)
    project.refresh_from_db()
    assert (project.status, project.status_changes.count()) == ("on_hold", 1)


def test_a_project_of_another_team_cannot_be_moved(at_desk):
    project = make.project(team=make.team())
    assert at_desk.get(f"/crm/project/{project.pk}/move/").status_code == 404


def test_moving_many_says_for_each_what_is_missing(at_desk, team):
    project = make.project(team=team, name="缺项项目")
    form = {"action": "move_onward", "_selected_action": [project.pk]}
    page = at_desk.post("/crm/project/", form, follow=True).content.decode()
    assert "缺项项目：" in page
    assert "尚缺" in page


# -- archive, phones, export -----------------------------------------------------------------------


def test_a_lead_archives_and_brings_back(client, team):
    visit = make.visit(task_force=team, company=make.company(owning_team=team))
    client.force_login(make.user(Role.TEAM_LEAD, team=team))
    for action, archived in (("archive", True), ("bring_back", False)):
        form = {"action": action, "_selected_action": [visit.pk]}
        client.post("/crm/visit/?archived=on", form)
        visit.refresh_from_db()
        assert (visit.archived_at is not None) == archived


@pytest.mark.parametrize("role", [Role.LEADER, Role.STATISTICIAN])
def test_readers_see_masked_phones(client, role):
    contact = make.contact(mobile="13912345678")
    client.force_login(make.user(role))
    for path in ("/crm/contact/", f"/crm/contact/{contact.pk}/change/"):
        page = client.get(path).content.decode()
        assert ("139****5678" in page, "13912345678" in page) == (True, False)


def test_a_firm_of_another_team_shows_its_public_part_only(at_desk):
    firm = make.company(owning_team=make.team(), sponsoring_leader="张市长", note="内部备注")
    page = at_desk.get(f"/crm/company/{firm.pk}/change/").content.decode()
    assert (firm.name in page, "张市长" in page, "内部备注" in page) == (True, False, False)


def test_the_export_holds_the_rows_of_the_list(client, team):
    make.project(team=team, name="甲项目")
    make.project(team=team, name="乙项目", stage="negotiating", on=date(2024, 2, 1))
    client.force_login(make.user(Role.TEAM_LEAD, team=team))
    answer = client.get("/crm/project/export/?stage=negotiating")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    names = [cell.value for cell in sheet["B"]]
    assert ("乙项目" in names, "甲项目" in names) == (True, False)


def test_a_leader_does_not_export(client):
    client.force_login(make.user(Role.LEADER))
    assert client.get("/crm/project/export/").status_code == 403


def opened(client, url: str) -> dict:
    """What a form posts that nobody touched: the kept values of its page."""
    page = client.get(url).content.decode()
    names = ("record_base", "record_version")
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in names}


def test_changes_of_different_fields_are_put_together(at_desk, team):
    contact = make.contact(company=make.company(owning_team=team), position="经理")
    url = f"/crm/contact/{contact.pk}/change/"
    form = contact_form(contact, position="经理", mobile=contact.mobile) | opened(at_desk, url)
    at_desk.post(url, form | {"position": "总经理", "is_primary": "on"})

    page = at_desk.post(url, form | {"section": "市场部"}, follow=True).content.decode()

    contact.refresh_from_db()
    assert (contact.position, contact.section, contact.is_primary) == ("总经理", "市场部", True)
    assert "两处修改均已保留" in page


def test_the_same_field_changed_twice_shows_original_theirs_and_mine(at_desk, team):
    contact = make.contact(company=make.company(owning_team=team), position="经理")
    url = f"/crm/contact/{contact.pk}/change/"
    form = contact_form(contact, position="经理", mobile=contact.mobile) | opened(at_desk, url)
    at_desk.post(url, form | {"position": "总经理", "section": "市场部"})

    shown = at_desk.post(url, form | {"position": "副总经理"})

    rows = shown.context["adminform"].form.conflict
    assert rows == [{"label": "职务", "original": "经理", "theirs": "总经理", "mine": "副总经理"}]
    assert 'value="市场部"' in shown.content.decode()
    contact.refresh_from_db()
    assert contact.position == "总经理"


def test_saving_after_the_comparison_keeps_mine_and_what_the_other_did_elsewhere(at_desk, team):
    contact = make.contact(company=make.company(owning_team=team), position="经理")
    url = f"/crm/contact/{contact.pk}/change/"
    form = contact_form(contact, position="经理", mobile=contact.mobile) | opened(at_desk, url)
    at_desk.post(url, form | {"position": "总经理", "section": "市场部"})
    page = at_desk.post(url, form | {"position": "副总经理"}).content.decode()
    kept = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
            for name in ("record_base", "record_version")}  # fmt: skip

    at_desk.post(url, form | kept | {"position": "副总经理", "section": "市场部"})

    contact.refresh_from_db()
    assert (contact.position, contact.section) == ("副总经理", "市场部")


def test_links_dates_and_amounts_are_put_together_too(at_desk, team):
    project = make.project(team=team, planned_yuan=Decimal(200_000_000))
    park = make.park()
    url = f"/crm/project/{project.pk}/change/"
    page = at_desk.get(url)
    form = {
        key: value for key, value in page.context["adminform"].form.initial.items()
        if isinstance(value, str | int) and value not in ("", False)
    }  # fmt: skip
    for formset in page.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    form |= {"reported_on": str(project.reported_on), "planned_yuan": "2亿元"}
    form |= opened(at_desk, url)
    at_desk.post(url, form | {"park": park.pk, "planned_signing_on": "2099-01-01"})

    at_desk.post(url, form | {"planned_yuan": "3亿元"})

    project.refresh_from_db()
    assert (project.park, str(project.planned_signing_on)) == (park, "2099-01-01")
    assert project.planned_yuan == 300_000_000


def test_a_forged_original_counts_for_nothing(at_desk, team):
    contact = make.contact(company=make.company(owning_team=team), position="经理")
    url = f"/crm/contact/{contact.pk}/change/"
    form = contact_form(contact, position="经理") | {"record_base": "forged"}
    at_desk.post(url, form | {"position": "总经理"})

    shown = at_desk.post(url, form | {"position": "副总经理"})

    assert shown.context["adminform"].form.conflict[0]["original"] is None
