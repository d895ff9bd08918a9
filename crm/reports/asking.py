"""What is asked of a report, and the two ways most of them are laid out: by group and by row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import freezing
from crm.indicators import Scope
from crm.indicators.behind import Behind
from crm.indicators.dimensions import CLOSED, DIMENSIONS, MONTHS
from crm.indicators.figures import ZERO, carried, precision_counts
from crm.indicators.grouping import grouped
from crm.models import Region
from crm.models.projects import sample_present
from crm.money import AmountPrecision, in_unit
from crm.periods import Period, today

from .table import TOTAL, Column, Table

UNIT = "万元"


@dataclass(frozen=True)
class Asked:
    """Whose rows, which days, split by what (one of the report's own ways)."""

    scope: Scope
    period: Period
    by: str = ""

    @property
    def is_days(self) -> bool:
        """Neither a year (or what is gone of it) nor a quarter or month."""
        return "–" in self.period.label and self.period.start.timetuple().tm_yday != 1

    def as_it_stands(self) -> "Asked":
        """The same as of today, for what is kept without its past."""
        return replace(self, period=Period.year_to_date(today()))

    @cached_property
    def kept(self) -> freezing.Kept | None:
        """What the frozen month keeps for the reader; None where these days are no such month."""
        return freezing.kept_for(self.scope, self.period)

    def behind(self, name: str) -> Behind:
        team = self.scope.team
        return Behind(name, self.period, team.pk if team else None)

    def rows(self, behind: Behind):
        return behind.rows(self.scope.reader)


@dataclass(frozen=True)
class Line:
    """A row of a table and what is behind its cells, by column."""

    values: tuple
    drills: Mapping[int, object] = field(default_factory=dict)


def table(
    asked: Asked, title: str, columns: Iterable[Column], lines: list[Line], total: Line,
    *, definition: str, notes: Iterable[str] = (), has_money: bool = True, is_frozen: bool = False,
) -> Table:  # fmt: skip
    """The table of a report; title, unit line and as-of are written the same everywhere.

    ``is_frozen``: its rows are those of the frozen month, not today's.
    """
    drills = {(row, at): what for row, line in enumerate(lines) for at, what in line.drills.items()}
    drills |= {(TOTAL, at): what for at, what in total.drills.items()}
    made = Table(
        title=title, unit_line=unit_line(asked, has_money=has_money), columns=tuple(columns),
        rows=tuple(line.values for line in lines), total=total.values,
        notes=tuple(map(str, notes)), definition=str(definition), as_of=asked.period.cut,
        has_sample=sample_present(), drills=drills,
    )  # fmt: skip
    return made.warned(_frozen(asked), is_frozen=True) if is_frozen else made


def _frozen(asked: Asked) -> str:
    month = asked.kept.month
    return _("%(month)s was frozen on %(day)s by %(who)s; these are the frozen rows.") % {
        "month": month, "day": f"{month.frozen_at:%Y-%m-%d}", "who": month.by,
    }  # fmt: skip


def unit_line(asked: Asked, *, has_money: bool = True) -> str:
    day = asked.period.cut.isoformat()
    if has_money:
        said = _("unit: 10k yuan · %(period)s · as of %(day)s") % {
            "period": asked.period.label, "day": day,
        }  # fmt: skip
    else:
        said = _("as of %(day)s") % {"day": day}
    return f"{asked.scope.team} · {said}" if asked.scope.team else said


def money(yuan: Decimal | None) -> Decimal | None:
    """In the unit of the tables."""
    return None if yuan is None else in_unit(yuan, UNIT)


def exactness(precision: str) -> str:
    """约 or 超 beside an amount; nothing beside an exact one."""
    if precision == AmountPrecision.ABOUT:
        return _("about")
    if precision in {AmountPrecision.AT_LEAST, AmountPrecision.RANGE}:
        return _("over")
    return ""


# -- groups ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """``found`` are the aggregates; ``key`` None is the unknown value, CLOSED the closed rows."""

    key: object
    label: str
    found: dict
    behind: Behind


COUNTED = {"count": Count("pk", distinct=True)}
PLANNED = COUNTED | {
    "yuan": Sum("planned_yuan"),
    "unknown": Count("pk", filter=Q(planned_yuan=None)),
    **precision_counts("planned_yuan", "planned_precision"),
}
AMOUNT = COUNTED | {
    "yuan": Sum("amount_yuan"),
    "unknown": Count("pk", filter=Q(amount_yuan=None)),
    **precision_counts("amount_yuan", "amount_precision"),
}


def groups(asked: Asked, behind: Behind, key: str, aggregates: dict) -> list[Group]:
    """The set split by one of its dimensions, largest first; two queries.

    Months keep their order; what is unknown and what is closed to the reader stand last.
    """
    found = grouped(asked.rows(behind), key, aggregates)
    names = labels(key, behind.model, found)
    made = [
        Group(value, names[value], values, behind.where(**{key: value}))
        for value, values in found.items()
    ]
    return sorted(made, key=lambda group: _place(group, key))


def labels(key: str, model, values: Iterable) -> dict:
    """Words for the values of a dimension; one query at most."""
    dimension = DIMENSIONS[model][key]
    named = {CLOSED: str(_("confidential projects")), None: str(_("not entered"))}
    known = [value for value in values if value not in named]
    if dimension.model is not None:
        rows = dimension.model.objects.in_bulk(known)
        return named | {value: str(rows[value]) for value in known}
    if key == "province":
        return named | _provinces(known)
    if key in MONTHS:
        return named | {value: f"{value:%Y-%m}" for value in known}
    choices = dimension.choices or {}
    return named | {value: str(choices.get(value, value)) for value in known}


def _provinces(codes: list[str]) -> dict:
    """Home provinces by the first two digits of their code."""
    rows = Region.objects.filter(code__in=[f"{code}0000" for code in codes])
    named = {row.code[:2]: row.short_name or row.name for row in rows}
    return {code: named.get(code, code) for code in codes}


def _place(group: Group, key: str):
    last = 2 if group.key == CLOSED else 1 if group.key is None else 0
    if isinstance(group.key, date):
        return last, group.key.toordinal(), ""
    amount = group.found.get("yuan") or group.found.get("count") or 0
    return last, -amount, group.label


def summed(parts: list[dict]) -> dict:
    """The aggregates of all groups together."""
    names = parts[0] if parts else {}
    return {name: sum(part[name] or 0 for part in parts) for name in names}


def precision_of(found: dict) -> str:
    return exactness(carried(found.get("about", 0), found.get("at_least", 0)))


def amount_cells(found: dict) -> tuple:
    """Amount and how exact it is; where no amount is known it is unknown, not 0."""
    if found.get("count") and found["unknown"] and not found["yuan"]:
        return None, _("undetermined")
    return money(found.get("yuan") or ZERO), precision_of(found)


def unknown_note(unknown: int) -> list[str]:
    if not unknown:
        return []
    text = ngettext(
        "%(count)s row with an undetermined amount is counted and not in the sum.",
        "%(count)s rows with undetermined amounts are counted and not in the sum.",
        unknown,
    )
    return [text % {"count": unknown}]


def closed_note(closed: int) -> list[str]:
    if not closed:
        return []
    text = ngettext(
        "%(count)s confidential project stands under its code name.",
        "%(count)s confidential projects stand under their code names.",
        closed,
    )
    return [text % {"count": closed}]
