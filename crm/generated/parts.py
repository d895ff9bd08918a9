"""What generated projects are made of: vetting, credit, needs, compute, milestones, conflicts."""

from datetime import timedelta
from decimal import Decimal

from crm.models import (
    Assessment,
    ComputeCapacity,
    Conflict,
    CreditShare,
    FactorNeeds,
    Milestone,
)
from crm.stages import ProjectStatus

from .writing import continue_numbering, write

STEPS_TO_PRODUCTION = (
    ("filing", 0), ("land", 25), ("environment", 50), ("energy", 60), ("permit", 90),
    ("start", 100), ("completion", 320), ("go_live", 380),
)  # fmt: skip
TOLD_BY_THE_PROJECT = ("start", "completion", "go_live")


def add_parts(world) -> None:
    vetted = [p for p in world.projects if "reserve" in p.entered]
    write([_assessment(world, p) for p in vetted])
    write([share for p in vetted for share in _credit(world, p)])
    world.needs = write([_needs(world, p) for p in vetted if world.happens(0.5)])
    computing = [p for p in vetted if "算" in p.name and world.happens(0.8)]
    world.compute = write([_compute(world, p) for p in computing])
    landed = [p for p in vetted if "landed" in p.entered]
    write([step for p in landed for step in _milestones(world, p)])
    write(list(_conflicts(world)))
    continue_numbering(Assessment, CreditShare, FactorNeeds, ComputeCapacity, Milestone, Conflict)


def _assessment(world, project) -> Assessment:
    entered = project.entered["reserve"]
    return Assessment(
        project=project, held_on=max(project.reported_on, entered - world.days(1, 8)),
        result="passed" if world.happens(0.8) else "conditional", note="部门联审会议纪要",
        **world.marked(entered),
    )  # fmt: skip


def _credit(world, project):
    lead, other = project.lead_team, world.one_of(world.teams)
    joint = other != lead and world.happens(0.12)
    parts = [(lead, "first", 50), (other, "landing", 50)] if joint else [(lead, "first", 100)]
    for team, part, percent in parts:
        yield CreditShare(
            project=project, task_force=team, part=part, percent=Decimal(percent),
            **world.marked(project.entered["reserve"]),
        )  # fmt: skip


def _needs(world, project) -> FactorNeeds:
    return FactorNeeds(
        project=project, land_mu=Decimal(world.dice.randint(10, 300)),
        load_mw=Decimal(world.dice.randint(1, 120)), people=world.dice.randint(20, 900),
        floor_m2=Decimal(500 + project.pk % 40 * 250), bandwidth_gbps=Decimal(project.pk % 50 + 1),
        green_power_share=Decimal(world.one_of((60, 80, 90, 100))),
        **world.marked(project.entered["reserve"]),
    )  # fmt: skip


def _compute(world, project) -> ComputeCapacity:
    planned = Decimal(world.dice.randint(1, 60) * 50)
    live = project.entered.get("producing")
    return ComputeCapacity(
        project=project, kind=world.one_of(("general", "intelligent", "intelligent", "edge")),
        planned_p=planned, online_p=planned / 2 if live else None, live_on=live,
        racks=world.dice.randint(2, 60) * 50, pue=Decimal("1.18"),
        **world.marked(project.entered["reserve"]),
    )  # fmt: skip


def _milestones(world, project):
    """Planned from the day of landing on; what lies well behind us is done, the rest perhaps."""
    start = project.entered["landed"]
    for kind, days in STEPS_TO_PRODUCTION:
        planned = start + timedelta(days=days)
        real = {"start": project.started_on, "go_live": project.produced_on}.get(kind)
        if (
            real is None
            and kind not in ("start", "go_live", "completion")
            and planned < world.until
        ):
            late = world.happens(0.06)
            real = None if late else min(world.until, planned + world.days(-5, 20))
        yield Milestone(
            project=project, kind=kind, planned_on=planned, actual_on=real,
            **world.marked(start),
        )  # fmt: skip


def _conflicts(world):
    """Another team met the same firm; most are decided, some of today's leads wait."""
    for project in world.projects:
        if not world.happens(0.02):
            continue
        waiting = project.stage == "lead" and project.status == ProjectStatus.ACTIVE
        yield Conflict(
            project=project, level=world.dice.randint(1, 4), note="两个专班先后接触同一集团",
            decision="" if waiting else world.one_of(("separate", "joint")),
            decision_reason="" if waiting else "按首报首谈原则协调",
            **world.marked(project.reported_on),
        )  # fmt: skip
