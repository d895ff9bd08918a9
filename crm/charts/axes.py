"""What charts over time share: the scale of values, the months below, the legend above."""

from collections.abc import Sequence

from .drawing import FONT, NOTHING, box, joined, rule, text_width, words
from .values import Form


def value_axis(scale: Sequence, form: Form, width, *, top, bottom):
    """Grid lines with their values at the left; and where the room beside them begins."""
    left = max(text_width(form(value), 11) for value in scale) + 8
    lines = []
    for value in scale:
        y = bottom - (bottom - top) * float(value / scale[-1])
        lines += [
            rule(left, y, width, y, "chart-grid"),
            words(left - 6, y + 4, form(value), "chart-axis", "end"),
        ]
    return joined(lines), left


def months_below(labels: Sequence[str], left, slot, y):
    """The labels in the middle of their slots, every second one where they would run together."""
    widest = max((text_width(label, 11) for label in labels), default=0)
    every = 1 if widest + 4 <= slot else 2 if widest + 4 <= 2 * slot else 3
    return joined(
        words(left + slot * (place + 0.5), y, label, "chart-axis", "middle")
        for place, label in enumerate(labels)
        if place % every == 0
    )


def legend(names: Sequence[tuple[str, str]], x, y=8):
    """A square in its colour and its name for every series that has a name."""
    parts = []
    for name, tone in names:
        if name:
            parts += [box(x, y, 10, 10, tone), words(x + 15, y + 9, name, "chart-note")]
            x += text_width(name, FONT) + 34
    return joined(parts) if parts else NOTHING
