"""How much compute is online, under construction and reserved, by the register of data centres.

P of different kinds or precisions are never added together: a sum is always of one ``Measure``.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models.functions import Coalesce

from crm.models import DataCentre
from crm.models.reference import ComputeKind, ComputePrecision

from .dimensions import CLOSED
from .scope import Scope

SIZES = ("planned", "online", "building", "reserved")
UNKNOWN_SIZE = "unknown"
# Which day says when this size is or will be online.
DAY_OF = {"online": "live_on", "building": "planned_on", "reserved": "planned_on"}
LAST = 9999


@dataclass(frozen=True, order=True)
class Measure:
    """What may be added: compute of one kind at one precision. ``kind`` "" is not stated."""

    kind: str
    precision: str

    @property
    def kind_label(self) -> str:
        return str(ComputeKind(self.kind).label) if self.kind else str(ComputePrecision("").label)

    @property
    def precision_label(self) -> str:
        return str(ComputePrecision(self.precision).label)

    @property
    def key(self) -> str:
        return f"{self.kind or 'none'}_{self.precision or 'unstated'}"


@dataclass(frozen=True)
class Part:
    """One part of a data centre as the register has it; a size of None is not known."""

    centre: int
    name: str
    is_open: bool
    park: int | None
    measure: Measure
    sizes: dict
    live_on: date | None
    planned_on: date | None

    @property
    def place(self) -> int | str | None:
        """The park; of a closed data centre it is not told."""
        return self.park if self.is_open else CLOSED

    @property
    def is_unknown(self) -> bool:
        return all(size is None for size in self.sizes.values())

    def years(self) -> dict[int, list[str]]:
        """The year in which each of its known sizes is or will be online; LAST: no date."""
        found: dict = {}
        for size, day in DAY_OF.items():
            if self.sizes[size] is not None:
                known = getattr(self, day)
                found.setdefault(known.year if known else LAST, []).append(size)
        return found or {LAST: []}


@dataclass
class Total:
    """Sums of parts of one measure; a size that no part knows is None."""

    sizes: dict = field(default_factory=lambda: dict.fromkeys(SIZES))
    centres: set = field(default_factory=set)
    names: set = field(default_factory=set)
    without_size: set = field(default_factory=set)

    def add(self, part: Part, names=SIZES) -> None:
        self.centres.add(part.centre)
        self.names.add(part.name)
        for name in names:
            if part.sizes[name] is not None:
                self.sizes[name] = (self.sizes[name] or Decimal(0)) + part.sizes[name]
        if part.is_unknown:
            self.without_size.add(part.centre)

    @property
    def unknown(self) -> int:
        """Data centres with a part whose size nobody entered."""
        return len(self.without_size)

    @property
    def not_begun(self) -> Decimal | None:
        """Planned and neither online nor under construction nor reserved."""
        if self.sizes["planned"] is None:
            return None
        begun = sum(self.sizes[name] or 0 for name in SIZES[1:])
        return max(self.sizes["planned"] - begun, Decimal(0))


def parts(scope: Scope, cut: date) -> list[Part]:
    """Every part of every data centre in scope; what went live after ``cut`` was building; 1 query.

    A centre without any compute in the register is one part of an unstated kind.
    """
    rows = scope.rows(DataCentre).order_by("sequence", "id", "compute__id").annotate(
        live=Coalesce("compute__live_on", "live_on"),
        planned_live=Coalesce("compute__planned_live_on", "planned_live_on"),
    )  # fmt: skip
    columns = ("pk", "name", "project__code_name", "is_open", "park", "compute__kind",
               "compute__precision", *(f"compute__{name}_p" for name in SIZES), "live",
               "planned_live")  # fmt: skip
    return [_part(row, cut) for row in rows.values_list(*columns)]


def _part(row, cut: date) -> Part:
    pk, name, code_name, is_open, park, kind, precision, *sizes, live, planned = row
    sizes = dict(zip(SIZES, sizes, strict=True))
    if live is not None and live > cut and sizes["online"] is not None:
        sizes["building"] = (sizes["building"] or 0) + sizes["online"]
        sizes["online"] = None
    return Part(
        pk, name if is_open else code_name, is_open, park if is_open else None,
        Measure(kind or "", precision or ""), sizes, live, planned,
    )  # fmt: skip
