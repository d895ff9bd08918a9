"""What an indicator hands back: the value with all that is needed to argue about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import wraps

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from crm.money import AmountPrecision, format_yuan, rounded

ZERO = Decimal("0.00")
NOTHING = "—"


class Kind(StrEnum):
    COUNT = "count"
    YUAN = "yuan"
    RATE = "rate"
    POINTS = "points"
    DAYS = "days"
    SCORE = "score"


@dataclass(frozen=True)
class Figure:
    """One indicator. ``value`` is None where it cannot be said, e.g. a rate of nothing.

    Rates are exact fractions (1 is 100 %), money is exact yuan; rounding is left to ``text``.
    ``unknown`` counts the rows whose amount is not known: they are not in ``value``.
    """

    key: str
    label: str
    unit: str
    kind: Kind
    definition: str
    as_of: date
    value: int | Decimal | Fraction | None
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    unknown: int = 0
    precision: str = ""
    parts: Mapping = field(default_factory=dict)

    @property
    def text(self) -> str:
        """For reading, rounded once, half up."""
        if self.value is None:
            return NOTHING
        if self.kind is Kind.YUAN:
            return with_precision(format_yuan(self.value), self.precision)
        if self.kind is Kind.COUNT:
            return f"{self.value:,}"
        if self.kind in {Kind.DAYS, Kind.SCORE}:
            return f"{rounded(in_decimal(self.value), 1 if self.kind is Kind.DAYS else 2):,}"
        return f"{percent(self.value):+}" if self.kind is Kind.POINTS else f"{percent(self.value)}%"


@dataclass(frozen=True)
class StageRow:
    stage: str
    label: str
    count: int
    planned_yuan: Decimal
    unknown: int
    precision: str

    @property
    def planned_text(self) -> str:
        """For reading; where no amount is known it is undetermined, not 0."""
        known = None if self.count and self.count == self.unknown else self.planned_yuan
        return with_precision(format_yuan(known), self.precision)


@dataclass(frozen=True)
class TeamRow:
    """``value`` of one task force; ``team_id`` None is what no task force can be credited with."""

    team_id: int | None
    team: str
    value: int | Decimal


@dataclass(frozen=True)
class MonthRow:
    month: date
    yuan: Decimal
    outside_yuan: Decimal


# name → function(scope, period): what commands, the home page and reports look figures up in.
REGISTRY: dict[str, Callable[..., Figure]] = {}
# name → what the figure is called
LABELS: dict[str, str] = {}
# name → how it is counted
DEFINITIONS: dict[str, str] = {}


def indicator(label, unit, definition, kind: Kind = Kind.COUNT):
    """Register a function that returns the values of a figure as a dict, under its own name."""

    def register(function):
        @wraps(function)
        def figure(scope, period) -> Figure:
            return Figure(
                key=function.__name__, label=label, unit=unit, kind=kind,
                definition=definition, as_of=period.cut, **function(scope, period),
            )  # fmt: skip

        REGISTRY[function.__name__], LABELS[function.__name__] = figure, label
        DEFINITIONS[function.__name__] = definition
        return figure

    return register


def in_decimal(value) -> Decimal:
    """A count, share or amount as Decimal; a share is divided here, once."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


def ratio(numerator, denominator) -> dict:
    """The values of a rate; of nothing there is no rate."""
    value = Fraction(numerator) / Fraction(denominator) if denominator else None
    return {"value": value, "numerator": numerator, "denominator": denominator}


def percent(share: Fraction, places: int = 2) -> Decimal:
    """A share in percent, rounded once, half up: 198/292 with one place is 67.8."""
    scaled = share * 100 * 10**places
    return rounded(in_decimal(scaled), 0).scaleb(-places).quantize(Decimal(1).scaleb(-places))


def money(rows, amount: str, precision: str = "") -> dict:
    """Sum of an amount over rows, in one query: value, how many are unknown, how sure it is."""
    wanted = {
        "value": Sum(amount),
        "unknown": Count("pk", filter=Q(**{amount: None})),
    }
    if precision:
        wanted |= precision_counts(amount, precision)
    found = rows.aggregate(**wanted)
    about, at_least = found.pop("about", 0), found.pop("at_least", 0)
    return found | {"value": found["value"] or ZERO, "precision": carried(about, at_least)}


def precision_counts(amount: str, precision: str) -> dict:
    """Aggregates: how many of the known amounts are estimates, how many lower bounds."""
    known = Q(**{f"{amount}__isnull": False})
    below = [AmountPrecision.AT_LEAST, AmountPrecision.RANGE]
    return {
        "about": Count("pk", filter=known & Q(**{precision: AmountPrecision.ABOUT})),
        "at_least": Count("pk", filter=known & Q(**{f"{precision}__in": below})),
    }


def carried(about: int, at_least: int) -> str:
    """How sure a total is: one estimate makes it an estimate, else one lower bound a lower bound.

    Of a range the lower end is added, so it makes the total a lower bound.
    """
    if about:
        return AmountPrecision.ABOUT.value
    return AmountPrecision.AT_LEAST.value if at_least else ""


def with_precision(text: str, precision: str) -> str:
    if precision == AmountPrecision.ABOUT:
        return _("about %(amount)s") % {"amount": text}
    if precision in {AmountPrecision.AT_LEAST, AmountPrecision.RANGE}:
        return _("over %(amount)s") % {"amount": text}
    return text
