"""The table of stages: order, kinds of move, permissions, and every single requirement."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from crm import stages
from crm.access import Role, permissions_of
from crm.periods import today
from crm.stages import BY_KEY, CONFIRMED_STAGES, ORDER, REQUIREMENTS, Stage, Step

from . import make


def undetermined(project):
    project.planned_yuan, project.planned_precision = None, "undetermined"


# For every requirement one way to lack just it, on a project that has all the rest.
LACKING = {
    "firm": lambda p: setattr(p, "lead_investor", None),
    "source": lambda p: setattr(p, "source", ""),
    "team": lambda p: setattr(p, "lead_team", None),
    "content": lambda p: setattr(p, "summary", ""),
    "contact": lambda p: setattr(p, "contact", None),
    "contact_record": lambda p: p.visits.update(project=None),
    "name": lambda p: setattr(p, "name", ""),
    "segment": lambda p: setattr(p, "segment", None),
    "no_conflict": lambda p: make.conflict(project=p),
    "assessment": lambda p: p.assessments.update(result="failed"),
    "site": lambda p: setattr(p, "park", None),
    "planned_signing": lambda p: setattr(p, "planned_signing_on", None),
    "owner": lambda p: setattr(p, "owner", None),
    "next_step": lambda p: setattr(p, "next_step_on", None),
    "deal_parties": lambda p: p.contract().parties.all().delete(),
    "deal_amount": lambda p: p.deals.update(amount_yuan=None),
    "deal_date": lambda p: p.deals.update(signed_on=None),
    "fair_competition": lambda p: p.deals.update(has_support_clause=True),
    "credit": lambda p: p.credit_shares.update(percent=99),
    "landing": lambda p: setattr(p, "site_secured_on", None),
    "start": lambda p: setattr(p, "started_on", None),
    "start_evidence": lambda p: setattr(p, "start_note", ""),
    "production": lambda p: setattr(p, "produced_on", None),
    "production_evidence": lambda p: setattr(p, "production_note", ""),
    "planned_amount": lambda p: p.__dict__.update(
        planned_yuan=None, planned_precision="undetermined"
    ),
    "deal": lambda p: p.deals.update(number=""),
}
# Lacking this means lacking that as well: no amount and no mark at all.
LACKING_TOGETHER = {"planned": {"planned", "planned_amount"}}


def complete_project(stage):
    """A project right before ``stage`` with everything that entering it needs."""
    previous = stages.preceding(stage) or Stage.LEAD
    return make.complete(make.project(stage=previous), stage)


def test_the_seven_stages_stand_in_the_order_of_the_trade():
    assert ORDER == (
        "lead", "negotiating", "reserve", "signed", "landed", "building", "producing"
    )  # fmt: skip


def test_reached_means_the_stage_and_all_after_it():
    assert stages.reached(Stage.LANDED) == ("landed", "building", "producing")


def test_the_stages_beside_a_stage():
    assert (stages.preceding("signed"), stages.following("signed")) == ("reserve", "landed")
    assert stages.preceding("lead") is None
    assert stages.following("producing") is None


def test_a_jump_enters_every_stage_on_its_way_and_going_back_enters_none():
    assert stages.entered("reserve", "building") == ("signed", "landed", "building")
    assert stages.entered("building", "reserve") == ()


def test_an_unknown_stage_has_no_position():
    with pytest.raises(ValueError, match="not in tuple"):
        stages.position("dream")


@pytest.mark.parametrize("origin", ORDER)
@pytest.mark.parametrize("target", ORDER)
def test_only_the_neighbouring_stage_is_an_ordinary_move(origin, target):
    distance = ORDER.index(target) - ORDER.index(origin)
    ordinary = {1: Step.FORWARD, -1: Step.BACK}
    assert stages.step(origin, target) == ordinary.get(distance, Step.JUMP)


@pytest.mark.parametrize(
    ("origin", "target", "code"),
    [
        ("lead", "negotiating", "advance_project"),
        ("negotiating", "reserve", "advance_project"),
        ("reserve", "signed", "confirm_stage"),
        ("signed", "landed", "confirm_stage"),
        ("building", "producing", "confirm_stage"),
        ("reserve", "negotiating", "move_back"),
        ("negotiating", "lead", "move_back"),
        ("signed", "reserve", "jump_stage"),
        ("producing", "building", "jump_stage"),
        ("lead", "reserve", "jump_stage"),
        ("signed", "lead", "jump_stage"),
    ],
)
def test_each_move_needs_its_own_permission(origin, target, code):
    assert stages.permission_for(origin, target) == code


@pytest.mark.parametrize(
    ("role", "moves"),
    [
        (Role.OFFICER, {("lead", "negotiating"), ("negotiating", "reserve")}),
        (
            Role.TEAM_LEAD,
            {("lead", "negotiating"), ("negotiating", "reserve"),
             ("reserve", "negotiating"), ("negotiating", "lead")},
        ),
        (Role.BUREAU, {(a, b) for a in ORDER for b in ORDER if a != b}),
        (Role.STATISTICIAN, set()),
        (Role.LEADER, set()),
        (Role.PARK, set()),
        (Role.DEPARTMENT, set()),
        (Role.SYSTEM_ADMIN, set()),
    ],
)  # fmt: skip
def test_the_moves_each_role_makes_itself(role, moves):
    may = permissions_of(role)
    pairs = {(a, b) for a in ORDER for b in ORDER if a != b}
    assert {pair for pair in pairs if stages.permission_for(*pair) in may} == moves


def test_signing_and_production_are_confirmed_by_a_second_person():
    assert {"signed", "producing"} == CONFIRMED_STAGES


def test_every_stage_but_the_last_goes_stale():
    assert {s: stages.STALE_DAYS.get(s) for s in ORDER} == {
        "lead": 45, "negotiating": 30, "reserve": 60, "signed": 20, "landed": 60,
        "building": 90, "producing": None,
    }  # fmt: skip


def test_every_stage_has_a_likelihood_and_it_never_falls():
    values = [stages.LIKELIHOOD[stage] for stage in ORDER]
    assert values == sorted(values)


def test_requirement_keys_are_unique():
    assert len(BY_KEY) == len(REQUIREMENTS)


def test_a_stage_requires_what_the_stages_before_it_require():
    for before, after in pairwise(ORDER):
        assert set(stages.required_for(before)) < set(stages.required_for(after))


@pytest.mark.django_db
def test_every_requirement_links_to_a_field_or_relation_of_the_project():
    row = make.project()
    names = {f.name for f in row._meta.get_fields()}
    assert {r.link for r in REQUIREMENTS} <= names


def test_the_table_of_lacks_covers_every_requirement():
    assert set(LACKING) | set(LACKING_TOGETHER) == set(BY_KEY)


@pytest.mark.django_db
@pytest.mark.parametrize("key", LACKING)
def test_a_project_that_lacks_one_thing_is_told_just_that(key):
    stage = BY_KEY[key].stage
    row = complete_project(stage)
    LACKING[key](row)
    assert [r.key for r in row.missing_for(stage)] == [key]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "requirement", [r for r in REQUIREMENTS if r.stage != "lead"], ids=lambda r: r.key
)
def test_the_move_is_refused_and_names_what_is_missing(requirement):
    row = complete_project(requirement.stage)
    lack = LACKING.get(requirement.key)
    lack(row) if lack else row.__dict__.update(planned_yuan=None, planned_precision="")
    row.save()
    with pytest.raises(ValidationError) as refusal:
        row.move_to(requirement.stage, by=make.keeper(), on=today())
    assert refusal.value.code == "missing"
    assert str(requirement.label) in refusal.value.messages[0]
    assert row.moves.count() == stages.position(requirement.stage)


@pytest.mark.django_db
def test_an_amount_neither_stated_nor_marked_undetermined_keeps_a_project_a_lead():
    row = complete_project(Stage.NEGOTIATING)
    row.planned_yuan, row.planned_precision = None, ""
    assert [r.key for r in row.missing_for(Stage.NEGOTIATING)] == ["planned"]


@pytest.mark.django_db
def test_an_undetermined_amount_suffices_for_talks_but_not_for_the_reserve_pool():
    row = complete_project(Stage.RESERVE)
    row.planned_yuan, row.planned_precision = None, "undetermined"
    assert row.missing_for(Stage.NEGOTIATING) == []
    assert [r.key for r in row.missing_for(Stage.RESERVE)] == ["planned_amount"]


@pytest.mark.django_db
def test_a_site_outside_the_parks_is_a_site():
    row = complete_project(Stage.RESERVE)
    row.park, row.site_text = None, "城西区海湖新区"
    assert row.missing_for(Stage.RESERVE) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({"result": "passed", "note": "纪要"}, True),
        ({"result": "conditional", "note": "纪要"}, True),
        ({"result": "failed", "note": "纪要"}, False),
        ({"result": "passed", "note": ""}, False),
    ],
)
def test_an_assessment_counts_when_it_was_passed_and_says_why(values, counts):
    row = make.project()
    make.assessment(project=row, **values)
    assert row.has_passed_assessment() is counts


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"kind": "framework"}, {"status": "void"}])
def test_only_a_formal_contract_in_force_opens_the_way_to_signed(change):
    row = complete_project(Stage.SIGNED)
    row.deals.update(**change)
    assert {r.key for r in row.missing_for(Stage.SIGNED)} == {
        "deal", "deal_parties", "deal_amount", "deal_date", "fair_competition"
    }  # fmt: skip


@pytest.mark.django_db
def test_a_fair_competition_check_number_covers_support_clauses():
    row = complete_project(Stage.SIGNED)
    row.deals.update(has_support_clause=True, fair_review_no="审〔2024〕1号")
    assert row.missing_for(Stage.SIGNED) == []


@pytest.mark.django_db
@pytest.mark.parametrize("shares", [("50", "50"), ("33.33", "33.33", "33.34"), ("100",)])
def test_credit_shares_that_add_up_to_a_hundred_are_enough(shares):
    row = make.project()
    for percent in shares:
        make.credit_share(project=row, percent=percent)
    assert row.credit_adds_up()


@pytest.mark.django_db
def test_a_registered_project_company_lands_the_project():
    row = make.project()
    row.project_company = make.company(uscc=make.uscc(), registered_on=today())
    assert row.is_registered()


@pytest.mark.django_db
@pytest.mark.parametrize("lacks", ["uscc", "registered_on"])
def test_a_project_company_without_code_or_date_does_not_land_it(lacks):
    values = {"uscc": make.uscc(), "registered_on": today()} | {lacks: None}
    row = make.project()
    row.project_company = make.company(**values)
    assert not row.is_registered()


@pytest.mark.django_db
def test_an_archived_visit_is_no_contact_record():
    row = make.project()
    visit = make.visit(project=row, company=row.lead_investor, task_force=row.lead_team)
    assert row.has_contact_record()
    visit.archive(by=make.keeper())
    assert not row.has_contact_record()


@pytest.mark.django_db
def test_editing_a_project_later_does_not_check_the_stage_again():
    row = make.project(stage=Stage.RESERVE)
    row.owner = None
    row.save_as(make.keeper())
    row.refresh_from_db()
    assert (row.stage, [r.key for r in row.missing_for(row.stage)]) == ("reserve", ["owner"])


@pytest.mark.django_db
def test_what_went_missing_after_entry_blocks_the_next_move():
    row = make.project(stage=Stage.NEGOTIATING, on=today() - timedelta(days=3))
    make.complete(row, Stage.RESERVE)
    row.contact = None
    row.save()
    assert [r.key for r in row.missing_for(Stage.RESERVE)] == ["contact"]
