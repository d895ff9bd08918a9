"""The other half of the matrix: every address that is no record page, found from the URL resolver.

``PAGES`` says which roles an address answers; ``KEYS`` says whose row stands for each part of an
address: one of a confidential project of another task force. To whoever has nothing to do with it
no address may tell a word of it, write anything about it, or fail. An address that is listed
nowhere fails the build.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from crm import models
from crm.access import BUSINESS_ROLES, Role
from crm.models.api_tokens import ApiKind
from tests.scope.world import world  # noqa: F401 - a fixture
from tests.test_matrix import DENIED, FORGED, NOTED, WRITES, counted  # noqa: F401 - a fixture

from . import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counted", "throw_files_away")]

ALL = frozenset(Role.values)
BUSINESS = frozenset(str(role) for role in BUSINESS_ROLES)
TEAMS, BUREAU = {"officer", "team_lead"}, {"bureau"}
CITY = {"bureau", "statistician", "leader"}
# Which roles an address opens for (its GET is no denial), every other role being turned away.
PAGES = {
    "index": ALL, "login": ALL, "logout": ALL, "set_language": ALL, "jsi18n": ALL,
    "password_change": ALL, "password_change_done": ALL,
    "crm_jobs": {"system_admin"},
    "crm_alive": ALL, "crm_ready": ALL, "crm_metrics": ALL, "crm_csp_report": ALL,
    "crm_account": ALL, "crm_verify": ALL, "crm_second_factor": ALL, "crm_renew_codes": ALL,
    "crm_remove_factor": ALL,
    "crm_sso_start": frozenset(), "crm_sso_callback": frozenset(),  # off; see test_sso.py
    "crm_audit_export": {"auditor"}, "crm_export_rules": {"security_admin"},
    "crm_search": BUSINESS, "crm_search_quick": BUSINESS,
    "crm_todo": TEAMS | BUREAU, "crm_requests": BUSINESS,
    "crm_directives": BUSINESS - {"park"}, "crm_directive_new": {"bureau", "leader"},
    "crm_inbox": BUSINESS, "crm_inbox_read": BUSINESS, "crm_inbox_preferences": BUSINESS,
    "crm_month_entry": TEAMS | BUREAU | {"park"}, "crm_month_entry_cell": ALL,
    "crm_people": {"team_lead", "bureau"}, "crm_bin": {"team_lead", "bureau"},
    "crm_changes": BUSINESS,
    "crm_board": BUSINESS, "crm_board_stamps": BUSINESS,
    "crm_calendar": TEAMS | CITY, "crm_calendar_file": TEAMS | CITY,
    "crm_calendar_feed_page": TEAMS | CITY,
    "crm_calendar_open_feed": ALL, "crm_calendar_close_feed": ALL,  # POST only
    "crm_claims": TEAMS | CITY, "crm_help": ALL, "crm_help_definitions": ALL,
    "crm_promises": ALL,
    "crm_clear_sample": {"bureau", "system_admin"}, "crm_merges": BUREAU,
    "crm_m_today": TEAMS | CITY, "crm_m_firms": TEAMS | CITY, "crm_m_projects": TEAMS | CITY,
    "crm_m_follow_ups": TEAMS | CITY, "crm_m_pick_firm": TEAMS | CITY,
    "crm_m_session": TEAMS | CITY, "crm_m_new_visit": TEAMS | BUREAU,
    "crm_similar_companies": TEAMS | BUREAU, "crm_similar_projects": TEAMS | BUREAU,
    "crm_alliance": TEAMS | CITY, "crm_talent": TEAMS | CITY,
    "crm_commitments": BUSINESS,
    "crm_months": {"bureau", "statistician", "leader"},
    "crm_parks": BUSINESS - {"department"}, "crm_factors": BUSINESS,
    "crm_weekly": TEAMS | CITY, "crm_monthly": TEAMS | CITY,
    "crm_targets": BUSINESS - {"department"},
    "crm_targets_workbook": TEAMS | {"bureau", "statistician"},
    "crm_reports": TEAMS | CITY,
    "crm_chains": TEAMS | CITY, "crm_target_firms": TEAMS | CITY, "crm_key_firms": TEAMS | CITY,
    "crm_plan_visits": TEAMS | BUREAU,  # POST only
    "crm_import": TEAMS | BUREAU,
    "crm_project_export": TEAMS | {"bureau", "statistician"},
    **{f"api_{kind.name.lower()}": frozenset() for kind in ApiKind},  # no session opens these
    "crm_api_docs": {"security_admin"}, "crm_api_description": {"security_admin"},
    "api_changes": frozenset(), "api_specification": frozenset(),
    "autocomplete": frozenset(),  # without a field there is nothing to choose; see test_doors.py
}  # fmt: skip
# The firm's own name stands in the register, which every task force and city reader may list.
CANARIES = ("绝密雪豹", "绝密会谈", "绝密地块", "13900009999")
CODE_NAME = "代号青松"


def own_addresses() -> dict[str, str]:
    """Route by name of every address but the regular ones of records."""
    regular = {
        f"crm_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in ("changelist", "add", "change", "delete", "history")
    }
    found = dict(_walk(get_resolver().url_patterns))
    return {name: route for name, route in found.items() if name and name not in regular}


def _walk(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield pattern.name, route


ADDRESSES = own_addresses()
PLAIN = sorted(name for name, route in ADDRESSES.items() if "<" not in route)
KEYED = sorted(name for name, route in ADDRESSES.items() if "<" in route)


# -- which roles -----------------------------------------------------------------------------------


def test_every_address_of_the_site_is_listed():
    """A new address? Say in PAGES which roles it opens for, or in ``keys`` whose row it is of."""
    unlisted = {name for name in PLAIN if name not in PAGES and name != "app_list"}
    assert unlisted == set()
    assert {name for name in PAGES if name not in ADDRESSES} == set(), "listed, but gone"


@pytest.mark.parametrize("name", [name for name in PLAIN if name in PAGES])
def test_an_address_opens_for_its_roles_and_turns_the_others_away(client, world, name):  # noqa: F811
    path, opened = f"/{ADDRESSES[name]}", set()
    for role in Role.values:
        client.force_login(world.people[role])
        answer = client.get(path)
        assert answer.status_code < 500, f"{role}: {answer.status_code}"
        if answer.status_code not in (401, 403, 404):
            opened.add(role)
    assert opened == set(PAGES[name])


@pytest.mark.parametrize("name", [*PLAIN, *KEYED])
def test_without_signing_in_nothing_answers_but_the_door(db, secret, name):
    public = {
        "login", "logout", "set_language", "jsi18n", "crm_alive", "crm_ready", "crm_metrics",
        "crm_csp_report",
    }  # fmt: skip
    for method in ("get", "post"):
        answer = getattr(Client(), method)(secret.path(name))
        assert answer.status_code in (302, 401, 403, 404, 405) or name in public, answer.status_code
        assert not told(answer), f"{method} {name}"


# -- whose row -------------------------------------------------------------------------------------


@pytest.fixture
def secret(db):
    """A confidential project of another task force with a row of everything around it."""
    team, owner = make.team(), make.user(Role.OFFICER)
    firm = make.company(owning_team=team, name="绝密投资人有限公司")
    project = make.project(
        team=team, lead_investor=firm, owner=owner, is_confidential=True, code_name=CODE_NAME,
        name="绝密雪豹智算工程", site_text="绝密地块七号",
    )  # fmt: skip
    about = {"project": project, "company": firm, "task_force": team}
    deal = make.deal(project=project)
    rows = {
        "project": project, "company": firm,
        "contact": make.contact(company=firm, mobile="13900009999"),
        "visit": make.visit(content="绝密会谈纪要", **about),
        "deal": deal,
        "arrival": make.arrival(project=project),
        "commitment": make.commitment(
            deal=deal, content="绝密地块出让承诺", due_on=make.days_ago(3)
        ),
        "followup": make.follow_up(what="绝密会谈准备", owner=owner, **about),
        "request": make.request(content="绝密地块协调", **about),
        "attachment": make.attachment(project=project),
        "importjob": make.import_job(owner=owner),
        "signin": make.sign_in(user=owner),
        "conflict": make.conflict(project=project), "user": owner,
        "claimrequest": make.claim_request(project=project, reason="绝密会谈后接手"),
        "merge": make.merge(keeper_name="绝密雪豹", reason="绝密会谈"),
        "directive": make.directive(text="绝密会谈督办", project=project),
        "notice": make.notice(recipient=owner, about=project),
        "changeset": make.change_set(label="绝密雪豹：园区", made_by=owner),
        "savedview": make.saved_view(owner=owner, name="绝密地块"),
        "factorguarantee": make.factor_guarantee(project=project, note="绝密地块供电"),
        "datacentre": make.data_centre(name="绝密雪豹数据中心", project=project),
    }  # fmt: skip
    keys = Keys(rows)
    return SimpleNamespace(project=project, rows=rows, path=keys.path)


class Keys:
    """Whose row stands for the parts of an address."""

    def __init__(self, rows):
        self.rows = rows

    def path(self, name: str) -> str:
        route = "/" + ADDRESSES[name].lstrip("^").replace("(?P<app_label>crm)/$", "crm/")
        route = route.replace("(?P<url>.*)$", "nowhere")
        for part, value in self.values(name).items():
            route = route.replace(part, str(value))
        assert "<" not in route, f"{name}: say in Keys.values what stands for the parts of {route}"
        return route

    def values(self, name: str) -> dict:
        kind = next((kind for prefix, kind in KINDS.items() if name.startswith(prefix)), None)
        row = self.rows[kind].pk if kind else 999_999
        return {
            "<int:pk>": row, "<id>": row, "<int:object_id>": row,
            "<int:keeper_pk>": 999_998, "<slug:stage>": "reserve",
            "<str:key>": "2024-12", "<slug:kind>": "companies", "<str:kind>": "project",
            "<str:model>": "project", "<slug:name>": "pipeline", "<str:name>": "project",
            "<path:content_type_id>": 1, "<path:object_id>": row, "<str:token>": "x" * 43,
            "<str:secret>": "x" * 43,
            "<slug:token>": "x" * 43, "<path:rest>": "nowhere",
        }  # fmt: skip


# Start of a name → of which kind the row is.
KINDS = {
    "crm_end_sign_in": "signin", "crm_reveal": "contact", "crm_anonymise": "contact",
    "crm_download": "attachment", "crm_commitment_act": "commitment",
    "crm_todo_act": "followup", "crm_request": "request", "crm_import_": "importjob",
    "crm_restore": "project", "crm_timeline": "project", "crm_board": "project",
    "crm_project": "project", "crm_factor_answer": "factorguarantee",
    "api_companies": "company", "api_contacts": "contact", "api_visits": "visit",
    "api_projects": "project", "api_deals": "deal", "api_arrivals": "arrival",
    "api_follow_ups": "followup", "api_requests": "request",
    "crm_company": "company", "crm_visit_brief": "company",
    "crm_file": "attachment", "crm_m_firm": "company", "crm_m_finish": "followup",
    "crm_m_reopen": "followup", "crm_m_next": "followup", "crm_person": "user",
    "crm_change": "changeset", "crm_view_": "savedview", "crm_inbox_open": "notice",
    "crm_directive": "directive", "crm_conflict": "conflict", "crm_claim_request": "claimrequest",
    "crm_claim_firm": "company", "crm_pool_take": "project", "crm_merge_undo": "merge",
    "crm_merge": "company",
}  # fmt: skip


def outsiders() -> list:
    """People of every role who have nothing to do with the secret."""
    team = make.team()
    people = [make.user(role, team=team) for role in (Role.OFFICER, Role.TEAM_LEAD)]
    return people + [make.user(role) for role in Role.values if role not in {*TEAMS, "bureau"}]


def told(answer) -> list[str]:
    text = answer.getvalue().decode(errors="replace")
    return [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_an_address_tells_an_outsider_nothing_changes_nothing_and_fails_for_nobody(
    client, secret, name
):
    path, before = secret.path(name), state(secret)
    for person in outsiders():
        client.force_login(person)
        for method in ("get", "post"):
            answer = getattr(client, method)(path, FORGED if method == "post" else None)
            what = f"{person.role} {method} {path}"
            assert answer.status_code < 500, f"{what}: {answer.status_code}"
            assert not told(answer), f"{what} tells {told(answer)}"
    assert state(secret) == before


def state(secret) -> list:
    """Every column of every row around the secret, as the database has it."""
    return [
        type(row)._base_manager.filter(pk=row.pk).values().get()
        for row in secret.rows.values()
    ]  # fmt: skip


def test_the_secret_would_be_seen_by_whoever_looked(client, secret):
    """The canaries sing: the bureau reads them."""
    client.force_login(make.user(Role.BUREAU))
    text = client.get(f"/crm/project/{secret.project.pk}/change/").content.decode()
    assert "绝密雪豹" in text
    assert models.Project.objects.count() == 1
    assert timezone.now() - secret.project.created_at < timedelta(minutes=5)
    assert WRITES.match('INSERT INTO "crm_project"')[1] not in NOTED
    assert 200 not in DENIED
