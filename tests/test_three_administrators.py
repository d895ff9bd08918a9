"""System, security and audit: three people, three parts, and nobody raises themselves."""

import pytest

from crm.access import ADMINISTRATORS, PERMISSIONS, Role
from crm.models import AuditEntry, ExportRule, SecondFactorRule, User

from . import make

pytestmark = pytest.mark.django_db
SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR
PASSWORD = "Zhuanban-2026-x"


def change(client, account, **values):
    page = f"/crm/user/{account.pk}/change/"
    form = {"username": account.username, "full_name": account.full_name, "email": "",
            "role": account.role, "is_active": "on"} | values  # fmt: skip
    return client.post(page, form)


def makes_an_account(client, _account):
    client.post("/crm/user/add/", {"username": "new", "full_name": "新人", "password1": PASSWORD,
                                   "password2": PASSWORD})  # fmt: skip
    return User.objects.filter(username="new").exists()


def closes_an_account(client, account):
    change(client, account, is_active="")
    return not User.objects.get(pk=account.pk).is_active


def gives_a_password(client, account):
    before = account.password
    client.post(f"/crm/user/{account.pk}/password/", {"password1": PASSWORD, "password2": PASSWORD,
                                                      "usable_password": "true"})  # fmt: skip
    return User.objects.get(pk=account.pk).password != before


def gives_a_role(client, account):
    change(client, account, role=Role.BUREAU)
    return User.objects.get(pk=account.pk).role == Role.BUREAU


def sets_a_factor_rule(client, _account):
    client.post("/crm/secondfactorrule/add/", {"role": Role.LEADER, "is_required": "on"})
    return SecondFactorRule.objects.exists()


def sets_an_export_rule(client, _account):
    client.post("/export-rules/", {"kind": "contacts", "seen": "", "take": [
        f"{role}:company" for role in ("officer", "team_lead", "bureau", "statistician")
    ]})  # fmt: skip
    return ExportRule.objects.exists()


def reads_the_trail(client, _account):
    return client.get("/crm/auditentry/").status_code == 200


def takes_the_trail_out(client, _account):
    return client.get("/audit/export/").status_code == 200


PARTS = {
    makes_an_account: SYSTEM, closes_an_account: SYSTEM, gives_a_password: SYSTEM,
    gives_a_role: SECURITY, sets_a_factor_rule: SECURITY, sets_an_export_rule: SECURITY,
    reads_the_trail: AUDIT, takes_the_trail_out: AUDIT,
}  # fmt: skip


@pytest.mark.parametrize("act", PARTS, ids=lambda act: act.__name__)
def test_none_can_do_anothers_part(client, act):
    AuditEntry.objects.record("denied")
    able = set()
    for role in (*sorted(ADMINISTRATORS - {PARTS[act]}), Role.BUREAU, PARTS[act]):
        client.force_login(make.user(role))
        if act(client, make.user(Role.OFFICER)):
            able.add(role)
    assert able == {PARTS[act]}


@pytest.mark.parametrize("role", Role.values)
def test_nobody_raises_themselves(client, role):
    account = make.user(role)
    client.force_login(account)
    before = User.objects.filter(pk=account.pk).values().get()
    for wanted in (Role.BUREAU, Role.SECURITY_ADMIN):
        change(client, account, role=wanted, is_superuser="on", is_staff="on", department="1")
        client.post("/account/", {"role": wanted})
    after = User.objects.filter(pk=account.pk).values().get()
    assert {k: v for k, v in after.items() if before[k] != v} == {}


def test_the_parts_of_the_three_have_nothing_in_common_that_writes():
    writes = {
        role: {code for code in PERMISSIONS[role] if not code.startswith("view_")}
        for role in ADMINISTRATORS
    }
    assert writes[SYSTEM] & writes[SECURITY] == set()
    assert writes[AUDIT] == set()
