"""Delimited text: its encoding and delimiter are found in the text itself."""

import codecs
import csv
import io
from collections import Counter

from .cells import Refused, check_box, plain, trim

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 1 << 16
_PLAIN = set(",\t;\r\n0123456789 ./-")
_WEB = (
    "<html",
    "<!doctype",
    "<table",
    "<meta",
    "<head",
    "<body",
    "<?xml",
    "<style",
    "mime-version:",
)
_EXCEL_CELL = 32767  # the longest text Excel keeps in a cell
_LOST = "\ufffd"


def _wide(data: bytes) -> str:
    """UTF-16 without a mark betrays itself by the zero bytes beside digits and delimiters."""
    sample = data[:_LOOKED_AT]
    if sample.count(0) * 50 <= len(sample):
        return ""
    shares = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        shares[encoding] = sum(letter in _PLAIN for letter in text) / len(text)
    best = max(shares, key=shares.get)
    return best if shares[best] > 0.04 else ""


def _mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    return text.count(_LOST) * 200 <= sum(letter > "\x7f" for letter in text)


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding; what cannot be decoded becomes U+FFFD, one stray byte ruins nothing."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    if encoding := _wide(data):
        return data.decode(encoding, "replace"), encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            if encoding == "utf-8" and _mostly_utf8(data):
                break
    return data.decode(encoding, "replace"), encoding


def _check(text: str) -> None:
    head = text[:_LOOKED_AT].lstrip("\ufeff \t\r\n").lower()
    if head.startswith(_WEB):
        raise Refused("web")
    odd = sum((letter < " " and letter not in "\t\r\n") or letter == _LOST for letter in head)
    if odd > max(8, len(head) // 20):
        raise Refused("not_table")
    if not head:
        raise Refused("nothing")


def _rows(text: str, delimiter: str, **options) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, **options))


def delimiter_of(text: str) -> str:
    """The one of comma, tab and semicolon that cuts most rows into the same number of cells."""

    def regularity(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:_LOOKED_AT], newline=""), delimiter=delimiter)
        widths = Counter()
        for row, _ in zip(reader, range(50), strict=False):
            widths[len(row)] += len(row) > 1
        width, count = max(widths.items(), key=lambda item: item[::-1], default=(0, 0))
        return count, width

    return max(",\t;", key=regularity)


def _table(text: str) -> tuple[list[list[str]], list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    delimiter = delimiter_of(text)
    rows = _rows(text, delimiter)
    if not _swallowed(rows):
        return rows, []
    # A quotation mark that nobody closed has taken the rest of the file into its cell.
    rows = _rows(text, delimiter, quoting=csv.QUOTE_NONE)
    if _swallowed(rows):
        raise Refused("not_table")
    return rows, ["quote"]


def _swallowed(rows: list[list[str]]) -> bool:
    return any(len(cell) > _EXCEL_CELL for row in rows for cell in row)


def read_text(data: bytes, limits: dict) -> dict:
    text, encoding = decode(data)
    _check(text)
    rows, notes = _table(text.replace("\x00", ""))
    rows = trim([plain(row) for row in rows])
    check_box("CSV", len(rows), max(map(len, rows), default=0), limits)
    if _LOST in text:
        notes.append("lost")
    sheet = {"name": "", "hidden": False, "rows": rows, "merges": [], "gone": [], "struck": []}
    return {"format": "csv", "encoding": encoding, "notes": notes, "sheets": [sheet]}
