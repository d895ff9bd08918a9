"""Frozen months beside today's records: figures, corrections with their rows, and the workbook."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from crm import freezing, indicators
from crm.freezing.telling import Told, corrections_in, names_for, told
from crm.indicators import Figure, Scope
from crm.models import FrozenMonth, FrozenRow
from crm.periods import Period

from .table import Column, Kind, Table


@dataclass(frozen=True)
class Compared:
    """One indicator as it was frozen and as it is now."""

    label: str
    definition: str
    month_then: Figure
    month_now: Figure
    year_then: Figure
    year_now: Figure

    @property
    def month_moved(self) -> bool:
        return self.month_then.value != self.month_now.value

    @property
    def year_moved(self) -> bool:
        return self.year_then.value != self.year_now.value


def compared(frozen: FrozenMonth, scope: Scope) -> list[Compared]:
    """Every indicator that was frozen and is still computed, in the order of today."""
    month, year = frozen.period, Period.year_to_date(frozen.period.cut)
    kept = [freezing.kept_figures(frozen, span) for span in (freezing.MONTH, freezing.YEAR)]
    return [
        Compared(
            str(indicators.LABELS[key]), kept[0][key].definition,
            kept[0][key], find(scope, month), kept[1][key], find(scope, year),
        )
        for key, find in indicators.REGISTRY.items()
        if key in kept[0]
    ]  # fmt: skip


# -- the workbook ----------------------------------------------------------------------------------


def tables(frozen: FrozenMonth, reader) -> list[Table]:
    """Figures, the rows behind them, corrections reported here, and what differs today."""
    scope = Scope(reader)
    here, now = corrections_in(frozen), freezing.since_frozen(frozen)
    return [
        _figure_table(frozen, scope),
        _row_table(frozen, reader),
        _correction_table(_("Late entries and reversals reported"), frozen, told(here, reader)),
        _correction_table(_("Changed since frozen"), frozen, told(now, reader)),
    ]


def _line(frozen: FrozenMonth) -> str:
    return _("%(month)s, frozen by %(who)s at %(when)s") % {
        "month": frozen.period.label, "who": frozen.by,
        "when": f"{timezone.localtime(frozen.frozen_at):%Y-%m-%d %H:%M}",
    }  # fmt: skip


def _figure_table(frozen: FrozenMonth, scope: Scope) -> Table:
    columns = (
        Column(_("indicator"), width=26), Column(_("month, frozen"), width=18),
        Column(_("month, now"), width=18), Column(_("year, frozen"), width=18),
        Column(_("year, now"), width=18), Column(_("definition"), width=60),
    )  # fmt: skip
    rows = tuple(
        (row.label, row.month_then.text, row.month_now.text, row.year_then.text,
         row.year_now.text, row.definition)
        for row in compared(frozen, scope)
    )  # fmt: skip
    return _table(_("Figures"), frozen, columns, rows)


def _row_table(frozen: FrozenMonth, reader) -> Table:
    columns = (
        Column(_("indicator"), width=18), Column(_("project"), width=40),
        Column(_("date"), Kind.DATE, 12), Column(_("amount (yuan)"), Kind.MONEY, 20),
    )  # fmt: skip
    rows = [
        (str(indicators.LABELS[row.key]), shown, row.on, row.amount_yuan)
        for row, shown in named_rows(frozen, reader)
    ]
    return _table(_("Rows behind the figures"), frozen, columns, tuple(rows))


def named_rows(frozen: FrozenMonth, reader) -> list[tuple[FrozenRow, str]]:
    """The rows of the month's own figures, each with the name that the reader may read."""
    rows = list(frozen.rows.filter(kind=FrozenRow.Kind.OWN).order_by("key", "on", "id"))
    names = names_for({row.project_id for row in rows}, reader)
    return [(row, names.get(row.project_id, str(row))) for row in rows]


def _correction_table(title: str, frozen: FrozenMonth, found: list[Told]) -> Table:
    columns = (
        Column(_("kind"), width=10), Column(_("counts in"), width=10),
        Column(_("indicator"), width=18),
        Column(_("project"), width=40), Column(_("date"), Kind.DATE, 12),
        Column(_("before"), width=16), Column(_("after"), width=16), Column(_("change"), width=16),
    )  # fmt: skip
    rows = tuple(
        (each.kind_label, each.of_month, each.what, each.project, each.on, each.before, each.after,
         each.change)
        for each in found
    )  # fmt: skip
    return _table(title, frozen, columns, rows)


def _table(title: str, frozen: FrozenMonth, columns: tuple, rows: tuple) -> Table:
    total = (_("%(count)s rows") % {"count": len(rows)}, *[None] * (len(columns) - 1))
    return Table(
        title=title, unit_line=_line(frozen), columns=columns, rows=rows, total=total, notes=(),
        definition=_("A frozen month keeps its figures; corrections are reported with the next."),
        as_of=frozen.period.cut, has_sample=frozen.is_sample,
    )  # fmt: skip
