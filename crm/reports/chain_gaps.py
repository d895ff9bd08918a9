"""Chain gaps: which segments are missing or weak, what they ask for, and whom to visit."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import charts
from crm.chains import Cell, Picture, pictures, until
from crm.indicators.behind import Behind
from crm.models import Chain
from crm.strength import State, Thresholds
from crm.targeting import Scoring

from .asking import Asked, Line, money, table
from .registry import Report, add_report
from .table import Column, Kind, Record, Said

BY = {"gap": gettext_lazy("gaps"), "segment": gettext_lazy("all segments"),
      "chain": gettext_lazy("industry chain")}  # fmt: skip
NAMED = 3


def build(asked: Asked):
    """A row for each gap, for each segment, or for each chain."""
    found = pictures(asked.scope.reader, asked.period.cut, team=asked.scope.team)
    if asked.by == "chain":
        lines, columns = [_chain(asked, picture) for picture in found], _chain_columns()
        total = Line(_chain_values(_("total"), found), _chain_drills(asked))
    else:
        cells = [c for p in found for c in p.cells if c.is_gap or asked.by == "segment"]
        best = _best(asked, cells)
        lines, columns = [_segment(cell, best) for cell in cells], _segment_columns()
        total = _segment_total(asked, cells)
    made = table(
        asked, _("Chain gaps and whom to visit"), columns, lines, total,
        definition=_definition(), notes=_notes(found),
    )  # fmt: skip
    return replace(made, basis=found)


def _best(asked: Asked, cells: list[Cell]) -> dict:
    """The most promising firms to win of each segment."""
    scoring = Scoring(asked.scope.reader, asked.period.cut)
    firms = asked.rows(asked.behind("gap_firms"))
    return scoring.best_by_segment(firms, [c.segment.pk for c in cells], most=NAMED)


def _segment_columns():
    return (
        Column(_("industry chain"), Kind.TEXT, 12),
        Column(_("chain segment"), Kind.TEXT, 22),
        Column(_("place in the chain"), Kind.TEXT, 10),
        Column(_("state of the segment"), Kind.TEXT, 10),
        Column(_("what it needs"), Kind.TEXT, 10),
        Column(_("projects signed or later"), Kind.COUNT, 10),
        Column(_("projects not signed yet"), Kind.COUNT, 10),
        Column(_("amount signed"), Kind.MONEY, 14, "—"),
        Column(_("firms at home here"), Kind.COUNT, 10),
        Column(_("firms to win"), Kind.COUNT, 10),
        Column(_("visit first"), Kind.TEXT, 44),
    )


COUNTED = {5: "here", 6: "coming", 7: "deals_so_far", 8: "home_firms", 9: "gap_firms"}


def _segment(cell: Cell, best: dict) -> Line:
    numbers, firms = cell.numbers, best.get(cell.segment.pk, [])
    values = (
        cell.segment.chain.name, cell.segment.name, cell.segment.get_position_display(),
        str(cell.judged.state.label), str(cell.judged.work.label),
        numbers["here"].count, numbers["coming"].count, money(numbers["deals_so_far"].yuan),
        numbers["home_firms"].count, numbers["gap_firms"].count,
        "、".join(firm.name for firm in firms),
    )  # fmt: skip
    drills: dict = {place: numbers[name].behind for place, name in COUNTED.items()}
    if firms:
        drills[10] = numbers["gap_firms"].behind
    return Line(values, drills)


def _segment_total(asked: Asked, cells: list[Cell]) -> Line:
    gaps = sum(cell.is_gap for cell in cells)
    label = ngettext("total: %(count)s gap", "total: %(count)s gaps", gaps) % {"count": gaps}
    values = (
        label, None, None, None, None, _sum(cells, "here"), _sum(cells, "coming"), _yuan(cells),
        None, None, None,
    )  # fmt: skip
    return Line(values, _standing(asked, "segments" if asked.by == "segment" else "gaps"))


STANDING = {5: "here", 6: "coming", 7: "deals_so_far"}


def _standing(asked: Asked, where: str, **of) -> dict:
    """What stands in all segments (or all gaps), perhaps of one chain."""
    team = asked.scope.team
    return {
        at: Behind(f"{name}_in_{where}", until(asked.period.cut), team and team.pk).where(**of)
        for at, name in STANDING.items()
    }


def _sum(cells, name: str) -> int:
    return sum(cell.numbers[name].count for cell in cells)


def _yuan(cells):
    return money(sum((c.numbers["deals_so_far"].yuan or 0 for c in cells), Decimal(0)))


# -- by chain --------------------------------------------------------------------------------------


def _chain_columns():
    return (
        Column(_("industry chain"), Kind.TEXT, 16),
        Column(_("segments"), Kind.COUNT, 10),
        Column(str(State.STRONG.label), Kind.COUNT, 10),
        Column(str(State.WEAK.label), Kind.COUNT, 10),
        Column(str(State.MISSING.label), Kind.COUNT, 10),
        Column(_("projects signed or later"), Kind.COUNT, 14),
        Column(_("projects not signed yet"), Kind.COUNT, 14),
        Column(_("amount signed"), Kind.MONEY, 16, "—"),
    )


STATES = {2: State.STRONG, 3: State.WEAK, 4: State.MISSING}


def _chain(asked: Asked, picture: Picture) -> Line:
    drills = {0: Record(Chain, picture.chain.pk), **_chain_drills(asked, chain=picture.chain.pk)}
    return Line(_chain_values(picture.chain.name, [picture]), drills)


def _chain_drills(asked: Asked, **of) -> dict:
    """The segments, those of each state, and what stands in them."""
    segments = Behind("segments", until(asked.period.cut)).where(**of)
    by_state = {at: segments.where(state=state.value) for at, state in STATES.items()}
    return {1: segments, **by_state, **_standing(asked, "segments", **of)}


def _chain_values(label: str, found: list[Picture]) -> tuple:
    cells = [cell for picture in found for cell in picture.cells]
    states = [sum(p.states[state] for p in found) for state in STATES.values()]
    return (label, len(cells), *states, _sum(cells, "here"), _sum(cells, "coming"), _yuan(cells))


# -- words -----------------------------------------------------------------------------------------


def _definition() -> str:
    usual = " ".join(Thresholds().in_words())
    return _(
        "The state is the city's, by the rule of each chain; confidential projects do not count "
        "towards it. Usual rule: %(rule)s Numbers are of the rows open to the reader; firms to "
        "win are at home elsewhere and have signed nothing here."
    ) % {"rule": usual}


def _notes(found: list[Picture]) -> list[str]:
    closed = found[0].closed if found else 0
    if not closed:
        return []
    text = ngettext(
        "%(count)s confidential project stands in no segment here.",
        "%(count)s confidential projects stand in no segment here.", closed,
    )  # fmt: skip
    return [text % {"count": closed}]


def answer(asked: Asked, shown) -> list[Said]:
    """How many segments are missing and weak, and whom to visit for the missing ones."""
    segments = Behind("segments", until(asked.period.cut))
    said = [
        Said(str(state.label), f"{sum(p.states[state] for p in shown.basis):,}",
             segments.where(state=state.value))
        for state in (State.MISSING, State.WEAK, State.STRONG)
    ]  # fmt: skip
    missing = [c for p in shown.basis for c in p.cells if c.judged.state == State.MISSING]
    if missing:
        names = "；".join(cell.segment.name for cell in missing)
        said.append(Said(_("segments that are missing"), names, said[0].behind))
        if firms := _first(_best(asked, missing)):
            said.append(Said(_("visit first"), "、".join(firms), asked.behind("gap_firms")))
    return said


def _first(best: dict) -> list[str]:
    """Of the best firm of each segment, those with the highest scores."""
    firms = sorted({firms[0] for firms in best.values()}, key=lambda f: (-f.score, f.sort_key))
    return [firm.name for firm in firms[:NAMED]]


def draw(asked: Asked, shown, link):
    """How many segments of each chain are strong, weak and missing."""
    found = shown.basis
    rows = [
        charts.Row(p.chain.name, [count for _s, _l, count in p.shares], len(p.cells)) for p in found
    ]
    totals = [sum(p.states[state] for p in found) for state in STATES.values()]
    heads = [str(state.label) for state in STATES.values()]
    every = sum(len(p.cells) for p in found)
    title = _("Segments of each chain by state")
    return charts.responsive(charts.heatmap, rows, heads, [*totals, every], title=title)


REPORT = add_report(
    Report(
        "chain_gaps", gettext_lazy("Chain gaps"),
        gettext_lazy("Which segments are missing or weak, and which firms to visit for them."),
        build, draw, BY, answer=answer,
    )
)  # fmt: skip
