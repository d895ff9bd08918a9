"""Horizontal bars made of parts: what is taken, promised and left; online, building, reserved."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from .axes import legend
from .drawing import box, canvas, joined, marked, rule, shortened, text_width, words
from .values import Number, count_text, decimal

BAR, ROW, ABOVE = 16, 46, 26


@dataclass(frozen=True)
class Stack:
    """The parts in the order of their names; None is not known and drawn as such, never as 0.

    ``whole`` is the end of the scale of this bar (what there is); parts beyond it stick out past a
    line. ``note`` stands behind the label.
    """

    label: str
    parts: Sequence[Number | None]
    url: str = ""
    note: str = ""
    whole: Number | None = None


def stacked(
    stacks: Sequence[Stack], *, names: Sequence[tuple[str, str]], title: str, unit: str = "",
    own: bool = False, width: int = 600,
):  # fmt: skip
    """``names`` are (name, tone) of the parts. With ``own`` every bar has a scale of its own."""
    tops = [_top(stack) for stack in stacks]
    longest = max(tops, default=Decimal(0))
    body = [legend([(name, f"chart-fill {tone}") for name, tone in names], 0, 4)]
    for place, (stack, top) in enumerate(zip(stacks, tops, strict=True)):
        scale = top if own else longest
        body.append(_bar(stack, ABOVE + place * ROW, scale, names, unit, width))
    height = ABOVE + len(stacks) * ROW
    return canvas(width, height, body, kind="stacked", title=title)


def _top(stack: Stack) -> Decimal:
    total = sum((decimal(part) for part in stack.parts if part), Decimal(0))
    return max(total, decimal(stack.whole or 0))


def _bar(stack: Stack, y, scale, names, unit, width):
    said = [
        f"{name} {count_text(part)}{unit}"
        for (name, _tone), part in zip(names, stack.parts, strict=True)
        if part
    ]
    meta = "，".join([*said, *filter(None, [stack.note])]) or _("not entered")
    room = max(width - text_width(meta) - 14, width * 0.35)
    drawn = [
        words(0, y + 14, shortened(stack.label, room), "chart-label"),
        words(width, y + 14, shortened(meta, width - text_width(shortened(stack.label, room)) - 12),
              "chart-note", "end"),
        box(0, y + 20, width, BAR, "stack-ground", round_=4),
    ]  # fmt: skip
    drawn += _parts(stack, y + 20, scale, names, width)
    return marked(joined(drawn), f"{stack.label}　{meta}", stack.url)


def _parts(stack: Stack, y, scale, names, width):
    if not scale:
        yield box(0, y, width, BAR, "chart-unknown", round_=4)
        return
    x = 0.0
    for (_name, tone), part in zip(names, stack.parts, strict=True):
        length = float(decimal(part or 0) / scale) * width
        if length > 0:
            yield box(x, y, length, BAR, f"chart-fill {tone}", round_=2)
        x += length
    if stack.whole is not None and decimal(stack.whole) < scale:
        at = float(decimal(stack.whole) / scale) * width
        yield rule(at, y - 4, at, y + BAR + 4, "chart-target")
