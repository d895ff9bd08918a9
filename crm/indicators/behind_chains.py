"""The sets behind figures of the chains' segments: the segments, and what stands in them."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from crm.models import Chain, Deal, Project, Segment
from crm.periods import Period
from crm.strength import State

from . import chains
from .behind import SETS, RowSet
from .dimensions import Dimension
from .scope import Scope

OF_SEGMENTS = {
    "chain": Dimension(_("industry chain"), "chain", Chain),
    "state": Dimension(_("state of the segment"), "state", choices=dict(State.choices)),
}
KINDS = {
    "here": (Project, _("projects signed or later"), chains.projects_here, "segment"),
    "coming": (Project, _("projects not signed yet"), chains.projects_coming, "segment"),
    "deals_so_far": (Deal, _("deals signed so far"), chains.deals_so_far, "project__segment"),
}


def _keys(period: Period, of, *, gaps: bool = False) -> list[int]:
    """The segments in use of this chain and state; of ``gaps`` those that are not strong."""
    wanted = dict(of)
    return [
        pk
        for pk, item in chains.judged(period.cut).items()
        if wanted.get("chain") in (None, str(item.segment.chain_id))
        and wanted.get("state") in (None, item.state.value)
        and not (gaps and item.state == State.STRONG)
    ]


def _segments(scope: Scope, period: Period, of):
    return scope.of(None).rows(Segment).filter(pk__in=_keys(period, of))


def _standing_there(name: str, gaps: bool, scope: Scope, period: Period, of):
    """Open rows only: of a confidential project no segment is told."""
    _model, _label, rows, path = KINDS[name]
    keys = _keys(period, of, gaps=gaps)
    return rows(scope, period).filter(is_open=True, **{f"{path}__in": keys})


SETS["segments"] = RowSet(Segment, _("chain segments"), _segments, dimensions=OF_SEGMENTS)
SETS |= {
    f"{name}_in_{where}": RowSet(
        model, label, partial(_standing_there, name, where == "gaps"), dimensions=OF_SEGMENTS
    )
    for name, (model, label, _rows, _path) in KINDS.items()
    for where in ("segments", "gaps")
}
