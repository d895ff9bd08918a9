"""People needed by projects against people in training, by field or by year."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import charts
from crm.indicators import talent
from crm.indicators.talent import OF_NEEDS, UNSTATED, Balance
from crm.models.talent import TrainingField

from .asking import Asked, Line, table
from .registry import Report, add_report
from .table import Column, Formula, Kind, Made

BY = {key: OF_NEEDS[key].label for key in ("field", "year")}
UNKNOWN = "—"


def build(asked: Asked):
    """A row for each field, or for each year from which people are needed."""
    lines = [_line(asked, *each) for each in _rows(asked)]
    total = Line((_("total"), *_cells(_whole(asked))), _drills(asked))
    return table(
        asked, _("People needed and in training"), _columns(asked), lines, total,
        notes=_notes(asked),
        definition=_(
            "Needed: what active projects from the reserve pool on state, at the cut, as far as "
            "they are open to the reader. In training: what the joint programmes report (by "
            "field: for the year of the cut). Gap: needed − in training."
        ),
    )  # fmt: skip


def _rows(asked: Asked) -> list[tuple]:
    """(key, label, balance); what projects do not break down by field stands last."""
    if asked.by == "year":
        found = talent.by_year(asked.scope, asked.period)
        return [(year, str(year), balance) for year, balance in found.items()]
    labels = dict(TrainingField.choices) | {UNSTATED: _("field not stated")}
    found = talent.by_field(asked.scope, asked.period)
    return [(key, str(labels[key]), balance) for key, balance in found.items()]


def _whole(asked: Asked) -> Balance:
    """By field the sums of the year; by year of people counts only what is needed adds up."""
    needed = talent.needed_in_all(asked.scope, asked.period)
    if asked.by == "year":
        broken_down = sum(row.needed or 0 for _key, _label, row in _rows(asked))
        return Balance(broken_down)
    rows = [row for _key, _label, row in _rows(asked)]
    sums = (
        _known(getattr(row, name) for row in rows) for name in ("in_training", "finished", "stayed")
    )
    return Balance(needed, *sums)


def _known(numbers) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _columns(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 30),
        Column(_("people needed"), Kind.COUNT, 12, UNKNOWN),
        Column(_("in training"), Kind.COUNT, 12, UNKNOWN),
        Column(_("finishing"), Kind.COUNT, 12, UNKNOWN),
        Column(_("of which stayed here"), Kind.COUNT, 12, UNKNOWN),
        Column(_("gap"), Kind.COUNT, 12, UNKNOWN, made=Made(_("needed − in training"), (1, 2))),
    )


def _line(asked: Asked, key, label: str, balance: Balance) -> Line:
    return Line((label, *_cells(balance)), _drills(asked, **{asked.by: key}))


def _cells(balance: Balance) -> tuple:
    return (
        balance.needed, balance.in_training, balance.finished, balance.stayed, balance.gap,
    )  # fmt: skip


def _drills(asked: Asked, **of) -> dict:
    """Behind people stand the projects that need them and the programmes that train them."""
    projects = asked.behind("talent_projects").where(**of)
    programmes = asked.behind("talent_programmes").where(**of)
    needed = Formula(_("The people that these projects need, added up."),
                     ((str(projects.row_set.label), projects),))  # fmt: skip
    trained = Formula(_("The people that these programmes report, added up."),
                      ((str(programmes.row_set.label), programmes),))  # fmt: skip
    return {1: needed, 2: trained, 3: trained, 4: trained}


def _notes(asked: Asked) -> list[str]:
    notes = []
    rest = talent.rest_of_needs(asked.scope, asked.period)
    if asked.by == "year" and rest:
        text = _("%(count)s people are needed without a year; they are in no row.")
        notes.append(text % {"count": rest})
    if count := talent.unreported(asked.scope, asked.period):
        text = ngettext(
            "%(count)s programme reports no number for the year; it is unknown, not 0.",
            "%(count)s programmes report no number for the year; it is unknown, not 0.",
            count,
        )
        notes.append(text % {"count": count})
    return notes


def draw(asked: Asked, shown, link):
    """People needed by each, with those in training as the mark to compare with."""
    marks = [
        charts.Mark(
            row[0], row[1], link(shown.drills[place, 1].parts[0][1]),
            "" if row[2] is None else _("%(count)s in training") % {"count": f"{row[2]:,}"},
            target=row[2],
        )
        for place, row in enumerate(shown.rows)
    ]  # fmt: skip
    return charts.responsive(charts.bars, marks, title=f"{shown.title}：{shown.columns[1].title}")


REPORT = add_report(
    Report(
        "talent_balance", gettext_lazy("People needed and in training"),
        gettext_lazy("People that projects need against people in joint programmes."),
        build, draw, BY,
    )
)  # fmt: skip
