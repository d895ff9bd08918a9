"""What charts are given: plain values with their words and the list behind them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from crm.money import format_yuan, rounded

Number = int | Decimal | Fraction


@dataclass(frozen=True)
class Mark:
    """One value. None is undetermined and drawn as such, never as 0.

    ``url`` leads to the rows behind the value, ``note`` stands behind it (e.g. 3 projects),
    ``target`` is drawn as a line across the mark, ``tone`` is a class such as stage-signed or bad.
    """

    label: str
    value: Number | None
    url: str = ""
    note: str = ""
    target: Number | None = None
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """A line across all marks, e.g. the share of the year gone."""

    label: str
    value: Number


def count_text(value: Number | None) -> str:
    """``1,234``; a share of a count keeps up to two places."""
    if value is None:
        return _("undetermined")
    exact = decimal(value)
    return f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{rounded(exact, 2):,f}"


def percent_text(value: Number | None) -> str:
    """``67.8%`` of a share where 1 is 100 %; of nothing there is no share."""
    return "—" if value is None else f"{rounded(decimal(value) * 100, 1):,f}%"


def yuan_text(value: Number | None) -> str:
    return format_yuan(None if value is None else decimal(value))


Form = Callable[[Number | None], str]


def decimal(value: Number) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


def longest(values: Iterable[Number | None]) -> Decimal:
    """The largest known value, at least 0."""
    return max((decimal(value) for value in values if value is not None), default=Decimal(0))


def ticks(top: Decimal, form: Form, steps: int = 4) -> list[Decimal]:
    """Round values from 0 to at least ``top``, about ``steps`` of them; whole ones for counts."""
    if top <= 0:
        return [Decimal(0), Decimal(1)]
    rough = top / steps
    size = Decimal(1).scaleb(rough.adjusted())
    step = next(
        size * n
        for n in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
        if size * n >= rough
    )
    if form is count_text:
        step = max(step.to_integral_value(ROUND_CEILING), Decimal(1))
    return [step * n for n in range(int((top / step).to_integral_value(ROUND_CEILING)) + 1)]


def level(value: Number | None, top: Decimal, levels: int = 5) -> int:
    """Shade of a value: 0 for nothing, 1 … ``levels`` by its share of the largest."""
    if not value or not top:
        return 0
    return max(1, int((decimal(value) / top * levels).to_integral_value(ROUND_CEILING)))
