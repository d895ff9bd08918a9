"""The sets behind figures of data centres and of factor guarantees: see ``behind``."""

from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.factors import STOCKS, Claim, Factor, FactorState
from crm.models import DataCentre, Department, FactorGuarantee, Park, Project, StageRule
from crm.models.reference import ComputeKind, ComputePrecision
from crm.periods import Period

from . import factors
from .behind import SETS, RowSet
from .compute import SIZES, UNKNOWN_SIZE, Measure, Part, parts
from .dimensions import DIMENSIONS, Dimension, narrowed
from .scope import Scope
from .sites import claiming

MEASURES = [Measure("", "")] + [
    Measure(kind, precision)
    for kind in ComputeKind.values
    for precision in ComputePrecision.values
]  # fmt: skip

DIMENSIONS |= {
    DataCentre: {"park": Dimension(_("park"), "park", Park)},
    FactorGuarantee: {
        "factor": Dimension(
            pgettext_lazy("factor guarantee", "factor"), "factor", choices=dict(Factor.choices)
        ),
        "unit": Dimension(_("responsible unit"), "department", Department),
        "office": Dimension(_("the park's office answers"), "by_park"),
        "park": Dimension(_("park"), "project__park", Park),
        "state": Dimension(_("state"), "state", choices=dict(FactorState.choices)),
    },
}


OF_COMPUTE = {
    "park": Dimension(_("park"), "park", Park),
    "centre": Dimension(_("data centre"), "pk", DataCentre),
    "year": Dimension(_("year of go-live"), "year"),
    "size": Dimension(_("size"), "size", choices=dict.fromkeys((*SIZES, UNKNOWN_SIZE))),
}


def _with(measure: Measure | None, scope: Scope, period: Period, of):
    """Data centres with a part of the measure (None: of any) that has these values."""
    wanted = dict(of)
    found = {
        part.centre
        for part in parts(scope, period.cut)
        if (measure is None or part.measure == measure) and _has(part, wanted)
    }
    return scope.rows(DataCentre).filter(pk__in=found)


def _has(part: Part, wanted: dict) -> bool:
    if "park" in wanted and wanted["park"] != str(part.place or ""):
        return False
    if wanted.get("centre") not in (None, str(part.centre)):
        return False
    sizes = [name for name in SIZES if part.sizes[name] is not None] or [UNKNOWN_SIZE]
    if "year" in wanted:
        years = {str(year): of_year for year, of_year in part.years().items()}
        if wanted["year"] not in years:
            return False
        sizes = years[wanted["year"]] or sizes
    return wanted.get("size") in (None, *sizes)


def _set(model, label, rows) -> RowSet:
    return RowSet(model, label, lambda scope, period, of: narrowed(rows(scope, period), of))


def _projects_of(lines):
    """The projects of these lines of the checklists."""
    return lambda scope, period: (
        scope.of(None)
        .rows(Project)
        .filter(pk__in=lines(scope, period).order_by().values("project"))
    )


CLAIMS = {
    Claim.TAKEN: _("projects whose needs are taken"),
    Claim.PROMISED: _("projects whose needs are promised"),
    Claim.WANTED: _("projects of the reserve that want a place"),
}
OF_CLAIMS = {
    "park": Dimension(_("park"), "park", Park),
    "what": Dimension(
        pgettext_lazy("stock of a park", "what"), "what", choices=dict.fromkeys(STOCKS)
    ),
}


def _claiming(claims, scope: Scope, period: Period, of):
    """Open projects that claim something in the park; what they are, not how much."""
    stages = {s: c for s, c in StageRule.claim_by_stage().items() if c in claims}
    rows = claiming(scope.rows(Project).filter(is_open=True), stages)
    park = dict(of).get("park")
    return rows.filter(park=park or None) if park is not None else rows


def _without_figure(scope: Scope, period: Period, of):
    """Of those that take or were promised some, the ones nobody entered how much for."""
    rows = _claiming((Claim.TAKEN, Claim.PROMISED), scope, period, of)
    what = dict(of).get("what")
    return rows.filter(**{f"needs__{what}": None}) if what else rows


SETS |= {
    "centres": RowSet(DataCentre, _("data centres"), partial(_with, None), dimensions=OF_COMPUTE),
    "factors_waiting": _set(FactorGuarantee, _("factors not settled"), factors.waiting),
    "factors_late": _set(FactorGuarantee, _("factors overdue"), factors.late),
    "factors_difficult": _set(FactorGuarantee, _("factors in difficulty"), factors.difficult),
    "factors_troubled": _set(
        FactorGuarantee, _("factors overdue or in difficulty"), factors.troubled
    ),
    "land_power_troubled": _set(
        FactorGuarantee, _("land and power overdue or in difficulty"), factors.land_power_troubled
    ),
    "projects_troubled": _set(
        Project, _("projects with factors overdue or in difficulty"), _projects_of(factors.troubled)
    ),
    "projects_short": _set(
        Project, _("projects that lack land or power"), _projects_of(factors.land_power_troubled)
    ),
    **{
        f"claim_{claim}": RowSet(Project, label, partial(_claiming, (claim,)), dimensions=OF_CLAIMS)
        for claim, label in CLAIMS.items()
    },
    "claim_unknown": RowSet(
        Project, _("projects without a figure"), _without_figure, dimensions=OF_CLAIMS
    ),
    **{
        f"compute_{measure.key}": RowSet(
            DataCentre, _("data centres"), partial(_with, measure), dimensions=OF_COMPUTE
        )
        for measure in MEASURES
    },
}
