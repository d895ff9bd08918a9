"""The sample rows make the published totals, keep the rules, and go away in one command."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from stdnum.cn import uscc

from crm import facts, sample
from crm.clearing import ORDER
from crm.indicators import Scope, deals_signed, reserve_planned_yuan, reserve_projects, signed_yuan
from crm.models import Company, Project, StageMove, TaskForce, User, Visit
from crm.models.projects import sample_present
from crm.periods import Period, today
from crm.stages import Stage, following
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEAR = Period.year(2024)


@pytest.fixture
def loaded():
    facts.load()
    sample.load()
    return User.objects.get(username="bureau")


def test_seventeen_deals_add_up_to_the_published_sum(loaded):
    amount = signed_yuan(Scope(loaded), YEAR)
    assert deals_signed(Scope(loaded), YEAR).value == 17
    assert (amount.value, amount.unknown) == (Decimal("8862000000.00"), 1)


def test_seventy_two_reserve_projects_plan_more_than_220_hundred_million(loaded):
    pool = reserve_planned_yuan(Scope(loaded), YEAR)
    assert reserve_projects(Scope(loaded), YEAR).value == 72
    assert (pool.value > 22_000_000_000, pool.unknown) == (True, 1)


def test_the_pool_of_today_is_the_pool_of_the_end_of_2024(loaded):
    assert Project.objects.active().in_stage(Stage.RESERVE).count() == 72


def test_loading_again_adds_nothing(loaded):
    before = {model: model.objects.count() for model in ORDER}
    sample.load()
    assert {model: model.objects.count() for model in ORDER} == before


def test_every_sample_row_says_so_in_its_name(loaded):
    for model in (Company, Project):
        unmarked = model.objects.filter(is_sample=True).exclude(name__startswith="示例")
        assert not unmarked.exists()


def test_sample_credit_codes_pass_the_check(loaded):
    codes = Company.objects.filter(is_sample=True).values_list("uscc", flat=True)
    assert all(uscc.is_valid(code) for code in codes)


@pytest.mark.parametrize("stage", [s for s in Stage if s != Stage.LEAD])
def test_sample_projects_have_all_that_their_stage_requires(loaded, stage):
    for project in Project.objects.filter(is_sample=True, stage=stage):
        assert [r.key for r in project.missing_for(stage)] == []


def test_sample_rows_pass_the_rules_of_their_models(loaded):
    for model in (Company, Project, Visit):
        for row in model.objects.filter(is_sample=True)[:20]:
            row.full_clean()


def test_the_sample_officer_has_a_project_that_lacks_little(loaded):
    own = Project.objects.filter(owner__username="officer", stage=Stage.NEGOTIATING)
    lacking = [len(p.missing_for(following(p.stage))) for p in own]
    assert min(lacking) <= 5


def test_clearing_leaves_the_facts_and_no_sample_row_but_the_teams(loaded):
    facts_before = Project.objects.filter(is_sample=False).count()
    call_command("clear_sample", "--yes")
    assert [m.__name__ for m in ORDER if m.objects.filter(is_sample=True).exists()] == []
    assert (Project.objects.count(), TaskForce.objects.count()) == (facts_before, 9)
    assert not sample_present()
    assert not User.objects.filter(username="officer").exists()


def test_clearing_asks_first(loaded):
    with pytest.raises(CommandError, match="--yes"):
        call_command("clear_sample")
    assert sample_present()


def test_clearing_removes_nothing_when_a_real_row_hangs_on_a_sample_one(loaded):
    firm = Company.objects.filter(is_sample=True).first()
    make.visit(company=firm, task_force=firm.owning_team)
    with pytest.raises(CommandError, match="refer"):
        call_command("clear_sample", "--yes")
    assert Project.objects.filter(is_sample=True).count() == 107


def test_what_a_sample_account_enters_goes_with_the_sample_data(loaded):
    officer = User.objects.get(username="officer")
    firm = Company.objects.open_to(officer).filter(owning_team__in=officer.team_ids).first()
    visit = Visit(company=firm, task_force=officer.team, held_on=today())
    visit.save_as(officer)
    call_command("clear_sample", "--yes")
    assert not Visit.objects.filter(pk=visit.pk).exists()


def test_an_account_that_real_history_names_is_closed_not_removed(loaded):
    officer = User.objects.get(username="bureau")
    fact = Project.objects.get(name="青海图灵小镇")
    StageMove.objects.create(
        project=fact, from_stage="building", to_stage="landed", effective_on=today(), by=officer
    )
    call_command("clear_sample", "--yes")
    officer.refresh_from_db()
    assert (officer.is_active, officer.role) == (False, "")
