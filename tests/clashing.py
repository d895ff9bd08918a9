"""What tests of 撞单 share: two task forces, a firm of the first, and what the later reports."""

import pytest

from crm.access import Role
from crm.models import Project
from crm.periods import today
from tests import make


@pytest.fixture
def world(db):
    """Two task forces, a firm of the first, and its project in talks."""
    first, later = make.team(name="招商一专班"), make.team(name="招商二专班")
    firm = make.company(name="昆仑云图科技有限公司", owning_team=first)
    officer, rival = make.user(team=first), make.user(team=later)
    project = make.project(
        name="昆仑智算中心项目", lead_investor=firm, team=first, owner=officer, on=today()
    )
    return {
        "first": first, "later": later, "firm": firm, "officer": officer, "rival": rival,
        "project": project, "bureau": make.user(Role.BUREAU),
    }  # fmt: skip


def report(world, name, by="rival", **values) -> Project:
    values = {"lead_investor": world["firm"]} | values
    team = world["later"] if by == "rival" else world["first"]
    row = Project(name=name, lead_team=team, source="visit", summary="建设算力中心", **values)
    row.save_as(world[by])
    return row
