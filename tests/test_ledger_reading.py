"""What a ledger file holds, and what is refused before it can do harm."""

import json
import os
import random
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm.ledgers import guards, reading
from crm.ledgers.book import Book, Fault, Sheet, UnusableFile
from crm.ledgers.child import main as child
from crm.ledgers.child.cells import Refused, dump
from crm.ledgers.reading import read
from crm.ledgers.turns import turn
from tests import ledger_files as files

HEADING = ["日期", "企业名称"]
FIRM = ["2025-05-12", "示例数据有限公司"]
LIMITS = guards.limits()
# What the parent sees without or instead of the child.
OUTSIDE = {"upload", "empty", "slow", "memory", "text", "failed"}


def book_of(data: bytes, name: str = "台账.xlsx") -> Book:
    """What the child tells of a file, and what its code tells without a process of its own."""
    book = read(data, name)
    here = json.loads(dump(child.answer(data, LIMITS), LIMITS["answer"]))
    assert [len(sheet["rows"]) for sheet in here["sheets"]] == [
        len(sheet.rows) for sheet in book.sheets
    ]
    return book


def rows_of(data: bytes, name: str = "台账.xlsx") -> list[tuple]:
    """The rows of the first sheet."""
    return book_of(data, name).sheets[0].rows


def sheet_of(*rows: str, tail: str = "", **options) -> Sheet:
    """The first sheet of a workbook made of these rows' XML."""
    return book_of(files.xlsx(files.sheet("".join(rows), tail), **options)).sheets[0]


def refusal(data: bytes, name: str = "台账.xlsx") -> str:
    """The code with which a file is refused, in the child as here."""
    with pytest.raises(UnusableFile) as refused:
        read(data, name)
    code = refused.value.code
    assert str(refused.value), "a refusal is a sentence"
    assert code in OUTSIDE or outcome(data) == code
    return code


# --- values -------------------------------------------------------------------------------------


def test_a_workbook_is_its_sheets_and_rows():
    data = files.workbook({"拜访": [HEADING, FIRM]}, merged={"拜访": ["A1:B1"]})

    assert read(data, "台账.xlsx") == Book(
        [Sheet("拜访", rows=[tuple(HEADING), tuple(FIRM)], merges=[(1, 1, 1, 2)])]
    )


def test_numbers_are_exact_decimals():
    numbers = [7000, 2025.1, 0.1, -300, 13800000000, 0.30000000000000004, 0, 1e300]

    assert rows_of(files.workbook({"a": [numbers]})) == [
        tuple(map(Decimal, ["7000", "2025.1", "0.1", "-300", "13800000000", "0.3", "0", "1E+300"]))
    ]
    assert all(type(value) is Decimal for value in rows_of(files.workbook({"a": [numbers]}))[0])


def test_true_and_false_are_booleans():
    assert rows_of(files.workbook({"a": [[True, False]]})) == [(True, False)]


def test_what_is_no_number_is_a_fault():
    data = '<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c></row>'

    assert sheet_of(data).rows == [(Fault("#NUM!"), Fault("#NUM!"))]


def test_dates_are_dates_and_times_stay():
    data = "".join(
        files.cell(1, at, value, style)
        for at, (value, style) in enumerate([(45789, 1), (45789.5, 3), (45789, 4), (0.375, 5)], 1)
    )

    assert sheet_of(f'<row r="1">{data}</row>').rows == [
        (date(2025, 5, 12), datetime.fromisoformat("2025-05-12 12:00"), date(2025, 5, 12), "09:00")
    ]


def test_a_moment_a_hair_before_midnight_is_the_day():
    data = f'<row r="1">{files.cell(1, 1, 45788.999999, 3)}</row>'

    assert sheet_of(data).rows == [(date(2025, 5, 12),)]


def test_a_workbook_that_counts_from_1904_has_the_same_dates():
    data = files.row(1, [44327], style=0).replace('s="0"', 's="1"')

    assert sheet_of(data, is_1904=True).rows == [(date(2025, 5, 12),)]


