"""Generated rows in any number: realistic, deterministic, Chinese, every one marked as sample.

For trying the product at the size of a city, a province or more. The same numbers, seed and last
day give the same rows. They obey the rules the doors enforce (stage requirements, dates in order,
unique names), so that lists, figures and reports mean something; ``clear_sample`` removes them.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from crm import facts

from .alliance import add_alliance
from .firms import add_firms
from .guests import add_guests
from .loading import checked_once
from .money import add_money
from .outreach import add_trips, add_visits
from .people import add_people
from .places import add_places
from .projects import add_projects
from .targeting import add_targeting
from .tasks import add_tasks
from .world import World


@dataclass(frozen=True)
class Size:
    firms: int
    projects: int
    visits: int

    def __post_init__(self):
        if min(self.firms, self.projects, self.visits) < 1:
            raise ValueError("at least one firm, project and visit")
        if self.visits < 3 * self.projects:
            raise ValueError("at least three visits a project: talks need their contact records")
        if self.projects > 2 * self.firms:
            raise ValueError("at most two projects a firm")


def generate(size: Size, *, seed: int, until: date, tell=lambda text: None) -> None:
    """Add that many rows up to the day ``until``, or none; then bring the statistics up to date."""
    facts.load()
    with transaction.atomic():
        world = World(seed, until)
        with checked_once(size.visits):
            _fill(world, size, tell)
        tell("counting")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _fill(world: World, size: Size, tell) -> None:
    for add in (add_people, add_firms, add_trips, add_projects, add_visits, add_money,
                add_tasks, add_guests, add_alliance, add_places, add_targeting):  # fmt: skip
        tell(add.__name__.removeprefix("add_"))
        add(world, size)
    tell("checking links")
