"""The lead clock: what has to happen with a new lead, and by when.

Source: the city's practice as written in the trade reference, "life of a project": reply and name
a person in 1 day, assess in 3 (7 for big ones), feed back in a week, report every fortnight.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.stages import Stage

# While a project is a lead or in talks its clock runs; after that milestones and stages speak.
RUNNING_STAGES = (Stage.LEAD, Stage.NEGOTIATING)
BIG_YUAN = Decimal(100_000_000)


class Step(models.TextChoices):
    RESPOND = "respond", _("respond")
    ASSESS = "assess", _("assess")
    FEED_BACK = "feed_back", _("feed back")
    REPORT = "report", pgettext_lazy("lead clock", "report")
    TO_BUREAU = "to_bureau", _("overdue request goes to the bureau")
    TO_CITY = "to_city", _("overdue request goes to the city")
    BEFORE_FACTOR = "before_factor", _("told before a factor guarantee is due")
    BEFORE_PROMISE = "before_promise", _("told before a commitment is due")


LEAD_STEPS = (Step.RESPOND, Step.ASSESS, Step.FEED_BACK, Step.REPORT)
# (from this planned investment on, days), smallest first.
DEFAULTS = {
    Step.RESPOND: [(Decimal(0), 1)],
    Step.ASSESS: [(Decimal(0), 3), (BIG_YUAN, 7)],
    Step.FEED_BACK: [(Decimal(0), 7)],
    Step.REPORT: [(Decimal(0), 14)],
    Step.TO_BUREAU: [(Decimal(0), 1)],
    Step.TO_CITY: [(Decimal(0), 7)],
    Step.BEFORE_FACTOR: [(Decimal(0), 7)],
    Step.BEFORE_PROMISE: [(Decimal(0), 30)],
}


class Limits:
    """Days per step and size of the project."""

    def __init__(self, rows=()):
        """``rows`` are (step, from yuan, days); a step that has none keeps its defaults."""
        own: dict = {}
        for step, from_yuan, days in rows:
            own.setdefault(step, []).append((from_yuan, days))
        self.bands = {
            step: sorted(own.get(step, bands)) for step, bands in DEFAULTS.items()
        }  # fmt: skip

    def days(self, step: str, planned_yuan: Decimal | None = None) -> int:
        """Days allowed; an unknown investment counts as small."""
        size = planned_yuan or Decimal(0)
        fitting = [days for from_yuan, days in self.bands[step] if from_yuan <= size]
        return fitting[-1] if fitting else self.bands[step][0][1]

    def sizes(self, step: str) -> list[tuple[Decimal, Decimal | None, int]]:
        """(from, up to but without, days) of every band; the last one has no upper end."""
        bands = self.bands[step]
        uppers = [from_yuan for from_yuan, _days in bands[1:]] + [None]
        lowers = [Decimal(0), *(from_yuan for from_yuan, _days in bands[1:])]
        return [(low, up, days) for low, up, (_f, days) in zip(lowers, uppers, bands, strict=True)]


@dataclass(frozen=True)
class Tick:
    """One step of the clock: by when, and whether it is done or late."""

    step: str
    due_on: date
    is_done: bool
    is_late: bool

    @property
    def label(self) -> str:
        return str(Step(self.step).label)

    @property
    def state(self) -> str:
        return "late" if self.is_late else "done" if self.is_done else "running"


@dataclass(frozen=True)
class Facts:
    """What the clock of one project is read from."""

    reported_on: date
    planned_yuan: Decimal | None
    is_named: bool
    is_assessed: bool
    was_contacted: bool
    active_on: date


def ticks(facts: Facts, limits: Limits, on: date) -> list[Tick]:
    """The four steps with their state on a day; the report falls due anew after every activity."""
    starts = {Step.REPORT: facts.active_on}
    done = {
        Step.RESPOND: facts.is_named,
        Step.ASSESS: facts.is_assessed,
        Step.FEED_BACK: facts.was_contacted,
        Step.REPORT: False,
    }
    found = []
    for step in LEAD_STEPS:
        days = limits.days(step, facts.planned_yuan)
        due = starts.get(step, facts.reported_on) + timedelta(days=days)
        found.append(Tick(step, due, done[step], not done[step] and due < on))
    return found
