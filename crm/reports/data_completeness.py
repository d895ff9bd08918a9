"""Data completeness: what the records lack that reports ask for."""

from fractions import Fraction

from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts
from crm.indicators.completeness import ITEMS, looked_at

from .asking import Asked, Line, table
from .registry import Report, add_report
from .table import Column, Formula, Kind, Made


def build(asked: Asked):
    """A row for each item: rows looked at, with it, without it; one query for each kind of row."""
    counts = {
        model: looked_at(model, asked.scope, asked.period).aggregate(
            all=Count("pk"),
            **{item.key: Count("pk", filter=Q(item.lacks)) for item in _items_of(model)},
        )
        for model in _models()
    }
    lines = [_line(asked, item, counts[item.model]) for item in ITEMS.values()]
    looked = sum(line.values[2] for line in lines)
    lacking = sum(line.values[4] for line in lines)
    total = (_("total"), None, looked, looked - lacking, lacking, _share(looked - lacking, looked))
    return table(
        asked, _("Data completeness"), _columns(), lines,
        Line(total, dict.fromkeys((2, 3, 4), Formula(_("the rows above, added up")))),
        definition=_(
            "Active projects and all firms as they are now, visits, deals and money of the period; "
            "only rows that the reader may read in full."
        ),
    )  # fmt: skip


def _models() -> list:
    return list(dict.fromkeys(item.model for item in ITEMS.values()))


def _items_of(model) -> list:
    return [item for item in ITEMS.values() if item.model is model]


def _columns():
    return (
        Column(_("records"), Kind.TEXT, 16),
        Column(_("item"), Kind.TEXT, 24),
        Column(_("looked at"), Kind.COUNT, 12),
        Column(_("complete"), Kind.COUNT, 12),
        Column(_("missing"), Kind.COUNT, 12),
        Column(
            _("completeness"), Kind.SHARE, 12, "—", made=Made(_("complete ÷ looked at"), (3, 2))
        ),
    )


def _line(asked: Asked, item, counts: dict) -> Line:
    rows, lacking = counts["all"], counts[item.key]
    name = capfirst(str(item.model._meta.verbose_name_plural))
    values = (name, str(item.label), rows, rows - lacking, lacking, _share(rows - lacking, rows))
    return Line(values, {
        2: asked.behind(f"looked_at_{item.model._meta.model_name}"),
        3: Formula(_("rows looked at − rows that lack it")),
        4: asked.behind(f"lacking_{item.key}"),
    })  # fmt: skip


def _share(part: int, whole: int):
    return Fraction(part, whole) if whole else None


def draw(asked: Asked, shown, link):
    """The share that is complete, the worst first."""
    worst = sorted(
        ((row, cells) for row, cells in enumerate(shown.rows) if cells[5] is not None),
        key=lambda pair: pair[1][5],
    )
    marks = [
        charts.Mark(f"{cells[0]} · {cells[1]}", cells[5], link(shown.drills[row, 4]),
                    tone="good" if cells[5] > Fraction(9, 10) else "warn")
        for row, cells in worst
    ]  # fmt: skip
    return charts.responsive(
        charts.bars, marks, title=_("Data completeness"), form=charts.percent_text
    )


REPORT = add_report(
    Report(
        "data_completeness", gettext_lazy("Data completeness"),
        gettext_lazy("What the records lack that reports ask for, and where."), build, draw,
    )
)  # fmt: skip