def test_iso_dates_of_the_strict_variant_are_dates():
    data = '<row r="1"><c r="A1" t="d"><v>2025-05-12</v></c></row>'

    assert sheet_of(data).rows == [(date(2025, 5, 12),)]


def test_the_strict_variant_reads_the_same():
    usual = files.parts({"a": files.sheet(files.rows([HEADING, FIRM]))})
    strict = {
        name: part.replace(files.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            files.LINKS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, part in usual.items()
    }

    assert rows_of(files.package(strict)) == [tuple(HEADING), tuple(FIRM)]


def test_tags_with_a_namespace_prefix_read_the_same():
    plain = files.sheet(files.rows([HEADING, [None, 5]]), files.merges("A1:B1"))
    prefixed = (
        plain.replace("</", "\0").replace("<?", "\1").replace("<", "<x:")
        .replace("\0", "</x:").replace("\1", "<?").replace("xmlns=", "xmlns:x=")
    )  # fmt: skip

    sheet = read(files.xlsx(prefixed), "台账.xlsx").sheets[0]

    assert (sheet.rows, sheet.merges) == ([tuple(HEADING), (None, Decimal(5))], [(1, 1, 1, 2)])


def test_backslashes_and_capitals_in_part_names_are_no_obstacle():
    usual = files.parts({"a": files.sheet(files.rows([HEADING]))})
    odd = {
        name.replace("xl/worksheets/sheet1", r"xl\worksheets\Sheet1"): usual[name] for name in usual
    }

    assert rows_of(files.package(odd)) == [tuple(HEADING)]


def test_rows_and_cells_that_do_not_say_where_they_stand_are_counted():
    data = (
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/>"
        '<row><c t="e"><v>#REF!</v></c><c><v>4</v></c></row>'
    )

    assert sheet_of(data).rows == [
        (Decimal(1), None, Decimal(3)),
        (),
        (Fault("#REF!"), Decimal(4)),
    ]


def test_empty_rows_inside_are_kept_and_those_at_the_end_are_not():
    data = (
        files.row(3, ["a", None, " ", ""]) + files.row(5, [None, "b"]) + files.row(9, [None, "　"])
    )

    assert sheet_of(data).rows == [(), (), ("a",), (), (None, "b")]


def test_rich_text_is_joined_and_its_reading_aid_left_out():
    strings = (
        '<si><r><t>示例</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 公司</t></r>'
        '<rPh sb="0" eb="2"><t>シレイ</t></rPh><phoneticPr fontId="1"/></si>'
    )

    assert sheet_of('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=strings).rows == [
        ("示例 公司",)
    ]


def test_errors_are_faults():
    errors = ["#REF!", "#DIV/0!", "#N/A"]
    data = "".join(
        f'<c r="{letter}1" t="e"><f>A9</f><v>{error}</v></c>'
        for letter, error in zip("ABC", errors, strict=True)
    )

    assert sheet_of(f'<row r="1">{data}</row>').rows == [tuple(map(Fault, errors))]


def test_formulas_without_a_value_are_faults_with_their_text():
    data = (
        '<row r="1"><c r="A1"><f>SUM(B1:C1)&amp;"x"</f></c><c r="B1"><f>A2</f><v></v></c>'
        '<c r="C1"><f t="shared" si="0"/></c><c r="D1"><f>1+1</f><v>2</v></c>'
        '<c r="E1" t="str"><f>IF(1,"")</f><v></v></c><c r="F1" t="str"><f>G1</f><v>好</v></c></row>'
    )

    assert sheet_of(data).rows == [
        (Fault('=SUM(B1:C1)&"x"'), Fault("=A2"), Fault("="), Decimal(2), None, "好")
    ]


def test_a_fault_may_stand_below_all_values():
    data = files.row(1, HEADING) + '<row r="4"><c r="B4"><f>B1</f></c></row>'

    assert sheet_of(data).rows == [tuple(HEADING), (), (), (None, Fault("=B1"))]


def test_a_fault_that_does_not_say_where_it_stands_is_left_out():
    data = '<row r="1"><c r="A1"><v>1</v></c><c t="e"><v>#REF!</v></c></row>'

    assert sheet_of(data).rows == [(Decimal(1),)]


def test_a_length_of_time_is_text():
    data = f'<row r="1">{files.cell(1, 1, 1.5, 6)}</row>'

    assert sheet_of(data).rows == [("36:00",)]


def test_a_fault_knows_its_text():
    assert str(Fault("#REF!")) == "#REF!"


# --- what is beside the values ------------------------------------------------------------------


def test_vertical_and_two_level_merges_are_told():
    table = [["项目名称", "总投资", None], [None, "合计", "固投"], ["示例", 5, 3], [None, 4, 2]]
    data = files.workbook({"储备": table}, merged={"储备": ["A1:A2", "B1:C1", "A3:A4"]})

    assert read(data, "a.xlsx").sheets[0].merges == [(1, 1, 2, 1), (1, 2, 1, 3), (3, 1, 4, 1)]


def test_a_merge_reaches_as_far_as_the_content():
    sheet = sheet_of(files.rows([HEADING, FIRM]), tail=files.merges("A2:A1048576", "D1:XFD1"))

    assert sheet.merges == [(2, 1, 2, 1)]


def test_merges_that_lie_over_each_other_are_damage():
    data = files.sheet(files.rows([HEADING, FIRM]), files.merges(*["A1:B2"] * 9))

    assert refusal(files.xlsx(data)) == "damaged"


def test_hidden_sheets_are_told_as_hidden():
    data = files.workbook({"台账": [HEADING], "底稿": [FIRM]}, hidden=["底稿"])

    assert [(s.name, s.is_hidden) for s in read(data, "a.xlsx").sheets] == [
        ("台账", False),
        ("底稿", True),
    ]


def test_a_sheet_that_is_a_chart_is_left_out():
    found = files.parts({"图": "<chartsheet/>", "台账": files.sheet(files.rows([HEADING]))})
    links = "xl/_rels/workbook.xml.rels"
    found[links] = found[links].replace('/worksheet"', '/chartsheet"', 1)

    assert [sheet.name for sheet in book_of(files.package(found)).sheets] == ["台账"]


def test_a_workbook_needs_no_styles():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    del found["xl/styles.xml"]

    assert rows_of(files.package(found)) == [tuple(HEADING)]


def test_hidden_rows_are_told():
    sheet = sheet_of(
        files.row(1, HEADING), files.row(2, FIRM, attributes=' hidden="1"'), files.row(3, FIRM),
        files.row(4, FIRM, attributes=' ht="15" hidden="true"'),
        files.row(5, [None], attributes=' hidden="1"'),
    )  # fmt: skip

    assert sheet.hidden_rows == {2, 4}


def test_a_row_is_struck_when_each_of_its_values_is():
    half = f'<row r="3">{files.cell(3, 1, "a", 2)}{files.cell(3, 2, "b")}</row>'
    sheet = sheet_of(
        files.row(1, HEADING), files.row(2, [*FIRM, None], style=2), half, files.row(4, FIRM)
    )

    assert sheet.struck_rows == {2}


def test_no_style_is_struck_in_a_sheet_that_uses_none():
    assert sheet_of(files.row(1, HEADING)).struck_rows == frozenset()


# --- old workbooks --------------------------------------------------------------------------------


def test_an_old_workbook_reads_like_a_new_one():
    book = book_of(files.xls(), "台账.xls")

    assert book == Book(
        [
            Sheet(
                "拜访台账",
                rows=[
                    ("2024年拜访台账",),
                    ("日期", "企业名称", "金额", "备注"),
                    (date(2025, 5, 12), "示例数据有限公司", Decimal("2025.1"), True),
                    ("作废", "示例旧行", Decimal(5), Decimal(7)),
                    ("隐藏", "示例隐藏行"),
                    (None, "示例错误", Fault("#REF!")),
                ],
                merges=[(1, 1, 1, 4)],
                hidden_rows=frozenset({5}),
                struck_rows=frozenset({4}),
            ),
            Sheet("底稿", is_hidden=True, rows=[("x",)]),
        ],
        format="xls",
    )


def test_an_old_workbook_of_another_program_reads_too():
    assert rows_of(files.xls_of_libreoffice(), "lo.xls") == [
        ("日期", "企业名称", "金额"),
        (date(2025, 5, 12), "示例数据有限公司", Decimal("3.02")),
        (None, "示例", Fault("#DIV/0!")),
    ]


def test_an_old_workbook_may_list_its_sectors_elsewhere():
    assert book_of(files.xls_in_another_order()) == book_of(files.xls())


def test_a_list_of_sectors_that_leads_nowhere_is_damage():
    data = bytearray(files.xls_in_another_order())
    data[68:76] = b"\xff\xff\xff\x00\x05\x00\x00\x00"

    assert refusal(bytes(data), "台账.xls") == "damaged"


def test_an_encrypted_old_workbook_asks_for_the_password_to_be_removed():
    assert refusal(files.xls_with_password(), "台账.xls") == "password"


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        (["EncryptionInfo", "EncryptedPackage"], "password"),
        (["Workbook", "_VBA_PROJECT_CUR"], "macro"),
        (["WordDocument"], "other"),
        (["PowerPoint Document"], "other"),
        (["Workbook"], "nothing"),
        ([], "damaged"),
    ],
)
def test_a_compound_file_is_judged_by_its_streams(streams, code):
    assert refusal(files.compound(*streams), "台账.xls") == code


