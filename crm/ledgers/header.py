"""Finding the heading rows of a sheet and what each column means."""

import re
from dataclasses import dataclass, field

from .book import Fault, Sheet
from .headings import FIELDS, MONEY, Option, asked, normal, options, unit_of

SEARCHED = 20
_LONGEST_CHILD = 30
_BROKEN = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")


@dataclass(frozen=True)
class Column:
    """A column of the sheet; ``field`` is None when nobody knows what it means.

    ``index`` counts from 0; a heading of two levels is joined: 总投资 合计.
    """

    index: int
    heading: str
    field: str | None
    unit: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Doubt:
    """A money column that may be any of ``candidates``, or none of them."""

    index: int
    heading: str
    candidates: tuple[str, ...]


@dataclass
class Header:
    """Rows ``first`` to ``last`` (0-based) head the columns; the best scored one is taken."""

    first: int
    last: int
    columns: list[Column]
    doubts: list[Doubt] = field(default_factory=list)
    score: int = 0


def header_of(sheet: Sheet, kind: str, mapping: dict[str, str] | None) -> Header | None:
    """The row, or the two rows one above the other, whose headings explain most."""
    filled = [i for i, row in enumerate(sheet.rows) if any(map(says, row))][:SEARCHED]
    if not filled:
        return None
    merges = [merge for merge in sheet.merges if merge[0] <= filled[-1] + 2]
    found = []
    for first in filled:
        last = first + 1 if _has_children(sheet, merges, first) else first
        for end in {first, last}:
            header = _candidate(sheet, merges, kind, mapping, (first, end))
            if header is not None:
                found.append((header.score, -first, end - first, header))
    return max(found, key=lambda f: f[:3])[3] if found else None


def _candidate(sheet, merges, kind, mapping, rows) -> Header | None:
    levels = _levels(sheet, merges, *rows)
    chosen, sure, doubts = _assigned(levels, kind, mapping)
    fields = {key for key in chosen.values() if key}
    needed = {heading.key for heading in FIELDS[kind] if heading.needed}
    known = len(needed & fields)
    if not sure or not (needed <= fields or (known and len(fields) > 1) or len(sure) > 2):
        return None
    headings = [" ".join(parts) for parts in levels]
    columns = [
        Column(i, text, chosen.get(i), unit_of(text), letter(i)) for i, text in enumerate(headings)
    ]
    score = 100 * known + 10 * len(sure) + 4 * (len(fields) - len(sure))
    joined = rows[0] < rows[1] and _spans_down(merges, rows[0])
    return Header(*rows, columns, doubts, score + 5 * joined)


# -- two rows --------------------------------------------------------------------------------------


def _has_children(sheet: Sheet, merges, first: int) -> bool:
    """Whether the row below divides some of this row's headings.

    Each of its cells is a short text below a heading that spans several columns, merged or, in a
    file that knows no merges, followed by blanks.
    """
    if first + 1 >= len(sheet.rows) or not _is_heading_row(sheet.rows[first]):
        return False
    below = sheet.rows[first + 1]
    children = [place for place, value in enumerate(below) if says(value)]
    if not all(isinstance(below[p], str) and len(below[p]) <= _LONGEST_CHILD for p in children):
        return False
    spanned = {
        place
        for top, left, _bottom, right in merges
        if top == first + 1 and right > left
        for place in range(left - 1, min(right, len(below)))
    }
    return bool(children) and all(
        place in spanned or _is_open(sheet, first, place) for place in children
    )


def _is_heading_row(row) -> bool:
    """Several different texts, none of them a line such as 单位：亿元."""
    texts = {str(value).strip() for value in row if says(value)}
    return len(texts) > 1 and not any(":" in t or "：" in t for t in texts)


def _is_open(sheet: Sheet, first: int, place: int) -> bool:
    """Whether the heading above goes on beside this column: by blanks or written again."""
    above = at(sheet, first, place)
    before = at(sheet, first, place - 1) if place else None
    after = at(sheet, first, place + 1)
    if not says(above):
        return any(says(at(sheet, first, left)) for left in range(place))
    if above in (before, after):
        return True
    return not says(after) and says(at(sheet, first + 1, place + 1))


def _spans_down(merges, first: int) -> bool:
    return any(top == first + 1 and bottom == first + 2 for top, _l, bottom, _r in merges)


