"""Projects and their parts: reporting, editing, and the questions asked of many of them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.access import Role
from crm.models import Assessment, CreditShare, Milestone, Project
from crm.periods import today
from crm.stages import Stage

from . import make

pytestmark = pytest.mark.django_db


def lead(team, **values):
    needed = {"name": "绿电智算园", "lead_investor": make.company(), "source": "visit",
              "summary": "2000P 智算中心", "lead_team": team}  # fmt: skip
    return Project(**needed | values)


# -- reporting -------------------------------------------------------------------------------------


def test_an_officer_reports_a_lead():
    team = make.team()
    project = lead(team)
    project.save_as(make.user(team=team))
    assert (project.stage, project.status, project.moves.count()) == ("lead", "active", 1)
    assert str(project) == "绿电智算园"


@pytest.mark.parametrize("field", ["lead_investor", "source", "lead_team", "summary"])
def test_a_lead_needs_firm_source_team_and_content(field):
    empty = "" if field in {"source", "summary"} else None
    with pytest.raises(ValidationError) as refusal:
        lead(make.team(), **{field: empty}).save_as(make.keeper())
    assert field in refusal.value.message_dict
    assert not Project.objects.exists()


def test_numbers_run_within_the_year_of_the_report():
    team = make.team()
    days = [date(2024, 5, 1), date(2024, 6, 1), date(2025, 1, 1)]
    numbers = [make.project(team=team, reported_on=day).number for day in days]
    assert numbers == ["XN-2024-0001", "XN-2024-0002", "XN-2025-0001"]


def test_numbers_go_on_after_the_ten_thousandth():
    make.project(reported_on=date(2024, 1, 1))
    Project.objects.update(number="XN-2024-9999")
    assert make.project(reported_on=date(2024, 1, 2)).number == "XN-2024-10000"
    assert make.project(reported_on=date(2024, 1, 3)).number == "XN-2024-10001"


def test_the_same_firm_may_have_two_projects_but_not_of_one_name():
    team = make.team()
    first = make.project(team=team, name="图灵小镇")
    make.project(team=team, name="图灵小镇二期", lead_investor=first.lead_investor)
    with pytest.raises(ValidationError, match="同名项目"):
        lead(team, name="图灵小镇", lead_investor=first.lead_investor).save_as(make.keeper())


@pytest.mark.parametrize(
    "field", ["reported_on", "started_on", "produced_on", "filed_on", "site_secured_on"]
)
def test_what_has_happened_does_not_lie_in_the_future(field):
    project = make.project()
    setattr(project, field, make.days_ago(-1))
    with pytest.raises(ValidationError) as refusal:
        project.save_as(make.keeper())
    assert list(refusal.value.message_dict) == [field]


def test_the_contact_is_a_person_of_the_lead_investor():
    project = make.project()
    project.contact = make.contact()
    with pytest.raises(ValidationError) as refusal:
        project.save_as(make.keeper())
    assert list(refusal.value.message_dict) == ["contact"]


def test_the_stage_cannot_be_written_by_editing():
    project = make.project()
    project.stage = Stage.SIGNED
    with pytest.raises(ValidationError):
        project.save_as(make.keeper())
    project.refresh_from_db()
    assert project.stage == Stage.LEAD


# -- many projects ---------------------------------------------------------------------------------


def test_where_a_project_stood_on_a_day_follows_from_its_history():
    project = make.project(reported_on=date(2024, 3, 1))
    make.bring_to(project, Stage.NEGOTIATING, on=date(2024, 5, 1))
    make.bring_to(project, Stage.RESERVE, on=date(2024, 7, 1))
    days = [date(2024, 2, 29), date(2024, 3, 1), date(2024, 6, 30), date(2024, 7, 1)]
    stood = [Project.objects.at(day).get().stage_then for day in days]
    assert stood == [None, "lead", "negotiating", "reserve"]


def test_of_two_moves_on_one_day_the_later_one_holds_at_its_end():
    make.project(stage=Stage.RESERVE, on=date(2024, 3, 1))
    assert Project.objects.standing_in("reserve", date(2024, 3, 1)).count() == 1


def test_a_project_on_hold_does_not_stand_in_the_pool_while_it_is_on_hold():
    project = make.project(stage=Stage.RESERVE, on=date(2024, 3, 1))
    keeper = make.keeper()
    project.set_status("on_hold", by=keeper, on=date(2024, 4, 1), reason="融资")
    project.set_status("active", by=keeper, on=date(2024, 5, 1), reason="恢复")
    days = [date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 1)]
    standing = [Project.objects.standing_in("reserve", day).count() for day in days]
    assert standing == [1, 0, 1]


def test_a_project_goes_stale_after_the_days_of_its_stage():
    late = make.project(on=make.days_ago(46))
    make.project(on=make.days_ago(45))
    make.project(on=make.days_ago(46), status="on_hold")
    assert list(Project.objects.stale(today())) == [late]


def test_the_bureaus_own_days_decide_when_there_are_any():
    make.project(on=make.days_ago(46))
    make.stage_rule(stage="lead", stale_days=50)
    assert list(Project.objects.stale(today())) == []


def test_a_producing_project_never_goes_stale():
    make.project(stage=Stage.PRODUCING, on=make.days_ago(900))
    assert list(Project.objects.stale(today())) == []


def test_a_project_is_overdue_after_the_day_of_its_next_step():
    late = make.project(next_step="回访", next_step_on=make.days_ago(1))
    make.project(next_step="回访", next_step_on=today())
    make.project(next_step="回访", next_step_on=make.days_ago(1), status="on_hold")
    assert list(Project.objects.overdue(today())) == [late]


def test_projects_are_counted_by_stage_status_and_life():
    reserve = make.project(stage=Stage.RESERVE)
    make.project()
    archived = make.project(archived_at=timezone.now())
    assert list(Project.objects.in_stage("reserve", "signed")) == [reserve]
    assert archived not in Project.objects.live()
    assert Project.objects.active().count() == 3


def test_what_was_supplied_later_stays_recorded_as_missing_on_entry():
    project = make.project()
    project.move_to("negotiating", by=make.keeper(), on=today(), reason="待补")
    make.complete(project, Stage.NEGOTIATING)
    assert list(Project.objects.with_incomplete_stage()) == [project]


@pytest.mark.parametrize("text", ["图灵", "tuling", "tlxz", "新华三"])
def test_a_project_is_found_by_name_pinyin_and_investor(text):
    project = make.project(name="图灵小镇", lead_investor=make.company(name="新华三技术公司"))
    make.project(name="绿电园")
    assert list(Project.objects.visible_to(make.keeper()).found_by(text)) == [project]


# -- parts -----------------------------------------------------------------------------------------


def test_credit_shares_never_exceed_a_hundred_percent():
    project = make.project()
    make.credit_share(project=project, percent=Decimal("60"))
    second = CreditShare(project=project, task_force=make.team(), percent=Decimal("40.01"))
    with pytest.raises(ValidationError, match=r"100\.01%") as refusal:
        second.save_as(make.keeper())
    assert list(refusal.value.message_dict) == ["percent"]
    second.percent = Decimal("40")
    second.save_as(make.keeper())
    assert project.credit_adds_up()


def test_an_empty_credit_share_leaves_the_message_to_its_fields():
    assert CreditShare().clean() is None


def test_a_credit_share_reads_without_idle_zeros():
    team = make.team(name="招商一专班")
    assert str(make.credit_share(task_force=team, percent=Decimal("50.00"))) == "招商一专班 50%"
    half = make.credit_share(task_force=team, percent=Decimal("33.50"))
    assert str(half) == "招商一专班 33.5%"


@pytest.mark.parametrize(
    ("model", "field", "values"),
    [
        (Milestone, "actual_on", {"kind": "energy"}),
        (Assessment, "held_on", {"result": "passed"}),
    ],
)
def test_a_part_is_not_dated_in_the_future(model, field, values):
    row = model(project=make.project(), **values | {field: make.days_ago(-1)})
    with pytest.raises(ValidationError) as refusal:
        row.save_as(make.keeper())
    assert list(refusal.value.message_dict) == [field]


def test_an_open_conflict_waits_for_the_bureau():
    conflict = make.conflict()
    assert conflict.is_undecided
    assert conflict.project.has_open_conflict()
    conflict.decision, conflict.decision_reason = "separate", "项目不同"
    conflict.save_as(make.keeper())
    assert not conflict.project.has_open_conflict()


def test_the_park_keeps_the_milestones_of_its_projects():
    park = make.park()
    project = make.project(park=park, stage=Stage.RESERVE)
    row = Milestone(project=project, kind="power", planned_on=today())
    row.save_as(make.user(Role.PARK, park=park))
    assert Milestone.objects.get().created_by.park == park


def test_parts_go_by_what_they_are():
    project = make.project()
    assert str(make.milestone(project=project)) == "节能审查"
    assert str(make.milestone(project=project, title="能评批复")) == "能评批复"
    assert str(make.compute_capacity(project=project)) == "智算"
    assert str(make.factor_needs(project=project)) == "要素需求"
    assert str(make.phase(project=project)) == "一期"
