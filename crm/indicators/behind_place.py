"""The sets behind figures of data centres and of factor guarantees: see ``behind``."""

from functools import partial

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.factors import Factor, FactorState
from crm.models import DataCentre, DataCentreCompute, Department, FactorGuarantee, Park
from crm.models.reference import ComputeKind, ComputePrecision
from crm.periods import Period

from . import factors
from .behind import SETS, RowSet
from .compute import Measure
from .dimensions import DIMENSIONS, Dimension, narrowed
from .scope import Scope

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


def _with(measure: Measure, scope: Scope, period: Period):
    """Data centres with compute of the measure; those without any for the kind not stated."""
    found = DataCentreCompute.objects.filter(data_centre=OuterRef("pk"))
    rows = scope.rows(DataCentre)
    if not measure.kind:
        return rows.filter(~Exists(found))
    return rows.filter(Exists(found.filter(kind=measure.kind, precision=measure.precision)))


def _set(model, label, rows) -> RowSet:
    return RowSet(model, label, lambda scope, period, of: narrowed(rows(scope, period), of))


SETS |= {
    "centres": _set(DataCentre, _("data centres"), lambda s, t: s.rows(DataCentre)),
    "factors_waiting": _set(FactorGuarantee, _("factors not settled"), factors.waiting),
    "factors_late": _set(FactorGuarantee, _("factors overdue"), factors.late),
    "factors_difficult": _set(FactorGuarantee, _("factors in difficulty"), factors.difficult),
    "factors_troubled": _set(
        FactorGuarantee, _("factors overdue or in difficulty"), factors.troubled
    ),
    **{
        f"compute_{measure.key}": _set(DataCentre, _("data centres"), partial(_with, measure))
        for measure in MEASURES
    },
}
