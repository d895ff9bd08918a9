"""Columns by month: this year beside last year."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from .axes import legend, months_below, value_axis
from .drawing import box, canvas, joined, marked, rule, words
from .values import Form, Line, Mark, count_text, decimal, longest, ticks

HEIGHT, ABOVE, BELOW = 240, 34, 26


def columns(
    now: Sequence[Mark], then: Sequence[Mark] = (), *, title: str, description: str = "",
    names: tuple[str, str] = ("", ""), form: Form = count_text, line: Line | None = None,
    width: int = 600,
):  # fmt: skip
    """One column a month, beside it the same month of the year before; both from 0.

    ``line`` is drawn across all of them, e.g. what there is to cover what the columns need.

    ``now`` may be shorter (a year that is not over); a month that is not known is marked so.
    """
    marks = max(now, then, key=len)
    values = [mark.value for mark in (*now, *then)]
    scale = ticks(longest([*values, line.value if line else None]), form)
    axis, left = value_axis(scale, form, width, top=ABOVE, bottom=HEIGHT - BELOW)
    slot = (width - left) / max(len(marks), 1)
    thick = min(slot * (0.36 if then else 0.6), 28)
    tall = (HEIGHT - BELOW - ABOVE) / float(scale[-1])
    body = [axis, months_below([mark.label for mark in marks], left, slot, HEIGHT - 8)]
    for series, tone, shift in (
        (then, "chart-before", -1),
        (now, "chart-fill", 0 if then else -0.5),
    ):
        body += [
            _column(mark, left + slot * (place + 0.5) + thick * shift, thick, tall, form, tone)
            for place, mark in enumerate(series)
        ]
    if line:
        y = HEIGHT - BELOW - float(decimal(line.value)) * tall
        body.append(rule(left, y, width, y, "chart-pace"))
    said = f"{line.label} {form(line.value)}" if line else ""
    series = [(names[0], "chart-fill"), (names[1], "chart-before"), (said, "chart-pace-key")]
    body.append(legend(series, left))
    return canvas(width, HEIGHT, body, kind="columns", title=title, description=description)


def _column(mark: Mark, x, thick, tall, form: Form, tone: str):
    floor = HEIGHT - BELOW
    title = f"{mark.label}　{form(mark.value)} {mark.note}".strip()
    if mark.value is None:
        unknown = box(x, floor - 14, thick, 14, "chart-unknown")
        return marked(
            joined(
                [
                    unknown,
                    words(x + thick / 2, floor - 18, _("undetermined"), "chart-note", "middle"),
                ]
            ),
            title,
            mark.url,
        )
    height = float(decimal(mark.value)) * tall
    return marked(
        box(x, floor - height, thick, height, f"{tone} {mark.tone}".strip()), title, mark.url
    )
