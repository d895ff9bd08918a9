"""The sample rows make the published totals, keep the rules, and go away in one command."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from stdnum.cn import uscc

from crm import facts, sample
from crm.clearing import ORDER, clear
from crm.indicators import (
    Scope,
    deals_signed,
    firms_visited,
    reserve_planned_yuan,
    reserve_projects,
    signed_yuan,
    task_forces,
    trips,
    visits,
    whole_city,
)
from crm.models import (
    Company,
    Conflict,
    Deal,
    FollowUp,
    Project,
    Request,
    StageMove,
    StageProposal,
    TaskForce,
    User,
    Visit,
)
from crm.models.projects import sample_present
from crm.periods import Period, today
from crm.reports import monthly
from crm.stages import Stage, following
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEAR = Period.year(2024)
# Rows of the article beside the sample: its firms, projects and what hangs on them.
FACT_ROWS = {
    "Company": 13, "CompanyMark": 6, "CompanyName": 2, "ComputeCapacity": 7, "Contact": 1,
    "DataCentreCompute": 7, "Deal": 1, "DealParty": 1, "Event": 3, "FactorNeeds": 1,
    "ParkSupply": 1, "Phase": 3, "Project": 11,
    "ProjectInvestor": 1, "StageMove": 22, "Trip": 2, "User": 1,
}  # fmt: skip


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


def test_the_bulletin_of_the_year_says_what_was_published(loaded):
    text = [p for section in monthly.build(whole_city(), YEAR).sections for p in section.paragraphs]
    assert text[0].startswith(
        "截至2024年12月31日，全市年内新签约项目17个，签约金额88.62亿元（另有1个金额待定）"
    )
    pool = next(p for p in text if p.startswith("储备项目72个"))
    assert reserve_planned_yuan(whole_city(), YEAR).text in pool


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


def test_sample_projects_have_all_that_their_stage_requires(loaded):
    for project in Project.objects.filter(is_sample=True):
        lacking = [r.key for r in project.missing_for(project.stage)]
        assert lacking == [], (project.name, project.stage)


CHECKED = (
    "AllianceMembership Arrival Assessment Commitment Company CompanyMark ComputeCapacity Conflict"
    " Contact CreditShare DataCentre DataCentreCompute Deal DealParty Department EntryRule"
    " FactorGuarantee ParkSupply FactorNeeds FollowUp Membership Milestone"
    " Project Request ScoreRule Signal StageMove StageProposal Target Trip User Visit"
).split()


def test_sample_rows_pass_the_rules_of_their_models(loaded):
    for name in CHECKED:
        rows = list(apps.get_model("crm", name).objects.filter(is_sample=True))
        assert rows, name
        for row in rows[:: max(1, len(rows) // 12)]:
            row.full_clean()


def test_every_row_the_sample_adds_is_marked(loaded):
    own = {"Region", "Industry", "Chain", "Segment", "DistrictArea", "Park", "DataCentre"}
    own |= {"FactorTemplate", "ReferenceFact", "Institution", "StageRule", "TimeLimit"}
    own |= {"TargetFactor"}
    for model in apps.get_app_config("crm").get_models():
        if model.__name__ in own or not hasattr(model, "is_sample"):
            continue
        with_facts = model.objects.filter(is_sample=False).count()
        assert with_facts == FACT_ROWS.get(model.__name__, 0), model.__name__


def test_a_second_run_gives_the_same_rows(loaded):
    def rows():
        projects = Project.objects.filter(is_sample=True).order_by("number")
        deals = Deal.objects.filter(is_sample=True).order_by("number")
        return [
            *projects.values_list("number", "name", "stage", "planned_yuan", "reported_on"),
            *deals.values_list("number", "amount_yuan", "signed_on"),
        ]

    before = rows()
    clear()
    sample.load()
    assert rows() == before


def test_the_published_numbers_of_teams_trips_and_firms_come_out(loaded):
    scope = Scope(loaded)
    assert task_forces(scope, YEAR).value == 9
    assert 40 < trips(scope, YEAR).value < 50
    assert visits(scope, YEAR).value > firms_visited(scope, YEAR).value > 100


def test_the_unnamed_sixteen_deals_make_the_whole_sum_and_every_amount_is_its_own(loaded):
    unnamed = Deal.objects.filter(is_sample=True).values_list("amount_yuan", flat=True)
    assert (len(unnamed), sum(unnamed)) == (16, Decimal("8862000000.00"))


def test_some_amounts_are_estimates_and_some_undetermined(loaded):
    precisions = set(Project.objects.filter(is_sample=True).values_list("planned_precision"))
    assert precisions == {("",), ("about",), ("undetermined",)}


def test_one_project_is_confidential_and_one_conflict_and_one_proposal_wait(loaded):
    assert Project.objects.filter(is_confidential=True, code_name__startswith="示例").count() == 1
    assert Conflict.objects.get().is_undecided
    assert StageProposal.objects.get().proposed_by.username == "officer"


def test_some_of_the_work_lies_around_today(loaded):
    assert FollowUp.objects.overdue(today()).exists()
    assert FollowUp.objects.filter(due_on__gte=today()).exists()
    assert Request.objects.overdue(today()).exists()
    talks = Project.objects.filter(is_sample=True, stage=Stage.NEGOTIATING)
    assert 0 < talks.stale(today()).count() < talks.count()


def test_the_sample_officer_has_a_project_that_lacks_little_and_a_lead(loaded):
    own = Project.objects.filter(owner__username="officer")
    talks = own.filter(stage=Stage.NEGOTIATING)
    lacking = [{r.key for r in p.missing_for(following(p.stage))} for p in talks]
    assert {"site", "planned_signing", "next_step"} in lacking
    assert own.filter(stage=Stage.LEAD).exists()


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


@pytest.mark.django_db
def test_sample_deals_that_replace_each_other_go_together():
    old = make.deal(is_sample=True)
    make.deal(project=old.project, is_sample=True, replaces=old)
    clear()
    assert Deal.objects.count() == 0
