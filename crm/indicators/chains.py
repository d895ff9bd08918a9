"""What stands in the segments of the chains: projects, money, firms, and firms to be won.

The state of a segment is the city's and the same for every reader; confidential projects do not
count towards it, so that nothing can be read from it. Numbers are those of the reader's own rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Sum

from crm.models import Company, Deal, Project, Segment
from crm.periods import Period, today
from crm.stages import ProjectStatus, Stage, reached
from crm.strength import Standing, State, Work, work_for

from .scope import Scope
from .signing import counting_deals

HERE = reached(Stage.SIGNED)
CITY_CODE = "6301"  # GB/T 2260: 西宁市 and its districts
LINKS = Company.segments.through.objects


@dataclass(frozen=True)
class Judged:
    """A segment with its state and with what it asks for."""

    segment: Segment
    state: State
    work: Work


def judged(on: date | None = None) -> Mapping[int, Judged]:
    """The segments in use, in the order of their chains, by key; five queries."""
    rows = Segment.objects.current().filter(chain__is_disabled=False)
    rows = list(rows.select_related("chain").order_by("chain__sequence", "sequence", "id"))
    standing = city_standing(on or today())
    states = {row.pk: row.chain.thresholds.state(standing.get(row.pk, Standing())) for row in rows}
    return {
        row.pk: Judged(row, states[row.pk], work_for(states[row.pk], states.get(row.follows_id)))
        for row in rows
    }


def city_standing(on: date) -> dict[int, Standing]:
    """What stands in each segment of the city; firms at home here are those of today."""
    here = here_q(Project.objects.live().filter(is_confidential=False), on)
    counts = dict(_by(here, "segment", Count("pk")))
    deals = Deal.objects.live().counting().filter(signed_on__lte=on, project__in=here.values("pk"))
    money = dict(_by(deals, "project__segment", Sum("amount_yuan")))
    at_home = LINKS.filter(company__archived_at=None, company__region__code__startswith=CITY_CODE)
    firms = dict(_by(at_home, "segment", Count("company")))
    return {
        pk: Standing(counts.get(pk, 0), firms.get(pk, 0), money.get(pk) or Standing.yuan)
        for pk in {*counts, *money, *firms} - {None}
    }


def _by(rows, column: str, total):
    return rows.order_by().values_list(column).annotate(total=total)


def here_q(projects, on: date):
    """Active projects signed or later on the day; of today by what they are now."""
    if on >= today():
        return projects.filter(status=ProjectStatus.ACTIVE, stage__in=HERE)
    return projects.at(on).filter(status_then=ProjectStatus.ACTIVE, stage_then__in=HERE)


# -- the reader's rows -----------------------------------------------------------------------------


def projects_here(scope: Scope, period: Period):
    return here_q(scope.rows(Project), period.cut)


def projects_coming(scope: Scope, period: Period):
    """Active projects not signed yet."""
    rows = scope.rows(Project)
    if period.cut >= today():
        return rows.filter(status=ProjectStatus.ACTIVE).exclude(stage__in=HERE)
    rows = rows.at(period.cut).filter(status_then=ProjectStatus.ACTIVE).exclude(stage_then=None)
    return rows.exclude(stage_then__in=HERE)


def deals_so_far(scope: Scope, period: Period):
    """Counting deals signed up to the cut, of whatever year."""
    return counting_deals(scope).filter(signed_on__lt=period.end)


def firms_in_chains(scope: Scope, period: Period):
    return scope.rows(Company).filter(Exists(LINKS.filter(company=OuterRef("pk"))))


def home_firms(scope: Scope, period: Period):
    """Firms of the chains that are at home in the city."""
    return firms_in_chains(scope, period).filter(region__code__startswith=CITY_CODE)


def firms_to_win(scope: Scope, period: Period):
    """Firms open to the reader, at home elsewhere, with no project of theirs signed here yet."""
    projects = Project.objects.live().open_to(scope.reader).filter(stage__in=HERE)
    landed = projects.filter(lead_investor=OuterRef("pk"))
    rows = scope.rows(Company).filter(is_open=True)
    at_home = rows.filter(region__code__startswith=CITY_CODE).order_by().values("pk")
    return rows.exclude(pk__in=at_home).exclude(Exists(landed))


def gap_firms(scope: Scope, period: Period):
    """Firms to win that are in one of the chains' segments."""
    return firms_to_win(scope, period).filter(Exists(LINKS.filter(company=OuterRef("pk"))))