@pytest.mark.parametrize("kept", [8, 100, 512, 1024, 3000, 5000])
def test_a_truncated_old_workbook_is_damaged(kept):
    assert refusal(files.xls()[:kept], "台账.xls") == "damaged"


# --- delimited text -------------------------------------------------------------------------------

RARE = [["企业名称", "联系人"], ["示例数据有限公司", "䶮某"], ["示例云有限公司", "㛃某、𬭎某"]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_any_encoding_and_delimiter_is_found(encoding, delimiter):
    book = read(files.csv(RARE, delimiter=delimiter, encoding=encoding), "清单.csv")

    assert book.sheets == [Sheet("清单", rows=[tuple(row) for row in RARE])]
    assert book.format == "csv"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8-sig", "utf-8"), ("gbk", "gb18030"), ("utf-16-be", "utf-16-be")],
)
def test_the_encoding_is_told(encoding, found):
    assert read(files.csv([HEADING, FIRM], encoding=encoding), "a.csv").encoding == found


def test_utf16_with_the_mark_of_either_order_is_read():
    text = "企业名称,电话\n示例,0971\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        assert rows_of(("\ufeff" + text).encode(encoding)) == [
            ("企业名称", "电话"),
            ("示例", "0971"),
        ]


def test_quoted_cells_keep_delimiters_and_line_breaks():
    table = [["名称", "洽谈内容"], ["示例", '第一行\n第二行，含,逗号和"引号"']]

    assert rows_of(files.csv(table), "a.csv") == [tuple(row) for row in table]


