"""Ledgers out: the bureau's layouts as xlsx, the same columns as csv and json.

The rows come in scoped and filtered; whatever is closed to the reader is masked here. Memory stays
flat: rows are read, shown and written a chunk at a time.
"""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import ExportRule
from crm.money import UNITS
from crm.periods import today
from crm.reports.table import Kind
from crm.watermark import watermark

from .columns import Out, Sheet
from .sheets import SHEETS
from .sources import Chunk
from .streaming import Workbook

CHUNK = 4_000
# A spreadsheet takes a text that begins so for a formula, also in full width.
FORMULA = re.compile("^[ \u3000]*[=+\\-@\t\r\n＝＋－＠]")


def export(kind: str, rows, user, *, columns=None, format="xlsx", unit="万元", to) -> int:
    """Write the rows of a queryset as a ledger of this kind into a binary file; returns how many.

    ``columns``: keys in the wanted order, None for all that the user may take out. ``unit``: 元,
    万元 or 亿元. Raises ValidationError for a column that does not exist or stays in the house, or
    for an unknown format or unit. A fixed number of queries for every 4,000 rows.
    """
    sheet = offered(kind, user).with_columns(columns)
    for value, known in ((format, WRITERS), (unit, UNITS)):
        if value not in known:
            raise ValidationError(_("“%(value)s” is not offered.") % {"value": value})
    reading = Reading(sheet, rows, user, unit)
    WRITERS[format](reading, to)
    return reading.count


def offered(kind: str, user) -> Sheet:
    """The ledger with the columns that this user may take out."""
    return SHEETS[kind].without(ExportRule.objects.withheld_from(user.role, kind))


class Reading:
    """The rows of a ledger as cells, chunk by chunk; afterwards what was counted on the way.

    A column that the user may not take out is empty, whoever asks for it: a bureau's template may.
    """

    def __init__(self, sheet: Sheet, rows, user, unit: str):
        self.sheet, self.user, self.unit = sheet, user, unit
        self.columns = sheet.columns
        self.withheld = ExportRule.objects.withheld_from(user.role, sheet.kind)
        known = {c.key: c for c in (*sheet.columns, *SHEETS[sheet.kind].columns)}
        shown = {column.key for column in sheet.columns} | self.withheld
        # What has a column of its own, or stays in the house, is no part of another column's text.
        self.headings = {str(column.label) for key, column in known.items() if key in shown}
        self.rows = rows if "is_open" in rows.query.annotations else rows.visible_to(user)
        fields = (path for column in self.columns for path in column.source.fields)
        self._paths = list(dict.fromkeys(("pk", "is_open", *fields)))
        self.mark = watermark(user)
        self.count = self.closed = self.undetermined = self.estimated = 0
        self.totals: dict[str, Decimal | int] = {}

    @property
    def has_sample(self) -> bool:
        return self.rows.order_by().filter(is_sample=True).exists()

    def __iter__(self) -> Iterator[list]:
        """For each chunk one sequence of cells a column."""
        stored = self.rows.values_list(*self._paths).iterator(chunk_size=CHUNK)
        while rows := list(islice(stored, CHUNK)):
            chunk = Chunk(self._paths, rows, self)
            is_open = chunk["is_open"]
            cells = [self._cells(column, chunk, is_open) for column in self.columns]
            self.count += len(rows)
            self.closed += is_open.count(False)
            yield cells

    def _cells(self, column: Out, chunk: Chunk, is_open: tuple):
        """What may be shown; a total adds only what is shown."""
        if column.key in self.withheld:
            return [None] * len(is_open)
        cells, source = column.source.read(chunk), column.source
        hides = not column.public and False in is_open
        if column.total:
            sums = source.sums(chunk) if source.sums else cells
            shown = sums if not hides else [v for v, o in zip(sums, is_open, strict=True) if o]
            self._add(column, shown)
            self._look_at(column, cells, shown)
        if hides:
            closed = _("confidential")
            cells = [v if o else closed for v, o in zip(cells, is_open, strict=True)]
        return cells

    def _add(self, column: Out, numbers) -> None:
        """Nothing known adds up to nothing, not to 0."""
        known = [number for number in numbers if number is not None]
        if known:
            self.totals[column.key] = self.totals.get(column.key, 0) + sum(known)

    def _look_at(self, column: Out, cells, sums) -> None:
        """Count the amounts that are unknown or no exact number: they stand in words."""
        if column.public and column.kind is Kind.MONEY:
            self.undetermined += sums.count(None)
            pairs = zip(cells, sums, strict=True)
            self.estimated += sum(isinstance(c, str) and v is not None for c, v in pairs)

    def total_of(self, column: Out) -> Decimal | None:
        """Exact, in the ledger's unit; None for a column that adds nothing up."""
        total = self.totals.get(column.key)
        if total is None or column.kind is not Kind.MONEY:
            return total
        return total / UNITS[self.unit]

    def notes(self) -> list[str]:
        """What a reader of the total has to know."""
        texts = (
            (self.undetermined, ngettext(
                "%(count)s row with an undetermined amount is not in the sum.",
                "%(count)s rows with an undetermined amount are not in the sum.",
                self.undetermined)),
            (self.estimated, ngettext(
                "%(count)s estimated amount is in the sum as a number.",
                "%(count)s estimated amounts are in the sum as numbers.",
                self.estimated)),
            (len({c.key for c in self.columns} & self.withheld), _(
                "columns that your role may not take out were left empty.")),
            (self.closed, ngettext(
                "%(count)s row is closed to the reader and shown in part.",
                "%(count)s rows are closed to the reader and shown in part.",
                self.closed)),
        )  # fmt: skip
        return [_noted(t % {"count": n}) for n, t in texts if n]

    def signed_notes(self) -> list[str]:
        """The notes and, last, who took the rows out: a note as well, so no import reads it."""
        return [*self.notes(), _noted(self.mark)]


