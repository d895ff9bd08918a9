"""The map of China by province: where firms come from. Shapes are bundled (china.json)."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from .drawing import box, canvas, element, joined, marked, text_width, words
from .values import Form, Mark, count_text, level, longest

SHAPES = Path(__file__).with_name("china.json")
# Too small for their names: these stand beside them, at (dx, dy) from the middle.
BESIDE = {
    "11": (-12, -4, "end"),
    "12": (9, 8, "start"),
    "31": (9, 4, "start"),
    "81": (6, 14, "start"),
    "82": (-5, 18, "end"),
}
# Neighbours too close for a dot each: these stand apart by so much.
APART = {"11": (-10, -8), "12": (26, 6), "31": (26, -2), "32": (-8, -10), "33": (4, 18),
         "81": (14, 20), "82": (-32, 22)}  # fmt: skip


@cache
def shapes() -> Mapping:
    """All 34 provinces, with the islands of the South China Sea as an inset."""
    return json.loads(SHAPES.read_text(encoding="utf-8"))


def provinces(
    values: Mapping[str, Mark], *, elsewhere: Sequence[Mark] = (), title: str,
    description: str = "", form: Form = count_text, ranks: Sequence[str] = (),
):  # fmt: skip
    """Shades by value. ``values`` by the first two digits of the code of GB/T 2260.

    ``elsewhere`` stands below the map: abroad, or not known. Every value that is given is drawn.
    With ``ranks``, codes in order, the map bears their places instead of names and values: for a
    screen far away, with the list beside it.
    """
    china = shapes()
    unknown = set(values) - set(china["provinces"])
    if unknown:
        raise ValueError(f"no province: {', '.join(sorted(unknown))}")
    top = longest(mark.value for mark in values.values())
    width, height = china["width"], china["height"]
    body = [
        _province(shape, values.get(code), top, form) for code, shape in china["provinces"].items()
    ]
    if ranks:
        body += [_rank(n, code, china["provinces"][code]) for n, code in enumerate(ranks, start=1)]
    else:
        body += [
            _name(code, shape, values[code], top, form)
            for code, shape in china["provinces"].items() if code in values
        ]  # fmt: skip
    body += [_south(china), _scale(top, form, height), _elsewhere(elsewhere, form, height)]
    return canvas(
        width,
        height + (26 if elsewhere else 0),
        body,
        kind="map",
        title=title,
        description=description,
    )


def _province(shape, mark: Mark | None, top, form: Form):
    value = mark.value if mark else 0
    path = element("path", d=shape["path"], class_=f"province heat-{level(value, top)}")
    name = mark.label if mark else shape["name"]
    return marked(path, f"{name}　{form(value)}", mark.url if mark else "")


def _name(code: str, shape, mark: Mark, top, form: Form):
    x, y = shape["label"]
    if code in BESIDE:
        right, down, anchor = BESIDE[code]
        said = f"{shape['name']} {form(mark.value)}"
        return words(x + right, y + down, said, "chart-place chart-beside", anchor)
    shade = f"chart-place heat-text-{level(mark.value, top)}"
    name = words(x, y, shape["name"], shade, "middle")
    value = element(
        "text", form(mark.value), x=x, y=y, dy="1.15em", class_=shade, text_anchor="middle"
    )
    return joined([name, value])


def _rank(place: int, code: str, shape):
    """A dot with the place in it."""
    right, down = APART.get(code, (0, 0))
    x, y = shape["label"][0] + right, shape["label"][1] + down
    dot = element("circle", cx=x, cy=y, r=20, class_="province-rank")
    number = words(x, y + 10, str(place), "province-place", "middle")
    return element("g", joined([dot, number]), aria_hidden="true")


def _south(china):
    """The tenth dash east of Taiwan, and the inset: coast, Hainan, islands and the dashed line."""
    inset = china["inset"]
    islands = joined(
        element("circle", cx=x, cy=y, r=1, class_="province-island") for x, y in inset["islands"]
    )
    x, y, width, height = inset["frame"]
    drawn = [
        element("path", d=china["tenth_dash"], class_="province-dash"),
        element("path", d=inset["coast"], class_="province-land"),
        element("path", d=inset["hainan"], class_="province-land"),
        islands,
        element("path", d=inset["dashes"], class_="province-dashes"),
        box(x, y, width, height, "province-inset", round_=0),
        words(x + width / 2, y + height - 6, "南海诸岛", "chart-place", "middle"),
    ]
    return element("g", joined(drawn), aria_hidden="true")


def _scale(top, form: Form, height):
    """The shades from nothing to the largest value."""
    y = height - 22
    tiles = [box(12 + 22 * n, y, 20, 12, f"heat-{n}") for n in range(6)]
    return joined(
        [
            *tiles,
            words(12, y - 7, "0", "chart-axis"),
            words(142, y - 7, form(top), "chart-axis", "end"),
        ]
    )


def _elsewhere(marks: Sequence[Mark], form: Form, height):
    parts, x = [], 12
    for mark in marks:
        said = f"{mark.label} {form(mark.value)}"
        parts.append(marked(words(x, height + 14, said, "chart-value"), said, mark.url))
        x += text_width(said, 14) + 24
    return joined(parts)
