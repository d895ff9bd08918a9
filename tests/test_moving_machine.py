"""Moving as a whole: whatever anybody tries in whatever order, the history is the truth."""

from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crm import stages
from crm.access import Role
from crm.models import Project
from crm.periods import today
from crm.stages import ORDER

from . import make

pytestmark = pytest.mark.django_db


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
