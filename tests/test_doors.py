"""Nobody sees, counts, guesses or changes what is outside their scope, through any door."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.apps import apps
from django.contrib import admin

from crm.access import Role
from tests import make

pytestmark = pytest.mark.django_db

ROLES = list(Role)
SECRET = {"name": "绝密雪豹智算工程", "code_name": "代号青松", "site_text": "绝密地块七号"}
CANARIES = ("绝密雪豹", "绝密投资人", "绝密地块", "13900009999", "绝密会谈")
PAGES = ["/", *(f"/crm/{model._meta.model_name}/" for model in admin.site._registry)]
# Which lists answer with 200; every other list is 403.
BUSINESS = (
    "project stageproposal company contact signal alliancemembership visit trip event "
    "followup request deal arrival target referencefact park datacentre districtarea chain "
    "segment institution region industry taskforce membership department stagerule timelimit "
    "protectionrule scorerule scoreadjustment targetfactor factortemplate factorguarantee "
    "invitation attributionrule commitment introduction alliancemeeting alliancecommitment "
    "programme trainingagreement"
).split()
LISTS = {
    Role.OFFICER: [*BUSINESS, "importjob"],
    Role.TEAM_LEAD: [*BUSINESS, "importjob"],
    Role.BUREAU: [
        *BUSINESS,
        "importjob",
        "exportlog",
        "referenceproposal",
        "ledgertemplate",
        "walltoken",
        "screensettings",
    ],
    Role.STATISTICIAN: BUSINESS,
    Role.LEADER: BUSINESS,
    Role.PARK: (
        "project company request deal arrival commitment park datacentre target factorguarantee"
    ).split(),
    Role.DEPARTMENT: "project request factorguarantee commitment".split(),
    Role.SYSTEM_ADMIN: "user membership department taskforce robot".split(),
    Role.SECURITY_ADMIN: "user secondfactorrule apitoken subscription pushhost".split(),
    Role.AUDITOR: ["user", "exportlog", "auditentry"],
}


@pytest.fixture
def secret():
    """A confidential project with a firm, a contact and a visit, all telling names."""
    team = make.team()
    firm = make.company(owning_team=team, name="绝密投资人有限公司")
    make.contact(company=firm, mobile="13900009999")
    project = make.project(
        team=team,
        lead_investor=firm,
        is_confidential=True,
        park=make.park(),
        planned_yuan=Decimal(300_000_000),
        **SECRET,
    )
    make.visit(project=project, company=firm, task_force=team, content="绝密会谈纪要")
    make.deal(project=project)
    make.arrival(project=project)
    make.follow_up(project=project, company=firm, task_force=team, what="绝密会谈准备")
    make.request(project=project, company=firm, task_force=team, content="绝密地块协调")
    return project


def outsiders(project) -> list:
    return [
        make.user(Role.OFFICER, team=make.team()),
        make.user(Role.OFFICER, team=project.lead_team),
        make.user(Role.LEADER),
        make.user(Role.STATISTICIAN),
        make.user(Role.PARK, park=project.park),
        make.user(Role.DEPARTMENT),
    ]


def told(client, path: str, canaries=CANARIES) -> list[str]:
    page = client.get(path).content.decode()
    return [canary for canary in canaries if canary in page]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_lists_and_no_other(client, role):
    client.force_login(make.user(role))
    opened = {
        model._meta.model_name
        for model in admin.site._registry
        if client.get(f"/crm/{model._meta.model_name}/").status_code == 200
    }
    assert opened == set(LISTS[role])


@pytest.mark.parametrize("role", ROLES)
def test_no_add_page_history_or_delete_page_fails(client, role):
    client.force_login(make.user(role))
    project, firm = make.project(), make.company()
    paths = [f"{page}add/" for page in PAGES[1:]]
    for row in (project, firm):
        page = f"/crm/{row._meta.model_name}/{row.pk}"
        paths += [f"{page}/change/", f"{page}/history/", f"{page}/delete/"]
    answers = {path: client.get(path).status_code for path in paths}
    assert {path: code for path, code in answers.items() if code not in (200, 302, 403, 404)} == {}
    assert {code for path, code in answers.items() if "delete" in path} <= {302, 403, 404}


def test_a_confidential_project_tells_outsiders_nothing_on_any_list(client, secret):
    firms = ("/crm/company/",)  # the register's public part names every firm
    for user in outsiders(secret):
        client.force_login(user)
        for path in PAGES:
            known = CANARIES if path not in firms else CANARIES[2:]
            own = user.role == Role.OFFICER and secret.lead_team_id in user.team_ids
            if not (own and path in ("/crm/contact/", *firms)):
                hidden = [c for c in told(client, path, known) if c != "绝密投资人" or not own]
                readers = user.role in (Role.LEADER, Role.STATISTICIAN)
                if readers and path == "/crm/contact/":
                    hidden = [canary for canary in hidden if canary != "绝密投资人"]
                assert hidden == [], (user.role, path)


def test_a_confidential_project_is_not_found_by_its_name(client, secret):
    client.force_login(make.user(Role.LEADER))
    for query in ("q=绝密雪豹", "q=绝密投资人", f"park={secret.park_id}", "planned_min=1万元"):
        assert SECRET["code_name"] not in client.get(f"/crm/project/?{query}").content.decode()
    assert SECRET["code_name"] in client.get("/crm/project/?q=代号青松").content.decode()


def test_a_leader_sees_the_code_name_with_stage_and_amount(client, secret):
    client.force_login(make.user(Role.LEADER))
    page = client.get("/crm/project/").content.decode()
    assert ("代号青松" in page, "3亿元" in page) == (True, True)


def test_its_code_name_leads_nowhere_and_an_open_name_to_its_page(client, secret):
    own = make.project()
    client.force_login(make.user(Role.LEADER))
    page = client.get("/crm/project/").content.decode()
    assert f"/crm/project/{secret.pk}/change/" not in page
    assert f"/crm/project/{own.pk}/change/" in page


def test_its_pages_do_not_exist_for_outsiders(client, secret):
    for user in outsiders(secret):
        client.force_login(user)
        for page in ("change", "history", "move", "status"):
            answer = client.get(f"/crm/project/{secret.pk}/{page}/", follow=True)
            assert not [c for c in CANARIES if c in answer.content.decode()]


def test_choice_boxes_offer_no_closed_row(client, secret):
    client.force_login(make.user(Role.OFFICER, team=make.team()))
    asked = "app_label=crm&model_name=visit&term=绝密"
    for field in ("project", "company", "their_people"):
        answer = client.get(f"/autocomplete/?{asked}&field_name={field}")
        assert "绝密" not in answer.content.decode()


def test_the_export_names_no_closed_project(client, secret):
    client.force_login(make.user(Role.STATISTICIAN))
    answer = client.get("/crm/project/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    text = "".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert ("代号青松" in text, "绝密" in text) == (True, False)


def test_hidden_lookups_in_the_address_change_nothing(client):
    client.force_login(make.user(Role.BUREAU))
    make.project()
    for query in ("name__startswith=zzz", "owner__password__startswith=a", "id__gt=9999", "e=1"):
        answer = client.get(f"/crm/project/?{query}")
        assert answer.context["cl"].result_count == 1


def counts() -> dict:
    """Rows by kind, but what is noted about any request."""
    return {
        model.__name__: model._base_manager.count()
        for model in apps.get_app_config("crm").get_models()
        if model.__name__ not in ("SignIn", "AuditEntry")
    }


@pytest.mark.parametrize(
    ("path", "link"),
    [("deal", "project"), ("arrival", "project"), ("followup", "project"), ("request", "project")],
)
def test_a_forged_project_is_refused_before_anything_is_written(client, path, link):
    team, foreign = make.team(), make.project(team=make.team())
    client.force_login(make.user(Role.OFFICER, team=team))
    before = counts()
    answer = client.post(f"/crm/{path}/add/", {link: foreign.pk, "task_force": team.pk})
    assert answer.status_code == 200
    assert f'id="id_{link}_error"' in answer.content.decode()
    assert counts() == before


def test_nobody_changes_their_own_account_or_role(client):
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        admin_user = make.user(role)
        client.force_login(admin_user)
        client.post(f"/crm/user/{admin_user.pk}/change/", {"role": "bureau"})
        admin_user.refresh_from_db()
        assert admin_user.role == role


def test_the_system_administrator_gives_no_role(client):
    other = make.user("")
    client.force_login(make.user(Role.SYSTEM_ADMIN))
    client.post(
        f"/crm/user/{other.pk}/change/",
        {"username": other.username, "is_active": "on", "role": "bureau"},
    )
    other.refresh_from_db()
    assert other.role == ""


def test_the_security_administrator_gives_the_role_and_nothing_else(client):
    other = make.user("")
    client.force_login(make.user(Role.SECURITY_ADMIN))
    client.post(f"/crm/user/{other.pk}/change/", {"username": "renamed", "role": "officer"})
    name = other.username
    other.refresh_from_db()
    assert (other.role, other.username) == ("officer", name)


@pytest.mark.parametrize(
    ("account", "demo"),
    [({"role": ""}, True), ({"is_active": False}, True), ({"is_sample": True}, False)],
)
def test_who_may_not_log_in(client, settings, account, demo):
    settings.DEMO = demo
    user = make.user(**{"role": Role.OFFICER, "password": "a-long-password"} | account)
    client.post("/login/", {"username": user.username, "password": "a-long-password"})
    assert "_auth_user_id" not in client.session


def test_a_session_ends_with_the_role(client):
    user = make.user(Role.LEADER)
    client.force_login(user)
    type(user).objects.filter(pk=user.pk).update(role="")
    assert client.get("/").status_code == 302
