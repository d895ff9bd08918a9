import pytest
from django.apps import apps

from crm.access import (
    ADMINISTRATORS,
    BUSINESS,
    BUSINESS_ROLES,
    PERMISSIONS,
    REFERENCE,
    Role,
    permissions_of,
)

from . import make

BUSINESS_WRITES = {
    f"{action}_{name}" for action in ("add", "change", "delete") for name in BUSINESS
}
# Codes that are no "action on a model": what the role may do to a project, to money, to accounts.
SPECIAL = {
    "advance_project", "propose_stage", "confirm_stage", "jump_stage", "move_back",
    "assign_project", "archive_record", "confirm_money", "export_report", "set_role", "view_log",
    "import_ledger", "export_ledger", "merge_records", "unlock_account", "freeze_month",
    "view_inbox", "view_timeline", "view_todo", "view_report", "view_jobs", "clear_sample",
}  # fmt: skip


def test_every_role_has_its_line_in_the_table():
    assert set(PERMISSIONS) == set(Role)


def test_an_unknown_or_empty_role_may_do_nothing():
    assert permissions_of("") == permissions_of("mayor") == frozenset()


def test_every_role_is_either_of_the_business_or_an_administrator():
    assert set(Role) == BUSINESS_ROLES | ADMINISTRATORS
    assert not BUSINESS_ROLES & ADMINISTRATORS


@pytest.mark.parametrize("role", Role.values)
def test_every_permission_names_a_model_that_exists(role):
    models = {model._meta.model_name for model in apps.get_app_config("crm").get_models()}
    named = {code.partition("_")[2] for code in permissions_of(role) - SPECIAL}
    assert named <= models


@pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.LEADER])
def test_city_readers_beside_the_bureau_write_nothing(role):
    """A leader's one line is the exception: a directive (批示)."""
    exports = {"export_report", "export_ledger"} | (
        {"add_directive"} if role == Role.LEADER else set()
    )
    exports |= {f"{action}_savedview" for action in ("add", "change", "delete")}
    assert {c for c in permissions_of(role) if not c.startswith("view_")} <= exports


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_hold_no_business_permission(role):
    rows = {name for name in [*BUSINESS, *REFERENCE] if name not in {"department", "taskforce"}}
    assert not {c for c in permissions_of(role) if c.partition("_")[2] in rows}


def test_the_three_administrators_hold_nothing_in_common_but_the_list_of_accounts():
    powers = [set(permissions_of(role)) - {"view_user"} for role in ADMINISTRATORS]
    assert sum(len(p) for p in powers) == len(set().union(*powers))


def test_only_the_bureau_jumps_stages_and_confirms():
    for code in ("jump_stage", "confirm_stage", "confirm_money"):
        assert [r for r in Role if code in permissions_of(r)] == [Role.BUREAU]


def test_nobody_deletes_a_project_a_company_a_deal_or_money():
    deletes = {c for role in Role for c in permissions_of(role) if c.startswith("delete_")}
    kept = {"project", "company", "deal", "arrival", "visit", "contact", "stagemove", "user"}
    assert not {c for c in deletes if c.removeprefix("delete_") in kept}


def test_nobody_writes_the_history():
    for role in Role:
        written = {c for c in permissions_of(role) & BUSINESS_WRITES if "stagemove" in c}
        assert written == set()


def test_a_team_lead_may_do_all_an_officer_may_and_more():
    officer, lead = permissions_of(Role.OFFICER), permissions_of(Role.TEAM_LEAD)
    assert lead - officer == {
        "assign_project", "move_back", "add_target", "change_target", "archive_record",
        "export_ledger",
    }  # fmt: skip
    assert officer < lead


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_an_account_has_the_permissions_of_its_role_and_no_others(role):
    person = make.user(role)
    assert person.get_all_permissions() == {f"crm.{code}" for code in permissions_of(role)}


@pytest.mark.django_db
def test_a_closed_account_has_no_permission():
    assert make.user(Role.BUREAU, is_active=False).get_all_permissions() == set()


@pytest.mark.django_db
def test_an_account_without_a_role_may_not_use_the_site():
    person = make.user("")
    assert not person.is_staff
    assert not person.has_module_perms("crm")


@pytest.mark.django_db
def test_is_superuser_cannot_be_had():
    person = make.user(Role.OFFICER)
    person.is_staff = True
    assert person.is_superuser is False
    assert not person.has_perm("crm.confirm_stage")
