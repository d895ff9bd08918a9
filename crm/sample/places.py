"""Sample figures of the parks, a few sample data centres, and the factor checklists."""

from datetime import date, timedelta
from decimal import Decimal

from crm.factors import FactorState
from crm.models import (
    DataCentre,
    DataCentreCompute,
    EntryRule,
    FactorGuarantee,
    FactorTemplate,
    ParkSupply,
)
from crm.periods import today
from crm.stages import Stage, position

SOURCE = "示例数据，非真实数据"
AS_OF = date(2026, 6, 30)
# By the order of the parks; what is not here stays unknown.
SUPPLIES = (
    {"floor_m2": 120_000, "load_mw": 260, "bandwidth_gbps": 4_000, "green_power_share": 85},
    {"land_mu": 900, "floor_m2": 60_000, "load_mw": 90, "green_power_share": 80},
    {"land_mu": 420, "floor_m2": 45_000, "load_mw": 40, "bandwidth_gbps": 1_200},
    {"floor_m2": 18_000},
)
RULES = (
    (0, "示例：亩均投资不低于300万元", "intensity", 300),
    (0, "示例：数据中心PUE不高于1.2", "pue", Decimal("1.2")),
    (0, "示例：绿电占比不低于80%", "green", 80),
    (1, "示例：计划投资不低于5000万元", "investment", 5_000),
    (2, "示例：须通过园区入园评审会", "other", None),
)
# name, park, kind, precision, state, (planned, online, building, reserved), planned and real start
CENTRES = (
    ("示例东川超算中心", 1, "super", "fp64", "online", (12, 8, 4, None), "2026-09-01",
     "2025-11-20"),
    ("示例东川通算中心", 1, "general", "fp32", "building", (60, None, 45, 15), "2027-03-01", None),
    ("示例北川边缘算力节点", 2, "edge", "int8", "online", (40, 25, 10, 5), "2026-05-01",
     "2026-04-18"),
    ("示例南川智算一号", 0, "intelligent", "fp16", "online", (1500, 900, 600, None), "2026-03-01",
     "2026-02-10"),
    ("示例南川智算二号", 0, "intelligent", "fp16", "building", (2400, None, 1200, 800),
     "2026-10-01", None),
)  # fmt: skip
UNIT_OF = {
    "land": 2, "power": 4, "green_power": 1, "energy_review": 1, "environment": 3, "funds": 0,
    "network": 5, "talent": 0,
}  # fmt: skip
# How a sample line stands: state, days the deadline lies from today.
STANDING = (
    (FactorState.UNDER_WAY, 20), (FactorState.NOT_STARTED, 45), (FactorState.SECURED, -15),
    (FactorState.UNDER_WAY, -6), (FactorState.DIFFICULT, 12), (FactorState.SECURED, -40),
    (FactorState.NOT_STARTED, 75), (FactorState.DIFFICULT, -18), (FactorState.UNDER_WAY, 110),
)  # fmt: skip


def add_places(world) -> None:
    _add_parks(world)
    _add_centres(world)
    _add_guarantees(world)


def _add_parks(world) -> None:
    ParkSupply.objects.bulk_create(
        ParkSupply(
            park=park, what=what, amount=Decimal(amount), as_of=AS_OF, source=SOURCE,
            **world.marked(),
        )
        for park, supplies in zip(world.parks, SUPPLIES, strict=True)
        for what, amount in supplies.items()
    )  # fmt: skip
    EntryRule.objects.bulk_create(
        EntryRule(
            park=world.parks[park], name=name, kind=kind, as_of=AS_OF, source=SOURCE,
            value=None if value is None else Decimal(value), sequence=place, **world.marked(),
        )
        for place, (park, name, kind, value) in enumerate(RULES, start=1)
    )  # fmt: skip


def _add_centres(world) -> None:
    for place, (name, park, kind, precision, state, sizes, planned, real) in enumerate(CENTRES):
        days = {"planned_live_on": planned, "live_on": real}
        days = {key: day and date.fromisoformat(day) for key, day in days.items()}
        centre = DataCentre.objects.create(
            name=name, park=world.parks[park], operator="示例运营商", state=state, as_of=AS_OF,
            pue=Decimal("1.15") + Decimal(place) / 100, green_power_share=Decimal(80 + place),
            sequence=50 + place, source=SOURCE, **days, **world.marked(),
        )  # fmt: skip
        sizes = [None if size is None else Decimal(size) for size in sizes]
        columns = ("planned_p", "online_p", "building_p", "reserved_p")
        DataCentreCompute.objects.create(
            data_centre=centre, kind=kind, precision=precision, as_of=AS_OF, source=SOURCE,
            **dict(zip(columns, sizes, strict=True)), **days, **world.marked(),
        )  # fmt: skip


def _add_guarantees(world) -> None:
    """Lines of the projects in the pool and after it, with deadlines around today."""
    for line in FactorTemplate.objects.filter(department=None, by_park=False):
        line.department = world.departments[UNIT_OF[line.factor]]
        line.save()
    lines = list(FactorTemplate.objects.order_by("sequence"))
    going = [p for p in world.projects if p.stage != Stage.PRODUCING]
    FactorGuarantee.objects.bulk_create(
        _guarantee(world, line, project, at + place)
        for at, project in enumerate(going)
        for place, line in enumerate(lines)
        if position(line.stage) <= position(project.stage) and (at + place) % 2
    )


def _guarantee(world, line, project, at) -> FactorGuarantee:
    state, days = STANDING[at * 5 // 2 % len(STANDING)]
    made = FactorGuarantee.from_template(line, project, since=today())
    made.state, made.due_on = state, today() + timedelta(days=days + at % 4)
    made.note = "示例：与责任单位会商中" if state in (FactorState.DIFFICULT,) else ""
    made.settled_on = today() - timedelta(days=20 + at % 9) if made.is_settled else None
    for name, value in world.marked().items():
        setattr(made, name, value)
    return made
