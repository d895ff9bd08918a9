"""The year adding up, month by month, against last year and the line to the target."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from .axes import legend, months_below, value_axis
from .drawing import canvas, element, joined, marked, number, rule, text_width, words
from .values import Form, Mark, Number, count_text, decimal, longest, ticks

HEIGHT, ABOVE, BELOW = 260, 34, 26


def cumulative(
    now: Sequence[Mark], then: Sequence[Mark] = (), *, title: str, description: str = "",
    names: tuple[str, str] = ("", ""), target: Number | None = None, target_name: str = "",
    form: Form = count_text, width: int = 600,
):  # fmt: skip
    """Sums up to the end of each month; the marks hold what each month adds (None adds nothing).

    The target is reached at the end of the last month of the longer series.
    """
    marks = max(now, then, key=len)
    sums = {"now": sums_of(now), "then": sums_of(then)}
    scale = ticks(longest([*sums["now"], *sums["then"], target]), form)
    axis, left = value_axis(scale, form, width, top=ABOVE, bottom=HEIGHT - BELOW)
    slot = (width - left) / max(len(marks), 1)
    tall = (HEIGHT - BELOW - ABOVE) / float(scale[-1])
    body = [axis, months_below([mark.label for mark in marks], left, slot, HEIGHT - 8)]
    if target is not None:
        end = HEIGHT - BELOW - float(decimal(target)) * tall
        body.append(rule(left, HEIGHT - BELOW, left + slot * len(marks), end, "chart-pace"))
    body.append(_path(sums["then"], left, slot, tall, "chart-line-before"))
    body.append(_path(sums["now"], left, slot, tall, "chart-line"))
    body.append(_dots(now, sums["now"], left, slot, tall, form, width))
    wanted = [(names[0], "chart-fill"), (names[1], "chart-before"), (target_name, "chart-pace-key")]
    body.append(legend(wanted, left))
    return canvas(width, HEIGHT, body, kind="cumulative", title=title, description=description)


def sums_of(marks: Sequence[Mark]) -> list[Decimal]:
    return list(accumulate(decimal(mark.value or 0) for mark in marks))


def _at(place, total, left, slot, tall) -> tuple[float, float]:
    """The end of a month."""
    return left + slot * (place + 1), HEIGHT - BELOW - float(total) * tall


def _path(sums, left, slot, tall, class_: str):
    if not sums:
        return ""
    points = [
        (left, HEIGHT - BELOW),
        *(_at(i, total, left, slot, tall) for i, total in enumerate(sums)),
    ]
    drawn = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return element("polyline", points=drawn, class_=class_)


def _dots(marks, sums, left, slot, tall, form: Form, width):
    parts = []
    for place, (mark, total) in enumerate(zip(marks, sums, strict=True)):
        x, y = _at(place, total, left, slot, tall)
        dot = element("circle", cx=x, cy=y, r=3.5, class_="chart-dot")
        parts.append(marked(dot, f"{mark.label}　{form(total)} (+{form(mark.value)})", mark.url))
    if sums:
        said = form(sums[-1])
        at = min(max(x, left + text_width(said)), width - 2)
        parts.append(words(at, max(y - 9, 12), said, "chart-value", "end"))
    return joined(parts)
