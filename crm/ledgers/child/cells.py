"""Cells on their way to the parent: plain JSON values, dates and faults as pairs."""

import datetime
import json
import math
import re

# What may stand in a file and never in a record: control characters, zero-width and bidirectional
# marks, blank fillers, lone surrogates (compare crm.names).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff]"
)
_BREAK = re.compile("\r\n?|[\u2028\u2029\x85]")
# The same seen in JSON, where some are escaped: one look tells whether any cell needs cleaning.
_SUSPECT = re.compile(_INVISIBLE.pattern + "|[\u2028\u2029]|\\\\u00[0-9a-f]|\\\\[rbf]")
_EXACT = 10**15
_WIDEST = 16384


class Refused(Exception):
    """The file is not read; ``code`` names the sentence, ``values`` fill it."""

    def __init__(self, code: str, **values):
        super().__init__(code)
        self.code = code
        self.values = values


def letters(column: int) -> str:
    """1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(name: str) -> int:
    """A is 1, AB is 28; what no sheet can have counts as just outside of it."""
    number = 0
    for letter in name[:4]:
        number = number * 26 + ord(letter) - 64
    return min(number, _WIDEST + 1)


def fault(text: str) -> list[str]:
    return ["e", text]


def _number(value: float):
    """Whole numbers exact; others with the 15 digits Excel shows, not the noise behind them."""
    if value.is_integer() and -_EXACT < value < _EXACT:
        return int(value)
    return float(f"{value:.15g}") if math.isfinite(value) else fault("#NUM!")


def _moment(value: datetime.datetime):
    value = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
    if value.time() == datetime.time.min:
        return ["d", value.date().isoformat()]
    return ["t", value.isoformat()]


def _clock(value: datetime.time) -> str:
    return value.isoformat("minutes")


def _length(value: datetime.timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _as_is(value):
    return value


_FORMS = {
    float: _number,
    datetime.datetime: _moment,
    datetime.date: lambda day: ["d", day.isoformat()],
    datetime.time: _clock,
    datetime.timedelta: _length,
}


def plain(row) -> list:
    """The row's values ready for JSON, without the empty ones at its end."""
    cells = [
        (None if not value or value.isspace() else value)
        if value.__class__ is str
        else _FORMS.get(value.__class__, _as_is)(value)
        for value in row
    ]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def trim(rows: list[list]) -> list[list]:
    """Drops the empty rows at the end, in place."""
    while rows and not rows[-1]:
        rows.pop()
    return rows


def check_box(sheet: str, rows: int, columns: int, limits: dict) -> None:
    """Refuses a sheet with content below or right of what is read."""
    if rows > limits["rows"]:
        raise Refused("rows", sheet=sheet, row=rows)
    if columns > limits["columns"]:
        raise Refused("columns", sheet=sheet, column=letters(columns))


def clean(text: str) -> str:
    return _INVISIBLE.sub("", _BREAK.sub("\n", text))


def _cleaned(item):
    if isinstance(item, str):
        return clean(item) or None
    if isinstance(item, list):
        return [_cleaned(part) for part in item]
    if isinstance(item, dict):
        return {key: _cleaned(part) for key, part in item.items()}
    return item


def _retrimmed(answer: dict) -> dict:
    """Cells that held nothing but invisible characters are empty once these are gone."""
    for sheet in answer["sheets"]:
        sheet["name"] = sheet["name"] or ""
        sheet["rows"] = trim([plain(row) for row in sheet["rows"]])
    return answer


def dump(answer: dict, limit: int) -> bytes:
    """The answer as JSON, every text cleaned."""
    text = json.dumps(answer, ensure_ascii=False)
    if len(text) > limit:
        raise Refused("text")
    if _SUSPECT.search(text):
        text = json.dumps(_retrimmed(_cleaned(answer)), ensure_ascii=False)
    return text.encode("utf-8", "replace")
