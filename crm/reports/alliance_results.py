"""What the alliance brought: introductions by its members, and projects and deals after them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.indicators import alliance
from crm.indicators.alliance import OF_INTRODUCTIONS, Brought
from crm.models import AllianceMembership

from .asking import Asked, Line, exactness, money, table, unknown_note
from .drawing import bars_of
from .registry import Report, add_report
from .table import Column, Kind, Record

BY = {key: OF_INTRODUCTIONS[key].label for key in ("member", "part", "team")}
SETS = {1: "introductions", 2: "firms", 3: "projects", 4: "talks", 5: "deals", 6: "deals"}


def build(asked: Asked):
    """A row for each member, role or task force; members that brought nothing are listed too."""
    found = alliance.brought_by(asked.scope, asked.period, asked.by)
    if asked.by == "member":
        for pk in _members(asked):
            found.setdefault(pk, Brought())
    names = _names(asked, found)
    order = sorted(
        (key for key in found if key in names),
        key=lambda key: (-found[key].yuan, -len(found[key].projects), -found[key].introductions,
                         names[key]),
    )  # fmt: skip
    lines = [_line(asked, key, names[key], found[key]) for key in order]
    whole = alliance.in_all(found.values())
    total = Line((_("total"), *_cells(whole)), _drills(asked))
    return table(
        asked, _("Results of the alliance"), _columns(asked), lines, total,
        notes=unknown_note(whole.unknown),
        definition=_(
            "Introductions made in the period. A project is brought by the member that introduced "
            "it, else by the first one to introduce its lead investor before it was reported; in "
            "talks: beyond a lead at the cut; deals: formal contracts in force by the cut."
        ),
    )  # fmt: skip


def _members(asked: Asked):
    rows = asked.scope.of(None).rows(AllianceMembership)
    return rows.filter(left_on=None).values_list("pk", flat=True)


def _names(asked: Asked, found) -> dict:
    dimension = OF_INTRODUCTIONS[asked.by]
    if dimension.model is None:
        return {key: str(dimension.choices[key]) for key in found}
    rows = dimension.model.objects.filter(pk__in=list(found))
    linked = rows.select_related("company") if asked.by == "member" else rows
    return {row.pk: str(row) for row in linked}


def _columns(asked: Asked):
    return (
        Column(str(BY[asked.by]), Kind.TEXT, 36),
        Column(_("introductions"), Kind.COUNT, 10),
        Column(_("firms introduced"), Kind.COUNT, 10),
        Column(_("projects brought"), Kind.COUNT, 10),
        Column(_("of which in talks"), Kind.COUNT, 10),
        Column(_("deals"), Kind.COUNT, 8),
        Column(_("amount signed"), Kind.MONEY, 14, _("undetermined")),
        Column(_("how exact"), Kind.TEXT, 8),
    )


def _line(asked: Asked, key, label: str, part: Brought) -> Line:
    drills = _drills(asked, **{asked.by: key})
    if asked.by == "member":
        drills[0] = Record(AllianceMembership, key)
    return Line((label, *_cells(part)), drills)


def _drills(asked: Asked, **of) -> dict:
    behind = {at: asked.behind(f"alliance_{name}") for at, name in SETS.items()}
    return {at: each.where(**of) for at, each in behind.items()} if of else behind


def _cells(part: Brought) -> tuple:
    unknown = part.deals and part.unknown == part.deals
    return (
        part.introductions, len(part.firms), len(part.projects), len(part.talks), part.deals,
        None if unknown else money(part.yuan),
        _("undetermined") if unknown else exactness(part.precision),
    )  # fmt: skip


def draw(asked: Asked, shown, link):
    """The projects each brought."""
    return bars_of(shown, link, value=3)


REPORT = add_report(
    Report(
        "alliance_results", gettext_lazy("Results of the alliance"),
        gettext_lazy("What each member introduced and what came of it: projects, deals, amount."),
        build, draw, BY,
    )
)  # fmt: skip
