"""Which projects lack land or power, which factors are late, and which unit owes them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from crm import charts
from crm.factors import STOCKS, UNITS, Factor, Supply
from crm.indicators import factors, sites
from crm.indicators.behind import Behind
from crm.indicators.factors import LAND_AND_POWER
from crm.models import Department, FactorGuarantee, Park
from crm.models import Project as ProjectRow

from .asking import Asked, Line, table
from .registry import Report, add_report
from .table import Column, Formula, Kind, Made, Record, Said

BY = {
    "project": gettext_lazy("land and power"),
    "late": gettext_lazy("all factors"),
    "unit": gettext_lazy("responsible unit"),
    "factor": pgettext_lazy("factor guarantee", "factor"),
    "park": gettext_lazy("park"),
    "supply": gettext_lazy("what parks have left"),
}
SAYS = gettext_lazy(
    "Lines of the factor checklists of active projects as they stand today. Late: not settled and "
    "past the deadline; in difficulty: said so by the unit that answers. What a park has left is "
    "what it has less what is taken and promised, by the claim of each stage."
)


def build(asked: Asked):
    asked = asked.as_it_stands()
    if asked.by == "supply":
        return _supplies(asked)
    if asked.by in ("project", "late"):
        return _lines(asked)
    return _groups(asked)


# -- line by line ----------------------------------------------------------------------------------


def _lines(asked: Asked):
    """One row for every line that is late or in difficulty, the longest late first."""
    is_short = asked.by == "project"
    behind = asked.behind("land_power_troubled" if is_short else "factors_troubled")
    projects = asked.behind("projects_short" if is_short else "projects_troubled")
    rows = asked.rows(behind).with_project_name(asked.scope.reader)
    rows = rows.select_related("project__park", "project__needs", "department")
    on = asked.period.cut
    made = [_troubled(line, on) for line in factors.in_order(rows)]
    count = len({line.project_id for line in rows})
    said = _("%(count)s projects") % {"count": count}
    lines = ngettext("%(count)s line", "%(count)s lines", len(made)) % {"count": len(made)}
    total = Line(
        (_("total"), said, "", lines, "", "", None, None, "", ""), {1: projects, 3: behind}
    )
    return table(
        asked, _("Factor shortfalls"), _columns_of_lines(), made, total, definition=SAYS,
        notes=_shortages(), has_money=False,
    )  # fmt: skip


def _troubled(line, on) -> Line:
    project = line.project
    values = (
        line.project_name, project.get_stage_display(), str(project.park or ""),
        line.get_factor_display(), _need(line), line.unit_name, line.due_on,
        line.days_late(on) or None, line.get_state_display(), line.note,
    )  # fmt: skip
    drill = Record(ProjectRow, project.pk) if line.is_named else None
    own = Record(FactorGuarantee, line.pk)
    return Line(values, {0: drill, 3: own, 7: own})


def _need(line) -> str:
    """How much of it the project needs, where that is a number."""
    stock = {Factor.LAND: Supply.LAND, Factor.POWER: Supply.POWER}.get(line.factor)
    needs = getattr(line.project, "needs", None)
    amount = stock and needs and getattr(needs, stock)
    if stock and amount is None:
        return _("not entered")
    return f"{amount.normalize():,f}{UNITS[stock]}" if amount is not None and stock else ""


def _columns_of_lines():
    return (
        Column(_("project"), Kind.TEXT, 34),
        Column(_("stage"), Kind.TEXT, 8),
        Column(_("park"), Kind.TEXT, 16),
        Column(pgettext("factor guarantee", "factor"), Kind.TEXT, 12),
        Column(pgettext("amount of a need", "needed"), Kind.TEXT, 10),
        Column(_("responsible unit"), Kind.TEXT, 18),
        Column(_("due"), Kind.DATE, 12, _("no date")),
        Column(_("days late"), Kind.COUNT, 10),
        Column(_("state"), Kind.TEXT, 10),
        Column(_("progress or difficulty"), Kind.TEXT, 30),
    )


def _shortages() -> list[str]:
    """Parks that have less left than their reserve wants, or less than was promised."""
    said = []
    for balance in sites.balances().values():
        if balance.is_short and balance.what in (Supply.LAND, Supply.POWER):
            words = {
                "park": balance.park, "what": Supply(balance.what).label,
                "left": _amount(balance.left, balance.what),
                "wanted": _amount(balance.wanted, balance.what),
            }  # fmt: skip
            said.append(_("%(park)s, %(what)s: left %(left)s, the reserve wants %(wanted)s.")
                        % words)  # fmt: skip
    return said


def _amount(value, what) -> str:
    return _("not entered") if value is None else f"{value.normalize():,f}{UNITS[what]}"


# -- by unit, factor or park -----------------------------------------------------------------------

DIMENSION = {
    "unit": ("department", "by_park"),
    "factor": ("factor",),
    "park": ("project__park",),
}


def _groups(asked: Asked):
    """A row for each unit, factor or park: what waits, what is late, what is difficult."""
    on, columns = asked.period.cut, DIMENSION[asked.by]
    behind = [asked.behind(name) for name in ("factors_waiting", "factors_late",
                                              "factors_difficult")]  # fmt: skip
    rows = asked.rows(behind[0]).order_by().values(*columns).annotate(**factors.counted(on))
    names = _names(asked.by)
    found = sorted(rows, key=lambda row: (-row["late"], -row["open"]))
    lines = [_group(row, [row[c] for c in columns], names, behind, asked.by, on) for row in found]
    whole = asked.rows(behind[0]).order_by().aggregate(**factors.counted(on))
    total = Line((_("total"), *_numbers(whole, on)), dict(enumerate(behind, start=1)))
    columns = (
        Column(str(BY[asked.by]), Kind.TEXT, 26),
        Column(_("not settled"), Kind.COUNT, 12),
        Column(_("overdue"), Kind.COUNT, 12),
        Column(_("in difficulty"), Kind.COUNT, 12),
        Column(
            _("longest late (days)"),
            Kind.COUNT,
            14,
            made=Made(_("days from the earliest deadline of those overdue to today"), (2,)),
        ),
    )
    return table(
        asked, _("Factor shortfalls"), columns, lines, total, definition=SAYS, has_money=False
    )


def _names(by: str) -> dict:
    if by == "factor":
        return dict(Factor.choices)
    model = Department if by == "unit" else Park
    return {row.pk: str(row) for row in model.objects.all()}


def _group(row, keys, names, behind, by: str, on) -> Line:
    if by == "unit" and keys[1]:
        label, of = _("parks' offices"), {"office": "1"}
    else:
        label = str(names.get(keys[0]) or _("no unit entered" if by == "unit" else "not entered"))
        of = {by: keys[0]} | ({"office": "0"} if by == "unit" else {})
    drills = {at: what.where(**of) for at, what in enumerate(behind, start=1)}
    return Line((label, *_numbers(row, on)), drills)


def _numbers(row, on) -> tuple:
    oldest = row["oldest"]
    return row["open"], row["late"], row["difficult"], (on - oldest).days if oldest else None


# -- what parks have left --------------------------------------------------------------------------


def _supplies(asked: Asked):
    """A row for each stock of each park; stocks of different parks are not added up."""
    lines = [
        Line(
            (str(balance.park), str(Supply(balance.what).label), balance.has, balance.taken,
             balance.promised, balance.left, balance.wanted, balance.unknown),
            _of_balance(asked, balance),
        )
        for balance in sites.balances().values()
        if balance.what in STOCKS
    ]  # fmt: skip
    columns = (
        Column(_("park"), Kind.TEXT, 20),
        Column(pgettext("stock of a park", "what"), Kind.TEXT, 18),
        Column(_("has"), Kind.NUMBER, 12, _("not entered")),
        Column(_("taken"), Kind.NUMBER, 12),
        Column(_("promised"), Kind.NUMBER, 12),
        Column(
            _("left"),
            Kind.NUMBER,
            12,
            _("not known"),
            made=Made(_("has − taken − promised"), (2, 3, 4)),
        ),
        Column(_("wanted by the reserve"), Kind.NUMBER, 14),
        Column(_("projects without a figure"), Kind.COUNT, 14),
    )
    unknown = sum(line.values[-1] for line in lines)
    without = _city_wide(asked.behind("claim_unknown"))
    total = Line((_("total"), "", None, None, None, None, None, unknown), {7: without})
    return table(
        asked,
        _("Factor shortfalls"),
        columns,
        lines,
        total,
        definition=SAYS,
        notes=_shortages(),
        has_money=False,
    )


CLAIMS = {3: "claim_taken", 4: "claim_promised", 6: "claim_wanted"}


def _of_balance(asked: Asked, balance) -> dict:
    """What the park has stands on its page; behind what is claimed stand the projects."""
    at = {"park": balance.park.pk}
    claims = {place: asked.behind(name).where(**at) for place, name in CLAIMS.items()}
    claims[7] = asked.behind("claim_unknown").where(**at, what=str(balance.what))
    return {2: Record(Park, balance.park.pk)} | {
        place: _city_wide(behind) for place, behind in claims.items()
    }


def _city_wide(behind: Behind) -> Formula:
    said = _("Of all projects of the city; the list holds those that are open to you.")
    return Formula(said, ((str(behind.row_set.label), behind),))


def answer(asked: Asked, shown) -> list[Said]:
    """How many projects lack land or power, and of which factor how much is late or difficult."""
    asked = asked.as_it_stands()
    projects, lines = asked.behind("projects_short"), asked.behind("land_power_troubled")
    said = [(str(projects.row_set.label), projects)]
    said += [(str(factor.label), lines.where(factor=factor.value)) for factor in LAND_AND_POWER]
    said.append((_("overdue, of all factors"), asked.behind("factors_late")))
    return [Said(label, f"{asked.rows(behind).count():,}", behind) for label, behind in said]


def draw(asked: Asked, shown, link):
    """Late, difficult and otherwise waiting by group; of parks taken, promised and left."""
    if asked.by == "supply":
        return draw_supply(list(sites.balances().values()))
    if asked.by in ("project", "late"):
        return _lateness(shown)
    stacks = [
        charts.Stack(row[0], (row[2], max(row[1] - row[2], 0)), link(shown.drills.get((at, 1))))
        for at, row in enumerate(shown.rows[:14])
    ]
    names = ((_("overdue"), "bad"), (_("within its time"), "good"))
    return charts.responsive(charts.stacked, stacks, names=names, title=shown.title)


def _lateness(shown):
    """How many lines are late or in difficulty by factor."""
    counts: dict = {}
    for row in shown.rows:
        late, difficult = counts.get(row[3], (0, 0))
        counts[row[3]] = (late + 1, difficult) if row[7] else (late, difficult + 1)
    stacks = [charts.Stack(factor, parts) for factor, parts in counts.items()]
    names = ((_("overdue"), "bad"), (_("in difficulty"), "warn"))
    return charts.responsive(charts.stacked, stacks, names=names, title=shown.title)


def draw_supply(balances, url_of=None, wide: int = 640):
    """Taken, promised and left of land and power of every park."""
    names = ((_("taken"), "stage-building"), (_("promised"), "stage-signed"),
             (_("left"), "chart-left"))  # fmt: skip
    stacks = [
        charts.Stack(
            f"{balance.park} · {Supply(balance.what).label}",
            (balance.taken, balance.promised, max(balance.left or 0, 0)),
            url_of(balance.park) if url_of else "",
            _("what the park has is not entered") if balance.has is None else "",
            balance.has,
        )
        for balance in balances
        if balance.what in (Supply.LAND, Supply.POWER)
    ]  # fmt: skip
    return charts.responsive(
        charts.stacked, stacks, names=names, title=_("What parks have left"), own=True, wide=wide
    )


REPORT = add_report(
    Report(
        "factor_shortfalls", gettext_lazy("Factor shortfalls"),
        gettext_lazy("Which projects lack land or power, what is late and which unit owes it, and "
                     "what the parks have left."),
        build, draw, BY, is_now=True, answer=answer,
    )
)  # fmt: skip
