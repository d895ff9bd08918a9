"""What generated rows hang on, and the dice they are thrown with."""

import random
from bisect import bisect
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from django.db import connection
from django.utils import timezone

from crm.models import Chain, Department, Industry, Park, Region, TaskForce

YEARS = 4


class World:
    """Rows made so far; every step leaves here what the next ones need."""

    def __init__(self, seed: int, until: date):
        self.dice = random.Random(seed)  # noqa: S311 - sample data, the same for the same seed
        self.until = until
        self.start = date(until.year - YEARS + 1, 1, 1)
        self.teams = list(TaskForce.objects.order_by("number"))
        self.parks = list(Park.objects.order_by("id"))
        self.regions = {region.code: region for region in Region.objects.all()}
        self.industries = {row.code: row for row in Industry.objects.all()}
        self.segments = {
            chain.key: list(chain.segments.order_by("id"))
            for chain in Chain.objects.order_by("id").prefetch_related("segments")
        }
        self.departments = list(Department.objects.order_by("id"))
        self.officers: dict[int, list] = {}
        self.bureau = None
        self.firms, self.contacts, self.events, self.projects = [], {}, [], []
        self.entered: list[dict] = []
        self.trips: dict[int, list] = {}
        self.deals, self.needs, self.compute = [], [], []
        self._dates, self._moments = {}, {}

    # -- dice ----------------------------------------------------------------------------------

    def one_of(self, values):
        return values[int(self.dice.random() * len(values))]

    def happens(self, share: float) -> bool:
        return self.dice.random() < share

    def days(self, low: int, high: int) -> timedelta:
        return timedelta(days=self.dice.randint(low, high))

    def day_between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.dice.randint(0, max(0, (last - first).days)))

    # -- who goes where ------------------------------------------------------------------------

    def pools_cities(self) -> list:
        """The cities firms sit in, the home city apart."""
        cities = {firm.region_id: firm.region for firm in self.firms}
        return [city for city in cities.values() if not city.is_in_province]

    def pools(self) -> tuple[dict, dict]:
        """Firms by team, and by team and city: the team's own and those free to claim."""
        of_team = {team.pk: [] for team in self.teams}
        of_city: dict[tuple, list] = {}
        for firm in self.firms:
            for pk in of_team if firm.owning_team_id is None else (firm.owning_team_id,):
                of_team[pk].append(firm)
                of_city.setdefault((pk, firm.region_id), []).append(firm)
        return {pk: firms or self.firms for pk, firms in of_team.items()}, of_city

    # -- what every row carries ------------------------------------------------------------------

    def moment(self, day: date) -> datetime:
        """Half past five in the afternoon of the day: when people enter what they did."""
        return timezone.make_aware(datetime.combine(day, time(17, 30)))

    def date_value(self, day: date | None):
        """As the database driver takes it; made once for each day."""
        if day not in self._dates:
            self._dates[day] = day and connection.ops.adapt_datefield_value(day)
        return self._dates[day]

    def moment_value(self, day: date):
        if day not in self._moments:
            self._moments[day] = connection.ops.adapt_datetimefield_value(self.moment(day))
        return self._moments[day]

    def moment_values(self, day: date) -> tuple:
        """When it was created and when it was changed."""
        return self.moment_value(day), self.moment_value(day)

    def marked(self, day: date, by=None, **values) -> dict:
        by, moment = by or self.bureau, self.moment(day)
        return {
            "is_sample": True, "created_by": by, "updated_by": by, "created_at": moment,
            "updated_at": moment, **values,
        }  # fmt: skip


class Weighted:
    """Draws values by weight: ``Weighted([("a", 3), ("b", 1)])``."""

    def __init__(self, pairs):
        self.values = [value for value, _weight in pairs]
        self.limits = list(accumulate(weight for _value, weight in pairs))

    def draw(self, dice):
        return self.values[bisect(self.limits, dice.random() * self.limits[-1])]
