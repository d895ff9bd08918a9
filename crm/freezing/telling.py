"""Corrections of frozen months in words, with the names that a reader may read."""

from dataclasses import dataclass, replace
from datetime import date

from crm import indicators
from crm.models import FrozenMonth, FrozenRow, Project
from crm.money import format_yuan

from .corrections import Correction
from .lines import Line


@dataclass(frozen=True)
class Told:
    """A correction in words, with the project's name as the reader may read it."""

    project_id: int
    project: str
    what: str
    of_month: str
    kind: str
    kind_label: str
    on: date
    before: str
    after: str
    change: str


def told(corrections: list[Correction], reader) -> list[Told]:
    names = names_for({c.line.project_id for c in corrections}, reader)
    return [_told(each, names) for each in corrections]


def names_for(projects: set[int], reader) -> dict[int, str]:
    """The names of projects as the reader may read them; one query."""
    shown = Project.objects.shown_to(reader).filter(pk__in=projects)
    return dict(shown.values_list("pk", "shown_name"))


def _told(each: Correction, names: dict) -> Told:
    label = str(FrozenRow.Kind(each.kind).label)
    return Told(
        each.line.project_id, names.get(each.line.project_id, indicators.NOTHING),
        str(indicators.LABELS[each.key]), f"{each.of_month:%Y-%m}", each.kind, label, each.line.on,
        _amount(each.key, each.before), _amount(each.key, each.after), _change(each),
    )  # fmt: skip


def _amount(key: str, line) -> str:
    if line is None:
        return indicators.NOTHING
    return "1" if key == "deals_signed" else format_yuan(line.amount_yuan)


def _change(each: Correction) -> str:
    """−1, +5亿元: with its sign, by how much the month's figure changed."""
    if each.key == "deals_signed":
        return f"{each.count:+d}".replace("-", "−")
    sign = "−" if each.yuan < 0 else "+"
    return sign + format_yuan(abs(each.yuan))


def corrections_in(frozen: FrozenMonth) -> list[Correction]:
    """The corrections of earlier months that were reported with this one."""
    rows = frozen.rows.exclude(kind=FrozenRow.Kind.OWN).order_by("id")
    return [_as_correction(row) for row in rows]


def _as_correction(row: FrozenRow) -> Correction:
    line = Line(row.key, row.source, row.project_id, row.on, row.amount_yuan)
    before = replace(line, amount_yuan=row.before_yuan) if row.counted else None
    return Correction(row.key, row.of_month, before, line if row.counts else None)
