"""Generated factor guarantees, stock of the parks, data centres, and people that are needed."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from crm.factors import STOCKS, CountedFrom, FactorState
from crm.models import (
    DataCentre,
    DataCentreCompute,
    FactorGuarantee,
    FactorTemplate,
    ParkSupply,
    PeopleNeed,
)

from .parts import STEPS_TO_PRODUCTION
from .world import Weighted
from .writing import Shape, continue_numbering, next_key, number, write

SETTLED_WHEN_DUE = 0.95
OPEN = Weighted([("not_started", 45), ("under_way", 40), ("difficult", 15)])
NOTES = ("外线接入容量不足，已报供电公司", "用地指标待省级统筹", "能评节点后移，正在补正材料")
LINE_FIELDS = (
    "id", "project_id", "template_id", "factor", "title", "stage", "department_id", "by_park",
    "due_on", "state", "note", "document_no", "settled_on", "created_by_id", "updated_by_id",
    "created_at", "updated_at",
)  # fmt: skip
TO_GO_LIVE = timedelta(days=dict(STEPS_TO_PRODUCTION)["go_live"])
# What a park has against what its projects promise and take: some are short.
STOCK_SHARES = (Decimal("0.9"), Decimal("1.2"), Decimal("1.6"), Decimal(2))
PRECISION = {"super": "fp64", "general": "fp32", "intelligent": "fp16", "edge": "int8"}
TRAINED = ("operation", "platform", "power", "data", "algorithm", "manufacturing")


def add_places(world, size) -> None:
    _add_guarantees(world)
    write(list(_supplies(world)))
    _add_centres(world)
    write([need for needs in world.needs for need in _people(world, needs)])
    continue_numbering(FactorGuarantee, ParkSupply, DataCentre, DataCentreCompute, PeopleNeed)


# -- factors ---------------------------------------------------------------------------------------


def _add_guarantees(world) -> None:
    shape = Shape(FactorGuarantee(**world.marked(world.start)), *LINE_FIELDS)
    lines = [(line, _unit_of(world, line)) for line in FactorTemplate.objects.live()]
    first = next_key(FactorGuarantee)
    shape.write(shape.row(first + n, *row) for n, row in enumerate(_guarantees(world, lines)))


def _unit_of(world, line) -> int | None:
    if line.department_id or line.by_park:
        return line.department_id
    return world.departments[line.pk % len(world.departments)].pk


def _guarantees(world, lines):
    """Every line of the stages a project has reached; generated needs are never 0."""
    for project in world.projects:
        for line, unit in lines:
            since = project.entered.get(line.stage)
            if since is None or line.is_disabled:
                continue
            due = _due(line, project, since)
            settled = due and min(due - timedelta(days=project.pk % 9), world.until)
            state, note, settled = _standing(world, due, max(since, settled or since))
            by = project.owner_id
            yield (
                project.pk, line.pk, line.factor, line.name, line.stage, unit, line.by_park,
                world.date_value(due), state, note, "", world.date_value(settled), by, by,
                *world.moment_values(settled or since),
            )  # fmt: skip


def _due(line, project, since):
    if line.counted_from == CountedFrom.STAGE:
        return since + timedelta(days=line.days)
    landed = project.entered.get("landed")
    return landed and landed + TO_GO_LIVE - timedelta(days=line.days)


def _standing(world, due, settled) -> tuple:
    """State, word and day: what was due is nearly always secured by then."""
    is_due = due is not None and due <= world.until
    if world.happens(SETTLED_WHEN_DUE if is_due else 0.2) and settled <= world.until:
        return FactorState.SECURED.value, "", settled
    state = OPEN.draw(world.dice)
    return state, world.one_of(NOTES) if state == FactorState.DIFFICULT else "", None


# -- parks and data centres ------------------------------------------------------------------------


def _supplies(world):
    """Figures of the parks for what the projects in them claim, where none is known that day."""
    known = set(ParkSupply.objects.filter(as_of=world.until).values_list("park", "what"))
    claimed = Counter()
    for needs in world.needs:
        if needs.project.park_id and "signed" in needs.project.entered:
            for what in STOCKS:
                claimed[needs.project.park_id, what] += getattr(needs, what) or 0
    for (park, what), amount in claimed.items():
        if amount and (park, what) not in known:
            share = STOCK_SHARES[park % len(STOCK_SHARES)]
            yield ParkSupply(
                park_id=park, what=what, amount=(amount * share).quantize(Decimal(1)),
                as_of=world.until, source="生成的示例数据", **world.marked(world.until),
            )  # fmt: skip


def _add_centres(world) -> None:
    """A data centre for every project with compute that is being built or runs."""
    built = [part for part in world.compute if "building" in part.project.entered]
    centres = number([_centre(world, part) for part in built], next_key(DataCentre))
    write(centres)
    write([_hall(world, *pair) for pair in zip(centres, built, strict=True)])


def _centre(world, part) -> DataCentre:
    project, live = part.project, part.project.entered.get("producing")
    return DataCentre(
        name=f"{project.name.removesuffix('项目')}{project.pk}号数据中心", park=project.park,
        company=project.lead_investor, project=project, operator=project.lead_investor.name,
        state="online" if live else "building", pue=part.pue, racks=part.racks, live_on=live,
        planned_live_on=project.entered["landed"] + TO_GO_LIVE, as_of=world.until,
        sequence=100, source="生成的示例数据", **world.marked(project.entered["building"]),
    )  # fmt: skip


def _hall(world, centre, part) -> DataCentreCompute:
    """Part of what is planned runs, part is built, the rest is reserved for customers or waits."""
    online = part.online_p
    return DataCentreCompute(
        data_centre=centre, kind=part.kind, precision=PRECISION[part.kind],
        planned_p=part.planned_p, online_p=online, building_p=part.planned_p / 4,
        reserved_p=part.planned_p / 10, live_on=centre.live_on, as_of=world.until,
        planned_live_on=centre.planned_live_on, source="生成的示例数据",
        **world.marked(part.project.entered["building"]),
    )  # fmt: skip


def _people(world, needs):
    """What some projects need by field of training."""
    if not world.happens(0.3):
        return
    year = needs.project.entered["reserve"].year + 1
    for field in world.dice.sample(TRAINED, 2):
        people = max(1, needs.people // 3)
        yield PeopleNeed(project=needs.project, field=field, year=year, people=people,
                         **world.marked(needs.project.entered["reserve"]))  # fmt: skip
