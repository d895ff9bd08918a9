"""Moving a project: who, when, with what; and that every move leaves its one history row."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crm import stages
from crm.access import Role
from crm.models import Project, StageMove, StageProposal, StaleRecord, StatusChange
from crm.periods import today
from crm.stages import ORDER, Stage

from . import make

pytestmark = pytest.mark.django_db


def history(project):
    return list(project.moves.values_list("from_stage", "to_stage"))


def ready_to_sign(**overrides):
    return make.complete(make.project(stage=Stage.RESERVE, **overrides), Stage.SIGNED)


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


# -- the second person -----------------------------------------------------------------------------


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


# -- status ----------------------------------------------------------------------------------------


def test_a_change_of_status_leaves_the_stage_and_one_history_row():
    project = make.project(stage=Stage.RESERVE)
    change = project.set_status("on_hold", by=make.keeper(), on=today(), reason="融资未到位")
    project.refresh_from_db()
    assert (project.stage, project.status) == ("reserve", "on_hold")
    assert [project.status_changes.get(), str(change)] == [change, str(change)]


def test_reopening_is_a_recorded_act():
    project = make.project(status="on_hold")
    project.set_status("active", by=make.keeper(), on=today(), reason="恢复洽谈")
    pairs = project.status_changes.values_list("from_status", "to_status")
    assert list(pairs) == [("active", "on_hold"), ("on_hold", "active")]


@pytest.mark.parametrize("status", ["on_hold", "lost", "merged"])
def test_a_project_that_is_not_active_does_not_move(status):
    project = make.complete(make.project(status=status), Stage.NEGOTIATING)
    with pytest.raises(ValidationError) as refusal:
        project.move_to("negotiating", by=make.keeper(), on=today())
    assert refusal.value.code == "status"


def test_a_status_that_is_already_there_writes_no_history():
    project = make.project()
    assert project.set_status("active", by=make.keeper(), on=today(), reason="无变化") is None
    assert not project.status_changes.exists()


@pytest.mark.parametrize(
    ("stage", "status", "reason", "days"),
    [
        ("lead", "on_hold", " ", 0),
        ("lead", "on_hold", "等待", -1),
        ("lead", "dream", "等待", 0),
        ("lead", "terminated", "解约", 0),
        ("signed", "lost", "去了外省", 0),
        ("lead", "on_hold", "等待", 200),
    ],
    ids=["no reason", "future", "unknown", "terminated unsigned", "lost signed", "before report"],
)
def test_a_wrong_change_of_status_is_refused(stage, status, reason, days):
    project = make.project(stage=stage)
    with pytest.raises(ValidationError):
        project.set_status(status, by=make.keeper(), on=make.days_ago(days), reason=reason)
    assert not project.status_changes.exists()


def test_a_change_of_status_is_not_dated_before_the_previous_one():
    project = make.project(status="on_hold", on=make.days_ago(10))
    with pytest.raises(ValidationError) as refusal:
        project.set_status("active", by=make.keeper(), on=make.days_ago(11), reason="恢复")
    assert list(refusal.value.message_dict) == ["on"]


@pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.LEADER, Role.PARK, Role.OFFICER])
def test_whoever_may_not_write_the_project_does_not_change_its_status(role):
    project = make.project()
    with pytest.raises(PermissionDenied):
        project.set_status("on_hold", by=make.user(role), on=today(), reason="等待")


# -- stale copies ----------------------------------------------------------------------------------


def test_a_copy_that_was_overtaken_moves_nothing():
    project = make.complete(make.project(), Stage.NEGOTIATING)
    copy = Project.objects.get(pk=project.pk)
    project.move_to("negotiating", by=make.keeper(), on=today())
    with pytest.raises(StaleRecord):
        copy.move_to("negotiating", by=make.keeper(), on=today())
    assert history(project) == [("", "lead"), ("lead", "negotiating")]


def test_a_copy_that_was_overtaken_changes_no_status():
    project = make.project()
    copy = Project.objects.get(pk=project.pk)
    project.set_status("on_hold", by=make.keeper(), on=today(), reason="等待")
    with pytest.raises(StaleRecord):
        copy.set_status("lost", by=make.keeper(), on=today(), reason="去了外省")


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


# -- the machine as a whole ------------------------------------------------------------------------


class Moves(RuleBasedStateMachine):
    """Whatever anybody tries, the stage is what the history says and no illegal move is in it."""

    @initialize()
    def report(self):
        self.team = make.team()
        self.people = {
            "officer": make.user(team=self.team),
            "lead": make.user(Role.TEAM_LEAD, team=self.team),
            "bureau": make.user(Role.BUREAU),
            "other": make.user(team=make.team()),
            "leader": make.user(Role.LEADER),
        }
        self.project = make.project(team=self.team, on=make.days_ago(5))
        self.moved = 1

    def attempt(self, act):
        try:
            move = act()
        except (ValidationError, PermissionDenied):
            return
        finally:
            self.project = Project.objects.get(pk=self.project.pk)
        self.moved += move is not None

    who = st.sampled_from(["officer", "lead", "bureau", "other", "leader"])
    where = st.sampled_from([*ORDER, "dream"])
    when = st.integers(min_value=-1, max_value=6).map(make.days_ago)
    why = st.sampled_from(["", "补录"])

    @rule(stage=where, who=who, on=when, reason=why)
    def move(self, stage, who, on, reason):
        by = self.people[who]
        self.attempt(lambda: self.project.move_to(stage, by=by, on=on, reason=reason))

    @rule(who=who, other=who, on=when)
    def propose_and_confirm(self, who, other, on):
        following = stages.following(self.project.stage) or "producing"

        def act():
            with transaction.atomic():
                proposal = self.project.propose(following, by=self.people[who], on=on)
                return proposal.confirm(by=self.people[other])

        self.attempt(act)

    @rule()
    def complete(self):
        make.complete(self.project, stages.following(self.project.stage) or "producing")

    @rule(who=who, status=st.sampled_from(["active", "on_hold", "lost", "terminated"]))
    def change_status(self, who, status):
        before = self.moved
        by = self.people[who]
        self.attempt(lambda: self.project.set_status(status, by=by, on=today(), reason="测试"))
        self.moved = before

    @invariant()
    def the_history_is_the_truth(self):
        rows = list(self.project.moves.order_by("id"))
        assert len(rows) == self.moved
        assert (rows[-1].to_stage, rows[-1].effective_on) == (
            self.project.stage,
            self.project.stage_since,
        )
        dates = [row.effective_on for row in rows]
        assert dates == sorted(dates)
        assert dates[-1] <= today()

    @invariant()
    def no_illegal_move_is_in_the_history(self):
        rows = list(self.project.moves.order_by("id"))
        assert rows[0].from_stage == ""
        for before, row in pairwise(rows):
            assert row.from_stage == before.to_stage
            code = stages.permission_for(row.from_stage, row.to_stage)
            assert row.by.has_perm(f"crm.{code}")
            is_ordinary = stages.step(row.from_stage, row.to_stage) is stages.Step.FORWARD
            assert row.reason or (is_ordinary and not row.overridden)

    @invariant()
    def totals_equal_a_recount(self):
        standing = Project.objects.standing_in(self.project.stage, today())
        assert (self.project in standing) is (self.project.status == "active")


class TestMoves(TestCase, Moves.TestCase):
    settings = settings(
        max_examples=25,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