def test_amounts_with_commas_do_not_mislead_the_delimiter():
    data = "项目;金额;备注\n甲;1,250,000;a,b\n乙;3,000;\n".encode()

    assert rows_of(data, "a.csv") == [
        ("项目", "金额", "备注"),
        ("甲", "1,250,000", "a,b"),
        ("乙", "3,000"),
    ]


def test_text_values_stay_text():
    assert rows_of(b"code,n\n00123,1.50\n", "a.csv") == [("code", "n"), ("00123", "1.50")]


def test_a_quotation_mark_nobody_closed_does_not_swallow_the_file():
    data = '名称,备注\n甲,"未闭合\n'.encode() + "乙,某某某\n".encode() * 9000

    book = book_of(data, "a.csv")

    assert (len(book.sheets[0].rows), len(book.notes)) == (9002, 1)


def test_one_stray_byte_ruins_one_character():
    data = ("企业名称,备注\n" + "示例数据有限公司,内容\n" * 50).encode()
    book = book_of(data[:-4] + b"\xff" + data[-1:], "a.csv")

    assert book.encoding == "utf-8"
    assert (book.sheets[0].rows[1], len(book.notes)) == (("示例数据有限公司", "内容"), 1)


def test_a_csv_named_as_a_workbook_is_a_csv_and_the_other_way_round():
    assert read(files.csv([HEADING, FIRM]), "台账.xlsx").format == "csv"
    assert read(files.workbook({"a": [HEADING]}), "台账.csv").format == "xlsx"
    assert read(files.xls(), "台账.xlsx").format == "xls"


