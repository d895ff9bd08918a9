"""What is to be done in the sample: follow-ups, requests, a proposal, the year's targets."""

from datetime import date, timedelta
from decimal import Decimal

from crm.models import FollowUp, Request, ScoreRule, Target
from crm.periods import today
from crm.stages import Stage

from .projects import entered
from .world import YI

FOLLOW_UPS = (
    ("回访并送达政策要点", -6),
    ("确认供电方案", -1),
    ("约谈投资总监", 0),
    ("补齐备案材料", 3),
    ("邀请来宁考察", 9),
)
WEIGHTS = {
    "deals_signed": 20, "signed_yuan": 40, "firms_visited": 20, "reserve_projects": 20,
}  # fmt: skip
CITY_TARGETS = {
    "deals_signed": Decimal(20),
    "signed_yuan": 100 * YI,
    "arrived_yuan": 20 * YI,
    "trips": Decimal(40),
    "firms_visited": Decimal(100),
    "reserve_projects": Decimal(70),
}
TEAM_TARGETS = {
    "deals_signed": Decimal(2),
    "signed_yuan": 11 * YI,
    "firms_visited": Decimal(11),
}


def add_tasks(world) -> None:
    own = [p for p in world.projects if p.lead_team == world.teams[0]]
    FollowUp.objects.bulk_create(
        FollowUp(
            project=project, company=project.lead_investor, owner=world.users["officer"],
            task_force=world.teams[0], what=f"示例：{what}",
            due_on=today() + timedelta(days=days), **world.marked(),
        )
        for project, (what, days) in zip(own[2:7], FOLLOW_UPS, strict=True)
    )  # fmt: skip
    Request.objects.bulk_create(
        _request(world, i, project) for i, project in enumerate(world.projects[40:100:8])
    )
    _propose(world, next(p for p in own if p.stage == Stage.LANDED))
    targets = [(name, None, value) for name, value in CITY_TARGETS.items()]
    targets += [(name, team, value) for team in world.teams for name, value in TEAM_TARGETS.items()]
    Target.objects.bulk_create(
        Target(year=2024, indicator=name, task_force=team, value=value, **world.marked())
        for name, team, value in targets
    )
    ScoreRule.objects.bulk_create(
        ScoreRule(
            indicator=name, weight=weight, cap=Decimal("1.2"), valid_from=date(2024, 1, 1),
            **world.marked(),
        )
        for name, weight in WEIGHTS.items()
    )  # fmt: skip


def _request(world, i, project) -> Request:
    return Request(
        project=project, company=project.lead_investor, task_force=project.lead_team,
        raised_on=today() - timedelta(days=30), category=("land", "power", "network")[i % 3],
        content="示例：请协调落实项目用地与供电接入", department=world.departments[2 + i % 3],
        due_on=today() + timedelta(days=5 * i - 12), **world.marked(),
    )  # fmt: skip


def _propose(world, project) -> None:
    """The sample officer has asked the bureau to enter the start of works."""
    on = entered(world.projects.index(project), Stage.BUILDING)
    project.started_on, project.start_evidence = on, "permit"
    project.start_note = "示例：施工许可"
    project.save()
    project.propose(Stage.BUILDING, by=world.users["officer"], on=on, reason="示例：已开工")
