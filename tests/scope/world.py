"""The world of the tables: one person of every role, and the projects that rows belong to."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from crm.access import Role
from crm.stages import Stage
from tests import make


@pytest.fixture
def world():
    """A team, a park and a unit with one person of every role in them."""
    team, park, unit = make.team(), make.park(), make.department()
    at_home = {"officer": {"team": team}, "team_lead": {"team": team}}
    at_home |= {"park": {"park": park}, "department": {"department": unit}}
    people = {role: make.user(role, **at_home.get(role, {})) for role in Role.values}
    named = {name: people[name] for name in ("officer", "bureau")}
    return SimpleNamespace(team=team, park=park, unit=unit, people=people, **named)


SECRET = {"is_confidential": True, "code_name": "昆仑"}


def joint(world, **values):
    project = make.project(**values)
    make.credit_share(project=project, task_force=world.team, percent=50)
    return project


def in_park(world, **values):
    return make.project(park=world.park, stage=Stage.RESERVE, **values)


def asked(world, **values):
    project = make.project(**values)
    make.request(project=project, department=world.unit)
    return project


def asked_in_support(world):
    project = make.project()
    make.request(project=project, co_departments=[world.unit])
    return project


PROJECTS = {
    "own": lambda w: make.project(team=w.team),
    "own, archived": lambda w: make.project(team=w.team, archived_at=timezone.now()),
    "joint": joint,
    "of others": lambda w: make.project(),
    "secret": lambda w: make.project(team=w.team, **SECRET),
    "secret, told": lambda w: make.project(team=w.team, confidants=[w.officer], **SECRET),
    "secret, owned": lambda w: make.project(team=w.team, owner=w.officer, **SECRET),
    "joint secret, told": lambda w: joint(w, confidants=[w.officer], **SECRET),
    "secret of others, told": lambda w: make.project(confidants=[w.officer], **SECRET),
    "in the park, too early": lambda w: make.project(park=w.park, stage=Stage.NEGOTIATING),
    "in the park": in_park,
    "in the park, secret": lambda w: in_park(w, **SECRET),
    "in another park": lambda w: make.project(stage=Stage.RESERVE),
    "asked of the unit": asked,
    "asked of the unit, secret": lambda w: asked(w, **SECRET),
    "asked of the unit in support": asked_in_support,
}

PARTS = ("own", "joint", "of others", "secret", "secret, told", "in the park", "asked of the unit")


def of_project(maker, *names, **values):
    """Rows of one kind, one for each of these projects."""
    return {
        name: lambda w, project=PROJECTS[name]: maker(project=project(w), **values)
        for name in names
    }


def of_deal(maker):
    """Rows of one kind, one for a deal of each of the projects that parts are tried on."""
    return {
        name: lambda w, project=PROJECTS[name]: maker(deal=make.deal(project=project(w)))
        for name in PARTS
    }
