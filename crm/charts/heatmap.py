"""A heat map: rows (cities) by columns (months), the value in every cell, totals at both ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .drawing import box, canvas, joined, marked, shortened, text_width, words
from .values import Number, count_text, level, longest

CELL, HEAD, ROOMY = 26, 24, 28


@dataclass(frozen=True)
class Row:
    """``values`` of the columns; ``urls`` of their lists, ``total`` as given, with its own list."""

    label: str
    values: Sequence[Number | None]
    total: Number
    urls: Sequence[str] = ()
    url: str = ""


def heatmap(rows: Sequence[Row], heads: Sequence[str], totals: Sequence[Number], *, title: str,
            description: str = "", width: int = 640):  # fmt: skip
    """Shades by the largest cell; ``totals`` below are those of the columns and, last, of all."""
    top = longest(value for row in rows for value in row.values)
    left = min(max((text_width(row.label) for row in rows), default=0) + 10, width * 0.26)
    slot = (width - left) / (len(heads) + 1.4)
    at = [left + slot * place for place in range(len(heads))]
    end = width - slot * 1.4 / 2
    every = 1 if max((text_width(h, 11) for h in heads), default=0) <= slot else 2
    body = [
        words(x + slot / 2, HEAD - 9, head, "chart-axis", "middle")
        for place, (x, head) in enumerate(zip(at, heads, strict=True)) if place % every == 0
    ]  # fmt: skip
    body.append(words(end, HEAD - 9, _("total"), "chart-axis", "middle"))
    body += [_row(row, HEAD + CELL * i, heads, at, slot, end, top) for i, row in enumerate(rows)]
    base = HEAD + CELL * len(rows) + 17
    body.append(words(left - 10, base, _("total"), "chart-label", "end"))
    for x, total in zip([*(x + slot / 2 for x in at), end], totals, strict=True):
        body.append(words(x, base, count_text(total), "chart-small", "middle"))
    return canvas(width, base + 9, body, kind="heatmap", title=title, description=description)


def _row(row: Row, y, heads, at, slot, end, top):
    urls = row.urls or [""] * len(row.values)
    start = at[0] if at else end - slot
    label = words(start - 10, y + 17, shortened(row.label, start - 10), "chart-label", "end")
    cells = (
        _cell(x, y, slot, value, top, f"{row.label} {head}", url)
        for x, head, value, url in zip(at, heads, row.values, urls, strict=True)
    )
    total = [
        box(end - slot * 0.7, y, slot * 1.4, CELL, "chart-clear"),
        words(end, y + 17, count_text(row.total), "chart-value", "middle"),
    ]
    said = f"{row.label}　{count_text(row.total)}"
    return joined([label, *cells, marked(joined(total), said, row.url)])


def _cell(x, y, slot, value, top, name: str, url: str):
    shade = level(value, top)
    tile = box(
        x + 1, y + 1, slot - 2, CELL - 2,
        "chart-unknown" if value is None else f"heat-{shade}", round_=3,
    )  # fmt: skip
    said = count_text(value) if value or (value is None and slot >= ROOMY) else ""
    number = words(x + slot / 2, y + 17, said, f"chart-small heat-text-{shade}", "middle")
    return marked(joined([tile, number]), f"{name}　{count_text(value)}", url if value else "")
