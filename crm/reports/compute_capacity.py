"""Compute by the register of data centres: online, under construction, reserved, against the plan.

P of different kinds or precisions are never added: every row is of one kind and precision, and the
total has a figure only where all rows agree in both.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm import charts
from crm.indicators.behind import Behind
from crm.indicators.compute import LAST, SIZES, UNKNOWN_SIZE, Measure, Part, Total, parts
from crm.indicators.dimensions import CLOSED
from crm.models import DataCentre, Park

from .asking import Asked, Line, closed_note, table
from .registry import Report, add_report
from .table import Column, Kind, Made, Record, Said

BY = {
    "park": gettext_lazy("park"),
    "year": gettext_lazy("year of go-live"),
    "park_year": gettext_lazy("park and year"),
    "kind": gettext_lazy("kind of compute"),
    "centre": gettext_lazy("data centre"),
}


def build(asked: Asked):
    """A row for each group and measure; what is not known is not added as 0."""
    asked = asked.as_it_stands()
    found = parts(asked.scope, asked.period.cut)
    names = _Names()
    groups: dict = {}
    for part in found:
        for key, sizes in _places(part, asked.by):
            groups.setdefault((key, part.measure), Total()).add(part, sizes)
    order = sorted(groups, key=lambda at: (names.place(at[0], asked.by), at[1]))
    lines = [_line(asked, names, *at, groups[at]) for at in order]
    return table(
        asked, _("Compute capacity"), _columns(asked), lines, _total(asked, found),
        definition=_("By the register of data centres as it stands today: planned, of which online "
                     "(go-live has come), under construction, reserved; not begun is the rest of "
                     "the plan. P of different kinds or precisions are never added together."),
        notes=[*_sums(found), *closed_note(len({p.centre for p in found if not p.is_open}))],
        has_money=False,
    )  # fmt: skip


def _places(part: Part, by: str):
    """Where a part belongs, and which of its sizes: by year each size has a year of its own."""
    if by not in ("year", "park_year"):
        yield {"park": part.place, "kind": None, "centre": part.centre}[by], SIZES
        return
    for year, sizes in part.years().items():
        yield ((part.place, year) if by == "park_year" else year), sizes


class _Names:
    """Words and order of the groups; one query."""

    def __init__(self):
        self.parks = {park.pk: park for park in Park.objects.order_by("sequence", "id")}
        self.order = {pk: place for place, pk in enumerate(self.parks)}

    def place(self, key, by: str):
        """Parks in their order, what has none after them; years and centres by their number."""
        if by == "park_year":
            return (*self._park_place(key[0]), key[1])
        return self._park_place(key) if by == "park" else (0, key or 0)

    def _park_place(self, key):
        return (2, 0) if key == CLOSED else (1, 0) if key is None else (0, self.order.get(key, key))

    def words(self, key, by: str) -> str:
        if by == "park_year":
            return f"{self.words(key[0], 'park')} · {self.words(key[1], 'year')}"
        if by == "year":
            return _("no date") if key == LAST else str(key)
        if key == CLOSED:
            return _("confidential projects")
        return str(self.parks[key]) if key else _("no park entered")


def _line(asked: Asked, names, key, measure: Measure, total: Total) -> Line:
    drills = _drills(asked.behind(f"compute_{measure.key}").where(**_of(asked.by, key)))
    if asked.by == "centre":
        label, drills[0] = next(iter(total.names)), Record(DataCentre, key)
    else:
        label = measure.kind_label if asked.by == "kind" else names.words(key, asked.by)
    sizes = [total.sizes[name] for name in SIZES]
    values = (label, measure.kind_label, measure.precision_label, len(total.centres), *sizes,
              total.not_begun, total.unknown)  # fmt: skip
    return Line(values, drills)


def _of(by: str, key) -> dict:
    """The values that narrow a measure's data centres to those of the row."""
    if by == "park_year":
        return {"park": key[0], "year": key[1]}
    return {} if by == "kind" else {by: key}


def _drills(behind: Behind) -> dict:
    """The data centres, and of them those with a size of each sort, and those without any."""
    sizes = {at: behind.where(size=name) for at, name in enumerate(SIZES, start=4)}
    return {3: behind, **sizes, 9: behind.where(size=UNKNOWN_SIZE)}


