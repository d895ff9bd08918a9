"""Generated plans of trips, and who was invited to them and to events and came."""

from crm.models import Invitation, PlannedMeeting

from .words import POSITIONS, PURPOSES, SURNAMES
from .world import Weighted
from .writing import Shape, continue_numbering, next_key

AFTERWARDS = Weighted([("came", 62), ("absent", 14), ("declined", 24)])
BEFOREHAND = Weighted([("invited", 55), ("confirmed", 35), ("declined", 10)])
INVITED_SHARE = 0.01  # of the firms, to each event
MOST_PLANNED = 6
PLANNED = (
    "id", "trip_id", "company_id", "planned_on", "city_id", "purpose", "created_by_id",
    "updated_by_id", "created_at", "updated_at",
)  # fmt: skip
INVITED = (
    "id", "event_id", "trip_id", "company_id", "guest", "people_count", "state", "task_force_id",
    "created_at", "updated_at",
)  # fmt: skip


def add_guests(world, size) -> None:
    trips = list({trip.pk: trip for trip in world.trips.values()}.values())
    _write(PlannedMeeting, PLANNED, world, _planned(world, trips))
    _write(Invitation, INVITED, world, _invited(world, trips))
    continue_numbering(PlannedMeeting, Invitation)


def _write(model, columns, world, rows) -> None:
    first = next_key(model)
    shape = Shape(model(**world.marked(world.start)), *columns)
    shape.write(shape.row(first + n, *row) for n, row in enumerate(rows))


def _planned(world, trips):
    """Some firms of the cities on the way, each once a trip."""
    _of_team, of_city = world.pools()
    for trip in trips:
        taken, moments = set(), world.moment_values(min(trip.started_on, world.until))
        for _n in range(world.dice.randint(2, MOST_PLANNED)):
            city = world.one_of(trip.stops)
            firm = world.one_of(of_city.get((trip.task_force_id, city.pk)) or world.firms)
            if firm.pk in taken:
                continue
            taken.add(firm.pk)
            by = world.one_of(world.officers[trip.task_force_id]).pk
            day = world.day_between(trip.started_on, trip.ended_on)
            yield (trip.pk, firm.pk, world.date_value(day), city.pk, world.one_of(PURPOSES),
                   by, by, *moments)  # fmt: skip


def _invited(world, trips):
    for event in world.events:
        count = max(3, int(len(world.firms) * INVITED_SHARE))
        for firm in world.dice.sample(world.firms, min(len(world.firms), count)):
            yield _invitation(world, event, firm, event=event.pk, by=firm.owning_team_id)
    for trip in trips:
        if trip.kind == "promotion":
            count = min(len(world.firms), world.dice.randint(3, 12))
            for firm in world.dice.sample(world.firms, count):
                yield _invitation(world, trip, firm, trip=trip.pk, by=trip.task_force_id)


def _invitation(world, occasion, firm, *, event=None, trip=None, by=None) -> tuple:
    is_over = occasion.started_on <= world.until
    state = (AFTERWARDS if is_over else BEFOREHAND).draw(world.dice)
    people = world.dice.randint(1, 4) if state in ("came", "confirmed") else None
    guest = world.one_of(SURNAMES) + world.one_of(POSITIONS)
    moments = world.moment_values(min(occasion.started_on, world.until))
    return event, trip, firm.pk, guest, people, state, by, *moments
