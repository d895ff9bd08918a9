"""Target firms by score with the points of every factor; key firms by the rhythm of contacts."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import charts
from crm.appeal import Factor
from crm.indicators.behind import Behind
from crm.models import Company
from crm.models.projects import sample_present
from crm.targeting import Scoring, rhythm_of

from .asking import Asked, unit_line
from .registry import Report, add_report
from .table import TOTAL, Column, Formula, Kind, Record, Table

MOST = 500  # firms of a table; the page holds them all
DRAWN = 15


def build(asked: Asked) -> Table:
    """The firms to win with the highest scores at the cut."""
    scoring = Scoring(asked.scope.reader, asked.period.cut)
    team = asked.scope.team
    behind = Behind("firms_to_win", asked.period, team and team.pk)
    firms = asked.rows(behind)
    made = target_table(scoring, scoring.ranked(firms), said=unit_line(asked))
    return replace(made, drills=made.drills | {(TOTAL, 1): behind})


def target_table(scoring: Scoring, ranked, *, said: str = "") -> Table:
    """Rows of ``ranked`` with the points of each factor."""
    every, firms = ranked.count(), scoring.shown(ranked[:MOST])
    notes = []
    if every > len(firms):
        notes.append(_("The %(shown)s firms with the highest scores of %(every)s.") % {
            "shown": len(firms), "every": every})  # fmt: skip
    return Table(
        title=_("Target firms by score"),
        unit_line=said or _("points; as of %(day)s") % {"day": scoring.on.isoformat()},
        columns=_columns(),
        rows=tuple(_row(place, firm) for place, firm in enumerate(firms, start=1)),
        total=(None, _("total: %(count)s firms") % {"count": every}, *[None] * 13),
        notes=tuple(notes), definition=_definition(scoring), as_of=scoring.on,
        has_sample=sample_present(),
        drills={(place, at): what for place, firm in enumerate(firms)
                for at, what in _drills(firm).items()},
    )  # fmt: skip


def _drills(firm: Company) -> dict:
    """The name leads to the firm; score and points say line by line what they come from."""
    given = [f"{line.label} {line.points.normalize():f}" for line in firm.lines if line.points]
    drills: dict = {1: Record(Company, firm.pk), 7: Formula(" + ".join(given) or _("no points"))}
    for at, line in enumerate(firm.lines, start=8):
        said = _("%(said)s: %(points)s of %(most)s points") % {
            "said": line.said, "points": f"{line.points.normalize():f}",
            "most": f"{line.most.normalize():f}",
        }  # fmt: skip
        drills[at] = Formula(f"{said}（{line.seen}）" if line.seen else said)
    return drills


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("no."), Kind.COUNT, 6),
        Column(_("company name"), Kind.TEXT, 30),
        Column(_("home region"), Kind.TEXT, 12),
        Column(_("chain segments"), Kind.TEXT, 24),
        Column(_("key-firm tier"), Kind.TEXT, 10),
        Column(_("sponsoring leader"), Kind.TEXT, 14),
        Column(_("owning task force"), Kind.TEXT, 14),
        Column(_("score"), Kind.NUMBER, 9),
        *(Column(str(factor.label), Kind.NUMBER, 10) for factor in Factor),
        Column(_("last contact"), Kind.DATE, 12),
    )


def _row(place: int, firm: Company) -> tuple:
    return (
        place, firm.name, str(firm.region or ""), "、".join(s.name for s in firm.segments.all()),
        str(firm.get_key_tier_display()) if firm.key_tier else "", firm.sponsoring_leader,
        str(firm.owning_team or ""), firm.score, *(line.points for line in firm.lines),
        firm.last_contact_on,
    )  # fmt: skip


def _definition(scoring: Scoring) -> str:
    weights = "、".join(f"{label} {most.normalize():f}" for _key, label, most in scoring.most())
    return _(
        "Sum of the factors' points, at most: %(weights)s. Firms at home elsewhere that have "
        "signed nothing here; history is what is open to the reader; a warning takes the points "
        "of the signals away."
    ) % {"weights": weights}


def draw(asked: Asked, shown: Table, link):
    """The first firms by score."""
    marks = [
        charts.Mark(row[1], row[7], link(shown.drills[(place, 1)]))
        for place, row in enumerate(shown.rows[:DRAWN])
    ]
    return charts.responsive(charts.bars, marks, title=shown.title)


def key_firm_table(rows, on: date) -> Table:
    """Key firms with leader, rhythm and the day each is due."""
    firms = list(rows)
    late = sum(firm.is_late for firm in firms)
    return Table(
        title=_("Key firms: keeping in touch"),
        unit_line=_("as of %(day)s") % {"day": on.isoformat()},
        columns=(
            Column(_("company name"), Kind.TEXT, 30), Column(_("key-firm tier"), Kind.TEXT, 10),
            Column(_("sponsoring leader"), Kind.TEXT, 16),
            Column(_("owning task force"), Kind.TEXT, 16),
            Column(_("contact rhythm (days)"), Kind.COUNT, 12),
            Column(_("last contact"), Kind.DATE, 12), Column(_("due again on"), Kind.DATE, 12),
            Column(_("days late"), Kind.COUNT, 10), Column(_("overdue"), Kind.TEXT, 14),
        ),
        rows=tuple(_key_row(firm, on) for firm in firms),
        total=(_("total: %(count)s firms, %(late)s overdue") % {"count": len(firms), "late": late},
               *[None] * 8),
        notes=(), as_of=on, has_sample=sample_present(),
        definition=_("Any contact counts, also calls; a firm never contacted is overdue."),
        drills={(place, 0): Record(Company, firm.pk) for place, firm in enumerate(firms)},
    )  # fmt: skip


def _key_row(firm: Company, on: date) -> tuple:
    rhythm = rhythm_of(firm, on)
    said = _("never contacted") if rhythm.last_on is None else _("overdue") if firm.is_late else ""
    return (
        firm.name, str(firm.get_key_tier_display()), firm.sponsoring_leader,
        str(firm.owning_team or ""), rhythm.every_days, rhythm.last_on, rhythm.due_on,
        rhythm.days_late, said,
    )  # fmt: skip


REPORT = add_report(
    Report(
        "target_firms", gettext_lazy("Target firms"),
        gettext_lazy("Which firms to win first, with the points of every factor."), build, draw,
    )
)  # fmt: skip
