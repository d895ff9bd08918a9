"""The second person: what one proposes another one confirms or declines, and only then it moves."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crm.access import Role
from crm.models import StageProposal
from crm.periods import today
from crm.stages import Stage

from . import make
from .test_moving import history

pytestmark = pytest.mark.django_db


def ready_to_sign(**overrides):
    return make.complete(make.project(stage=Stage.RESERVE, **overrides), Stage.SIGNED)


def test_signing_needs_a_proposal_or_a_reason():
    project = ready_to_sign()
    with pytest.raises(ValidationError) as refusal:
        project.move_to("signed", by=make.keeper(), on=today())
    assert refusal.value.code == "second_person"


def test_a_team_proposes_and_the_bureau_confirms():
    team = make.team()
    officer, bureau = make.user(team=team), make.keeper()
    project = ready_to_sign(team=team)
    proposal = project.propose("signed", by=officer, on=make.days_ago(3), reason="青洽会签约")
    move = proposal.confirm(by=bureau)
    project.refresh_from_db()
    assert (project.stage, project.stage_since) == ("signed", make.days_ago(3))
    assert (move.by, move.reason, move.overridden) == (bureau, "青洽会签约", [])
    assert (proposal.state, proposal.decided_by) == ("confirmed", bureau)


def test_nobody_confirms_the_own_proposal():
    bureau = make.keeper()
    project = ready_to_sign()
    proposal = project.propose("signed", by=bureau, on=today())
    with pytest.raises(ValidationError) as refusal:
        proposal.confirm(by=bureau)
    assert refusal.value.code == "second_person"
    assert history(project)[-1] == ("negotiating", "reserve")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TEAM_LEAD, Role.STATISTICIAN, Role.LEADER])
def test_only_the_bureau_confirms(role):
    team = make.team()
    proposal = ready_to_sign(team=team).propose("signed", by=make.user(team=team), on=today())
    with pytest.raises(PermissionDenied):
        proposal.confirm(by=make.user(role, team=team))


def test_a_proposal_is_confirmed_only_once():
    proposal = ready_to_sign().propose("signed", by=make.keeper("proposer"), on=today())
    again = StageProposal.objects.get(pk=proposal.pk)
    proposal.confirm(by=make.keeper())
    with pytest.raises(ValidationError) as refusal:
        again.confirm(by=make.keeper())
    assert refusal.value.code == "decided"


def test_a_declined_proposal_moves_nothing_and_says_why():
    project = ready_to_sign()
    proposal = project.propose("signed", by=make.keeper("proposer"), on=today())
    proposal.decline(by=make.keeper(), note="合同未盖章")
    project.refresh_from_db()
    assert (project.stage, proposal.state, proposal.decision_note) == (
        "reserve", "declined", "合同未盖章"
    )  # fmt: skip


def test_declining_needs_a_note():
    proposal = ready_to_sign().propose("signed", by=make.keeper("proposer"), on=today())
    with pytest.raises(ValidationError) as refusal:
        proposal.decline(by=make.keeper(), note=" ")
    assert list(refusal.value.message_dict) == ["note"]


def test_a_project_has_one_open_proposal_at_a_time():
    project = ready_to_sign()
    project.propose("signed", by=make.keeper("proposer"), on=today())
    with pytest.raises(ValidationError) as refusal:
        project.propose("signed", by=make.keeper(), on=today())
    assert refusal.value.code == "open"


def test_after_a_declined_proposal_comes_another():
    project = ready_to_sign()
    first = project.propose("signed", by=make.keeper("proposer"), on=today())
    first.decline(by=make.keeper(), note="合同未盖章")
    assert project.propose("signed", by=make.keeper("proposer"), on=today()).state == "open"


@pytest.mark.parametrize("stage", ["landed", "negotiating", "reserve", "dream"])
def test_only_the_next_stage_is_proposed(stage):
    with pytest.raises(ValidationError) as refusal:
        ready_to_sign().propose(stage, by=make.keeper(), on=today())
    assert refusal.value.code == "step"


def test_an_incomplete_project_is_not_even_proposed():
    project = make.project(stage=Stage.RESERVE)
    with pytest.raises(ValidationError) as refusal:
        project.propose("signed", by=make.keeper(), on=today())
    assert refusal.value.code == "missing"


def test_a_proposal_is_not_dated_in_the_future():
    with pytest.raises(ValidationError):
        ready_to_sign().propose("signed", by=make.keeper(), on=today() + timedelta(days=1))


def test_what_went_missing_since_the_proposal_stops_the_confirmation():
    project = ready_to_sign()
    proposal = project.propose("signed", by=make.keeper("proposer"), on=today())
    project.deals.update(status="void")
    with pytest.raises(ValidationError) as refusal:
        proposal.confirm(by=make.keeper())
    proposal.refresh_from_db()
    assert (refusal.value.code, proposal.state) == ("missing", "open")


@pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.LEADER, Role.PARK, Role.OFFICER])
def test_whoever_may_not_write_the_project_proposes_nothing(role):
    with pytest.raises(PermissionDenied):
        ready_to_sign().propose("signed", by=make.user(role), on=today())


def test_a_proposal_of_another_project_confirms_nothing():
    other = ready_to_sign().propose("signed", by=make.keeper("proposer"), on=today())
    with pytest.raises(ValidationError) as refusal:
        ready_to_sign().move_to("signed", by=make.keeper(), on=today(), proposal=other)
    assert refusal.value.code == "second_person"
