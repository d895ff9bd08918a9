"""Moving a project: who, when, with what; and that every move leaves its one history row."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from crm.access import Role
from crm.models import Project, StageMove, StaleRecord, StatusChange
from crm.periods import today
from crm.stages import Stage

from . import make

pytestmark = pytest.mark.django_db


def history(project):
    return list(project.moves.values_list("from_stage", "to_stage"))


# -- moving forward --------------------------------------------------------------------------------


def test_a_new_project_is_a_lead_with_one_history_row():
    project = make.project(reported_on=make.days_ago(9))
    move = project.moves.get()
    assert (move.from_stage, move.to_stage, move.effective_on) == ("", "lead", make.days_ago(9))
    assert (project.stage, project.stage_since) == ("lead", make.days_ago(9))


def test_an_officer_moves_the_own_project_one_stage_on():
    team = make.team()
    officer = make.user(team=team)
    project = make.complete(make.project(team=team), Stage.NEGOTIATING)
    move = project.move_to("negotiating", by=officer, on=make.days_ago(2))
    project.refresh_from_db()
    assert (project.stage, project.stage_since) == ("negotiating", make.days_ago(2))
    assert project.updated_by == move.by == officer
    assert history(project) == [("", "lead"), ("lead", "negotiating")]


def test_an_officer_may_take_a_project_as_far_as_the_reserve_pool_and_no_further():
    team = make.team()
    officer = make.user(team=team)
    project = make.complete(make.project(team=team, stage=Stage.NEGOTIATING), Stage.RESERVE)
    project.move_to("reserve", by=officer, on=today())
    make.complete(project, Stage.SIGNED)
    with pytest.raises(PermissionDenied):
        project.move_to("signed", by=officer, on=today())


def test_another_team_moves_nothing():
    project = make.complete(make.project(), Stage.NEGOTIATING)
    with pytest.raises(PermissionDenied):
        project.move_to("negotiating", by=make.user(team=make.team()), on=today())
    assert history(project) == [("", "lead")]


def test_a_joint_team_moves_the_project_too():
    project = make.complete(make.project(), Stage.NEGOTIATING)
    team = make.team()
    make.credit_share(project=project, task_force=team, percent=50)
    project.move_to("negotiating", by=make.user(team=team), on=today())
    assert project.stage == "negotiating"


def test_moving_to_where_the_project_stands_writes_no_history():
    project = make.project(stage=Stage.NEGOTIATING)
    version = project.version
    assert project.move_to("negotiating", by=make.keeper(), on=today()) is None
    project.refresh_from_db()
    assert (project.moves.count(), project.version) == (2, version)


def test_a_stage_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ValidationError, match="“dream”"):
        make.project().move_to("dream", by=make.keeper(), on=today())


def test_may_move_to_answers_for_the_permission_alone():
    team = make.team()
    officer, lead = make.user(team=team), make.user(Role.TEAM_LEAD, team=team)
    project = make.project(team=team, stage=Stage.NEGOTIATING)
    assert project.may_move_to("reserve", by=officer)
    assert not project.may_move_to("lead", by=officer)
    assert project.may_move_to("lead", by=lead)
    assert not project.may_move_to("negotiating", by=lead)
    assert not project.may_move_to("dream", by=lead)


def test_only_what_is_stored_counts_not_what_a_form_holds():
    project = make.complete(make.project(), Stage.NEGOTIATING, without={"contact"})
    project.contact = make.contact(company=project.lead_investor)
    with pytest.raises(ValidationError, match="联系人"):
        project.move_to("negotiating", by=make.keeper(), on=today())


def test_what_was_filled_in_after_the_project_was_read_counts():
    project = make.complete(make.project(), Stage.NEGOTIATING, without={"contact_record"})
    project = Project.objects.prefetch_related("visits").get(pk=project.pk)
    make.complete(Project.objects.get(pk=project.pk), Stage.NEGOTIATING)
    assert project.move_to("negotiating", by=make.keeper(), on=today()).to_stage == "negotiating"


# -- dates -----------------------------------------------------------------------------------------


def test_a_move_is_not_dated_in_the_future():
    project = make.complete(make.project(), Stage.NEGOTIATING)
    with pytest.raises(ValidationError) as refusal:
        project.move_to("negotiating", by=make.keeper(), on=today() + timedelta(days=1))
    assert list(refusal.value.message_dict) == ["on"]


def test_a_move_is_not_dated_before_the_previous_one():
    project = make.project(stage=Stage.NEGOTIATING, on=make.days_ago(10))
    make.complete(project, Stage.RESERVE)
    with pytest.raises(ValidationError) as refusal:
        project.move_to("reserve", by=make.keeper(), on=make.days_ago(11))
    assert list(refusal.value.message_dict) == ["on"]


def test_two_moves_may_fall_on_the_same_day():
    project = make.project(stage=Stage.RESERVE, on=make.days_ago(10))
    dates = set(project.moves.values_list("effective_on", flat=True))
    assert dates == {make.days_ago(10)}


def test_days_in_stage_run_from_the_date_of_the_event():
    project = make.project(stage=Stage.NEGOTIATING, on=make.days_ago(10))
    assert (project.days_in_stage(), project.days_in_stage(on=make.days_ago(4))) == (10, 6)


# -- back and jumping ------------------------------------------------------------------------------


def test_a_team_lead_moves_back_before_signing_with_a_reason():
    team = make.team()
    lead = make.user(Role.TEAM_LEAD, team=team)
    project = make.project(team=team, stage=Stage.RESERVE)
    move = project.move_to("negotiating", by=lead, on=today(), reason="选址有变")
    assert (move.reason, move.overridden, project.stage) == ("选址有变", [], "negotiating")


def test_moving_back_needs_a_reason():
    project = make.project(stage=Stage.RESERVE)
    with pytest.raises(ValidationError) as refusal:
        project.move_to("negotiating", by=make.keeper(), on=today(), reason="  ")
    assert list(refusal.value.message_dict) == ["reason"]


def test_an_officer_does_not_move_back():
    team = make.team()
    project = make.project(team=team, stage=Stage.RESERVE)
    with pytest.raises(PermissionDenied):
        project.move_to("negotiating", by=make.user(team=team), on=today(), reason="选址有变")


def test_only_the_bureau_moves_back_from_signed():
    team = make.team()
    project = make.project(team=team, stage=Stage.SIGNED)
    lead = make.user(Role.TEAM_LEAD, team=team)
    with pytest.raises(PermissionDenied):
        project.move_to("reserve", by=lead, on=today(), reason="合同作废")
    project.move_to("reserve", by=make.keeper(), on=today(), reason="合同作废")
    assert project.stage == "reserve"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TEAM_LEAD])
def test_nobody_but_the_bureau_jumps(role):
    team = make.team()
    project = make.complete(make.project(team=team), Stage.RESERVE)
    with pytest.raises(PermissionDenied):
        project.move_to("reserve", by=make.user(role, team=team), on=today(), reason="补录")


def test_a_jump_needs_a_reason():
    project = make.complete(make.project(), Stage.RESERVE)
    with pytest.raises(ValidationError) as refusal:
        project.move_to("reserve", by=make.keeper(), on=today())
    assert list(refusal.value.message_dict) == ["reason"]


def test_a_jump_records_everything_the_project_entered_without():
    project = make.project()
    move = project.move_to("negotiating", by=make.keeper(), on=today(), reason="资料待补")
    assert move.overridden == ["contact", "contact_record", "segment", "planned"]
    assert len(move.overridden_labels()) == 4
    assert Project.objects.with_incomplete_stage().get() == project


def test_a_jump_into_signed_records_that_nobody_confirmed_it():
    project = make.complete(make.project(), Stage.SIGNED)
    move = project.move_to("signed", by=make.keeper(), on=today(), reason="首次上报即签约")
    assert move.overridden == ["second_person"]
    assert len(move.overridden_labels()) == 1


def test_a_jump_past_signed_records_it_as_well():
    project = make.complete(make.project(), Stage.LANDED)
    move = project.move_to("landed", by=make.keeper(), on=today(), reason="首次上报已落地")
    assert move.overridden == ["second_person"]


def test_moving_on_with_a_reason_lets_the_bureau_leave_things_out():
    project = make.complete(make.project(), Stage.NEGOTIATING, without={"segment"})
    move = project.move_to("negotiating", by=make.keeper(), on=today(), reason="环节待定")
    assert move.overridden == ["segment"]


def test_a_reason_does_not_let_a_team_leave_things_out():
    team = make.team()
    project = make.project(team=team)
    lead = make.user(Role.TEAM_LEAD, team=team)
    with pytest.raises(ValidationError) as refusal:
        project.move_to("negotiating", by=lead, on=today(), reason="资料待补")
    assert refusal.value.code == "missing"


# -- stale copies ----------------------------------------------------------------------------------


def test_a_copy_that_was_overtaken_moves_nothing():
    project = make.complete(make.project(), Stage.NEGOTIATING)
    copy = Project.objects.get(pk=project.pk)
    project.move_to("negotiating", by=make.keeper(), on=today())
    with pytest.raises(StaleRecord):
        copy.move_to("negotiating", by=make.keeper(), on=today())
    assert history(project) == [("", "lead"), ("lead", "negotiating")]


# -- append-only -----------------------------------------------------------------------------------


def refused_by_the_database(act):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()


@pytest.mark.parametrize("model", [StageMove, StatusChange])
def test_history_cannot_be_edited_away(model):
    make.project(status="on_hold")
    rows = model.objects.all()
    refused_by_the_database(lambda: rows.update(reason="改写"))
    refused_by_the_database(rows.delete)
    refused_by_the_database(rows.first().delete)
    assert rows.count() == 1


def test_raw_sql_does_not_edit_history_either():
    make.project()
    with connection.cursor() as cursor:
        refused_by_the_database(lambda: cursor.execute("DELETE FROM crm_stagemove"))
        refused_by_the_database(lambda: cursor.execute("UPDATE crm_stagemove SET reason = 'x'"))


def test_history_of_sample_data_may_be_cleared_with_it():
    sample, real = make.project(is_sample=True), make.project()
    StageMove.objects.filter(is_sample=True).delete()
    assert (sample.moves.count(), real.moves.count()) == (0, 1)


def test_history_speaks():
    project = make.project(stage=Stage.NEGOTIATING)
    first, second = project.moves.all()
    assert str(first).startswith("– → ")
    assert str(second) == f"{first.get_to_stage_display()} → {second.get_to_stage_display()}"
