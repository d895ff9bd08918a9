"""The status of a project: on hold, lost and taken up again, with a reason and a history."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crm.access import Role
from crm.models import Project, StaleRecord
from crm.periods import today
from crm.stages import Stage

from . import make

pytestmark = pytest.mark.django_db


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


def test_a_copy_that_was_overtaken_changes_no_status():
    project = make.project()
    copy = Project.objects.get(pk=project.pk)
    project.set_status("on_hold", by=make.keeper(), on=today(), reason="等待")
    with pytest.raises(StaleRecord):
        copy.set_status("lost", by=make.keeper(), on=today(), reason="去了外省")
