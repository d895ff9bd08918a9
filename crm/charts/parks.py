"""The city's own layout, 1 + 3 + X, as a schematic map: the cluster, its areas, their parks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .drawing import FONT, box, canvas, joined, marked, shortened, text_width, words
from .values import Form, Mark, count_text, level, longest

NARROW = 480
PARK, HEAD, GAP = 56, 34, 10


@dataclass(frozen=True)
class Area:
    """An area of the layout with its parks; a park's mark holds the value and where it leads."""

    name: str
    parks: Sequence[Mark] = field(default_factory=tuple)
    focus: str = ""


def parks(
    cluster: Area, areas: Sequence[Area], applications: Area | None = None, *, title: str,
    description: str = "", form: Form = count_text, width: int = 640,
):  # fmt: skip
    """1: the frame; 3: the areas side by side, or below each other; X: the base."""
    top = longest(park.value for area in (cluster, *areas) for park in area.parks)
    across = 1 if width < NARROW else max(len(areas), 1)
    wide = (width - GAP * (across + 1)) / across
    y, drawn = HEAD + 8, []
    for start in range(0, len(areas), across):
        line = areas[start : start + across]
        tall = max(_height(area) for area in line)
        for place, area in enumerate(line):
            drawn.append(_area(area, GAP + (wide + GAP) * place, y, wide, tall, top, form))
        y += tall + GAP
    for park in cluster.parks:
        drawn.append(_park(park, GAP, y, width - 2 * GAP, top, form))
        y += PARK + GAP
    if applications:
        drawn.append(_base(applications, GAP, y, width - 2 * GAP))
        y += HEAD + GAP
    frame = [
        box(0.5, 0.5, width - 1, y - 1, "park-cluster", round_=12),
        *_title(cluster, GAP + 4, width),
    ]
    return canvas(width, y, [*frame, *drawn], kind="parks", title=title, description=description)


def _height(area: Area) -> float:
    return HEAD + max(len(area.parks), 1) * (PARK + 6) + 4


def _title(area: Area, x, room):
    name = shortened(area.name, room - 2 * x)
    yield words(x, 25, name, "chart-head")
    after = x + text_width(name, FONT + 2) + 10
    if area.focus and after + text_width(area.focus) < room:
        yield words(after, 25, area.focus, "chart-note")


def _area(area: Area, x, y, width, height, top, form: Form):
    parts = [
        box(x, y, width, height, "park-area", round_=9),
        words(x + 10, y + 22, shortened(area.name, width - 20), "chart-label"),
    ]
    for place, park in enumerate(area.parks):
        parts.append(_park(park, x + 6, y + HEAD + place * (PARK + 6), width - 12, top, form))
    return joined(parts)


def _park(park: Mark, x, y, width, top, form: Form):
    shade = level(park.value, top)
    colour = f"heat-text-{shade}"
    said = f"{form(park.value)} {park.note}".strip()
    parts = [
        box(
            x, y, width, PARK, "chart-unknown" if park.value is None else f"heat-{shade}", round_=6
        ),
        words(x + 10, y + 23, shortened(park.label, width - 20), f"chart-label {colour}"),
        words(x + 10, y + 43, shortened(said, width - 20), f"chart-value {colour}"),
    ]
    return marked(joined(parts), f"{park.label}　{said}", park.url)


def _base(area: Area, x, y, width):
    name = words(x + width / 2, y + 22, shortened(area.name, width - 20), "chart-label", "middle")
    return joined([box(x, y, width, HEAD, "park-base", round_=8), name])
