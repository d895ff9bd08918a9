"""Who sees, opens and edits which row, as the tables of tests/scope say: default deny."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from crm import models
from crm.access import ADMINISTRATORS, BUSINESS_ROLES, Role, permissions_of
from crm.models.base import PartQuerySet, ReferenceQuerySet, ScopedQuerySet
from crm.periods import today

from . import make
from .scope import SCOPE
from .scope.tables import READERS, lines
from .scope.world import PROJECTS, SECRET, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
FIXTURES = (world,)  # asked for by name


def rights(row, user):
    """What the scope gives this user for this row, in the letters of the tables."""
    objects = type(row).objects
    seen = objects.visible_to(user).filter(pk=row.pk).first()
    letters = "v" if seen else ""
    letters += "o" if objects.open_to(user).filter(pk=row.pk).exists() else ""
    letters += "e" if objects.editable_by(user).filter(pk=row.pk).exists() else ""
    assert seen is None or seen.is_open is ("o" in letters)
    return letters or "-"


CASES = [
    pytest.param(maker, lines(table)[name], id=f"{model.__name__} {name}")
    for model, (rows, table) in SCOPE.items()
    for name, maker in rows.items()
]


@pytest.mark.parametrize(("maker", "expected"), CASES)
def test_who_sees_opens_and_edits(world, maker, expected):
    row = maker(world)
    assert {role: rights(row, world.people[role]) for role in READERS} == expected


# -- nobody and administrators ---------------------------------------------------------------------

SEEN_BY_ADMINISTRATORS = {
    model
    for model in SCOPE
    if issubclass(type(model.objects.all()), ReferenceQuerySet)
    and model not in {models.Target, models.ScoreAdjustment}
} | {models.User, models.Membership, models.DataCentreCompute}


OF_ONE_ADMINISTRATOR = {
    models.Robot: {Role.SYSTEM_ADMIN: "vo"},
    models.ExportLog: {Role.AUDITOR: "vo"},
    models.AuditEntry: {Role.AUDITOR: "vo"},
    models.Erasure: {Role.AUDITOR: "vo"},
    models.ExportRule: {Role.SECURITY_ADMIN: "vo"},
    models.SecondFactorRule: {Role.SECURITY_ADMIN: "vo"},
    models.ApiToken: {Role.SECURITY_ADMIN: "vo"},
    models.Subscription: {Role.SECURITY_ADMIN: "vo"},
    models.PushHost: {Role.SECURITY_ADMIN: "vo"},
}


@pytest.mark.parametrize("model", SCOPE, ids=lambda m: m.__name__)
def test_administrators_see_accounts_and_reference_data_but_no_business_rows(world, model):
    rows, _ = SCOPE[model]
    row = next(iter(rows.values()))(world)
    expected = "vo" if model in SEEN_BY_ADMINISTRATORS else "-"
    seen = {role: rights(row, world.people[role])[:2] for role in ADMINISTRATORS}
    assert seen == dict.fromkeys(ADMINISTRATORS, expected) | OF_ONE_ADMINISTRATOR.get(model, {})


@pytest.mark.parametrize("model", SCOPE, ids=lambda m: m.__name__)
def test_whoever_has_no_role_or_no_live_account_sees_nothing(world, model):
    rows, _ = SCOPE[model]
    row = next(iter(rows.values()))(world)
    closed = make.user(Role.BUREAU, is_active=False)
    assert [rights(row, user) for user in (make.user(""), closed, AnonymousUser())] == ["-"] * 3


def test_only_the_system_administrator_edits_accounts(world):
    row = make.user()
    editors = {role for role, person in world.people.items() if "e" in rights(row, person)}
    assert editors == {Role.SYSTEM_ADMIN}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.PARK, Role.DEPARTMENT])
def test_without_a_team_a_park_or_a_unit_a_role_sees_no_project(world, role):
    stray = make.user(role)
    stray.park = stray.department = None
    stray.save()
    for maker in PROJECTS.values():
        maker(world)
    assert list(models.Project.objects.visible_to(stray)) == []


def test_a_former_member_no_longer_sees_the_team(world):
    project = make.project(team=world.team)
    world.officer.memberships.update(left_on=today())
    assert rights(project, models.User.objects.get(pk=world.officer.pk)) == "-"


# -- default deny ----------------------------------------------------------------------------------

ALL_MODELS = list(apps.get_app_config("crm").get_models())
# Rows that no list or choice holds; changes are read with their record (test_field_history).
NEVER_SHOWN = {"ApiAnswer", "ApiUse", "ChangedRow",
    "Digest", "FeedEntry", "FieldChange", "HeadingMemory", "OldPassword", "Outgoing", "Submission",
}  # fmt: skip


def test_every_model_of_the_crm_has_its_scope_declared_and_tested():
    untested = {m.__name__ for m in ALL_MODELS} - {m.__name__ for m in SCOPE} - NEVER_SHOWN
    assert not untested, (
        f"{untested}: give the model a queryset with visible_q/open_q/editable_q in crm/models "
        "and a table of who sees, opens and edits its rows in TABLES of its area in tests/scope."
    )


def test_no_role_has_a_permission_for_rows_that_are_never_shown():
    codes = {code.partition("_")[2] for role in Role for code in permissions_of(role)}
    assert not codes & {name.lower() for name in NEVER_SHOWN}


def test_every_line_of_a_table_has_a_row_that_would_leak():
    for model, (rows, table) in SCOPE.items():
        assert set(lines(table)) == set(rows), model.__name__


@pytest.mark.parametrize(
    "model", [m for m in ALL_MODELS if m.__name__ not in NEVER_SHOWN], ids=lambda m: m.__name__
)
def test_every_model_is_read_through_a_scoped_queryset(model):
    assert isinstance(model.objects.all(), ScopedQuerySet)


@pytest.mark.parametrize("role", Role.values)
def test_a_queryset_without_rules_shows_nothing_to_anybody(world, role):
    make.visit()
    bare = ScopedQuerySet(models.Visit)
    person = world.people[role]
    assert [list(bare.visible_to(person)), list(bare.editable_by(person))] == [[], []]


def test_parts_follow_the_scope_of_their_whole(world):
    class NamesOf(PartQuerySet):
        parent, parent_model = "company", "Company"

    own = make.company_name(company=make.company(owning_team=world.team))
    other = make.company_name(company=make.company(owning_team=make.team()))
    names = NamesOf(models.CompanyName)
    officer = world.officer
    assert set(names.visible_to(officer)) == {own, other}
    assert list(names.open_to(officer)) == list(names.editable_by(officer)) == [own]


# -- names of confidential projects ----------------------------------------------------------------


def test_outside_the_circle_a_secret_project_is_only_a_code_name(world):
    make.project(team=world.team, name="万卡集群", **SECRET)
    shown = models.Project.objects.shown_to
    assert shown(world.officer).get().shown_name == "昆仑"
    assert shown(world.bureau).get().shown_name == "万卡集群"


def test_the_name_for_a_reader_follows_the_scope(world):
    secret = make.project(team=world.team, name="万卡集群", **SECRET)
    told = make.project(team=world.team, name="图灵小镇", confidants=[world.officer], **SECRET)
    public = make.project(name="绿电园")
    names = [p.name_for(world.officer) for p in (secret, told, public)]
    assert names == ["昆仑", "图灵小镇", "绿电园"]
    assert models.Project.objects.visible_to(world.bureau).get(pk=secret.pk).is_open_to(None)


@pytest.mark.parametrize("text", ["万卡", "wanka", "wkjq", "摩尔", "XN-"])
def test_a_secret_project_is_not_found_by_what_it_hides(world, text):
    investor = make.company(name="摩尔线程智能科技有限责任公司")
    secret = make.project(team=world.team, name="万卡集群", lead_investor=investor, **SECRET)
    text = secret.number if text == "XN-" else text
    seen = models.Project.objects.visible_to
    assert list(seen(world.officer).found_by(text)) == []
    assert list(seen(world.bureau).found_by(text)) == [secret]
    assert list(seen(world.officer).found_by("昆仑")) == [secret]


def test_searching_for_nothing_finds_nothing(world):
    make.project(team=world.team)
    assert list(models.Project.objects.visible_to(world.officer).found_by(" ")) == []


@pytest.mark.parametrize("role", sorted(BUSINESS_ROLES))
def test_a_scope_is_one_query(world, role, django_assert_num_queries):
    person = world.people[role]
    person.team_ids  # noqa: B018 - read once per request and kept
    with django_assert_num_queries(1):
        list(models.Project.objects.visible_to(person))
