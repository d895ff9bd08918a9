"""The score of target firms, added up in SQL from factors, and each line of it in words.

History and money are read from what is open to the reader; the state of a segment is the city's.
Points are whole tenths, so that they add up exactly on every database.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from crm import appeal
from crm.appeal import HIGH, LOW, MIDDLE, NONE, Factor
from crm.indicators.chains import judged
from crm.models import Company, CompanyMark, Project, Signal, TargetFactor, Visit
from crm.models.targeting import with_rhythm
from crm.money import format_yuan
from crm.stages import ProjectStatus
from crm.strength import State

LEVEL_OF_STATE = {State.MISSING: HIGH, State.WEAK: MIDDLE, State.STRONG: LOW}
LEVEL_OF_TIER = {"A": HIGH, "B": MIDDLE, "C": LOW}
SHOWN_NAMES = 3


@dataclass(frozen=True)
class Line:
    """A factor of one firm: its level in words, what it is seen from, its points and the most.

    ``start`` are the points of the lines before it, where its piece of the bar begins.
    """

    factor: str
    label: str
    level: int
    said: str
    seen: str
    points: Decimal
    most: Decimal
    start: Decimal


class Scoring:
    """The factors for one reader on one day; made once a page, a few queries."""

    def __init__(self, reader, on: date):
        self.reader, self.on = reader, on
        self.segments = judged(on)
        self.points = TargetFactor.points_by_factor()

    # -- many firms ----------------------------------------------------------------------------

    def ranked(self, firms):
        """Firms with ``score`` in tenths, the highest first; ties by name, so pages are stable."""
        parts = [
            self._case(factor, self.points[factor])
            for factor in Factor
            if any(self.points[factor].values())
        ]
        score = sum(parts[1:], parts[0]) if parts else Value(0, IntegerField())
        return firms.annotate(score=score).order_by("-score", "sort_key", "pk")

    def with_levels(self, firms):
        """The same firms with the level of each factor and all that ``lines`` reads."""
        levels = {f"{factor}_level": self._case(factor, _SAME) for factor in Factor}
        fresh = Signal.objects.fresh(self.on).order_by("-strength", "-seen_on", "-pk")
        return (
            with_rhythm(firms, self._visits())
            .annotate(**levels)
            .select_related("region", "owning_team")
            .prefetch_related(
                "segments", "marks", Prefetch("signals", queryset=fresh, to_attr="fresh_signals")
            )
        )

    def shown(self, ranked_page) -> list[Company]:
        """The firms of a page of ``ranked``, in its order, with score and levels; four queries."""
        scores = {row.pk: row.score for row in ranked_page}
        rows = self.with_levels(
            Company.objects.filter(pk__in=scores).visible_to(self.reader)
        ).in_bulk()
        firms = [rows[pk] for pk in scores if pk in rows]
        for firm in firms:
            firm.score = Decimal(scores[firm.pk]) / 10
            firm.lines = self.lines(firm)
        return firms

    def best_by_segment(self, firms, segments, *, most: int) -> dict[int, list[Company]]:
        """The first firms of each of the segments, by score; one query."""
        place = Window(
            RowNumber(), partition_by=F("segments"),
            order_by=[F("score").desc(), F("sort_key").asc(), F("pk").asc()],
        )  # fmt: skip
        rows = self.ranked(firms.filter(segments__in=segments)).annotate(
            in_segment=F("segments"), place=place
        )
        found: dict[int, list[Company]] = {}
        for firm in rows.filter(place__lte=most).order_by("in_segment", "place"):
            found.setdefault(firm.in_segment, []).append(firm)
        return found

    def of(self, firm: Company) -> Company:
        """One firm with its score and lines."""
        return self.shown(self.ranked(Company.objects.filter(pk=firm.pk)))[0]

    def _case(self, factor: str, values: dict[int, int]) -> Case:
        cases = [
            When(condition, then=Value(values[level]))
            for level, condition in self._conditions(factor)
        ]
        return Case(*cases, default=Value(values[NONE]), output_field=IntegerField())

    def _conditions(self, factor: str) -> list[tuple[int, object]]:
        """(level, condition), the highest first: the first that holds decides."""
        return getattr(self, f"_{factor}")()

    def _gap(self):
        links = Company.segments.through.objects.filter(company=OuterRef("pk"))
        found = []
        for state, level in LEVEL_OF_STATE.items():
            keys = [pk for pk, item in self.segments.items() if item.state == state]
            if keys:
                found.append((level, Exists(links.filter(segment__in=keys))))
        return found

    def _tier(self):
        return [(level, Q(key_tier=tier)) for tier, level in LEVEL_OF_TIER.items()]

    def _marks(self):
        marks = CompanyMark.objects.filter(company=OuterRef("pk"))
        return [
            (HIGH, Exists(marks.filter(mark__in=appeal.TOP_MARKS))),
            (MIDDLE, Exists(marks.filter(mark__in=appeal.MIDDLE_MARKS))),
            (LOW, Exists(marks)),
        ]

    def _capacity(self):
        return [(level, Q(revenue_yuan__gte=bound)) for level, bound in appeal.REVENUES.items()]

    def _history(self):
        projects = Project.objects.live().open_to(self.reader).filter(status=ProjectStatus.ACTIVE)
        visits = self._visits().filter(company=OuterRef("pk"))
        since = self.on - timedelta(days=appeal.MET_DAYS)
        return [
            (HIGH, Exists(projects.filter(lead_investor=OuterRef("pk")))),
            (MIDDLE, Exists(visits.filter(held_on__gt=since))),
            (LOW, Exists(visits)),
        ]

    def _signals(self):
        fresh = Signal.objects.fresh(self.on).filter(company=OuterRef("pk"))
        promising = fresh.promising()
        return [
            (NONE, Exists(fresh.warnings())),
            *((level, Exists(promising.filter(strength=level))) for level in (HIGH, MIDDLE, LOW)),
        ]

    def _visits(self):
        return Visit.objects.live().open_to(self.reader).filter(held_on__lte=self.on)

    # -- one firm in words ---------------------------------------------------------------------

    def most(self) -> list[tuple[str, str, Decimal]]:
        """(factor, its word, the most points it gives)."""
        return [
            (str(factor), str(factor.label), Decimal(self.points[factor][HIGH]) / 10)
            for factor in Factor
        ]

    def lines(self, firm: Company) -> list[Line]:
        """Why the firm has its score; the points of the lines add up to it."""
        lines, start = [], Decimal(0)
        for factor in Factor:
            lines.append(self._line(firm, factor, start))
            start += lines[-1].points
        return lines

    def _line(self, firm: Company, factor: str, start: Decimal) -> Line:
        level = getattr(firm, f"{factor}_level")
        values = self.points[factor]
        return Line(
            str(factor), str(Factor(factor).label), level, str(appeal.LEVELS[factor][level]),
            getattr(self, f"_seen_{factor}")(firm, level),
            Decimal(values[level]) / 10, Decimal(values[HIGH]) / 10, start,
        )  # fmt: skip

    def _seen_gap(self, firm: Company, level: int) -> str:
        own = (item for item in self._judged_of(firm) if LEVEL_OF_STATE[item.state] == level)
        names = [str(item.segment) for item in own]
        return "、".join(names[:SHOWN_NAMES])

    def _judged_of(self, firm: Company):
        keys = [segment.pk for segment in firm.segments.all()]
        return [self.segments[key] for key in keys if key in self.segments]

    def gaps_of(self, firm: Company) -> list:
        """The segments of the firm that are missing or weak here."""
        return [item for item in self._judged_of(firm) if item.state != State.STRONG]

    def _seen_tier(self, firm: Company, level: int) -> str:
        return firm.sponsoring_leader

    def _seen_marks(self, firm: Company, level: int) -> str:
        return "、".join(dict.fromkeys(mark.get_mark_display() for mark in firm.marks.all()))

    def _seen_capacity(self, firm: Company, level: int) -> str:
        return "" if firm.revenue_yuan is None else format_yuan(firm.revenue_yuan)

    def _seen_history(self, firm: Company, level: int) -> str:
        return firm.last_contact_on.isoformat() if firm.last_contact_on else ""

    def _seen_signals(self, firm: Company, level: int) -> str:
        return "；".join(f"{s.seen_on} {s.text}" for s in firm.fresh_signals[:2])


# Levels for themselves, where ``_case`` gives points otherwise.
_SAME = {level: level for level in (HIGH, MIDDLE, LOW, NONE)}
