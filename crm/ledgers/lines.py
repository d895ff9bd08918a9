"""The rows below the headings: which are data, and what the others are."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.people import is_same_as_above

from .book import Sheet
from .header import Header, at, letter, says
from .headings import FIELDS, normal

# Merges may overlap in a hostile file: no more cells than these are filled from above.
MOST_MERGED = 400_000
MOST_NAMED = 10
_SHORT = 5
_BRACKET = r"(?:\(.{0,20}\))?"
_TOTAL = re.compile(rf".{{0,10}}(?:小计|合计|总计|共计|总数){_BRACKET}:?|累计:?|汇总:?")
_GRAND = re.compile(rf"(?:全市|全部|总)?(?:合计|总计|共计|总数){_BRACKET}:?")
_TOTAL_SENTENCE = re.compile("(?:合计|总计|共计|小计):?.{0,20}[0-9]")
_FOOT = re.compile(
    r"(?:备注|注|说明|填表说明|填报说明|填表人|填报人|审核人?|制表人?|(?:单位|部门)?负责人"
    r"|分管领导|主管领导|主要领导|联系人|联系电话|填报时间|填报日期|填报单位|报送单位|统计人|复核人?"
    rf"|经办人|领导签字|签字|盖章){_BRACKET}:"
)
_NUMERAL = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)]?[、.,:]?")
_GROUP = re.compile(
    r"(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.,:]|第[一二三四五六七八九十]{1,3}[类批部组])"
    r".*|.{1,40}\((?:共|计)?[0-9]+[个项家]\)"
)
_NUMBER = re.compile(r"[-+]?[0-9][0-9,.]*%?")


@dataclass(frozen=True, slots=True)
class Line:
    """A data row: its Excel number and one value per column."""

    number: int
    values: tuple


@dataclass(frozen=True)
class Skipped:
    """A row that is no data, and why."""

    number: int
    reason: str
    text: str


@dataclass
class Below:
    """What stands below the headings."""

    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    stated_total: dict = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def lines_of(sheet: Sheet, kind: str, header: Header) -> Below:
    """All rows below the header. Vertical merges and 同上 have got the value from above."""
    return _Reader(sheet, kind, header).read()


class _Reader:
    """One pass over the rows."""

    def __init__(self, sheet: Sheet, kind: str, header: Header):
        self.sheet, self.columns = sheet, header.columns
        self.start, self.width = header.last + 1, len(header.columns)
        self.mapped = [c.index for c in self.columns if c.field]
        self.blank = [c.index for c in self.columns if not c.heading]
        needed = [h.key for h in FIELDS[kind] if h.needed]
        # A list of firms may hold nothing but names.
        self.may_be_single = {c.index for c in self.columns if c.field in needed[:1]}
        self.may_be_single = self.may_be_single if len(needed) == 1 else set()
        self.seen = {_spoken(row) for row in sheet.rows[: self.start] if _spoken(row)}
        self.seen_first = {texts[0] for texts in self.seen}
        self.continued, self.merged = _down(sheet, self.start, self.width)
        self.across = {merge[0] for merge in sheet.merges if merge[3] > merge[1]}
        self.found = Below()
        self.unheaded: set[int] = set()

    def read(self) -> Below:
        above: tuple = (None,) * self.width
        for index in range(self.start, len(self.sheet.rows)):
            row = self.sheet.rows[index]
            said = [v for v in row if v is not None and (v.__class__ is not str or v.strip())]
            if not said:
                continue
            values = self._values(row, index + 1, above)
            if reason := self._reason(said, row, values, index + 1):
                self.found.skipped.append(Skipped(index + 1, reason, _told(said)))
            elif self._has_data(values):
                self.found.lines.append(Line(index + 1, values))
                above = values
                self._look_beside(row)
            elif any(not _is_number(value) for value in said):
                self.found.skipped.append(Skipped(index + 1, _("row without data"), _told(said)))
        self._tell()
        return self.found

    def _values(self, row, number: int, above: tuple) -> tuple:
        width = self.width
        values = row[:width] if len(row) >= width else (*row, *(None,) * (width - len(row)))
        if filled := self.merged.get(number):
            values = tuple(
                filled.get(place, value) if not says(value) else value
                for place, value in enumerate(values)
            )
        short = {value for value in values if value.__class__ is str and len(value) < _SHORT}
        if any(map(is_same_as_above, short)):
            values = tuple(
                above[place] if is_same_as_above(value) else value
                for place, value in enumerate(values)
            )
        return tuple(values)

    def _has_data(self, values) -> bool:
        return any(says(values[place]) for place in self.mapped)

    def _reason(self, said, row, values, number: int) -> str:
        """Why a row is no data; "" when it is."""
        first = _plain(said[0]) if said[0].__class__ is str else ""
        if first and normal(first) in self.seen_first and _spoken(row) in self.seen:
            return _("repeated heading")
        if self._is_total(said):
            self._keep_total(said, values)
            return _("subtotal or total")
        if len(said) <= 8 and _FOOT.match(first):
            return _("note or signature")
        if len(said) > 3 and not _NUMERAL.match(first):
            return ""
        return self._lone(said, row, values, number)

    def _is_total(self, said) -> bool:
        words = [v for v in said[:4] if v.__class__ is str and ("计" in v or "总" in v)]
        texts = [_plain(word) for word in words]
        if any(len(text) < 40 and _TOTAL.fullmatch(text) for text in texts):
            return True
        return len(said) == 1 and bool(texts) and bool(_TOTAL_SENTENCE.match(texts[0]))

    def _lone(self, said, row, values, number: int) -> str:
        """A row with hardly more than one text: a group, a note, or data that is incomplete."""
        texts = {_plain(value) for value in said if not _is_number(value)}
        numerals = {text for text in texts if _NUMERAL.fullmatch(text)}
        texts -= numerals
        if len(texts) != 1 or len(numerals) > 1:
            return ""
        text = texts.pop()
        has_group_number = bool(numerals) and _plain(said[0]) in numerals
        if _GROUP.fullmatch(text) or (has_group_number and not self.may_be_single):
            return _("group heading")
        if len(said) > 1 or number in self.continued:
            return ""
        place = next(place for place, value in enumerate(row) if says(value))
        is_data = place in self.may_be_single and number not in self.across
        return "" if is_data or self.width < 3 else _("heading or note without data")

    def _keep_total(self, said, values) -> None:
        """The ledger's own grand total; of several the last one."""
        label_ = next((_plain(v) for v in said if v.__class__ is str and _is_word(v)), "")
        if not _GRAND.fullmatch(label_):
            return
        self.found.stated_total = {
            column.field: value
            for column, value in zip(self.columns, values, strict=True)
            if column.field and says(value) and re.search("[0-9]", _plain(value))
            and _plain(value) != label_
        }  # fmt: skip

    def _look_beside(self, row) -> None:
        """Remember the columns without a heading that hold something."""
        for place in self.blank:
            if place < len(row) and says(row[place]):
                self.unheaded.add(place)
        if len(row) > self.width:
            self.unheaded.update(p for p in range(self.width, len(row)) if says(row[p]))

    def _tell(self) -> None:
        taken = {line.number for line in self.found.lines}
        told = (
            (_("Rows that are hidden and were read: %(names)s."), self.sheet.hidden_rows & taken),
            (_("Rows that are struck through and were read: %(names)s."),
             self.sheet.struck_rows & taken),
        )  # fmt: skip
        self.found.notes += [
            text % {"names": named([str(number) for number in sorted(rows)])}
            for text, rows in told
            if rows
        ]
        if self.unheaded:
            text = _("Columns without a heading, not taken over: %(names)s.")
            letters = [letter(place) for place in sorted(self.unheaded)]
            self.found.notes.append(text % {"names": named(letters)})


