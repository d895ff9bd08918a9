"""What a written report shows on its page beside its words."""

from django import template

from crm import charts
from crm.papers import Graph

register = template.Library()


@register.filter
def drawn(graph: Graph):
    """The graph as columns, the first series beside the second; Word has a chart of its own."""
    names = [name for name, _values in graph.series] + ["", ""]
    marks = [_marks(graph, values) for _name, values in graph.series[:2]]
    return charts.responsive(
        charts.columns, *marks, title=graph.title, names=(names[0], names[1]), wide=700
    )


def _marks(graph: Graph, values) -> list:
    """Gaps are nothing; those at the end are days to come and are left out."""
    last = max((place for place, value in enumerate(values, 1) if value is not None), default=0)
    pairs = zip(graph.categories[:last], values, strict=False)
    return [charts.Mark(category, value or 0) for category, value in pairs]