def test_the_sheet_of_a_text_is_named_after_the_file():
    assert (
        read(files.csv([HEADING, FIRM]), r"C:\..\重点企业.csv").sheets[0].name.endswith("重点企业")
    )


# --- strange characters ---------------------------------------------------------------------------

STRANGE = [
    ("甲\u202e乙\u2066丙", "甲乙丙"),
    ("甲\u200b乙\ufeff丙\u200d", "甲乙丙"),
    ("甲\r\n乙\u2028丙", "甲\n乙\n丙"),
    ("😀𠮷𬭎㛃", "😀𠮷𬭎㛃"),
    ("甲\x07乙\x7f", "甲乙"),
    ("<script>alert(1)</script>{{7*7}}", "<script>alert(1)</script>{{7*7}}"),
    ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ("../../etc/passwd'; DROP TABLE--", "../../etc/passwd'; DROP TABLE--"),
]


@pytest.mark.parametrize(("written", "kept"), STRANGE)
def test_strange_characters_are_dropped_or_kept_from_a_workbook(written, kept):
    assert rows_of(files.workbook({"a": [["名称"], [written]]})) == [("名称",), (kept,)]


@pytest.mark.parametrize(("written", "kept"), STRANGE)
def test_strange_characters_are_dropped_or_kept_from_text(written, kept):
    assert (
        rows_of(files.csv([["名称", "x"], [f'"{written}"', "y"]])[:], "a.csv")[1][0].strip('"')
        == kept
    )


def test_characters_xml_forbids_do_not_damage_a_workbook():
    data = (
        '<row r="1"><c r="A1" t="inlineStr"><is>'
        "<t>甲&#0;乙&#xD800;丙\x00&#x4E01;&#99999999;</t></is></c>"
        '<c r="B1" t="inlineStr"><is><t>戊_xD800_</t></is></c></row>'
    )

    assert sheet_of(data).rows == [("甲乙丙丁", "戊_xD800_")]


def test_bytes_that_are_no_utf8_do_not_damage_a_workbook():
    part = files.sheet(files.rows([["甲@乙"]])).encode().replace(b"@", b"\xed\xa0\x80")

    assert rows_of(files.package(files.parts({"a": part})))[0][0].strip("�甲乙") == ""


def test_nul_and_lone_surrogates_in_text_are_dropped():
    assert rows_of("名称,x\n甲\x00乙,y\n".encode(), "a.csv")[1] == ("甲乙", "y")
    raw = "名称,x\n甲\ud800乙,y\n".encode("utf-16-le", "surrogatepass")
    assert rows_of(raw, "a.csv")[1][0].replace("�", "") == "甲乙"


def test_a_cell_of_invisible_characters_is_empty():
    assert rows_of(files.workbook({"a": [["名称"], ["\u200b", "\u202e"]]})) == [("名称",)]


# --- refused --------------------------------------------------------------------------------------

RENAMED = {
    "web": [
        "<html><table><tr><td>日期</td></tr></table></html>".encode("gbk"),
        b"\xef\xbb\xbf\r\n<!DOCTYPE HTML><html></html>",
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
        "<table><tr><td>1</td></tr></table>".encode("utf-16"),
    ],
    "other": [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        files.package({"word/document.xml": "<w/>"}),
        files.package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        files.package({"xl/workbook.bin": "x"}),
        files.package({"a.txt": "x"}),
    ],
    "not_table": [bytes(range(256)) * 50, b"\x00\x01\x02\x03" * 999],
    "empty": [b"", b"\r\n  \t", b"\x00" * 5000],
    "nothing": [b"\xef\xbb\xbf", b",,,\n,,,\n", files.workbook({"a": []}), files.workbook({})],
}


