"""Generated trips, events and visits with the follow-ups that came of them, day by day."""

from datetime import date, timedelta
from itertools import islice

from crm.models import Event, FollowUp, Trip, Visit

from .words import (
    ANSWERED,
    CLOSED,
    INTRODUCED,
    POSITIONS,
    PURPOSES,
    RESULTS,
    STEPS,
    SURNAMES,
    WANTS,
)
from .world import Weighted
from .writing import Shape, continue_numbering, link, next_key, write

CHUNK = 20_000
MODES = Weighted([("outbound", 55), ("inbound", 12), ("online", 18), ("call", 15)])
OUTCOMES = Weighted(
    [("none", 30), ("interested", 34), ("intention", 20), ("lead", 11), ("agreed", 5)]
)
KINDS = Weighted([("door_knocking", 60), ("stationed", 12), ("promotion", 13), ("follow_up", 15)])
RANKS = Weighted([("staff", 45), ("team", 40), ("city", 13), ("city_secretary", 2)])
PLANNED_AHEAD = timedelta(days=30)
# Weekends are quiet; the ends of June and December are not.
QUIET = 0.12
FAIRS = (
    ("青洽会", "qinghai_fair", 7, 10, 4), ("绿色算力产业发展推介会", "promotion", 4, 18, 2),
    ("数据标注产业高端洽谈会", "matchmaking", 9, 12, 2), ("投资环境说明会", "briefing", 11, 6, 1),
)  # fmt: skip
VISIT_FIELDS = (
    "id", "company_id", "mode", "held_on", "city_id", "task_force_id", "trip_id", "project_id",
    "their_people_text", "guest_count", "content", "outcome", "wants", "next_step",
    "next_step_owner_id", "next_step_on", "created_by_id", "updated_by_id", "created_at",
    "updated_at",
)  # fmt: skip
FOLLOW_UP_FIELDS = (
    "id", "company_id", "project_id", "visit_id", "task_force_id", "owner_id", "what", "due_on",
    "done_on", "result", "created_by_id", "updated_by_id", "created_at", "updated_at",
)  # fmt: skip


def add_trips(world, size) -> None:
    world.events = write([_event(world, y, *fair) for y in _years(world) for fair in FAIRS])
    trips = [trip for team in world.teams for trip in _trips_of(world, team)]
    write(trips)
    link(Trip.cities.through, [(t.pk, city.pk) for t in trips for city in t.stops])
    link(Trip.joint_teams.through, _joint(world, trips))
    for trip in trips:
        for offset in range((trip.ended_on - trip.started_on).days + 1):
            world.trips[trip.task_force_id, trip.started_on + timedelta(days=offset)] = trip
    continue_numbering(Event, Trip, Trip.cities.through, Trip.joint_teams.through)


def _years(world):
    return range(world.start.year, world.until.year + 1)


def _event(world, year, name, kind, month, day, days) -> Event:
    first = date(year, month, day)
    return Event(
        name=f"{year}年{name}", kind=kind, started_on=first, host="西宁市投资促进局",
        ended_on=first + timedelta(days=days - 1), region=world.regions["630100"],
        **world.marked(min(first, world.until)),
    )  # fmt: skip


def _trips_of(world, team):
    cities = list(world.pools_cities())
    day = world.start + world.days(5, 20)
    while day <= world.until + PLANNED_AHEAD:
        last = day + world.days(1, 4)
        stops = world.dice.sample(cities, world.dice.randint(1, 3))
        head = RANKS.draw(world.dice)
        trip = Trip(
            name=f"赴{'、'.join(s.short_name for s in stops)}招商（{day.month}月{day.day}日）",
            kind=KINDS.draw(world.dice), task_force=team, started_on=day, ended_on=last,
            head_rank=head, people_count=world.dice.randint(3, 9),
            delegation_head=world.one_of(SURNAMES) + ("副市长" if "city" in head else "组长"),
            purpose=world.one_of(PURPOSES), **world.marked(min(day, world.until)),
        )  # fmt: skip
        trip.stops = stops
        yield trip
        day = last + world.days(8, 24)


def _joint(world, trips):
    for trip in trips:
        other = world.one_of(world.teams)
        if other.pk != trip.task_force_id and world.happens(0.06):
            yield trip.pk, other.pk


def add_visits(world, size) -> None:
    """Contact records the projects need, and as many other visits as are left, day by day."""
    log = VisitLog(world)
    rows = log.rows(size.visits)
    while chunk := list(islice(rows, CHUNK)):
        log.visits.write(chunk)
        log.follow_ups.write(log.tasks)
        link(Visit.our_people.through, log.ours)
        link(Visit.their_people.through, log.theirs)
        log.forget()
    continue_numbering(Visit, FollowUp, Visit.our_people.through, Visit.their_people.through)