def _noted(text: str) -> str:
    return _("Note: %(text)s") % {"text": text}


def heading(column: Out, unit: str = "") -> str:
    """A heading in one line: 到位资金累计, 签约金额（万元）."""
    text = f"{column.group}{column.label}"
    return f"{text}（{unit}）" if unit and column.kind is Kind.MONEY else text


def _write_xlsx(reading: Reading, to) -> None:
    day = today()
    made = _("filled in on %(year)s-%(month)s-%(day)s") % {
        "year": day.year, "month": day.month, "day": day.day,
    }  # fmt: skip
    if reading.has_sample:
        made = _("contains sample data") + "　" + made
    unit = _("unit: %(unit)s") % {"unit": reading.unit} if reading.sheet.has_money else ""
    book = Workbook(to, reading.sheet, made=made, unit=unit, mark=reading.mark)
    for cells in reading:
        book.write(cells)
    count = ngettext("%(count)s row", "%(count)s rows", reading.count) % {"count": reading.count}
    totals = [reading.total_of(column) for column in reading.columns]
    book.close(_("sum"), count, totals, reading.signed_notes())


def _write_csv(reading: Reading, to) -> None:
    """UTF-8 with a byte order mark, which Excel and WPS need; numbers stay numbers."""
    text = TextIOWrapper(to, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    out = csv.writer(text)
    out.writerow([_("no."), *(heading(column, reading.unit) for column in reading.columns)])
    months = [column.kind is Kind.MONTH for column in reading.columns]
    number = 1
    for cells in reading:
        columns = [
            [_csv_cell(value, month) for value in column]
            for column, month in zip(cells, months, strict=True)
        ]
        rows = zip(*columns, strict=True)
        out.writerows([n, *row] for n, row in enumerate(rows, start=number))
        number += len(cells[0])
    text.detach()


def _csv_cell(value, is_month: bool):
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    return _plain_cell(value, is_month)


def _plain_cell(value, is_month: bool = False):
    """Dates and decimals as text that loses nothing; None as it is."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return f"{value:%Y-%m}" if is_month else value.isoformat()
    return value


def _write_json(reading: Reading, to) -> None:
    """Amounts as strings in the ledger's unit, exact."""
    columns = [
        {"key": column.key, "heading": heading(column), "kind": str(column.kind)}
        for column in reading.columns
    ]
    head = {
        "kind": reading.sheet.kind,
        "title": str(reading.sheet.title),
        "unit": reading.unit,
        "as_of": today().isoformat(),
        "columns": columns,
    }
    to.write(_json(head)[:-1].encode() + b', "rows": [')
    keys, between = [column.key for column in reading.columns], b"\n"
    months = [column.kind is Kind.MONTH for column in reading.columns]
    for cells in reading:
        for row in zip(*cells, strict=True):
            values = (_plain_cell(v, m) for v, m in zip(row, months, strict=True))
            to.write(between + _json(dict(zip(keys, values, strict=True))).encode())
            between = b",\n"
    totals = {c.key: _plain_cell(reading.total_of(c)) for c in reading.columns if c.total}
    tail = {"count": reading.count, "totals": totals, "notes": reading.notes()}
    to.write(b"\n], " + _json(tail)[1:].encode() + b"\n")


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False)


WRITERS = {"xlsx": _write_xlsx, "csv": _write_csv, "json": _write_json}