def _total(asked: Asked, found: list[Part]) -> Line:
    whole, measures = Total(), {part.measure for part in found if part.measure.kind}
    for part in found:
        whole.add(part)
    alone = len(measures) == 1
    sizes = [whole.sizes[name] if alone else None for name in SIZES]
    rest = whole.not_begun if alone else None
    values = (_("total"), "", "", len(whole.centres), *sizes, rest, whole.unknown)
    return Line(values, _drills(asked.behind("centres")))


def _sums(found: list[Part]) -> list[str]:
    """The totals there are: one for each kind and precision."""
    sums: dict = {}
    for part in found:
        if part.measure.kind:
            sums.setdefault(part.measure, Total()).add(part)
    return [_said(measure, sums[measure]) for measure in sorted(sums)]


def _said(measure: Measure, total: Total) -> str:
    words = {
        "measure": f"{measure.kind_label}（{measure.precision_label}）",
        **{name: _p(total.sizes[name]) for name in SIZES},
    }
    return _("%(measure)s: planned %(planned)s, online %(online)s, under construction "
             "%(building)s, reserved %(reserved)s.") % words  # fmt: skip


def _p(size) -> str:
    return _("not entered") if size is None else f"{size.normalize():,f}P"


def _columns(asked: Asked):
    empty = _("not entered") if asked.by not in ("year", "park_year") else ""
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 30),
        Column(_("kind of compute"), Kind.TEXT, 12),
        Column(_("precision"), Kind.TEXT, 10),
        Column(_("data centres"), Kind.COUNT, 10),
        Column(_("planned (P)"), Kind.NUMBER, 12, empty),
        Column(_("online (P)"), Kind.NUMBER, 12, empty),
        Column(_("under construction (P)"), Kind.NUMBER, 12, empty),
        Column(_("reserved (P)"), Kind.NUMBER, 12, empty),
        Column(
            _("not begun (P)"),
            Kind.NUMBER,
            12,
            made=Made(_("planned − online − under construction − reserved"), (4, 5, 6, 7)),
        ),
        Column(_("size not entered"), Kind.COUNT, 12),
    )


def answer(asked: Asked, shown) -> list[Said]:
    """Online, under construction and reserved of each kind and precision."""
    asked, sums = asked.as_it_stands(), {}
    for part in parts(asked.scope, asked.period.cut):
        if part.measure.kind and not part.is_unknown:
            sums.setdefault(part.measure, Total()).add(part)
    words = {"online": pgettext("compute", "online"), "building": _("under construction"),
             "reserved": _("reserved")}  # fmt: skip
    return [
        Said(
            f"{measure.kind_label}（{measure.precision_label}）",
            " · ".join(
                f"{word} {_p(sums[measure].sizes[name])}"
                for name, word in words.items()
                if sums[measure].sizes[name] is not None
            ) or _("not begun"),
            asked.behind(f"compute_{measure.key}"),
        )
        for measure in sorted(sums)
    ]  # fmt: skip


def draw(asked: Asked, shown, link):
    """One stack of online, under construction, reserved and the rest for every row with a size."""
    stacks = [
        charts.Stack(
            f"{row[0]} · {row[1]} {row[2]}" if asked.by != "kind" else f"{row[1]} {row[2]}",
            (row[5], row[6], row[7], row[8]),
            link(shown.drills.get((place, 3))),
        )
        for place, row in enumerate(shown.rows)
        if any(size is not None for size in row[4:8])
    ]
    names = ((pgettext("compute", "online"), "stage-producing"),
             (_("under construction"), "stage-building"), (_("reserved"), "stage-reserve"),
             (_("not begun"), "chart-before"))  # fmt: skip
    return charts.responsive(
        charts.stacked, stacks[:16], names=names, title=_("Compute capacity"), unit="P", own=True
    )


REPORT = add_report(
    Report(
        "compute_capacity", gettext_lazy("Compute capacity"),
        gettext_lazy("How much compute is online, under construction and reserved, by park and "
                     "year; P of different precisions are never added."),
        build, draw, BY, is_now=True, answer=answer,
    )
)  # fmt: skip
