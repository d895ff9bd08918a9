"""What members of the alliance brought: introductions, and the projects and deals after them.

A project is brought by the member that introduced it, else by the one that was the first to
introduce its lead investor before it was reported: by one member only. Of projects closed to the
reader no member is told.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from crm.models import AllianceMembership, Company, Deal, Introduction, Project, TaskForce
from crm.periods import Period

from .behind import SETS, Dimension, RowSet, in_talks
from .figures import ZERO, carried, precision_counts
from .scope import Scope
from .signing import counting_deals

OF_INTRODUCTIONS = {
    "member": Dimension(_("alliance member"), "membership", AllianceMembership),
    "part": Dimension(
        _("role in the alliance"), "membership__part",
        choices=dict(AllianceMembership.Part.choices),
    ),
    "team": Dimension(_("taken up by"), "task_force", TaskForce),
}  # fmt: skip


def introductions(scope: Scope, period: Period, of=()):
    """Introductions of the period that are open to the reader."""
    rows = scope.rows(Introduction).filter(is_open=True).made_in(period)
    for key, value in of:
        rows = rows.filter(**{OF_INTRODUCTIONS[key].path: value or None})
    return rows


def brought(scope: Scope, rows, period: Period) -> dict[int, int]:
    """{project: introduction} of these, for the open projects reported by the cut; three queries.

    Every introduction ever made is asked, so that a project never counts for a later one.
    """
    own = set(rows.values_list("pk", flat=True))
    known = scope.of(None).rows(Introduction).order_by("introduced_on", "pk")
    named, firsts = {}, defaultdict(list)
    for pk, firm, project, day in known.values_list("pk", "company", "project", "introduced_on"):
        firsts[firm].append((day, pk))
        if project is not None:
            named[project] = pk
    projects = scope.of(None).rows(Project).filter(is_open=True, reported_on__lt=period.end)
    near = projects.filter(Q(lead_investor__in=list(firsts)) | Q(pk__in=list(named)))
    found = {}
    for pk, firm, reported_on in near.values_list("pk", "lead_investor", "reported_on"):
        before = [by for day, by in firsts.get(firm, ()) if day <= reported_on]
        by = named.get(pk) or (before[0] if before else None)
        if by in own:
            found[pk] = by
    return found


def _projects(scope: Scope, period: Period, of):
    pairs = brought(scope, introductions(scope, period, of), period)
    return scope.of(None).rows(Project).filter(pk__in=list(pairs))


def _talks(scope: Scope, period: Period, of):
    return in_talks(_projects(scope, period, of), period)


def _firms(scope: Scope, period: Period, of):
    firms = introductions(scope, period, of).values("company")
    return scope.of(None).rows(Company).filter(pk__in=firms)


def _deals(scope: Scope, period: Period, of):
    projects = _projects(scope, period, of).order_by().values("pk")
    return counting_deals(scope.of(None)).filter(signed_on__lt=period.end, project__in=projects)


SETS |= {
    f"alliance_{name}": RowSet(model, label, find, dimensions=OF_INTRODUCTIONS)
    for name, model, label, find in (
        ("introductions", Introduction, _("introductions"), introductions),
        ("firms", Company, _("firms introduced"), _firms),
        ("projects", Project, _("projects brought"), _projects),
        ("talks", Project, _("of which in talks or further"), _talks),
        ("deals", Deal, _("deals of projects brought"), _deals),
    )
}


@dataclass
class Brought:
    """What one member (or several together) brought; projects by key, ``yuan`` of known amounts."""

    introductions: int = 0
    firms: set = field(default_factory=set)
    projects: set = field(default_factory=set)
    talks: set = field(default_factory=set)
    deals: int = 0
    yuan: Decimal = ZERO
    unknown: int = 0
    about: int = 0
    at_least: int = 0

    @property
    def precision(self) -> str:
        return carried(self.about, self.at_least)


def brought_by(scope: Scope, period: Period, by: str = "member") -> dict[object, Brought]:
    """{member (or role, or task force): what it brought}; a fixed number of queries."""
    rows, path = introductions(scope, period), OF_INTRODUCTIONS[by].path
    found: dict = defaultdict(Brought)
    key_of = {}
    for pk, key, firm in rows.values_list("pk", path, "company"):
        key_of[pk] = key
        found[key].introductions += 1
        found[key].firms.add(firm)
    pairs = brought(scope, rows, period)
    for project, introduction in pairs.items():
        found[key_of[introduction]].projects.add(project)
    _add_progress(found, scope, period, {project: key_of[by] for project, by in pairs.items()})
    return dict(found)


def _add_progress(found, scope: Scope, period: Period, key_of: dict) -> None:
    """How far the projects came by the cut, and their deals."""
    projects = scope.of(None).rows(Project).filter(pk__in=list(key_of))
    for pk in in_talks(projects, period).values_list("pk", flat=True):
        found[key_of[pk]].talks.add(pk)
    deals = counting_deals(scope.of(None)).filter(
        signed_on__lt=period.end, project__in=list(key_of)
    )
    sums = deals.order_by().values("project").annotate(
        deals=Count("pk"), yuan=Sum("amount_yuan"), unknown=Count("pk", filter=Q(amount_yuan=None)),
        **precision_counts("amount_yuan", "amount_precision"),
    )  # fmt: skip
    for row in sums:
        each = found[key_of[row["project"]]]
        for name in ("deals", "unknown", "about", "at_least"):
            setattr(each, name, getattr(each, name) + row[name])
        each.yuan += row["yuan"] or ZERO


def in_all(parts: Iterable[Brought]) -> Brought:
    """Members together: firms as a union, all else as sums, for nothing is brought twice."""
    whole = Brought()
    for part in parts:
        for name in ("introductions", "deals", "yuan", "unknown", "about", "at_least"):
            setattr(whole, name, getattr(whole, name) + getattr(part, name))
        for name in ("firms", "projects", "talks"):
            getattr(whole, name).update(getattr(part, name))
    return whole