@pytest.mark.parametrize(
    ("data", "code"), [(data, code) for code, group in RENAMED.items() for data in group]
)
def test_what_is_no_table_is_refused_by_its_content(data, code):
    assert refusal(data, "台账.xls") == code


def test_more_than_ten_megabytes_are_refused():
    assert refusal(b"a,b\n" * 2_700_000, "a.csv") == "upload"


@pytest.mark.parametrize("kept", [4, 30, 200, 700, 1100])
def test_a_truncated_workbook_is_damaged(kept):
    assert refusal(files.workbook({"a": [HEADING, FIRM]})[:kept]) == "damaged"


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_workbook_without_one_of_its_parts_is_refused(part):
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    del found[part]

    assert refusal(files.package(found)) in ("damaged", "other")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_a_part_that_is_no_xml_is_damage(part):
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})

    assert refusal(files.package(found | {part: "<a><b></a>"})) in ("damaged", "nothing")


def test_a_missing_shared_text_is_damage():
    data = files.sheet('<row r="1"><c r="A1" t="s"><v>9</v></c></row>')

    assert refusal(files.xlsx(data)) == "damaged"


def test_a_sheet_that_is_not_there_is_damage():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    del found["xl/worksheets/sheet1.xml"]

    assert refusal(files.package(found)) == "damaged"


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"],
)
def test_a_doctype_in_any_part_is_refused(part):
    assert refusal(files.with_outside_entity(part)) == "doctype"


def test_a_doctype_on_the_seam_of_two_chunks_is_refused():
    blanks = " " * ((1 << 20) - 4)

    assert refusal(files.xlsx(blanks + "<!DOCTYPE x>" + files.sheet(""))) == "doctype"


def test_a_protected_workbook_asks_for_the_password_to_be_removed():
    assert refusal(files.protected()) == "password"


def test_a_zip_of_too_many_parts_is_refused():
    assert refusal(files.many_entries(2000)) == "entries"


def test_what_only_inflates_is_refused():
    assert refusal(files.inflating(82)) == "inflates"


def test_other_parts_that_inflate_too_far_are_refused():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    found["xl/sharedStrings.xml"] = " " * (81 << 20)

    assert refusal(files.package(found)) == "inflates"


def test_texts_in_the_place_of_a_sheet_have_the_same_limit():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))}, strings="<si/>")
    found["xl/worksheets/strings.xml"] = " " * (81 << 20)
    links = "xl/_rels/workbook.xml.rels"
    found[links] = found[links].replace("sharedStrings.xml", "worksheets/strings.xml")

    assert refusal(files.package(found)) == "inflates"


def test_a_doctype_in_another_encoding_is_refused():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    found["xl/workbook.xml"] = '<!DOCTYPE x [<!ENTITY e "e">]><x/>'.encode("utf-16-be")

    assert refusal(files.package(found)) == "doctype"


def test_the_parts_together_may_not_inflate_too_far(monkeypatch):
    monkeypatch.setitem(LIMITS, "inflated", 400)
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})

    assert outcome(files.package(found)) == "inflates"


def test_formatting_has_its_limit_too(monkeypatch):
    monkeypatch.setitem(LIMITS, "raw", 1000)

    assert outcome(files.xlsx(files.sheet(files.rows([[None]] * 100)))) == "inflates"


def test_an_answer_may_not_grow_too_long():
    with pytest.raises(Refused, match="text"):
        dump(child.answer(files.workbook({"a": [HEADING]}), LIMITS), 50)


def test_one_text_of_a_whole_file_is_no_table():
    assert refusal(b"a,b\n" + b"x" * 40_000, "a.csv") == "not_table"


def test_a_far_cell_of_an_old_workbook_is_named(monkeypatch):
    monkeypatch.setitem(LIMITS, "rows", 5)

    assert outcome(files.xls()) == "rows"


def test_macros_are_refused():
    assert refusal(files.with_macros(), "台账.xlsm") == "macro"


