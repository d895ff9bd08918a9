"""The XML of one sheet: emptied of mere formatting, and looked through for what is not a value."""

import html
import re
from collections import Counter
from functools import cache

from .cells import Refused, check_box, column_of, fault, letters

# Control characters that XML forbids; some writers let them through.
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
_REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]{1,8}|[0-9]{1,10});")
_TRUE = {b"1", b"true"}


@cache
def _pattern(text: bytes, prefix: bytes) -> re.Pattern:
    """``~`` stands for the namespace prefix, which some writers put before every tag."""
    return re.compile(text.replace(b"~", prefix), re.DOTALL)


@cache
def _attribute(name: bytes) -> re.Pattern:
    return re.compile(rb"(?:^|\s)" + name + rb"""\s*=\s*["']([^"']*)["']""")


def attribute(tag: bytes, name: bytes) -> bytes:
    """The attribute's value in the inner text of a tag, empty when it has none."""
    found = _attribute(name).search(tag)
    return found[1] if found else b""


def _valid_reference(found: re.Match) -> bytes:
    digits = found[1]
    code = int(digits[1:], 16) if digits[:1] == b"x" else int(digits)
    valid = code in (9, 10, 13) or 31 < code < 0xD800 or 0xDFFF < code < 0x110000
    return found[0] if valid else b""


def legal(part: bytes) -> bytes:
    """Without the characters XML forbids, and always valid UTF-8, so that no parser stumbles."""
    part = part.translate(None, _CONTROLS)
    if b"&#" in part:
        part = _REFERENCE.sub(_valid_reference, part)
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        part = part.decode("utf-8", "replace").encode("utf-8")
    return part


def prefix_of(head: bytes) -> bytes:
    """The namespace prefix of the sheet's tags with its colon, mostly empty."""
    found = re.search(rb"<([\w.-]+:)?worksheet\b", head)
    return (found[1] or b"") if found else b""


def _numbered(part: bytes, prefix: bytes) -> bool:
    """Whether rows and cells say where they stand, as nearly all writers let them."""
    row = _pattern(rb"<~row\b([^>]*)>", prefix).search(part)
    cell = _pattern(rb"<~c\b([^>]*)>", prefix).search(part)
    return (not row or bool(attribute(row[1], b"r"))) and (
        not cell or bool(attribute(cell[1], b"r"))
    )


def _number(part: bytes, prefix: bytes) -> bytes:
    """Gives rows and cells without a reference the one they have by their order."""
    row = column = 0

    def tag(found: re.Match) -> bytes:
        nonlocal row, column
        if found[1] == b"row":
            row, column = row + 1, 0
            return b'<%srow r="%d"' % (prefix, row)
        column += 1
        return b'<%sc r="%s%d"' % (prefix, letters(column).encode(), row)

    return _pattern(rb"""<~(row|c)\b(?:\s+r\s*=\s*["'][^"']*["'])?""", prefix).sub(tag, part)


def _without_blanks(segment: bytes, prefix: bytes) -> bytes:
    """Without cells and rows that have no value; the hints spare most sheets the slow look."""
    if not any(hint in segment for hint in (b"/>", b'"></', b'">\n', b'">\r', b'"> ')):
        return segment
    segment = _pattern(rb"<~c\s[^>]*/>|<~c\s[^>]*>\s*</~c>", prefix).sub(b"", segment)
    return _pattern(rb"<~row\s[^>]*/>|<~row\s[^>]*>\s*</~row>", prefix).sub(b"", segment)


def _has_values(segment: bytes, prefix: bytes) -> bool:
    return any(b"<%s%s" % (prefix, mark) in segment for mark in (b"v", b"is", b"f"))