def named(names: list[str]) -> str:
    """The first few of them; … stands for the rest."""
    return "、".join(names[:MOST_NAMED]) + ("…" if len(names) > MOST_NAMED else "")


def _down(sheet: Sheet, start: int, width: int) -> tuple[set[int], dict[int, dict]]:
    """Rows that go on with a merge from above, and what they get: {row: {column: value}}."""
    found: dict[int, dict] = {}
    cells = 0
    for top, left, bottom, right in sheet.merges:
        if top <= start or bottom == top:
            continue
        last, span = min(bottom, len(sheet.rows)), range(left - 1, min(right, width))
        cells += max(last - top, 0) * len(span)
        if cells > MOST_MERGED:
            break
        value = at(sheet, top - 1, left - 1)
        for number in range(top + 1, last + 1):
            found.setdefault(number, {}).update(dict.fromkeys(span, value))
    return set(found), found


def _plain(value) -> str:
    """Half width, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)[:400]))


def _is_number(value) -> bool:
    if value.__class__ is not str:
        return isinstance(value, (Decimal, date))
    return bool(_NUMBER.fullmatch(_plain(value)))


def _is_word(value: str) -> bool:
    return bool(_TOTAL.fullmatch(_plain(value)))


def _spoken(row) -> tuple[str, ...]:
    """The normalised texts of a row, to know a heading that is repeated on the next page."""
    return tuple(filter(None, (normal(value) for value in row if says(value))))


def _told(said) -> str:
    return " ".join(dict.fromkeys(str(value).strip() for value in said))[:200]
