"""Generated requests of firms and the targets of the last two years."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from crm.models import Deal, Request, Target

from .words import RESULTS, WANTS
from .writing import continue_numbering, write

CATEGORIES = ("land", "power", "network", "policy", "funds", "people", "approval", "other")
TARGETED_YEARS = 2


def add_tasks(world, size) -> None:
    asking = [p for p in world.projects if "negotiating" in p.entered and world.happens(0.6)]
    write([_request(world, project) for project in asking])
    write(list(_targets(world)))
    continue_numbering(Request, Target)


def _request(world, project) -> Request:
    raised = world.day_between(project.entered["negotiating"], world.until)
    due = raised + world.days(7, 45)
    closed = due + world.days(-6, 6)
    is_closed = closed <= world.until and world.happens(0.93)
    return Request(
        project=project, company=project.lead_investor, task_force=project.lead_team,
        raised_on=raised, category=world.one_of(CATEGORIES), content=world.one_of(WANTS),
        department=world.one_of(world.departments), due_on=due, source="走访收集",
        closed_on=max(raised, closed) if is_closed else None,
        progress=world.one_of(RESULTS) if is_closed else "",
        supervision="city" if world.happens(0.05) else "", **world.marked(raised, project.owner),
    )  # fmt: skip


def _targets(world):
    """A little more than what was signed, so that some are met and some are not."""
    counts, sums = Counter(), Counter()
    for deal in world.deals:
        if deal.kind == Deal.Kind.CONTRACT and deal.status == Deal.Status.IN_FORCE:
            for team in (None, deal.project.lead_team_id):
                counts[deal.signed_on.year, team] += 1
                sums[deal.signed_on.year, team] += deal.amount_yuan
    known = set(Target.objects.values_list("year", "indicator", "task_force"))
    for year in range(world.until.year, world.until.year - TARGETED_YEARS, -1):
        for team in (None, *(team.pk for team in world.teams)):
            for name, done, unit in (
                ("deals_signed", counts[year, team], 1),
                ("signed_yuan", sums[year, team], 100_000_000),
            ):
                if done and (year, name, team) not in known:
                    yield _target(world, year, name, team, done, unit)


def _target(world, year, name, team, done, unit) -> Target:
    wanted = Decimal(done) * Decimal(world.dice.randint(85, 125)) / 100
    value = max(Decimal(1), (wanted / unit).quantize(Decimal(1))) * unit
    day = world.start.replace(year=year) + timedelta(days=10)
    return Target(year=year, indicator=name, task_force_id=team, value=value, **world.marked(day))