def squeeze(chunks, limit: int) -> bytes:
    """The sheet's XML without cells and rows that are only formatted, never more than ``limit``.

    A sheet formatted as a whole in WPS has a million such rows; they cost little more here than
    inflating them.
    """
    kept, size, rest, prefix = [], 0, bytearray(), None
    for chunk in chunks:
        rest += chunk
        prefix = prefix_of(rest) if prefix is None else prefix
        cut = rest.rfind(b"<%srow" % prefix, max(0, len(rest) - len(chunk) - 99))
        if cut > 0 and (kept or _numbered(rest[: cut + 4096], prefix)):
            segment = bytes(rest[:cut])
            del rest[:cut]
            if not kept or _has_values(segment, prefix):
                kept.append(_without_blanks(segment, prefix))
                size += len(kept[-1])
        if size + len(rest) > limit:
            raise Refused("inflates")
    last = bytes(rest)
    if kept or _numbered(last, prefix or b""):
        return legal(b"".join([*kept, _without_blanks(last, prefix or b"")]))
    return legal(_number(last, prefix or b""))


def check(part: bytes, name: str, limits: dict) -> None:
    """Refuses content outside the box before anything builds a table of that size."""
    prefix = prefix_of(part)
    cells = _pattern(rb"""<~c\s[^>]*?\br\s*=\s*["']([A-Z]+)([0-9]+)["']""", prefix)
    columns, rows = set(), set()
    for found in cells.finditer(part):  # a list of a million cells would take the memory
        columns.add(found[1])
        rows.add(found[2])
    if not rows:
        return
    check_box(
        name,
        max(int(row[:8]) for row in rows),
        max(column_of(column.decode()) for column in columns),
        limits,
    )


def hidden_rows(part: bytes) -> list[int]:
    if b"hidden" not in part:
        return []
    rows = _pattern(rb"<~row\s([^>]*)>", prefix_of(part)).finditer(part)
    return [
        int(attribute(row[1], b"r")[:8] or 0)
        for row in rows
        if attribute(row[1], b"hidden") in _TRUE
    ]


def struck_rows(part: bytes, struck: set[bytes]) -> list[int]:
    """Rows whose every cell has one of the struck-through cell styles."""
    if not struck:
        return []
    prefix = prefix_of(part)
    used = struck & set(_pattern(rb"""<~c\s[^>]*?\bs=["']([0-9]+)["']""", prefix).findall(part))
    if not used:
        return []
    styled = rb"""<~c\s([^>]*\bs=["'](?:%s)["'][^>]*)>""" % b"|".join(used)
    marked = Counter(place(tag)[0] for tag in _pattern(styled, prefix).findall(part))
    cells = Counter(
        map(int, _pattern(rb"""<~c\s[^>]*?\br=["'][A-Z]+([0-9]{1,8})""", prefix).findall(part))
    )
    return [row for row, count in marked.items() if row and cells[row] == count]


def place(tag: bytes) -> tuple[int, int]:
    """Row and column of a cell's tag, 1-based; zeros when it does not say."""
    found = re.fullmatch(r"([A-Z]+)([0-9]{1,8})", attribute(tag, b"r").decode("ascii", "ignore"))
    return (int(found[2]), column_of(found[1])) if found else (0, 0)


def faults(part: bytes) -> dict[tuple[int, int], list[str]]:
    """Errors, and formulas that nobody computed, by row and column."""
    prefix, marked = prefix_of(part), {}
    if not any(hint in part for hint in (b't="e"', b"t='e'", b"<%sf" % prefix)):
        return marked
    value = _pattern(rb"<~v\b[^>]*>([^<]+)<", prefix)
    formula = _pattern(rb"<~f\b(?:[^>]*/>|[^>]*>([^<]*)<)", prefix)
    for cell in _pattern(rb"<~c\s([^>]*[^/>])>(.*?)</~c>", prefix).finditer(part):
        kind, shown = attribute(cell[1], b"t"), value.search(cell[2])
        written = formula.search(cell[2])
        if kind == b"e":
            marked[place(cell[1])] = fault(_text(shown[1]) if shown else "#N/A")
        elif written and not shown and kind != b"str":
            marked[place(cell[1])] = fault("=" + _text(written[1] or b""))
    return marked


def _text(raw: bytes) -> str:
    return html.unescape(raw.decode("utf-8", "replace"))
