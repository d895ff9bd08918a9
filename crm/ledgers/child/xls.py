"""Old .xls: what the reader of values does not tell — hidden rows, struck rows, errors, macros."""

import struct
from collections import defaultdict

from .cells import Refused, check_box, fault

_FREE = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_BOF, _EOF, _FILEPASS, _SHEET, _FONT, _XF = 0x809, 0x0A, 0x2F, 0x85, 0x31, 0xE0
_ROW, _FORMULA, _BOOLERR, _MULRK = 0x208, 0x06, 0x205, 0xBD
_CELLS = {_FORMULA, _BOOLERR, 0xFD, 0x204, 0x203, 0x27E, 0xD6}


class _Compound:
    """The file system inside an OLE file; chains that run in circles are cut."""

    def __init__(self, data: bytes):
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Refused("damaged")
        self.size = 1 << shift
        first, self.cutoff, mini_fat, more, more_count = (
            *struct.unpack_from("<I", data, 48),
            *struct.unpack_from("<I", data, 56),
            *struct.unpack_from("<I", data, 60),
            *struct.unpack_from("<II", data, 68),
        )
        self.fat = self._table(self._fat_sectors(more, more_count))
        self.streams = self._directory(b"".join(map(self._sector, self._chain(first, self.fat))))
        self.mini_fat = self._table(self._chain(mini_fat, self.fat))

    def _sector(self, number: int) -> bytes:
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def _table(self, sectors) -> list[int]:
        raw = b"".join(map(self._sector, sectors))
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    def _fat_sectors(self, more: int, count: int) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        for _ in range(min(count, len(self.data) // self.size)):
            table = self._table([more])
            if not table:
                break
            sectors += table[:-1]
            more = table[-1]
        return [sector for sector in sectors if sector < _FREE]

    def _chain(self, start: int, table: list[int]) -> list[int]:
        chain = []
        while start < len(table) and len(chain) <= len(table):
            chain.append(start)
            start = table[start]
        return chain

    def _directory(self, raw: bytes) -> dict[str, tuple[int, int]]:
        streams = {}
        for at in range(0, len(raw) - 127, 128):
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            if kind:
                name = raw[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
                streams[name] = struct.unpack_from("<II", raw, at + 116)
        return streams

    def stream(self, name: str) -> bytes:
        start, size = self.streams[name]
        if size >= self.cutoff:
            return b"".join(map(self._sector, self._chain(start, self.fat)))[:size]
        root, _ = self.streams.get("Root Entry", (_FREE, 0))
        small = b"".join(map(self._sector, self._chain(root, self.fat)))
        pieces = (small[at * 64 : at * 64 + 64] for at in self._chain(start, self.mini_fat))
        return b"".join(pieces)[:size]


def _records(stream: bytes, at: int):
    """Number and body of each record of one substream."""
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, at)
        yield number, stream[at + 4 : at + 4 + length]
        if number == _EOF:
            return
        at += 4 + length


def _name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    if wide:
        return body[8 : 8 + 2 * length].decode("utf-16-le", "replace")
    return body[8 : 8 + length].decode("latin-1")


def _globals(stream: bytes) -> tuple[dict[str, int], set[int]]:
    """Where each sheet begins, and the cell formats with a struck-through font."""
    sheets, fonts, formats = {}, [], []
    for number, body in _records(stream, 0):
        if number == _FILEPASS:
            raise Refused("password")
        if number == _SHEET:
            sheets[_name(body)] = struct.unpack_from("<I", body)[0]
        elif number == _FONT:
            fonts.append(body[2] & 8 != 0)
            if len(fonts) == 4:
                fonts.append(False)  # the format knows no font of number 4
        elif number == _XF:
            formats.append(struct.unpack_from("<H", body)[0])
    struck = {number for number, font in enumerate(formats) if font < len(fonts) and fonts[font]}
    return sheets, struck


def _error(number: int, body: bytes) -> str:
    """The error a cell shows, empty when it shows none."""
    if number == _BOOLERR and body[7]:
        return _ERRORS.get(body[6], "#N/A")
    if number == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "#N/A")
    return ""


def _formats(number: int, body: bytes) -> list[int]:
    if number == _MULRK:
        return [struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 2, 6)]
    return [struct.unpack_from("<H", body, 4)[0]]


def _marks(stream: bytes, at: int, struck: set[int]) -> dict:
    """What the records of one sheet say beside values; ``box`` is its last row and column."""
    gone, faults, verdicts, box = [], {}, defaultdict(list), (0, 0)
    for number, body in _records(stream, at):
        if number == _ROW and body[12] & 0x20:
            gone.append(struct.unpack_from("<H", body)[0] + 1)
        elif number in _CELLS or number == _MULRK:
            row, column = struct.unpack_from("<HH", body)
            box = max(box[0], row + 1), max(box[1], column + 1)
            if error := _error(number, body):
                faults[row + 1, column + 1] = fault(error)
            if struck:
                verdicts[row + 1] += [style in struck for style in _formats(number, body)]
    return {
        "box": box,
        "gone": gone,
        "faults": faults,
        "struck": [row for row, verdict in verdicts.items() if all(verdict)],
    }


def marks_of(data: bytes, limits: dict) -> dict[str, dict]:
    """Marks by the name of the sheet; older formats than Excel 97's have none."""
    try:
        compound = _Compound(data)
        streams = compound.streams
        if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
            raise Refused("password")
        if "_VBA_PROJECT_CUR" in streams:
            raise Refused("macro")
        if "WordDocument" in streams or "PowerPoint Document" in streams:
            raise Refused("other", kind="Word" if "WordDocument" in streams else "PowerPoint")
        if "Workbook" not in streams:
            return {}
        stream = compound.stream("Workbook")
        sheets, struck = _globals(stream)
        marks = {name: _marks(stream, at, struck) for name, at in sheets.items()}
    except (struct.error, IndexError, KeyError) as error:
        raise Refused("damaged") from error
    for name, found in marks.items():
        check_box(name, *found["box"], limits)
    return marks
