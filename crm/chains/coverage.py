"""How the chains filled up: at the end of every year, from the history of stages and deals."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from crm.indicators import Scope
from crm.indicators.behind import Behind
from crm.indicators.dimensions import CLOSED
from crm.indicators.grouping import grouped
from crm.models import Project, StageMove

from .picture import Number, until

MOST_YEARS = 6


@dataclass(frozen=True)
class Year:
    """``covered`` segments have a project signed or later; ``here`` are these projects."""

    label: str
    covered: int
    here: Number


def coverage(reader, segments: set[int], on: date) -> list[Year]:
    """The last years up to the day; a query a year, none where nothing was ever moved."""
    scope = Scope(reader)
    moves = StageMove.objects.standing().filter(
        project__in=scope.rows(Project).filter(segment__in=segments).values("pk")
    )
    first = moves.aggregate(first=Min("effective_on"))["first"]
    if first is None:
        return []
    years = range(max(first.year, on.year - MOST_YEARS + 1), on.year + 1)
    return [_year(scope, segments, min(date(year, 12, 31), on)) for year in years]


def _year(scope: Scope, segments: set[int], cut: date) -> Year:
    behind = Behind("here", until(cut))
    rows = behind.row_set.rows(scope, behind.period, ())
    found = grouped(rows, "segment", {"count": Count("pk", distinct=True)})
    own = {key: row["count"] for key, row in found.items() if key in segments and key != CLOSED}
    return Year(str(cut.year), len(own), Number(sum(own.values()), behind))
