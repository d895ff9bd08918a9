"""Sample projects in all stages: 71 in reserve, 16 signed, some leads and talks of these weeks."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice

from crm.models import Project, StageMove
from crm.periods import today
from crm.stages import ORDER, Stage, position

from .world import PREFIXES, YI

RESERVE_TOTAL = Decimal("223.6") * YI  # with one named project of unknown amount: 72
SIGNED_TOTAL = Decimal("88.62") * YI  # 16 deals; the named one is unknown: 17
RESERVE, SIGNED = 71, 16
LEADS, TALKS = 8, 12
CONFIDENTIAL = 24
# Eleven weights for nine teams: no team always has the small projects.
WEIGHTS = (3, 5, 8, 2, 13, 4, 7, 1, 6, 10, 9)
SUBJECTS = (
    "智算中心 数据标注基地 储能系统集成 光伏组件 服务器整机 液冷配套 "
    "边缘算力节点 大模型应用 绿电交易平台"
).split()


def add_projects(world) -> None:
    for i, (stage, amount) in enumerate(_plan()):
        project = _project(world, i, stage, amount)
        project.set_name_keys()
        world.projects.append(project)
    Project.objects.bulk_create(world.projects)
    StageMove.objects.bulk_create(
        move for i, project in enumerate(world.projects) for move in _history(world, i, project)
    )


def entered(i: int, stage: str) -> date:
    """The day the i-th project entered a stage: in order, in 2024 or, for some, of these weeks."""
    if i < LEADS + TALKS and i % 2:
        return today() - timedelta(days=14 + 2 * i) + timedelta(days=8 * position(stage))
    return date(2024, 1, 22) + timedelta(days=(i * 11) % 120 + 32 * position(stage))


def _plan() -> list:
    return (
        [(Stage.LEAD, None)] * LEADS
        + [(Stage.NEGOTIATING, None)] * TALKS
        + [(Stage.RESERVE, amount) for amount in _amounts(RESERVE, RESERVE_TOTAL)]
        + list(zip(_signed_stages(), _amounts(SIGNED, SIGNED_TOTAL), strict=True))
    )


def _signed_stages() -> list:
    return [Stage.SIGNED] * 6 + [Stage.LANDED] * 4 + [Stage.BUILDING] * 4 + [Stage.PRODUCING] * 2


def _amounts(count: int, total: Decimal) -> list[Decimal]:
    """``count`` uneven amounts, tenths of 亿元 but the last, that add up to ``total``."""
    weights = list(islice(cycle(WEIGHTS), count))
    unit = YI / 10
    shares = [(total * w / sum(weights) // unit) * unit for w in weights[:-1]]
    return [*shares, total - sum(shares)]


def _project(world, i, stage, amount) -> Project:
    firm = world.firms[i % len(world.firms)]
    team, reported = firm.owning_team, entered(i, Stage.LEAD)
    secret = i == CONFIDENTIAL
    project = Project(
        number=f"SL-{reported.year}-{i + 1:04d}",
        name=f"示例{PREFIXES[i % 12]}{SUBJECTS[i % 9]}项目（{i + 1}）",
        lead_investor=firm, source=Project.Source.VISIT, summary="示例数据，非真实项目",
        lead_team=team, stage=stage, reported_on=reported, stage_since=entered(i, stage),
        planned_yuan=amount, owner=world.users["officer"] if team == world.teams[0] else None,
        is_confidential=secret, code_name="示例代号·雪豹" if secret else "", **world.marked(),
    )  # fmt: skip
    for reached, fill in FILLED_FROM:
        if position(stage) >= position(reached):
            fill(world, project, i)
    return project


def _negotiated(world, project, i) -> None:
    project.contact = world.contacts[i % len(world.contacts)]
    project.segment = world.segments[i % len(world.segments)]
    if project.stage == Stage.RESERVE and i % 6 == 0:
        _estimated(project)
    elif project.planned_yuan is None and i % 5 == 0:
        project.planned_precision, project.planned_text = "undetermined", "待定"
    elif project.planned_yuan is None:
        project.planned_yuan = (1 + i % 5) * YI
        _estimated(project)


def _estimated(project) -> None:
    project.planned_precision = "about"
    project.planned_text = f"约{(project.planned_yuan / YI).normalize():f}亿元"


def _reserved(world, project, i) -> None:
    project.park = world.parks[i // 2 % 3]
    project.planned_signing_on = date(2025, 1 + i % 12, 1)
    project.owner = project.owner or world.users["bureau"]
    project.next_step = "示例：商定用地与供电方案"
    project.next_step_on = today() + timedelta(days=(i * 7) % 60 - 10)


def _landed(world, project, i) -> None:
    project.filing_code = f"示例备案{i:04d}"
    project.filed_on = project.site_secured_on = entered(i, Stage.LANDED)


def _started(world, project, i) -> None:
    project.started_on = entered(i, Stage.BUILDING)
    project.start_evidence, project.start_note = "permit", "示例：施工许可"


def _produced(world, project, i) -> None:
    project.produced_on = entered(i, Stage.PRODUCING)
    project.production_note = "示例：首批机柜上线"


FILLED_FROM = (
    (Stage.NEGOTIATING, _negotiated),
    (Stage.RESERVE, _reserved),
    (Stage.LANDED, _landed),
    (Stage.BUILDING, _started),
    (Stage.PRODUCING, _produced),
)


def _history(world, i, project):
    before = ""
    for stage in ORDER[: position(project.stage) + 1]:
        yield StageMove(
            project=project, from_stage=before, to_stage=stage, effective_on=entered(i, stage),
            by=world.users["bureau"], reason="示例数据", is_sample=True,
        )  # fmt: skip
        before = stage
