"""What the sample projects are made of: contact records, vetting, credit, needs, milestones."""

from datetime import timedelta
from decimal import Decimal

from crm.models import (
    Assessment,
    ComputeCapacity,
    Conflict,
    CreditShare,
    FactorNeeds,
    Milestone,
    Visit,
)
from crm.stages import Stage, position

from .projects import entered


def add_project_parts(world) -> None:
    talked = [p for p in world.projects if p.stage != Stage.LEAD]
    vetted = [p for p in talked if position(p.stage) >= position(Stage.RESERVE)]
    Visit.objects.bulk_create(_contact_record(world, p) for p in talked)
    Assessment.objects.bulk_create(_assessment(world, p) for p in [*vetted, _nearly(talked)])
    CreditShare.objects.bulk_create(_credit(world, vetted))
    _add_technical(world, vetted)
    # Another team has reported the same firm's plans as a lead; the bureau has not decided yet.
    Conflict.objects.create(
        project=world.projects[1], other_project=world.projects[9], level=3,
        note="示例：两个专班先后接触同一集团", **world.marked(),
    )  # fmt: skip


def _contact_record(world, project) -> Visit:
    return Visit(
        company=project.lead_investor, task_force=project.lead_team, project=project,
        held_on=project.reported_on, mode=Visit.Mode.ONLINE, content="示例：洽谈项目方案",
        outcome="intention", **world.marked(),
    )  # fmt: skip


def _nearly(talked):
    """The project of the sample officer that lacks only a few fields for the reserve pool."""
    return next(p for p in talked if p.stage == Stage.NEGOTIATING and p.owner_id)


def _assessment(world, project) -> Assessment:
    in_pool = position(project.stage) >= position(Stage.RESERVE)
    place = world.projects.index(project)
    held_on = entered(place, Stage.RESERVE) - timedelta(days=5) if in_pool else project.stage_since
    return Assessment(
        project=project, held_on=held_on, result="passed", note="示例：部门联审通过",
        **world.marked(),
    )  # fmt: skip


def _credit(world, projects):
    for i, project in enumerate(projects):
        if i % 10 == 0:
            other = world.teams[project.lead_team.number % 9]
            yield _share(world, project, project.lead_team, "first", 50)
            yield _share(world, project, other, "landing", 50)
        else:
            yield _share(world, project, project.lead_team, "first", 100)


def _share(world, project, team, part, percent) -> CreditShare:
    return CreditShare(
        project=project, task_force=team, part=part, percent=Decimal(percent), **world.marked()
    )


def _add_technical(world, vetted) -> None:
    ComputeCapacity.objects.bulk_create(
        ComputeCapacity(
            project=p, kind="intelligent", planned_p=Decimal(200 + 50 * i), **world.marked()
        )
        for i, p in enumerate(vetted[::9])
    )
    FactorNeeds.objects.bulk_create(
        FactorNeeds(
            project=p, land_mu=Decimal(12 + 7 * i % 45), load_mw=Decimal(1 + 3 * i % 11),
            green_power_share=Decimal(80), people=30 + 10 * (i % 15), note="示例数据",
            **world.marked(),
        )
        for i, p in enumerate(vetted)
        if i % 3 != 1
    )  # fmt: skip
    Milestone.objects.bulk_create(
        Milestone(
            project=p, kind="go_live", planned_on=p.stage_since + timedelta(days=300),
            note="示例数据", **world.marked(),
        )
        for p in vetted
        if p.stage == Stage.BUILDING
    )  # fmt: skip
