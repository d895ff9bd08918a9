"""Old workbooks, delimited texts in any encoding, and strange characters."""

from datetime import date
from decimal import Decimal

import pytest

from crm.ledgers.book import Book, Fault, Sheet
from crm.ledgers.reading import read
from tests import ledger_files as files
from tests.ledger_reading import FIRM, HEADING, book_of, refusal, rows_of, sheet_of

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
