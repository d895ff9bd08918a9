"""What was promised in deals and falls due: by whom, by when, kept or not, disputed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import charts
from crm.indicators.commitments import (
    OF_COMMITMENTS,
    State,
    Tally,
    falling_due,
    state_day,
    tallies,
    tally,
    without_day,
)
from crm.models import Commitment

from .asking import Asked, Line, table
from .drawing import bars_of
from .registry import Report, add_report
from .table import Column, Kind, Made, Record

EACH = "each"
BY = {EACH: gettext_lazy("each commitment")} | {
    key: OF_COMMITMENTS[key].label for key in ("unit", "kind", "side", "team")
}
NO_DAY = "—"
ORDER = (State.DISPUTED, State.OVERDUE, State.UNDER_WAY, State.FULFILLED)


def build(asked: Asked):
    """A row for each commitment by its day, or for each unit, kind, side or task force."""
    rows = falling_due(asked.scope, asked.period)
    made = _each(asked, rows) if asked.by == EACH else _groups(asked, rows)
    columns, lines, total = made
    return table(
        asked, _("Commitments falling due"), columns, lines, total, notes=_notes(asked),
        definition=_(
            "Commitments of both sides in deals in force that fall due in the period, and those "
            "due before it that were not kept when it began; state at the cut. Overdue: past its "
            "day, not kept. Kept share: kept ÷ all of these."
        ),
    )  # fmt: skip


def _notes(asked: Asked) -> list[str]:
    count = without_day(asked.scope, asked.period).exclude(state_then=State.FULFILLED).count()
    text = ngettext(
        "%(count)s commitment without a day is not kept yet; it is in no row.",
        "%(count)s commitments without a day are not kept yet; they are in no row.",
        count,
    )
    return [text % {"count": count}] if count else []


# -- one by one ------------------------------------------------------------------------------------


def _each(asked: Asked, rows):
    linked = rows.select_related("deal__project", "department")
    ordered = sorted(linked, key=lambda row: (ORDER.index(row.state_then), row.due_on, row.pk))
    lines = [_of_one(asked, row) for row in ordered]
    whole = tally(rows)
    text = ngettext("%(count)s commitment", "%(count)s commitments", whole.count)
    total = (_("total"), text % {"count": whole.count}, *(None,) * 8)
    return _columns_of_each(), lines, Line(total, {1: asked.behind("commitments_due")})


def _columns_of_each():
    return (
        Column(_("commitment"), Kind.TEXT, 40),
        Column(_("project"), Kind.TEXT, 30),
        Column(_("promised by"), Kind.TEXT, 10),
        Column(_("kind of commitment"), Kind.TEXT, 14),
        Column(_("responsible unit"), Kind.TEXT, 16, NO_DAY),
        Column(_("due"), Kind.DATE, 12),
        Column(_("state of keeping"), Kind.TEXT, 10),
        Column(_("kept on"), Kind.DATE, 12, NO_DAY),
        Column(_("days late"), Kind.COUNT, 10, NO_DAY),
        Column(_("what is disputed"), Kind.TEXT, 30),
    )


def _of_one(asked: Asked, row: Commitment) -> Line:
    return Line(
        (
            row.content, row.deal.project.name, row.get_side_display(), row.get_kind_display(),
            row.department and str(row.department), row.due_on,
            str(State(row.state_then).label), row.fulfilled_on, _days_late(asked, row),
            row.dispute if row.state_then == State.DISPUTED else "",
        ),
        {0: Record(Commitment, row.pk), 8: Record(Commitment, row.pk)},
    )  # fmt: skip


def _days_late(asked: Asked, row: Commitment) -> int | None:
    """Days past the day it was due, until it was kept or until the cut."""
    on = state_day(asked.period)
    kept = row.fulfilled_on if row.fulfilled_on and row.fulfilled_on <= on else None
    days = ((kept or on) - row.due_on).days
    return days if days > 0 else None


# -- in groups -------------------------------------------------------------------------------------


def _groups(asked: Asked, rows):
    found = tallies(rows, asked.by)
    names = _names(asked.by, found)
    behind = asked.behind("commitments_due")
    lines = [
        _of_group(names[key], found[key], behind.where(**{asked.by: key}))
        for key in sorted(found, key=lambda key: (key is None, -found[key].count, names[key]))
    ]
    return _columns_of_group(asked), lines, _of_group(_("total"), tally(rows), behind)


def _names(by: str, values) -> dict:
    dimension = OF_COMMITMENTS[by]
    if dimension.model is None:
        return {value: str(dimension.choices[value]) for value in values}
    rows = dimension.model.objects.in_bulk([value for value in values if value is not None])
    return {None: _("not entered")} | {pk: str(row) for pk, row in rows.items()}


def _columns_of_group(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 30),
        Column(_("commitments"), Kind.COUNT, 12),
        *(Column(str(state.label), Kind.COUNT, 10) for state in ORDER[::-1]),
        Column(_("kept share"), Kind.SHARE, 12, NO_DAY, made=_kept_share()),
    )


def _kept_share() -> Made:
    kept = 2 + ORDER[::-1].index(State.FULFILLED)
    return Made(_("commitments kept ÷ commitments"), (kept, 1))


def _of_group(label: str, found: Tally, behind) -> Line:
    counts = [found.of(state) for state in ORDER[::-1]]
    drills = {1: behind} | {
        at: behind.where(state=state.value) for at, state in enumerate(ORDER[::-1], start=2)
    }
    return Line((label, found.count, *counts, found.kept_rate), drills)


# -- the chart -------------------------------------------------------------------------------------


def draw(asked: Asked, shown, link):
    """One by one: how many in each state; in groups: how many each owes."""
    if asked.by != EACH:
        return bars_of(shown, link, value=1)
    found = tally(falling_due(asked.scope, asked.period))
    behind = asked.behind("commitments_due")
    marks = [
        charts.Mark(str(state.label), found.of(state), link(behind.where(state=state.value)))
        for state in ORDER
    ]
    return charts.responsive(charts.bars, marks, title=_("Commitments by state"))


REPORT = add_report(
    Report(
        "commitments_due", gettext_lazy("Commitments falling due"),
        gettext_lazy("What both sides promised in deals: due, kept, overdue and disputed."),
        build, draw, BY,
    )
)  # fmt: skip
