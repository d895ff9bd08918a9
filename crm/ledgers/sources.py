"""Where the cells of a ledger's column come from: column by column, for a chunk of rows at a time.

What needs other tables asks once for the whole chunk, so queries grow with chunks, not with rows.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, Func
from django.utils.translation import gettext as _

from crm.access import PHONE_READERS
from crm.dates import parse_date, parse_date_range
from crm.money import UNITS, AmountPrecision, exact_text, parse_amount
from crm.names import mask_phone


class Ids(Func):
    """Many ids as one parameter, a text: lists are looked at three times and written slowly."""

    output_field = BigIntegerField()

    def __init__(self, ids):
        super().__init__()
        self.ids = sorted(set(ids) - {None})

    def as_sqlite(self, compiler, connection, **context):
        return "(SELECT value FROM json_each(%s))", [json.dumps(self.ids)]

    def as_postgresql(self, compiler, connection, **context):
        return "(SELECT unnest(%s::text::bigint[]))", [f"{{{','.join(map(str, self.ids))}}}"]


class Chunk:
    """Some rows of an export by column path, and what was looked up for them."""

    def __init__(self, paths: Sequence[str], rows: Sequence[tuple], reading):
        self.user, self.size, self.headings = reading.user, UNITS[reading.unit], reading.headings
        self._columns = dict(zip(paths, zip(*rows, strict=True), strict=True))
        self._known = {}

    def __getitem__(self, path: str) -> tuple:
        return self._columns[path]

    def ids(self, path: str = "pk") -> Ids:
        """The rows themselves, or what they link to, for a filter with ``__in``."""
        return Ids(self[path])

    def look_up(self, find: Callable[["Chunk"], object]):
        """What ``find`` answers for these rows, asked once."""
        if find not in self._known:
            self._known[find] = find(self)
        return self._known[find]

    def phone(self, number: str) -> str:
        """A number as this reader may see it."""
        return number if self.user.role in PHONE_READERS else mask_phone(number)


@dataclass(frozen=True)
class Source:
    """``fields``: paths to fetch; ``read``: one cell a row; ``sums``: what a total adds (yuan)."""

    fields: tuple[str, ...]
    read: Callable[[Chunk], Sequence]
    sums: Callable[[Chunk], Sequence] | None = None


def field(path: str) -> Source:
    return Source((path,), lambda chunk: chunk[path])


def named(path: str, code: str) -> Source:
    """A project's name, its code name where the row is closed to the reader."""

    def read(chunk):
        rows = zip(chunk[path], chunk[code], chunk["is_open"], strict=True)
        return [name if is_open else code_name for name, code_name, is_open in rows]

    return Source((path, code), read)


def choice(path: str, labels: type, *, blank: tuple = ("",)) -> Source:
    """The label of a closed list's value; the values of ``blank`` say nothing."""

    def read(chunk):
        words = {value: str(label) for value, label in labels.choices} | dict.fromkeys(blank)
        return [words.get(value) for value in chunk[path]]

    return Source((path,), read)


def number(path: str) -> Source:
    """A number without needless zeros."""
    return Source((path,), lambda chunk: [plain(value) for value in chunk[path]])


def plain(value):
    """30 for 30.000; None stays None."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else value.normalize()


def digits(value: Decimal) -> str:
    return format(value.normalize(), "f")


def money(path: str) -> Source:
    """Exact yuan, shown in the ledger's unit."""

    def read(chunk):
        return [None if yuan is None else yuan / chunk.size for yuan in chunk[path]]

    return Source((path,), read, lambda chunk: chunk[path])


def looked_up_money(find: Callable[[Chunk], dict], key: str, *, by: str = "pk") -> Source:
    """Yuan from a look-up ``{project: {key: yuan}}``."""

    def yuan(chunk):
        found = chunk.look_up(find)
        return [found.get(link, {}).get(key) for link in chunk[by]]

    def read(chunk):
        return [None if value is None else value / chunk.size for value in yuan(chunk)]

    return Source((by,), read, yuan)


def amount(path: str, *, upper: str = "", currency: str = "") -> Source:
    """A number where the amount is exact, else the words that say what it is (约5亿元, 待定).

    Words are the original ones where they can be read back to the same amount.
    """
    prefix = path.removesuffix("_yuan")
    fields = (path, f"{prefix}_precision", f"{prefix}_text", upper or path, currency or path)

    def read(chunk):
        rows = zip(*(chunk[name] for name in fields), strict=True)
        return [_amount_cell(*row, size=chunk.size, has_upper=bool(upper)) for row in rows]

    return Source(tuple(dict.fromkeys(fields)), read, lambda chunk: chunk[path])


def _amount_cell(yuan, precision, text, upper, currency, *, size, has_upper):
    is_foreign = isinstance(currency, str) and currency != "CNY"
    if precision in ("", AmountPrecision.EXACT) and not (is_foreign and text):
        return None if yuan is None else yuan / size
    upper = upper if has_upper else None
    if text and _says(text, yuan, precision or AmountPrecision.EXACT, upper):
        return text
    return in_words(yuan, precision, upper) if not is_foreign else yuan and yuan / size


def _says(text: str, yuan, precision: str, upper) -> bool:
    """Whether the words are read as just this amount, whatever the ledger's unit."""
    try:
        read = parse_amount(text)
    except ValidationError:
        return False
    return (read.yuan, read.precision) == (yuan, precision) and upper in (None, read.upper_yuan)


def in_words(yuan: Decimal | None, precision: str, upper: Decimal | None = None) -> str:
    """The words for an amount that is not exact, as ledgers write them and imports read them."""
    if yuan is None:
        return _("undetermined") if precision == AmountPrecision.UNDETERMINED else ""
    if precision == AmountPrecision.ABOUT:
        return f"约{exact_text(yuan)}"
    if precision == AmountPrecision.RANGE and upper is not None:
        return f"{exact_text(yuan)}至{exact_text(upper)}"
    return f"不低于{exact_text(yuan)}"


def day(path: str, *, written: str) -> Source:
    """A date; where only a month or less was known, the words that said so."""

    def read(chunk):
        rows = zip(chunk[path], chunk[written], strict=True)
        return [text if text and _is_vague(text, date) else date for date, text in rows]

    return Source((path, written), read)


def _is_vague(text: str, date) -> bool:
    try:
        read = parse_date(text)
    except ValidationError:
        return False
    return read.day == date and read.precision != "day"


def days(first: str, last: str, written: str) -> Source:
    """起止时间: as written where that says the same, else 2024年4月8日至2024年4月12日."""

    def read(chunk):
        rows = zip(chunk[first], chunk[last], chunk[written], strict=True)
        return [_days_cell(*row) for row in rows]

    return Source((first, last, written), read)


def _days_cell(first, last, text: str) -> str:
    if first is None:
        return ""
    if text and _spans(text, first, last or first):
        return text
    begin = _day_text(first)
    return begin if last in (None, first) else f"{begin}至{_day_text(last)}"


def _day_text(date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


def _spans(text: str, first, last) -> bool:
    try:
        return parse_date_range(text)[:2] == (first, last)
    except ValidationError:
        return False


def looked_up(find: Callable[[Chunk], dict], *fields: str, by: str = "pk", then=None) -> Source:
    """What a look-up of the chunk says about the row, or about the record the row links to."""

    def read(chunk):
        found = chunk.look_up(find)
        cells = [found.get(link) for link in chunk[by]]
        return cells if then is None else [cell and then(cell, chunk) for cell in cells]

    return Source((by, *fields), read)