def _levels(sheet: Sheet, merges, first: int, last: int) -> list[tuple[str, ...]]:
    """Per column its headings from top to bottom, merged ones at every column they span."""
    rows = sheet.rows[first : last + 1]
    width = max(len(row) for row in rows)
    grid = [list(row) + [None] * (width - len(row)) for row in rows]
    for top, left, bottom, right in merges:
        if top - 1 > last or bottom - 1 < first:
            continue
        value = at(sheet, top - 1, left - 1)
        for row in range(max(top - 1, first), min(bottom - 1, last) + 1):
            grid[row - first][left - 1 : min(right, width)] = [value] * (
                min(right, width) - left + 1
            )
    if last > first:
        _spread(*grid)
    return [
        tuple(dict.fromkeys(_in_one_line(str(v)) for v in parts if says(v)))
        for parts in zip(*grid, strict=True)
    ]


def _in_one_line(text: str) -> str:
    """Chinese words need no blanks where a heading was broken: 签约 时 间 is 签约时间."""
    return _BROKEN.sub("", " ".join(text.split()))


def _spread(upper: list, lower: list) -> None:
    """A heading goes on over the blanks to its right as long as there are children below."""
    for place in range(1, len(upper)):
        if not says(upper[place]) and says(lower[place]):
            upper[place] = upper[place - 1]


# -- meaning ---------------------------------------------------------------------------------------


def _assigned(levels, kind: str, mapping) -> tuple[dict[int, str | None], set[str], list[Doubt]]:
    """Column → field, the fields that are sure, and what has to be asked.

    What a person chose comes first, then the surest. A field has one column, of equals the left.
    """
    chosen = _chosen_by_hand(levels, kind, mapping or {})
    sure = {key for key in chosen.values() if key}
    unclear = {
        index: found
        for index, parts in enumerate(levels)
        if index not in chosen and (found := asked(kind, parts))
    }
    ranked = sorted(
        (
            (option, -index)
            for index, parts in enumerate(levels)
            if parts and index not in chosen and index not in unclear
            for option in options(kind, parts)
        ),
        key=lambda pair: (pair[0].score, pair[1]),
        reverse=True,
    )
    lost: dict[int, Option] = {}
    for option, place in ranked:
        if -place in chosen:
            continue
        if option.key in chosen.values():
            lost.setdefault(-place, option)
            continue
        chosen[-place] = option.key
        sure |= {option.key} if option.is_exact else set()
    doubts = _settled(chosen, unclear, levels) + _outdone(chosen, lost, levels)
    return chosen, sure, sorted(doubts, key=lambda doubt: doubt.index)


def _chosen_by_hand(levels, kind: str, mapping: dict[str, str]) -> dict[int, str | None]:
    """Fields by column as ``mapping`` has them; what is no field of this kind counts as none."""
    keys = {heading.key for heading in FIELDS[kind]}
    chosen: dict[int, str | None] = {}
    for index, parts in enumerate(levels):
        plain = normal(" ".join(parts))
        if plain and plain in mapping:
            key = mapping[plain]
            is_free = key in keys and key not in chosen.values()
            chosen[index] = key if is_free else None
    return chosen


def _settled(chosen, unclear, levels) -> list[Doubt]:
    """Give unclear headings the first field that is left; a doubt where two are possible."""
    doubts = []
    for index, candidates in unclear.items():
        left = [key for key in candidates if key not in chosen.values()]
        if left and left[0]:
            chosen[index] = left[0]
        fields = tuple(key for key in left if key)
        if len(left) > 1 and fields:
            doubts.append(Doubt(index, " ".join(levels[index]), fields))
    return doubts


def _outdone(chosen, lost: dict[int, Option], levels) -> list[Doubt]:
    """Money columns whose field went to another column: which of the two is meant?"""
    return [
        Doubt(index, " ".join(levels[index]), (option.key,))
        for index, option in lost.items()
        if index not in chosen and option.key in MONEY and option.is_exact
    ]


# -- cells -----------------------------------------------------------------------------------------


def says(value) -> bool:
    """Whether a cell holds anything."""
    if value is None:
        return False
    return isinstance(value, Fault) or not isinstance(value, str) or bool(value.strip())


def at(sheet: Sheet, row: int, column: int):
    """The value at 0-based places, None outside the sheet."""
    values = sheet.rows[row] if row < len(sheet.rows) else ()
    return values[column] if column < len(values) else None


def letter(index: int) -> str:
    """0 → A, 27 → AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
