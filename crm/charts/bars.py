"""Horizontal bars: teams, parks or chains side by side, with a target each and a line across."""

from collections.abc import Sequence

from .drawing import FONT, LINE, box, canvas, joined, marked, rule, shortened, text_width, words
from .values import Form, Line, Mark, count_text, decimal, longest

NARROW = 480
BAR = 14


def bars(
    marks: Sequence[Mark], *, title: str, description: str = "", form: Form = count_text,
    line: Line | None = None, width: int = 600,
):  # fmt: skip
    """Bars from 0, proportional to their values; labels beside them, above where narrow."""
    top = longest(
        [*(m.value for m in marks), *(m.target for m in marks), line.value if line else None]
    )
    stacked = width < NARROW
    gutter = 0 if stacked else _gutter(marks, width)
    room = width - gutter - max((text_width(_said(m, form)) for m in marks), default=0) - 10
    height = (LINE if line else 0) + len(marks) * (44 if stacked else 30)
    scale = room / float(top) if top else 0
    first = LINE if line else 0
    body = [
        _bar(
            mark,
            first + place * (44 if stacked else 30),
            gutter,
            scale,
            form,
            width,
            stacked=stacked,
        )
        for place, mark in enumerate(marks)
    ]
    if line:
        body.append(_across(line, gutter + float(decimal(line.value)) * scale, height, form, width))
    return canvas(width, height, body, kind="bars", title=title, description=description)


def _gutter(marks, width) -> float:
    return min(max((text_width(mark.label) for mark in marks), default=0) + 10, width * 0.4)


def _said(mark: Mark, form: Form) -> str:
    return f"{form(mark.value)} {mark.note}".strip()


def _bar(mark: Mark, y, gutter, scale, form: Form, width, *, stacked: bool):
    known = mark.value is not None
    length = float(decimal(mark.value)) * scale if known else 0
    top = y + (22 if stacked else 8)
    label_room = width if stacked else gutter - 10
    label_at = (0, y + 15) if stacked else (gutter - 10, top + BAR - 3)
    end = gutter + (length if known else 24)
    tone = f"chart-fill {mark.tone}".strip() if known else "chart-unknown"
    parts = [
        words(*label_at, shortened(mark.label, label_room), "chart-label",
              "" if stacked else "end"),
        box(gutter, top, end - gutter, BAR, tone),
    ]  # fmt: skip
    said = _said(mark, form)
    title, said_at = f"{mark.label}　{said}", end + 7
    if mark.target is not None:
        at = gutter + float(decimal(mark.target)) * scale
        parts.append(rule(at, top - 4, at, top + BAR + 4, "chart-target"))
        title += f" / {form(mark.target)}"
        if end <= at <= said_at + text_width(said) + 4:  # the words stand beyond the target's line
            said_at = at + 7
    parts.append(words(said_at, top + BAR - 3, said, "chart-value"))
    return marked(joined(parts), title, mark.url)


def _across(line: Line, x, height, form: Form, width):
    said = f"{line.label} {form(line.value)}"
    before = x + text_width(said) + 6 > width
    label = words(x - 5 if before else x + 5, FONT, said, "chart-note", "end" if before else "")
    return joined([rule(x, 0, x, height, "chart-pace"), label])
