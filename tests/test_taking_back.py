"""A move taken back: both rows stay in the history, and neither counts any more."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm import clearing, indicators
from crm.access import Role
from crm.models import Project, StageMove
from crm.models.moving import UNDO_WITHIN
from crm.periods import Period, today

from . import make

pytestmark = pytest.mark.django_db


def moved(stage="negotiating", **values):
    """A project that its officer has just moved to the stage, and the officer."""
    team = make.team()
    officer = make.user(team=team)
    project = make.project(team=team, on=make.days_ago(40), **values)
    make.complete(project, stage)
    project.move_to(stage, by=officer, on=today())
    return project, officer


def last(project):
    return project.moves.order_by("-id").first()


def test_the_project_stands_where_it_stood_since_the_day_it_did():
    project, officer = moved()
    move = last(project)

    undoing = project.undo_move(move, by=officer)

    project.refresh_from_db()
    assert (project.stage, project.stage_since) == ("lead", make.days_ago(40))
    assert (undoing.undoes, undoing.by, undoing.from_stage) == (move, officer, "negotiating")
    assert project.moves.count() == 3
    assert list(project.moves.standing().values_list("to_stage", flat=True)) == ["lead"]


def test_no_figure_counts_a_move_taken_back():
    project, officer = moved()
    project.undo_move(last(project), by=officer)
    scope, month = indicators.whole_city(), Period.month(today().year, today().month)

    assert indicators.negotiating_new(scope, month).value == 0
    assert Project.objects.at(today()).get().stage_then == "lead"


def test_the_right_move_may_then_be_dated_before_the_wrong_one():
    project, officer = moved()
    project.undo_move(last(project), by=officer)

    project.move_to("negotiating", by=officer, on=make.days_ago(5))

    assert Project.objects.at(today()).get().stage_then == "negotiating"
    assert Project.objects.at(make.days_ago(6)).get().stage_then == "lead"


def test_only_the_own_move_is_taken_back():
    project, _ = moved()
    colleague = make.user(team=project.lead_team)
    with pytest.raises(ValidationError, match="最近一次"):
        project.undo_move(last(project), by=colleague)


def test_only_the_last_move_is_taken_back():
    project, officer = moved()
    first = last(project)
    make.complete(project, "reserve")
    project.move_to("reserve", by=officer, on=today())
    with pytest.raises(ValidationError, match="最近一次"):
        project.undo_move(first, by=officer)


def test_a_taking_back_is_not_taken_back():
    project, officer = moved()
    undoing = project.undo_move(last(project), by=officer)
    with pytest.raises(ValidationError, match="最近一次"):
        project.undo_move(undoing, by=officer)


def test_the_report_of_a_lead_is_not_taken_back():
    project = make.project()
    with pytest.raises(ValidationError, match="最近一次"):
        project.undo_move(last(project), by=make.keeper())


def test_after_a_while_a_move_stays():
    project, officer = moved()
    old = last(project)
    old.recorded_at = timezone.now() - UNDO_WITHIN - timedelta(seconds=1)
    with pytest.raises(ValidationError, match="时限"):
        project.undo_move(old, by=officer)


def test_nobody_outside_the_team_takes_a_move_back():
    project, officer = moved()
    type(officer).objects.get(pk=officer.pk).memberships.update(left_on=today())
    with pytest.raises(PermissionDenied):
        project.undo_move(last(project), by=type(officer).objects.get(pk=officer.pk))


def test_a_move_is_taken_back_only_once():
    project, officer = moved()
    move = last(project)
    project.undo_move(move, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        project.moves.create(
            from_stage="negotiating", to_stage="lead", effective_on=today(), by=officer, undoes=move
        )


def test_a_confirmed_proposal_waits_again():
    bureau = make.user(Role.BUREAU)
    project = make.project(stage="reserve", on=make.days_ago(20))
    make.complete(project, "signed", on=make.days_ago(10))
    proposal = project.propose("signed", by=make.keeper("proposer"), on=make.days_ago(10))
    move = proposal.confirm(by=bureau)
    project.refresh_from_db()

    project.undo_move(move, by=bureau)

    proposal.refresh_from_db()
    assert (project.stage, proposal.state, proposal.decided_by) == ("reserve", "open", None)


def test_a_proposal_is_withdrawn_by_whoever_made_it():
    project = make.project(stage="reserve", on=make.days_ago(20))
    make.complete(project, "signed", on=make.days_ago(10))
    proposer = make.keeper("proposer")
    proposal = project.propose("signed", by=proposer, on=make.days_ago(10))
    with pytest.raises(PermissionDenied):
        proposal.withdraw(by=make.keeper())

    proposal.withdraw(by=proposer)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("withdrawn", None)
    with pytest.raises(ValidationError, match="已"):
        proposal.withdraw(by=proposer)


def test_the_history_still_cannot_be_changed():
    project, _ = moved()
    with pytest.raises(IntegrityError), transaction.atomic():
        project.moves.update(reason="改写")


def test_sample_moves_taken_back_are_cleared():
    officer = make.user(team=make.team(), is_sample=True)
    project = make.project(team=officer.team, is_sample=True, on=make.days_ago(40))
    make.complete(project, "negotiating")
    project.visits.update(is_sample=True)
    officer.memberships.update(is_sample=True)
    project.move_to("negotiating", by=officer, on=today())
    project.undo_move(last(project), by=officer)
    type(project).objects.filter(pk=project.pk).update(contact=None, segment=None)

    clearing.clear()

    assert not StageMove.objects.filter(project=project.pk).exists()