class VisitLog:
    """Makes the rows; what goes with the visits made since the last write waits in its lists."""

    def __init__(self, world):
        self.world = world
        first = world.marked(world.start)
        self.visits = Shape(Visit(**first), *VISIT_FIELDS)
        self.follow_ups = Shape(FollowUp(**first), *FOLLOW_UP_FIELDS)
        self.next_visit, self.next_task = next_key(Visit), next_key(FollowUp)
        self.due, self.of_firm = _contact_days(world)
        self.pools, self.pools_of_city = world.pools()
        self.forget()

    def forget(self) -> None:
        self.tasks, self.ours, self.theirs = [], [], []

    def rows(self, count: int):
        spare = count - sum(map(len, self.due.values()))
        for day, quota in _quotas(self.world, spare):
            taken = set()
            for project in self.due.get(day, ()):
                team, firm = project.lead_team, project.lead_investor
                yield self._row(day, taken, team, firm, project, None)
            for _n in range(quota):
                yield self._random_row(day, taken)

    def _random_row(self, day, taken):
        world = self.world
        team = world.one_of(world.teams)
        trip = world.trips.get((team.pk, day)) if world.happens(0.8) else None
        pool = self.pools[team.pk]
        if trip:
            city = world.one_of(trip.stops)
            pool = self.pools_of_city.get((team.pk, city.pk), pool)
        # Squared: some firms are met often, many hardly ever.
        firm = pool[int(world.dice.random() ** 2 * len(pool))]
        project = self._project_of(firm, team, day) if world.happens(0.7) else None
        return self._row(day, taken, team, firm, project, trip)

    def _project_of(self, firm, team, day):
        for project in self.of_firm.get(firm.pk, ()):
            ended = project.given_up.effective_on if project.given_up else day
            if project.lead_team_id == team.pk and project.reported_on <= day <= ended:
                return project
        return None

    def _row(self, day, taken, team, firm, project, trip):
        world, pick = self.world, self.world.one_of
        mode = "outbound" if trip else MODES.draw(world.dice)
        while (firm.pk, team.pk, mode) in taken:  # one firm, day, team and mode only once
            mode = pick(MODES.values)
            if len({m for f, t, m in taken if (f, t) == (firm.pk, team.pk)}) == len(MODES.values):
                pool = self.pools[team.pk]
                firm, project, trip = pick(pool), None, None
        taken.add((firm.pk, team.pk, mode))
        if mode != "outbound":
            trip = None
        officer = project.owner if project else pick(world.officers[team.pk])
        pk, self.next_visit = self.next_visit, self.next_visit + 1
        self._note_people(pk, firm, officer)
        step, step_on = self._step(day, pk, team, firm, project, officer)
        moment = world.moment_value(day)
        return self.visits.row(
            pk, firm.pk, mode, world.date_value(day),
            firm.region_id if mode == "outbound" else None, team.pk, trip and trip.pk,
            project and project.pk, f"{pick(SURNAMES)}{pick(POSITIONS)}",
            world.dice.randint(2, 9) if mode == "inbound" else None,
            f"{pick(INTRODUCED)}；{pick(ANSWERED)}。{pick(CLOSED)}。", OUTCOMES.draw(world.dice),
            pick(WANTS) if world.happens(0.15) else "", step, officer.pk if step else None,
            step_on, officer.pk, officer.pk, moment, moment,
        )  # fmt: skip

    def _note_people(self, pk, firm, officer) -> None:
        if self.world.happens(0.6):
            self.ours.append((pk, officer.pk))
        if self.world.happens(0.25):
            self.theirs.append((pk, self.world.contacts[firm.pk].pk))

    def _step(self, day, pk, team, firm, project, officer):
        """A next step now and then; it is a follow-up too, done unless it is a recent one."""
        world = self.world
        if not world.happens(0.2):
            return "", None
        what, due = world.one_of(STEPS), day + world.days(2, 21)
        done = due + world.days(-2, 4)
        recent = world.until - due < timedelta(days=12)
        is_done = done <= world.until and world.happens(0.6 if recent else 0.997)
        moment = world.moment_value(day)
        key, self.next_task = self.next_task, self.next_task + 1
        self.tasks.append(
            self.follow_ups.row(
                key, firm.pk, project and project.pk, pk, team.pk, officer.pk, what,
                world.date_value(due), world.date_value(max(day, done) if is_done else None),
                world.one_of(RESULTS) if is_done else "", officer.pk, officer.pk, moment, moment,
            )
        )  # fmt: skip
        return what, world.date_value(due)


def _contact_days(world) -> tuple[dict, dict]:
    """Projects by the day of a contact record they need, and by the firm they belong to."""
    due, of_firm = {}, {}
    for project in world.projects:
        of_firm.setdefault(project.lead_investor_id, []).append(project)
        before = project.reported_on
        for stage in ("negotiating", "reserve", "signed"):
            if stage in project.entered:
                day = world.day_between(before, project.entered[stage])
                due.setdefault(day, []).append(project)
                before = project.entered[stage]
    return due, of_firm


def _quotas(world, count: int):
    """(day, number of visits) from the first day to the last, ``count`` in all."""
    days = [world.start + timedelta(days=n) for n in range((world.until - world.start).days + 1)]
    weights = [_weight(day, place / len(days)) for place, day in enumerate(days)]
    total, reached, given = sum(weights), 0.0, 0
    for day, weight in zip(days, weights, strict=True):
        reached += weight
        quota = round(count * reached / total) - given
        given += quota
        yield day, quota


def _weight(day: date, progress: float) -> float:
    busy = 1.4 if day.month in (6, 12) else 1.0
    return (0.7 + 0.6 * progress) * (QUIET if day.weekday() > 4 else busy)
