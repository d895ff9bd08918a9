"""Accounts, memberships, task forces, stage rules and targets."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crm import models, stages
from crm.access import Role
from crm.models import Membership, StageRule, Target, TaskForce, User
from crm.periods import today

from . import make

pytestmark = pytest.mark.django_db


def test_createsuperuser_makes_a_system_administrator_not_somebody_above_the_rules():
    person = User.objects.create_superuser("root", password="pw", is_superuser=True, is_staff=True)
    assert (person.role, person.is_superuser, person.check_password("pw")) == (
        "system_admin", False, True
    )  # fmt: skip


def test_a_new_account_has_no_role_and_may_not_use_the_site():
    person = User.objects.create_user("zhang", password="pw")
    assert (person.role, person.is_staff) == ("", False)


def test_an_account_goes_by_its_full_name():
    named, unnamed = make.user(full_name="张伟"), make.user(username="lina")
    assert [str(named), named.get_full_name(), named.get_short_name()] == ["张伟"] * 3
    assert str(unnamed) == "lina"


@pytest.mark.parametrize(("role", "field"), [("park", "park"), ("department", "department")])
def test_a_park_or_department_account_needs_its_unit(role, field):
    with pytest.raises(ValidationError) as refusal:
        User(username="x", role=role).clean()
    assert list(refusal.value.message_dict) == [field]


def test_other_accounts_need_no_unit():
    assert make.user(Role.PARK).clean() is None
    assert make.user(Role.OFFICER).clean() is None


def test_only_accounts_that_work_with_projects_are_offered_as_colleagues():
    officer = make.user()
    make.user(is_active=False)
    make.user("")
    make.user(Role.AUDITOR)
    assert list(User.objects.working()) == [officer]


def test_a_user_belongs_to_the_teams_not_left():
    person, team, former = make.user(), make.team(), make.team()
    make.membership(user=person, task_force=team)
    make.membership(user=person, task_force=former, left_on=today())
    assert (person.team_ids, person.team) == (frozenset({team.pk}), team)
    assert [m.task_force for m in Membership.objects.current()] == [team]


def test_new_records_are_filed_under_the_team_joined_first():
    person, second, first = make.user(), make.team(), make.team()
    make.membership(user=person, task_force=second, joined_on=make.days_ago(10))
    make.membership(user=person, task_force=first, joined_on=make.days_ago(20))
    assert person.team == first


def test_without_a_membership_there_is_no_team():
    person = make.user()
    assert (person.team, person.team_ids) == (None, frozenset())


def test_somebody_may_come_back_to_a_team():
    left = make.membership(left_on=make.days_ago(1))
    again = Membership(user=left.user, task_force=left.task_force, joined_on=today())
    again.save_as(make.keeper())
    assert again.user.team == left.task_force


def test_an_officer_files_under_the_own_team_and_the_bureau_under_any():
    own, other = make.team(), make.team()
    officer = make.user(team=own)
    assert list(TaskForce.objects.all().own_of(officer)) == [own]
    assert set(TaskForce.objects.all().own_of(make.keeper())) == {own, other}


def test_the_bureau_sets_days_and_likelihood_of_a_stage():
    make.stage_rule(stage="reserve", stale_days=90, likelihood="60.00")
    assert StageRule.stale_days_by_stage() == stages.STALE_DAYS | {"reserve": 90}
    assert StageRule.likelihood_by_stage() == stages.LIKELIHOOD | {"reserve": 60}


def test_a_rule_without_days_leaves_the_default():
    make.stage_rule(stage="reserve", stale_days=None)
    assert StageRule.stale_days_by_stage() == stages.STALE_DAYS


@pytest.mark.parametrize(("role", "whose"), [("officer", "own"), ("team_lead", "city")])
def test_targets_of_a_team_are_its_leads_and_those_of_the_city_the_bureaus(role, whose):
    team = make.team()
    target = make.target(task_force=team if whose == "own" else None)
    target.value = 20
    with pytest.raises(PermissionDenied):
        target.save_as(make.user(role, team=team))


def test_a_team_lead_sets_the_own_teams_target():
    team = make.team()
    target = make.target(task_force=team)
    target.value = 20
    target.save_as(make.user(Role.TEAM_LEAD, team=team))
    assert Target.objects.get().value == 20


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (lambda: make.target(year=2024), "2024 全市 签约项目数"),
        (lambda: make.department(name="市发展改革委", short_name="发改委"), "发改委"),
        (lambda: make.department(name="市发展改革委"), "市发展改革委"),
        (lambda: make.park(name="南川工业园区", short_name="南川"), "南川"),
        (lambda: make.industry(code="I64", name="互联网"), "I64 互联网"),
        (lambda: make.segment(chain=make.chain(name="算"), name="服务器"), "算 · 服务器"),
        (lambda: make.team(name="招商一专班"), "招商一专班"),
    ],
)
def test_rows_name_themselves(row, text):
    assert str(row()) == text


def test_a_membership_names_team_and_person():
    team, person = make.team(name="招商一专班"), make.user(full_name="张伟")
    assert str(make.membership(user=person, task_force=team)) == "招商一专班 · 张伟"


@pytest.mark.parametrize(("code", "inside"), [("630100", True), ("110000", False)])
def test_a_region_of_qinghai_is_inside_the_province(code, inside):
    assert make.region(code=code).is_in_province is inside


def test_every_model_can_be_made_and_speaks():
    makers = {
        "task_force": make.team, "stage_move": lambda: make.project().moves.get(),
        "stage_proposal": make.proposal, "stage_rule": make.stage_rule,
        "status_change": lambda: make.project(status="on_hold").status_changes.get(),
    }  # fmt: skip
    unspoken = set()
    for name in set(models.__all__) - {"Record", "StaleRecord", "Submission", "Attachment"}:
        snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
        row = makers[snake]() if snake in makers else getattr(make, snake)()
        if not str(row).strip() or "object (" in str(row):
            unspoken.add(name)
    assert unspoken == set()
