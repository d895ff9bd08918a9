"""The child's errand: limits first, then the file from stdin, then the answer to stdout."""

import contextlib
import gc
import io
import json
import sys

from .cells import Refused, check_box, dump, plain, trim

_OTHER = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


# Coverage does not follow into the child: what runs only there is left out of it.
def confine(memory: int, seconds: int) -> None:  # pragma: no cover
    """Limits memory, processor time and files of this process, as far as the system can."""
    try:
        import resource  # noqa: PLC0415 (Windows has none: there only the parent's clock counts)
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))


def _merges(sheet, rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Merged areas as far as the content reaches; areas that overlap are nobody's merges."""
    areas, room = [], rows * columns
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        area = (top + 1, left + 1, min(bottom + 1, rows), min(right + 1, columns))
        if area[0] > area[2] or area[1] > area[3]:
            continue
        room -= (area[2] - top) * (area[3] - left)
        if room < 0:
            raise Refused("damaged")
        areas.append(area)
    return areas


def _put(rows: list[list], faults: dict) -> None:
    for (row, column), fault in sorted(faults.items()):
        if not row:
            continue
        while len(rows) < row:
            rows.append([])
        cells = rows[row - 1]
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = fault


def _sheet(book, about, marks: dict, limits: dict) -> dict:
    sheet = book.get_sheet_by_name(about.name)
    check_box(about.name, sheet.total_height, sheet.total_width, limits)
    rows = [plain(row) for row in sheet.to_python(skip_empty_area=False)]
    _put(rows, marks["faults"])
    return {
        "name": about.name,
        "hidden": str(about.visible) != "SheetVisibleEnum.Visible",
        "rows": trim(rows),
        "merges": _merges(sheet, len(rows), max(map(len, rows), default=0)),
        "gone": [row for row in marks["gone"] if row <= len(rows)],
        "struck": [row for row in marks["struck"] if row <= len(rows)],
    }


def _values(data: bytes, marks_of, limits: dict) -> list[dict]:
    import python_calamine  # noqa: PLC0415 (only once the limits stand)

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return [
            _sheet(book, about, marks_of(about.name), limits)
            for about in book.sheets_metadata
            if about.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except (python_calamine.CalamineError, ValueError, OverflowError, OSError) as error:
        is_protected = isinstance(error, python_calamine.PasswordError)
        raise Refused("password" if is_protected else "damaged") from error


def _read_xlsx(data: bytes, limits: dict) -> list[dict]:
    from . import sheetxml  # noqa: PLC0415
    from .xlsx import Workbook  # noqa: PLC0415

    book = Workbook(data, limits)

    def marks(name: str) -> dict:
        part = book.parts[book.sheets[name]] if name in book.sheets else b""
        return {
            "faults": sheetxml.faults(part),
            "gone": sheetxml.hidden_rows(part),
            "struck": sheetxml.struck_rows(part, book.struck),
        }

    return _values(book.packed(), marks, limits)


def _read_xls(data: bytes, limits: dict) -> list[dict]:
    from .xls import marks_of  # noqa: PLC0415

    marks = marks_of(data, limits)
    nothing = {"faults": {}, "gone": [], "struck": []}
    return _values(data, lambda name: marks.get(name, nothing), limits)


def answer(data: bytes, limits: dict) -> dict:
    """What the file holds; its content decides what it is, not its name."""
    for magic, kind in _OTHER:
        if data.startswith(magic):
            raise Refused("other", kind=kind)
    if data.startswith(b"PK"):
        found = {"format": "xlsx", "encoding": "", "notes": [], "sheets": _read_xlsx(data, limits)}
    elif data.startswith(_OLE):
        found = {"format": "xls", "encoding": "", "notes": [], "sheets": _read_xls(data, limits)}
    else:
        from .text import read_text  # noqa: PLC0415

        found = read_text(data, limits)
    if not any(sheet["rows"] for sheet in found["sheets"]):
        raise Refused("nothing")
    return found


def main() -> None:  # pragma: no cover
    limits = json.loads(sys.stdin.buffer.readline())
    confine(limits["memory"], limits["seconds"])
    gc.disable()  # nothing here runs in circles, and the process ends soon
    try:
        output = dump(answer(sys.stdin.buffer.read(), limits), limits["answer"])
    except Refused as refusal:
        output = json.dumps({"refused": refusal.code, "values": refusal.values}).encode()
    except MemoryError:
        output = b'{"refused": "memory", "values": {}}'
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()
