"""Workbooks as tests need them: plain, messy as offices keep them, hostile as attackers build them.

All are bytes made in memory. ``xlsx`` writes the XML itself, so that it can also write what no
honest program would.
"""

import base64
import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
# Cell styles: 0 plain, 1 date, 2 struck through, 3 date and time, 4 Chinese date of Excel's own,
# 5 time of day, 6 length of time.
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font><sz val="11"/></font>'
    '<font><strike/><sz val="11"/></font></fonts><cellXfs>'
    '<xf numFmtId="0" fontId="0"/><xf numFmtId="14" fontId="0"/><xf numFmtId="0" fontId="1"/>'
    '<xf numFmtId="22" fontId="0"/><xf numFmtId="31" fontId="0"/><xf numFmtId="20" fontId="0"/>'
    '<xf numFmtId="46" fontId="0"/>'
    "</cellXfs></styleSheet>"
)


def letters(column: int) -> str:
    """1 is A, 28 is AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def package(parts: dict, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the parts by name; text becomes UTF-8."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def cell(row: int, column: int, value, style: int = 0) -> str:
    """XML of one cell: numbers as numbers, text inline, None formatted but empty."""
    head = f'<c r="{letters(column)}{row}" s="{style}"'
    if value is None:
        return f"{head}/>"
    if isinstance(value, bool):
        return f'{head} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"{head}><v>{value}</v></c>"
    text = escape(str(value))
    return f'{head} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def row(number: int, values, *, style: int = 0, attributes: str = "") -> str:
    """XML of one row."""
    cells = "".join(cell(number, at, value, style) for at, value in enumerate(values, 1))
    return f'<row r="{number}"{attributes}>{cells}</row>'


def rows(table, first: int = 1) -> str:
    return "".join(row(number, values) for number, values in enumerate(table, first))


def sheet(data: str, tail: str = "", *, head: str = "") -> str:
    """XML of a sheet around its rows; ``tail`` stands behind them, as merges do."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{MAIN}">'
        f"<sheetData>{data}</sheetData>{tail}</worksheet>"
    )


def merges(*areas: str) -> str:
    return (
        "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in areas) + "</mergeCells>"
    )


