"""An .xlsx: its zip is opened with every limit, and only the parts a table needs are read on."""

import io
import posixpath
import zipfile
import zlib

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from . import sheetxml
from .cells import Refused

_CHUNK = 1 << 20
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
# Where the reader of values finds the workbook: always where it was found here.
_START = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org'
    b'/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element, name: str) -> str:
    """An attribute by its name without namespace."""
    return next((value for key, value in element.items() if _local(key) == name), "")


class Package:
    """The zip of a workbook, by lower-case names with forward slashes."""

    def __init__(self, data: bytes, limits: dict):
        self.limits = limits
        self.room = limits["inflated"]
        self.raw_room = limits["raw"]
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as error:
            raise Refused("damaged") from error
        self.entries = {
            entry.filename.replace("\\", "/").lstrip("/").lower(): entry
            for entry in self.zip.infolist()
        }
        self._check()

    def _check(self) -> None:
        entries = self.zip.infolist()
        if len(entries) > self.limits["entries"]:
            raise Refused("entries")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("password")
        if any("vbaproject" in name or "macrosheets/" in name for name in self.entries):
            raise Refused("macro")
        other = [entry for name, entry in self.entries.items() if "worksheets/" not in name]
        if sum(entry.file_size for entry in other) > self.limits["inflated"]:
            raise Refused("inflates")

    def _chunks(self, entry):
        """Inflates piece by piece; what a header claims about its size is not believed."""
        seam = b""
        try:
            with self.zip.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    self.raw_room -= len(chunk)
                    if self.raw_room < 0:
                        raise Refused("inflates")
                    seen = seam + chunk
                    if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                        raise Refused("doctype")
                    seam = chunk[-9:]
                    yield chunk
        except _DAMAGED as error:
            raise Refused("damaged") from error

    def _entry(self, name: str):
        entry = self.entries.get(name.lower())
        if entry is None:
            raise Refused("damaged")
        return entry

    def part(self, name: str) -> bytes:
        part = b""
        for chunk in self._chunks(self._entry(name)):
            part += chunk
            if len(part) > self.room:
                raise Refused("inflates")
        self.room -= len(part)
        return sheetxml.legal(_transitional(part))

    def sheet(self, name: str) -> bytes:
        part = sheetxml.squeeze(self._chunks(self._entry(name)), self.room)
        self.room -= len(part)
        return _transitional(part)

    def tree(self, part: bytes):
        try:
            return ElementTree.fromstring(part, forbid_dtd=True)
        except DefusedXmlException as error:
            raise Refused("doctype") from error
        except ElementTree.ParseError as error:
            raise Refused("damaged") from error


def _transitional(part: bytes) -> bytes:
    """The strict variant's names mean the same."""
    for strict, usual in _STRICT:
        if strict in part:
            part = part.replace(strict, usual)
    return part


def struck_styles(tree) -> set[bytes]:
    """Numbers of the cell styles whose font is struck through."""
    fonts, formats = [], []
    for group in tree:
        if _local(group.tag) == "fonts":
            fonts = [any(_is_strike(part) for part in font) for font in group]
        elif _local(group.tag) == "cellXfs":
            formats = [_attribute(item, "fontId") for item in group]
    struck = {str(number) for number, strike in enumerate(fonts) if strike}
    return {str(number).encode() for number, font in enumerate(formats) if font in struck}


def _is_strike(part) -> bool:
    return _local(part.tag) == "strike" and _attribute(part, "val") not in ("0", "false")


class Workbook:
    """The parts of a workbook that hold values, ready to be packed again for the reader."""

    def __init__(self, data: bytes, limits: dict):
        self.package = package = Package(data, limits)
        if "xl/workbook.bin" in package.entries:
            raise Refused("other", kind="xlsb")
        if "xl/workbook.xml" not in package.entries:
            raise Refused("other", kind=self._kind())
        self.parts = {
            name: package.part(name)
            for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        }
        self.parts["_rels/.rels"] = _START
        if b"macroEnabled" in self.parts["[Content_Types].xml"]:
            raise Refused("macro")
        self.struck: set[bytes] = set()
        self.sheets: dict[str, str] = {}  # name of a worksheet → name of its part
        self._follow()

    def _kind(self) -> str:
        names = self.package.entries
        if "mimetype" in names:
            return "ODF"
        return "Word" if "word/document.xml" in names else "zip"

    def _follow(self) -> None:
        links = self.package.tree(self.parts["xl/_rels/workbook.xml.rels"])
        targets = {}
        for link in links:
            kind = _attribute(link, "Type").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/xl", _attribute(link, "Target")))[1:]
            targets[_attribute(link, "Id")] = (kind, target)
            if kind in ("styles", "sharedStrings") and target.lower() in self.package.entries:
                self.parts[target] = self.package.part(target)
                if kind == "styles":
                    self.struck = struck_styles(self.package.tree(self.parts[target]))
        self._find_sheets(targets)

    def _find_sheets(self, targets: dict) -> None:
        book = self.package.tree(self.parts["xl/workbook.xml"])
        for sheet in (part for group in book if _local(group.tag) == "sheets" for part in group):
            link = next((v for k, v in sheet.items() if _local(k) == "id" and "}" in k), "")
            kind, target = targets.get(link, ("", ""))
            if kind == "worksheet":
                self.sheets[_attribute(sheet, "name")] = target
                self.parts[target] = self.package.sheet(target)
                sheetxml.check(self.parts[target], _attribute(sheet, "name"), self.package.limits)

    def packed(self) -> bytes:
        """A small, honest zip of the parts."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as package:
            for name, part in self.parts.items():
                package.writestr(name, part)
        return file.getvalue()
