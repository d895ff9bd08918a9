"""Charts as SVG made on the server: plain values in, markup that is safe to print out.

No script, no style attributes: colours are classes of ``crm/charts.css``, so charts follow light,
dark and print. Every mark has a title and may be a link to the rows behind it.
"""

from .bars import bars
from .columns import columns
from .cumulative import cumulative
from .drawing import element, joined
from .funnel import Step, funnel
from .heatmap import Row, heatmap
from .parks import Area, parks
from .provinces import provinces, shapes
from .stacked import Stack, stacked
from .values import Line, Mark, count_text, percent_text, yuan_text


def responsive(draw, *values, wide: int = 640, narrow: int = 340, **given):
    """The chart twice, for a wide and for a narrow place; the stylesheet shows one of them."""
    return joined(
        element("div", draw(*values, width=width, **given), class_=f"chart-{name}")
        for name, width in (("wide", wide), ("narrow", narrow))
    )


__all__ = [
    "Area",
    "Line",
    "Mark",
    "Row",
    "Stack",
    "Step",
    "bars",
    "columns",
    "count_text",
    "cumulative",
    "funnel",
    "heatmap",
    "parks",
    "percent_text",
    "provinces",
    "responsive",
    "shapes",
    "stacked",
    "yuan_text",
]