def parts(sheets: dict, *, hidden=(), strings: str = "", is_1904: bool = False) -> dict:
    """The parts of a workbook from the XML of its sheets by name."""
    listed, links = "", ""
    found = {"[Content_Types].xml": TYPES, "xl/styles.xml": STYLES}
    for number, (name, xml) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name="{escape(name)}" sheetId="{number}"{state} r:id="r{number}"/>'
        links += _link(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml")
        found[f"xl/worksheets/sheet{number}.xml"] = xml
    if strings:
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
        links += _link("s", "sharedStrings", "sharedStrings.xml")
    links += _link("f", "styles", "styles.xml")
    base = '<workbookPr date1904="1"/>' if is_1904 else ""
    found["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{base}<sheets>{listed}</sheets></workbook>'
    )
    found["xl/_rels/workbook.xml.rels"] = _relations(links)
    found["_rels/.rels"] = _relations(_link("r1", "officeDocument", "xl/workbook.xml"))
    return found


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{LINKS}/{kind}" Target="{target}"/>'


def _relations(links: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def xlsx(*xml: str, **options) -> bytes:
    """A workbook from the XML of its sheets (see ``sheet``); options as for ``parts``."""
    names = {f"Sheet{number}": part for number, part in enumerate(xml, 1)}
    return package(parts(names, **options))


def workbook(sheets: dict, *, merged: dict | None = None, hidden=()) -> bytes:
    """A workbook from tables of values by sheet name; ``merged`` lists areas by sheet name."""
    merged = merged or {}
    xml = {
        name: sheet(rows(table), merges(*merged[name]) if merged.get(name) else "")
        for name, table in sheets.items()
    }
    return package(parts(xml, hidden=hidden))


def csv(table, *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    lines = (delimiter.join(_quoted(value, delimiter) for value in values) for values in table)
    return "\r\n".join(lines).encode(encoding)


def _quoted(value: str, delimiter: str) -> str:
    if any(mark in value for mark in (delimiter, '"', "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value


# --- as offices keep them ---------------------------------------------------------------------


def formatted_to_the_end(*, columns: int = 0) -> bytes:
    """Two rows of content in a sheet that WPS formatted as a whole: 1,048,576 rows with a style.

    With columns, every row also has that many formatted cells.
    """
    table = rows([["日期", "企业名称"], ["2025-05-12", "示例数据有限公司"]])
    blanks = "".join(
        f'<row r="{number}" s="1" customFormat="1" ht="15" customHeight="1">'
        + "".join(f'<c r="{letters(at)}{number}" s="1"/>' for at in range(1, columns + 1))
        + "</row>"
        for number in range(3, 1_048_577)
    )
    return xlsx(sheet(table + blanks, merges("A1:B1"), head=""))


# Two sheets made with xlwt: a merged title, a date, a number, a struck row (4), a hidden row (5),
# an error (C6), and a hidden second sheet.
_XLS = (
    "eNrtWF1IVEEU/ubuve5dW3X9DQ1MNrIyH8p6iEK3ovLF3wzKEEttkVBWWSzSh7JsQRDBCKWiCMEeerF66Yf+nwoK7O"
    "chiAItpKCHDAp8ULcz595b/mzgQgnGPZc5c+acOWfOnDkzd+59MZQ43H8jYwSzoAAOTIVdiJnGE1RcVsMDkofDkrRq"
    "nUrYhkUFLp0WMkbD3bjnTrmGcr1HoOC6+pgw8IFKFZpR0hTwZy0gbGcfaoT0IV+olHsKLlKJRzr7lcS4jnEy42vc9x"
    "7jrczpZpxPfYfFfgz5SnI2mXm8T/GyLJ6wwC3Wecuc9UjFU5nHJ3qE0VfDtuDhmsZFKdDnCjJVNwZAa13oD/iDsr0C"
    "V5AAUQnj8aKl2otiqvV6L3ZQPer3YhgplBsD+BHOAr5bh8CjLJu/sHwB4o/P5Dv/wNdpYSPxXRH6n1VUoB3hg0LuiB"
    "Ad709UKVHFu9qHXWMV2d0huHHEKTNJEb3VvrYJSA64uCDysA552EjJYymQoVH/8nrau6I0oyRuz1grcV6euXSOKmfl"
    "50YdYnNrV2mzP1Dnqi/raywfryBJVenlatWQfPIXdRKnp28opBkcSRZ1muL03q9dlNvHYqUDfIx5Zhxjcby53YQPUX"
    "5LOpG3uIcCM3H126vi2jLfAea086vLeMGtlIFAGCelBinHw7JHwaCSwxprGZ9iq8uYzmCcQtuM6uyyVJPY1cF9TrM0"
    "m8bZwPDat2oavZro0Jfy25mhj741RA8WjrSlDL7x9dPmc5H3gp8O5IpcceG8hDs+qxbmUfiecfqcY1FXPKbvYfMtno"
    "BJxDKZyPgBL6GMjnwcrCEiaAjWkNhoWfE0WgrrWi0HtVRzdGWWreNKrHmEH32mcH9jbTTiGTJpa0uVG5qiE+3gUaUl"
    "RwSvHDzTGHNkB/VMlqcb7pN9B2knI417ZBI25ib9UkwrWaYVleemm1ZU9sdl+q+x5sxRNe4hoyh91NjjpWLUjBJYo0"
    "BJwk05UXod/YaFyFbxCy/WbBURs3WJvJjKqCJSVG2wwQYbbLDBhnmC4MsQzKsV+LIjryNO87/OJJUp+zfJfwu70URP"
    "C30N7kSA6iBao8qfNGjCsiXmqWP9L5Swl0YPogG17EdD1PlL10kxfT7zVvT8vS0U7fhT0fj5j8f/CcPwPl4="
)


# One sheet "lo" made with LibreOffice: three headings, a firm, and a formula that ends in #DIV/0!.
_XLS_OF_LIBREOFFICE = (
    "eNrtV1toHFUY/s/sbXZz2cnNS2rTNbabtEkktQ/GS03atGrVJjGNWCSgm81kjd3NhiRVA162qX0QLVgK1YeKFNIHUb"
    "yiPlQweRNUvECh+pQIPhR9mIqihSbrd/45k4zLhu7GUlDzD/+5fGfOnH/Ofzn/+ebrirlT79fOUw7dQR5azAbJ78IE"
    "WHc6BpGmsMVsNuvA2TX6V9GCqqUOvdCfDyx1HlB6Dap6jf6b1EtpPBMUod00gnqMJqkYugYW4/5eIXMWC3yvUFpbf/"
    "Xry/gt47gHnOv/MtZL/w+BS8Cl4DJwOThsHwFUAa4EV4GrwTVsE0TXgq8DXw+uBa8D3wBeD64Db1By3KhqyRvR3qT6"
    "DWtx56pQUIcW/T46U/alVDnrfh4W8Z53lu3iR3A/jUrb6Iwl45GrRTtZhpiQMszASLejJegk0HJ6l9FPudzO1gfqoE"
    "ibsuj9WgfLfpTLei7LSc7/hOf8wMhW2OXn0nuef0U5gU/sQPwbphglc0fpSo625qxriC6OwWlE4X14Z4TG0eqk++h+"
    "RjqpzltK09In7zFHzLFYss5bQaelP06C+ltSqf6WwcE5dsBp+j0bcTn7TETiciXGfysM14rE6X+HT2Pv8u1zk/2+lY"
    "tvXgFvXgHfsgIezIv7HHn0XDlP27h3GT+uoZOhrKyNjIfrioyf68qMl+uqTIDr6owv+xg7zREcA1XydIANJNMv44MC"
    "z6zQwUR9RwX9TI/IY8Hq5XX8lgz/cl3nmuDmbVRiScf9DALrdEjgmNFnRAfKDqq7YNgHjQ4D13GQ6H/ARy7hSuJTBx"
    "Rc+SdzQwIiiO7arrI+axLIt8def00ncfvkS92j5kg8mOg5kXzwz32aDWUhvk4fee1TLK7XgJeVV6NqTR51dkg0/hYS"
    "S7HmIP5OBpEK/iMDn7v05oXv9g70tD/KeGZ582mTxhsuDmFk1ruFZzRxOcXvVtNGwtEX7YzW9w2nzPFIl/lUpDedio"
    "0095qJg8nYWH106y3RHTWwm+hl3+uJJcxItOcwL/ACl1EIs43pfHuDq92I9uGWc1Mt56z2za72KcTJIH5R8DNFzaJZ"
    "OHOcWtBD+LZOz/IeIviEwlzLvpwVMpb7Gp4PAst95BfixZKw2uZyrjxLpa4ZTtuOmCLMmMiDye1zYwucnzg6tHsCPb"
    "HU09CTe/Ic1Cs4P3nyC43HBL/pWRrToOIzXnuexmNeNoD1/D9S/QHOt+zfCFCdkMmM/xfqkYPWvbZdWLqycjk7TB6r"
    "lRMmr9XIeNAy8iRlGoV4npwjbfwurZI+9tsnG9GdUA1x+hRW26Y2gCgBF0no7g8JJxEMXT4XFMiyPCE7hzR0zQ4R9t"
    "DdMmfbOxwfS4+nhyYiu5+Om8nIbbe29MUGzGTSZL/YOTw01PZPcldhx4dV02KWWG95vktzR9749WL348Zbx3Rqavjw"
    "e6mGZ5RDy/E2ld92qK16QOW5+1WuO6jy3VGVI59fsHNX2W5V8xwqpF2M/BLRzn519uTN64zjr0L+5ovv7JLhLwfrV3"
    "m2E1gNl6wr4W66kvc/XifHhvLN8bhs82GsPkYHaIDlOFC0/ivZM+3zLVvEvWo+4NhJJ9ZNQcfdkOGJVa3vcd3BCpkj"
    "04Y9S3bajZzQXLX9yzhV7P2vXt3VODNFfnkQ/59C3il1vwdWMMQ6kcgEctY0kJWpUa3vK2L/bwK/vbT+LqwQZxlMts"
    "Di5Glbxf/jQMWX1u7/kv4CdBE6eQ=="
)


def xls() -> bytes:
    return zlib.decompress(base64.b64decode(_XLS))


def xls_of_libreoffice() -> bytes:
    return zlib.decompress(base64.b64decode(_XLS_OF_LIBREOFFICE))


def xls_in_another_order() -> bytes:
    """The list of allocation sectors in a sector of its own, as in old workbooks over 7 MB."""
    data = bytearray(xls())
    number = len(data) // 512 - 1
    listed = data[76:512].ljust(508, b"\xff")
    data[76:512] = b"\xff" * 436
    struct.pack_into("<II", data, 68, number, 1)
    return bytes(data + listed + struct.pack("<I", 0xFFFFFFFE))


def xls_with_password() -> bytes:
    """The record that says the rest of the stream is encrypted, in place of another."""
    return xls().replace(b"\x3d\x00\x12\x00", b"\x2f\x00\x12\x00")


# --- hostile ----------------------------------------------------------------------------------


def far_cell() -> bytes:
    """1.5 KB that describe a table of 17 billion cells."""
    return xlsx(sheet(rows([["企业名称"]]) + row_at(1_048_576, "XFD")))


def far_cell_in_disguise() -> bytes:
    """The same, written so that a first look at the XML misses the cell."""
    far = '<row r="1048576"><c q=">" r="XFD1048576"><v>1</v></c></row>'
    return xlsx(sheet(rows([["企业名称"]]) + far))


def row_at(number: int, column: str) -> str:
    return f'<row r="{number}"><c r="{column}{number}"><v>1</v></c></row>'


def inflating(megabytes: int = 500) -> bytes:
    """Half a megabyte that inflates to a sheet of blanks."""
    found = parts({"Sheet1": ""})
    blanks = b" " * (1 << 20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in found.items():
            with archive.open(name, "w") as entry:
                if name != "xl/worksheets/sheet1.xml":
                    entry.write(part.encode())
                    continue
                entry.write(f'<worksheet xmlns="{MAIN}">'.encode())
                for _ in range(megabytes):
                    entry.write(blanks)
                entry.write(b"<sheetData/></worksheet>")
    return file.getvalue()


def understated(data: bytes, name: str) -> bytes:
    """The same zip with a directory that claims a part inflates to ten bytes."""
    at = data.rfind(name.encode()) - 46
    return data[: at + 24] + struct.pack("<I", 10) + data[at + 28 :]


def many_entries(count: int = 60_000) -> bytes:
    found = parts({"Sheet1": sheet(rows([["企业名称"]]))})
    found |= {f"xl/media/{number}": "" for number in range(count)}
    return package(found, method=zipfile.ZIP_STORED)


def repeated_text(cells: int = 400_000) -> bytes:
    """One text of 32,000 characters that every cell of the sheet refers to: 12 GB in all."""
    width = 100
    data = "".join(
        f'<row r="{number}">'
        + "".join(f'<c r="{letters(at)}{number}" t="s"><v>0</v></c>' for at in range(1, width + 1))
        + "</row>"
        for number in range(1, cells // width + 1)
    )
    return xlsx(sheet(data), strings=f"<si><t>{'招' * 32_000}</t></si>")


def full_of_numbers(count: int, width: int) -> bytes:
    """An honest sheet of numbers and short texts."""
    return xlsx(sheet(rows([[number, f"企业{number}"] * (width // 2) for number in range(count)])))


def with_entities() -> bytes:
    """The billion laughs in a sheet."""
    laughs = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "哈">' for n in range(10)
    )
    data = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    return xlsx(sheet(data, head=f"<!DOCTYPE worksheet [{laughs}]>"))


def with_outside_entity(part: str = "xl/workbook.xml") -> bytes:
    """A part that wants a file of the server's put into it."""
    found = parts({"Sheet1": sheet(rows([["企业名称"]]))})
    found[part] = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + found[part]
    return package(found)


def with_macros() -> bytes:
    return package(
        parts({"Sheet1": sheet(rows([["企业名称"]]))}) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    )


def compound(*names: str) -> bytes:
    """An OLE file with empty streams of these names: what Excel makes of a protected workbook."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", head, 44, 1, 1)
    struct.pack_into("<IIIII", head, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b"".join(_entry(name, kind) for name, kind in _kinds(names))
    return bytes(head) + table + directory.ljust(512, b"\x00")


def _kinds(names):
    return [("Root Entry", 5), *((name, 2) for name in names)]


def _entry(name: str, kind: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHB", raw, len(raw) + 2, kind).ljust(116, b"\x00") + struct.pack(
        "<III", 0xFFFFFFFE, 0, 0
    )


def protected() -> bytes:
    """A workbook that Excel encrypted with a password."""
    return compound("EncryptionInfo", "EncryptedPackage")
