"""Sample trips of 2024, the firms met on them, and guests received."""

from datetime import date, timedelta
from decimal import Decimal

from crm.models import Event, Invitation, PlannedMeeting, Trip, Visit

from .world import CITIES

TRIPS = 42  # with the two of the city's leaders: 44
SECOND_VISITS = 54
GUESTS = 9


def add_trips_and_visits(world) -> None:
    world.trips = Trip.objects.bulk_create(_trip(world, i) for i in range(TRIPS))
    stops = Trip.cities.through
    stops.objects.bulk_create(
        stops(trip=trip, region=world.cities[CITIES[i % 9]]) for i, trip in enumerate(world.trips)
    )
    visits = [_visit(world, i, firm, again=False) for i, firm in enumerate(world.firms)]
    again = enumerate(world.firms[:SECOND_VISITS])
    visits += [_visit(world, i, firm, again=True) for i, firm in again]
    visits += [_received(world, i, firm) for i, firm in enumerate(world.firms[:: 108 // GUESTS])]
    Visit.objects.bulk_create(visits)
    PlannedMeeting.objects.bulk_create(_plans(world, visits))
    Invitation.objects.bulk_create(_invitations(world))


def _plans(world, visits):
    """Each trip had the firms of its visits in mind, and one more that it did not reach."""
    planned = {(v.trip, v.company): v.held_on for v in visits if v.trip is not None}
    for i, trip in enumerate(world.trips):
        missed = world.firms[(i * 7 + 3) % len(world.firms)]
        planned.setdefault((trip, missed), trip.ended_on)
    return [
        PlannedMeeting(
            trip=trip, company=firm, planned_on=day, city=firm.region,
            purpose="示例：了解投资计划", **world.marked(),
        )
        for (trip, firm), day in planned.items()
    ]  # fmt: skip


def _invitations(world):
    """Guests of the events that the article names; who they are is sample data."""
    states = ("came", "came", "confirmed", "came", "absent", "invited", "declined")
    for place, event in enumerate(Event.objects.order_by("pk")):
        for i, firm in enumerate(world.firms[place * 4 : place * 4 + 21]):
            yield Invitation(
                event=event, company=firm, state=states[i % len(states)], people_count=1 + i % 3,
                task_force=firm.owning_team, note="示例数据", **world.marked(),
            )  # fmt: skip


def _trip(world, i) -> Trip:
    start = date(2024, 1, 15) + timedelta(days=8 * i)
    city = world.cities[CITIES[i % 9]]
    return Trip(
        name=f"示例·赴{city.short_name}招商（{start:%m月%d日}）", task_force=world.teams[i % 9],
        started_on=start, ended_on=start + timedelta(days=2), people_count=4 + i % 3,
        head_rank=("team", "city", "staff")[i % 3], delegation_head="示例·带队领导",
        purpose="示例：走访重点企业", our_people_text="示例·专班成员三人",
        cost_yuan=Decimal(16_000 + 1_500 * (i % 7)) if i % 3 else None, **world.marked(),
    )  # fmt: skip


def _visit(world, i, firm, *, again) -> Visit:
    own = [trip for trip in world.trips if trip.task_force_id == firm.owning_team_id]
    place = i // 9 % len(own)
    trip = own[(place + 1) % len(own)] if again else own[place]
    return Visit(
        company=firm, task_force=firm.owning_team, trip=trip, city=firm.region,
        held_on=trip.started_on + timedelta(days=i // 9 % 3), mode=Visit.Mode.OUTBOUND,
        content="示例：介绍绿电与算力优势，了解投资计划",
        outcome=("interested", "intention", "none", "lead")[i % 4],
        wants="示例：用地与电价" if i % 5 == 0 else "", **world.marked(),
    )  # fmt: skip


def _received(world, i, firm) -> Visit:
    return Visit(
        company=firm, task_force=firm.owning_team, held_on=date(2024, 3 + i, 12),
        mode=Visit.Mode.INBOUND, guest_count=3 + i % 5, outcome="intention",
        content="示例：来宁考察园区与供电条件", **world.marked(),
    )  # fmt: skip
