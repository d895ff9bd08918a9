"""What other systems read: who they are, which rows, what is masked, page by page."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.access import Role
from crm.models import ApiToken, ApiUse, AuditEntry, User
from crm.models.api_tokens import WRITABLE, ApiKind
from crm.periods import today
from crm.stages import Stage

from . import make
from .asking import System

pytestmark = pytest.mark.django_db
SECRET = {"is_confidential": True, "code_name": "昆仑", "name": "绝密雪豹智算工程"}


def keys(rows) -> list[int]:
    return [row["id"] for row in rows]


# -- who asks --------------------------------------------------------------------------------------


def test_a_token_opens_the_api_and_a_session_does_not(client):
    system = System()
    client.force_login(system.token.account)
    assert system.get("projects/").status_code == 200
    for stranger in (client, Client()):
        answer = stranger.get("/api/v1/projects/")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    forged = client.post("/api/v1/companies/", {"name": "伪造"}, "application/json")
    assert forged.status_code == 401


def died(name):
    return {
        "revoked": lambda t: t.revoke(by=make.security_admin()),
        "expired": lambda t: ApiToken.objects.update(expires_on=make.days_ago(1)),
        "account closed": lambda t: User.objects.filter(pk=t.account_id).update(is_active=False),
        "role taken": lambda t: User.objects.filter(pk=t.account_id).update(role=""),
        "now an administrator's": lambda t: User.objects.filter(pk=t.account_id).update(
            role=Role.AUDITOR
        ),
    }[name]


@pytest.mark.parametrize(
    "end", ["revoked", "expired", "account closed", "role taken", "now an administrator's"]
)
def test_a_token_dies_at_once_and_its_use_afterwards_is_noted(end):
    system = System()
    died(end)(system.token)
    assert system.get("projects/").status_code == 401
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.details["system"]) == ("denied", system.token.name)


@pytest.mark.parametrize("header", ["Bearer crm_wrong", "Bearer ", "Token x", "Bearer \udcff"])
def test_what_is_no_token_opens_nothing(header):
    make.api_token()
    value = header.encode(errors="surrogateescape").decode("latin-1")
    answer = Client().get("/api/v1/projects/", headers={"Authorization": value})
    assert answer.status_code == 401


def test_only_a_digest_of_the_secret_is_kept():
    token = make.api_token()
    stored = ApiToken.objects.values().get()
    assert token.secret.startswith("crm_")
    assert token.secret not in map(str, stored.values())
    assert (ApiToken.objects.get().secret, stored["hint"]) == ("", token.secret[:10])


def test_a_system_reads_the_kinds_of_its_token_only():
    system = System(reads=["projects"], writes=[])
    answers = {kind: system.get(f"{kind}/").status_code for kind in ApiKind}
    assert {kind for kind, code in answers.items() if code == 200} == {"projects"}
    assert set(answers.values()) == {200, 403}


def test_the_role_of_the_account_still_decides():
    system = System(account=make.user(Role.PARK))
    read = {kind for kind in ApiKind if system.get(f"{kind}/").status_code == 200}
    assert read == {"companies", "projects", "deals", "arrivals", "requests", "parks", "people"}


def test_a_denial_is_noted_with_the_name_of_the_system():
    system = System(reads=["projects"], writes=[])
    system.get("deals/")
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.by, entry.details) == (
        "denied", system.token.account,
        {"method": "GET", "path": "/api/v1/deals/", "system": system.token.name},
    )  # fmt: skip


def test_a_system_that_asks_too_often_is_told_when_to_come_again():
    system = System(per_minute=3)
    ApiToken.objects.update(minute=0)
    codes = [system.get("regions/").status_code for _ in range(4)]
    if codes != [200, 200, 200, 429]:  # the minute turned while we asked
        codes = [system.get("regions/").status_code for _ in range(4)]
    last = system.get("regions/")
    assert codes == [200, 200, 200, 429] or last.status_code == 429
    assert 1 <= int(last["Retry-After"]) <= 60
    assert last.json()["code"] == "throttled"
    ApiToken.objects.update(minute=0)
    assert system.get("regions/").status_code == 200


def test_use_is_counted_without_making_another_version():
    system = System()
    system.get("regions/")
    token = ApiToken.objects.get()
    assert timezone.now() - token.last_used_at < timedelta(minutes=1)
    assert token.version == 1


def test_what_a_system_takes_out_is_counted_and_noted_once_a_day(client):
    make.region(), make.region()
    system = System(reads=["regions", "parks"], writes=[])
    [system.rows("regions/") for _ in range(3)], system.rows("parks/")
    uses = ApiUse.objects.order_by("kind").values_list("kind", "rows")
    assert list(uses) == [("parks", 0), ("regions", 6)]
    noted = AuditEntry.objects.filter(action="exported").order_by("number")
    assert [(entry.by, entry.details) for entry in noted] == [
        (system.token.account, {"format": "api", "kind": kind, "system": system.token.name})
        for kind in ("regions", "parks")
    ]
    client.force_login(make.security_admin())
    assert ">6<" in client.get("/crm/apitoken/").content.decode()


def test_options_tell_nothing():
    assert System().send("options", "companies/").status_code == 405


# -- which rows ------------------------------------------------------------------------------------


def test_a_system_sees_the_rows_of_its_account():
    team, other = make.team(), make.team()
    own, foreign = make.project(team=team), make.project(team=other)
    officer = System(account=make.user(team=team))
    assert keys(officer.rows("projects/")) == [own.pk]
    assert officer.get(f"projects/{foreign.pk}/").status_code == 404
    assert keys(System().rows("projects/")) == [own.pk, foreign.pk]


def test_a_confidential_project_goes_out_under_its_code_name_only():
    project = make.project(lead_investor=make.company(name="绝密投资人"), **SECRET)
    make.deal(project=project, number="绝密合同号")
    make.visit(project=project, content="绝密会谈")
    make.request(project=project, content="绝密地块")
    system = System(account=make.user(Role.STATISTICIAN))
    assert {kind: len(system.rows(f"{kind}/")) for kind in ("projects", "deals", "visits")} == {
        "projects": 1, "deals": 1, "visits": 1,
    }  # fmt: skip
    row = system.rows("projects/")[0]
    told = {name for name, value in row.items() if value not in (None, False, [])}
    assert (row["name"], row["is_open"], row["stage"]) == ("昆仑", False, "lead")
    assert told == {
        "id", "version", "created_at", "updated_at", "name", "is_confidential", "stage", "status",
        "planned_precision",
    }  # fmt: skip
    for kind in WRITABLE - {"companies"}:
        text = system.get(f"{kind}/").content.decode()
        assert "绝密" not in text, kind
    deal = system.rows("deals/")[0]
    assert (deal["project_name"], deal["amount_yuan"], deal["number"]) == (
        "昆仑", "300000000.00", None,
    )  # fmt: skip


def test_no_filter_can_be_used_to_guess_what_is_closed():
    park = make.park()
    make.project(park=park, stage=Stage.RESERVE, **SECRET)
    system = System(account=make.user(Role.STATISTICIAN))
    assert system.rows(f"projects/?park={park.pk}") == []
    assert len(system.rows("projects/?stage=reserve")) == 1


def test_phones_are_masked_for_roles_that_read_them_masked():
    make.contact(mobile="13812345678", phone="0971-6123456")
    masked = System(account=make.user(Role.STATISTICIAN)).rows("contacts/")[0]
    assert masked["mobile"] == "138****5678"
    assert "6123456" not in masked["phone"]
    assert System().rows("contacts/")[0]["mobile"] == "13812345678"


def test_what_a_role_may_not_take_out_stays_in_the_house():
    make.company(revenue_yuan=5, note="内部", owning_team=make.team())
    make.export_rule(role=Role.STATISTICIAN, kind="companies", withheld=["revenue", "note"])
    row = System(account=make.user(Role.STATISTICIAN)).rows("companies/")[0]
    assert (row["revenue_yuan"], row["note"]) == (None, None)
    assert row["withheld"] == ["note", "revenue_yuan"]
    open_row = System().rows("companies/")[0]
    assert (open_row["revenue_yuan"], open_row["withheld"]) == ("5.00", [])


def test_a_withheld_number_is_not_even_masked():
    make.contact(mobile="13812345678")
    make.export_rule(role=Role.STATISTICIAN, kind="contacts", withheld=["mobile"])
    row = System(account=make.user(Role.STATISTICIAN)).rows("contacts/")[0]
    assert (row["mobile"], row["withheld"]) == (None, ["mobile"])


def test_another_teams_firm_shows_the_registers_public_part():
    make.company(name="他专班企业", owning_team=make.team(), note="内部")
    row = System(account=make.user(team=make.team())).rows("companies/")[0]
    assert (row["name"], row["note"], row["is_open"]) == ("他专班企业", None, False)


def test_people_are_names_to_choose_from():
    system = System(account=make.user(Role.BUREAU, full_name="王芳"))
    make.user(is_active=False)
    make.user(Role.AUDITOR)
    assert [row["name"] for row in system.rows("people/")] == ["王芳"]
    assert set(system.rows("people/")[0]) == {"id", "name", "department", "park"}


def test_archived_rows_are_shown_when_asked_for():
    row = make.company(archived_at=timezone.now())
    system = System()
    assert system.rows("companies/") == []
    assert keys(system.rows("companies/?archived=true")) == [row.pk]
    assert system.get(f"companies/{row.pk}/").json()["archived_at"] is not None


# -- page by page ----------------------------------------------------------------------------------


def test_pages_follow_each_other_without_a_gap_while_rows_are_added():
    rows = [make.region() for _ in range(5)]
    system, seen, path = System(), [], "regions/?limit=2"
    while path:
        page = system.get(path).json()
        seen += keys(page["results"])
        make.region()
        path = page["next"] and page["next"].partition("/api/v1/")[2]
        if len(seen) > 20:
            break
    assert seen[:5] == [row.pk for row in rows]
    assert len(seen) == len(set(seen))


def test_a_page_asks_as_much_for_many_rows_as_for_few():
    system = System()
    for kind, maker in (("visits", make.visit), ("deals", make.deal), ("companies", make.company)):
        counts = []
        system.rows(f"{kind}/")  # the first reading of a day is noted
        for more in (1, 6):
            [maker() for _ in range(more)]
            with CaptureQueriesContext(connection) as asked:
                system.rows(f"{kind}/")
            counts.append(len(asked))
        assert counts[0] == counts[1], kind


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("limit=0020000", "limit"),
     ("cursor=x", "cursor"),
     ("cursor=LTE", "cursor"), ("cursor=", "cursor"), ("typo=1", "typo"), ("stage=x", "stage"),
     ("team=99999999999999999999", "team"), ("archived=perhaps", "archived"),
     ("updated_since=yesterday", "updated_since"),
     ("updated_since=2024-13-01T00:00", "updated_since"),
     ("updated_since=0001-01-01T00:00%2B20:00", "updated_since"),
     ("reported=abc", "reported"), ("q=%00", "q")],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named(query, field):
    answer = System().get(f"projects/?{query}")
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["fields"]) == [field]


def test_rows_changed_since_a_moment_are_found():
    old, new = make.company(), make.company()
    type(old).objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=3))
    since = (timezone.now() - timedelta(days=1)).isoformat()
    assert keys(System().rows(f"companies/?updated_since={since}")) == [new.pk]


def test_refusals_speak_the_language_that_is_asked_for():
    chinese = System(language="zh-CN").get("projects/999999/").json()
    english = System(language="en").get("projects/999999/").json()
    assert (chinese["detail"], english["detail"]) == ("未找到。", "Not found.")


def test_answers_are_kept_by_nobody_on_the_way():
    answer = System().get("projects/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Language"] == "en"


# -- making tokens ---------------------------------------------------------------------------------


def token(**values) -> ApiToken:
    return ApiToken(**{"name": "政务平台", "account": make.user(), "reads": ["projects"]} | values)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"account": lambda: make.user(Role.AUDITOR)}, "account"),
     ({"account": lambda: make.user(is_active=False)}, "account"),
     ({"reads": []}, "reads"), ({"reads": ["users"]}, "reads"),
     ({"writes": ["deals"]}, "writes"), ({"reads": ["parks"], "writes": ["parks"]}, "writes"),
     ({"expires_on": make.days_ago(1)}, "expires_on"),
     ({"expires_on": today() + timedelta(days=800)}, "expires_on"),
     ({"per_minute": 0}, "__all__")],
)  # fmt: skip
def test_a_token_that_says_too_much_or_nothing_is_refused(values, field):
    row = token(**{k: v() if callable(v) else v for k, v in values.items()})
    with pytest.raises(ValidationError) as refusal:
        row.save_as(make.security_admin())
    assert field in refusal.value.message_dict


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_ADMIN])
def test_only_the_security_administrator_makes_tokens(client, role):
    person = make.user(role)
    with pytest.raises(PermissionDenied):
        token().save_as(person)
    client.force_login(person)
    assert client.get("/crm/apitoken/add/").status_code == 403


def test_the_secret_is_shown_once_and_making_and_revoking_are_noted(client):
    client.force_login(make.security_admin())
    account = make.user(Role.STATISTICIAN)
    sent = {
        "name": "政务数据平台", "account": account.pk, "reads": ["projects", "deals"],
        "writes": ["deals"], "per_minute": 60, "expires_on": today().isoformat(),
    }  # fmt: skip
    page = client.post("/crm/apitoken/add/", sent).content.decode()
    row = ApiToken.objects.get()
    secret = page.partition("Bearer ")[2].partition('"')[0]
    assert ApiToken.objects.with_secret(secret) == row
    assert page.count(secret) == 2
    for again in ("/crm/apitoken/", f"/crm/apitoken/{row.pk}/change/"):
        assert secret not in client.get(again).content.decode()
    marked = {"action": "revoke", "_selected_action": row.pk}
    client.post("/crm/apitoken/", marked)
    row.refresh_from_db()
    assert row.revoked_by == make.security_admin()
    assert "已停用" in client.get("/crm/apitoken/").content.decode()
    assert client.post(f"/crm/apitoken/{row.pk}/change/", sent).status_code == 403
    noted = [(e.action, e.details["system"]) for e in AuditEntry.objects.order_by("number")
             if e.action.startswith("token")]  # fmt: skip
    assert noted == [("token_made", "政务数据平台"), ("token_revoked", "政务数据平台")]


def test_a_token_is_revoked_once():
    row = make.api_token()
    row.revoke(by=make.security_admin())
    with pytest.raises(ValidationError):
        row.revoke(by=make.security_admin())


def test_a_token_whose_account_was_closed_says_so_in_the_list(client):
    row = make.api_token()
    User.objects.filter(pk=row.account_id).update(is_active=False)
    client.force_login(make.security_admin())
    assert "不再有效" in client.get("/crm/apitoken/").content.decode()