def test_a_workbook_that_announces_macros_is_refused():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    found["[Content_Types].xml"] = found["[Content_Types].xml"].replace(
        "application/xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )

    assert refusal(files.package(found)) == "macro"


def test_an_encrypted_zip_asks_for_the_password_to_be_removed():
    data = bytearray(files.workbook({"a": [HEADING]}))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1

    assert refusal(bytes(data)) == "password"


def test_rows_count_up_to_the_last_that_is_not_empty():
    most = guards.MAX_ROWS + guards.HEADING_ROWS

    assert len(sheet_of(files.row(1, HEADING), files.row(most, FIRM)).rows) == most
    data = files.sheet(files.row(1, HEADING) + files.row(most + 1, FIRM))
    assert refusal(files.xlsx(data)) == "rows"


def test_the_refusal_names_the_sheet_and_the_place():
    with translation.override("en"), pytest.raises(UnusableFile) as refused:
        read(files.far_cell(), "台账.xlsx")

    assert str(refused.value) == (
        "Sheet “Sheet1” has content in row 1048576; at most 50000 rows can be read."
    )


def test_two_hundred_columns_and_no_more_are_read():
    assert len(sheet_of(files.row(1, [1] * 200)).rows[0]) == 200
    assert refusal(files.xlsx(files.sheet(files.row(1, [1] * 201)))) == "columns"


def test_formatted_cells_far_out_are_not_content():
    data = files.row(1, HEADING) + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert sheet_of(data, tail=files.merges("A1:XFD1")).rows == [tuple(HEADING)]


def test_more_rows_are_read_when_asked_for():
    data = files.csv([["a", "b"]] * 60_000)

    assert refusal(data, "a.csv") == "rows"
    assert len(read(data, "a.csv", rows=70_000).sheets[0].rows) == 60_000


# --- bombs ----------------------------------------------------------------------------------------

BOMBS = {
    "a cell at XFD1048576": (files.far_cell, "rows"),
    "500 MB of blanks": (files.inflating, "inflates"),
    "350 MB of blanks": (lambda: files.inflating(350), "inflates"),
    "a false size": (
        lambda: files.understated(files.inflating(90), "xl/worksheets/sheet1.xml"),
        "damaged",
    ),
    "60,000 entries": (files.many_entries, "entries"),
    "a billion laughs": (files.with_entities, "doctype"),
    "12 GB of one text": (files.repeated_text, "memory"),
    "100 MB of cells": (lambda: files.full_of_numbers(20_000, 80), "inflates"),
    "a password": (files.protected, "password"),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured and limited on Linux")
@pytest.mark.parametrize(("bomb", "code"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_time_and_memory(bomb, code, tmp_path):
    data, file = bomb(), tmp_path / "bomb.xlsx"
    file.write_bytes(data)

    seconds, kilobytes, found = _measured(file)

    assert (found, seconds < 10, kilobytes < 1_200_000) == (code, True, True)


_MEASURE = """
import json, resource, sys, time
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from crm.ledgers.reading import read
from crm.ledgers.turns import turn
from crm.ledgers.book import UnusableFile
data, began, found = Path(sys.argv[1]).read_bytes(), time.monotonic(), "read"
try:
    read(data, sys.argv[1])
except UnusableFile as error:
    found = error.code
own = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([time.monotonic() - began, int(own.split()[1]) + child, found]))
"""


def _measured(file) -> tuple[float, int, str]:
    """Seconds, peak kilobytes of parent and child together, and the code of the refusal."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(file)], capture_output=True, check=True, timeout=60,
        env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    return tuple(json.loads(done.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured and limited on Linux")
def test_a_child_that_dies_leaves_a_sentence_behind():
    assert refusal(files.far_cell_in_disguise()) == "memory"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits only the time on the clock")
def test_a_child_that_computes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(guards, "PROCESSOR_SECONDS", 1)
    data = files.xlsx(files.sheet('<row r="1">' + '<c r="A1" t="e" ' * 200_000))

    assert refusal(data) == "slow"


def test_a_child_that_cannot_start_is_logged(monkeypatch, caplog):
    monkeypatch.setattr(reading, "_START", "raise SystemExit('no reader')")
    monkeypatch.setattr(reading, "_COMMAND", ["-I", "-c", reading._START])

    assert refusal(b"a,b\n") == "failed"
    assert "no reader" in caplog.text


def _effort() -> float:
    """Processor seconds of this process and its ended children, whatever else the machine does."""
    return sum(os.times()[:4])


@pytest.mark.slow
def test_a_sheet_formatted_to_its_end_is_read_quickly():
    data = files.formatted_to_the_end()
    began = _effort()

    assert read(data, "台账.xlsx").sheets[0].rows == [tuple(HEADING), tuple(FIRM)]
    assert _effort() - began < 2


@pytest.mark.slow
def test_ten_thousand_rows_of_twenty_columns_take_little():
    data = files.full_of_numbers(10_000, 20)
    began = _effort()

    assert len(read(data, "台账.xlsx").sheets[0].rows) == 10_000
    assert _effort() - began < 1.5


def test_a_child_that_runs_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(guards, "CLOCK_SECONDS", 0.01)

    assert refusal(files.workbook({"a": [HEADING]})) == "slow"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured and limited on Linux")
def test_a_child_that_needs_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(guards, "MEMORY", 60 << 20)

    assert refusal(files.full_of_numbers(20_000, 30)) == "memory"


def test_an_answer_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(guards, "MAX_ANSWER", 1000)

    assert refusal(files.full_of_numbers(500, 20)) == "text"


def test_the_child_sees_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    monkeypatch.setenv("PYTHONHASHSEED", "no number: Python would not start")

    assert rows_of(files.workbook({"a": [HEADING]})) == [tuple(HEADING)]


# --- properties -----------------------------------------------------------------------------------


def outcome(data: bytes) -> str:
    """What the child makes of bytes: a code, or "read"."""
    try:
        dump(child.answer(data, LIMITS), LIMITS["answer"])
    except Refused as refused:
        return refused.code
    return "read"


@given(st.binary(max_size=400))
@example(b"PK\x05\x06" + b"\x00" * 18)
def test_any_bytes_are_read_or_refused(data):
    assert outcome(data) in {"read", *guards.SENTENCES}


@pytest.mark.parametrize("maker", [files.xls, lambda: files.workbook({"a": [HEADING, FIRM] * 9})])
def test_a_file_with_flipped_bytes_is_read_or_refused(maker):
    data, chance, found = maker(), random.Random(7), set()  # noqa: S311
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        found.add(_survives(bytes(broken)))

    assert found <= {"read", "panic", *guards.SENTENCES}


def _survives(data: bytes) -> str:
    """As ``outcome``; a panic of the reader ends the child, which reads as damage outside."""
    try:
        return outcome(data)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return "panic"


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30),
)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_what_a_workbook_holds_is_what_was_put_into_it(table):
    with_marker = [["起"], *table]

    answer = child.answer(files.workbook({"a": with_marker}), LIMITS)

    found = json.loads(dump(answer, LIMITS["answer"]))["sheets"][0]["rows"]
    assert found == _trimmed(with_marker)


def _trimmed(table):
    rows = [list(row) for row in table]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while not rows[-1]:
        rows.pop()
    return rows


TEXTS = st.text('甲乙丙,;\t"\n1aé😀', min_size=1, max_size=8).filter(str.strip)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"]),
)
def test_text_comes_back_from_any_encoding(table, encoding):
    # Regular rows first: they say which delimiter it is.
    regular = [("名称", "备注")] * (2 * len(table) + 2)

    answer = child.answer(files.csv([*regular, *table], encoding=encoding), LIMITS)

    assert answer["sheets"][0]["rows"] == [list(row) for row in [*regular, *table]]


# --- turns ----------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="there every file is read at once")
def test_only_so_many_files_are_read_at_once(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with turn(at_once=1, wait=0), pytest.raises(UnusableFile) as refused, turn(at_once=1, wait=0):
        pass

    assert refused.value.code == "busy"


@pytest.mark.skipif(sys.platform == "win32", reason="there every file is read at once")
def test_a_place_is_free_again_after_a_reader(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    for _reader in range(3):
        with turn(at_once=1, wait=0):
            pass
