"""People needed by projects against people in training.

Needed: what active projects from the reserve pool on state, by field; what a project states as a
whole and does not break down is a field of its own. In training: what the programmes report for
the year; what they do not report is unknown, not 0.
"""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from crm.models import FactorNeeds, PeopleNeed, Programme, Project, TrainingYear
from crm.models.talent import TrainingField
from crm.periods import Period
from crm.stages import ProjectStatus, Stage, reached

from .behind import SETS, Dimension, RowSet
from .scope import Scope

UNSTATED = ""
OF_NEEDS = {
    "field": Dimension(_("field of training"), "field", choices=dict(TrainingField.choices)),
    "year": Dimension(_("needed from the year"), "year"),
}


@dataclass(frozen=True)
class Balance:
    """Of one field or year; None is unknown. ``gap``: needed − in training, both known."""

    needed: int | None = None
    in_training: int | None = None
    finished: int | None = None
    stayed: int | None = None

    @property
    def gap(self) -> int | None:
        known = self.needed is not None and self.in_training is not None
        return self.needed - self.in_training if known else None


def demanding(scope: Scope, period: Period):
    """Open projects whose needs count: active, from the reserve pool on, at the cut."""
    stood = scope.rows(Project).filter(is_open=True).at(period.cut)
    wanted = stood.filter(stage_then__in=reached(Stage.RESERVE))
    return wanted.filter(status_then=ProjectStatus.ACTIVE)


def needs(scope: Scope, period: Period):
    """What these projects state by field and year."""
    projects = demanding(scope, period).order_by().values("pk")
    return scope.of(None).rows(PeopleNeed).filter(project__in=projects)


def stated(scope: Scope, period: Period) -> dict[int, tuple[int, int]]:
    """{project: (people as a whole, of which by field)}; the larger of the two is its need."""
    projects = demanding(scope, period).order_by().values("pk")
    whole = FactorNeeds.objects.live().filter(project__in=projects).exclude(people=None)
    found = {pk: (people, 0) for pk, people in whole.values_list("project", "people")}
    parts = needs(scope, period).order_by().values_list("project").annotate(Sum("people"))
    for pk, people in parts:
        found[pk] = (found.get(pk, (0, 0))[0], people)
    return found


def needed_in_all(scope: Scope, period: Period) -> int:
    return sum(max(whole, parts) for whole, parts in stated(scope, period).values())


def rest_of_needs(scope: Scope, period: Period) -> int:
    """People that projects need as a whole and do not break down by field and year."""
    return sum(max(whole - parts, 0) for whole, parts in stated(scope, period).values())


def _needing(scope: Scope, period: Period, of):
    """Projects that state a need; with a field or year: those that state it for that."""
    rows = needs(scope, period)
    for key, value in of:
        if value == UNSTATED:
            found = stated(scope, period).items()
            rest = [pk for pk, (whole, parts) in found if whole > parts]
            return scope.rows(Project).filter(pk__in=rest)
        rows = rows.filter(**{key: _of_kind(key, value)})
    if not of:
        return scope.rows(Project).filter(pk__in=list(stated(scope, period)))
    return scope.rows(Project).filter(pk__in=rows.order_by().values("project"))


def _of_kind(key: str, value: str):
    """A year as a number; what is none is a year without anything."""
    if key != "year":
        return value
    return int(value) if value.isascii() and value.isdigit() and len(value) == 4 else 0


def training(scope: Scope):
    return scope.of(None).rows(TrainingYear).filter(programme__archived_at=None)


def _programmes(scope: Scope, period: Period, of):
    """Programmes that report people for the year of the cut, or for the year given."""
    wanted = {key: _of_kind(key, value) for key, value in of if value != UNSTATED}
    years = training(scope).filter(year=wanted.pop("year", period.cut.year))
    rows = scope.of(None).rows(Programme).filter(pk__in=years.order_by().values("programme"))
    return rows.filter(**wanted)


SETS |= {
    "talent_projects": RowSet(
        Project, _("projects that need people"), _needing, dimensions=OF_NEEDS
    ),
    "talent_programmes": RowSet(
        Programme, _("programmes with people in training"), _programmes, dimensions=OF_NEEDS
    ),
}


def by_field(scope: Scope, period: Period) -> dict[str, Balance]:
    """Every field with a need or with people in training in the year of the cut."""
    wanted = dict(needs(scope, period).order_by().values_list("field").annotate(Sum("people")))
    rest = rest_of_needs(scope, period)
    years = training(scope).filter(year=period.cut.year)
    trained = _trained(years, "programme__field")
    found = {
        key: Balance(wanted.get(key, 0), *trained.get(key, (None,) * 3))
        for key in TrainingField.values
        if key in wanted or key in trained
    }
    return found | ({UNSTATED: Balance(rest)} if rest else {})


def by_year(scope: Scope, period: Period) -> dict[int, Balance]:
    """Every year: what is needed from then on, who is in training, who finishes."""
    wanted = dict(needs(scope, period).order_by().values_list("year").annotate(Sum("people")))
    trained = _trained(training(scope), "year")
    years = sorted(wanted.keys() | trained.keys())
    return {year: Balance(wanted.get(year, 0), *trained.get(year, (None,) * 3)) for year in years}


def _trained(years, path: str) -> dict:
    """{value: (in training, finishing, stayed)}; None where nobody reports it."""
    sums = years.order_by().values_list(path).annotate(
        Sum("in_training"), Sum("finished"), Sum("stayed")
    )  # fmt: skip
    return {value: counts for value, *counts in sums}


def unreported(scope: Scope, period: Period) -> int:
    """Programmes without a number of people for the year of the cut."""
    told = training(scope).filter(year=period.cut.year, in_training__isnull=False)
    rows = scope.of(None).rows(Programme)
    return rows.exclude(pk__in=told.order_by().values("programme")).count()
