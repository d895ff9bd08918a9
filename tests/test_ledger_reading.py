"""What a workbook holds: its values, and what stands beside them."""

from datetime import date, datetime
from decimal import Decimal

from crm.ledgers.book import Book, Fault, Sheet
from crm.ledgers.reading import read
from tests import ledger_files as files
from tests.ledger_reading import FIRM, HEADING, book_of, refusal, rows_of, sheet_of

# --- values ---------------------------------------------------------------------------------------


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


# --- what is beside the values --------------------------------------------------------------------


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
