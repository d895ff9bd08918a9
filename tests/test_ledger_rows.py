"""Which rows are data, what they get from above, and which sheet is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.ledgers.book import Book, Fault, Sheet, UnusableFile
from crm.ledgers.headings import FIELDS, label, normal
from crm.ledgers.layout import Line, understand
from tests.ledger_layouts import (
    HEADINGS,
    ROW,
    TWO_LEVELS,
    D,
    book,
    numbers,
    reasons,
    reserve,
)

pytestmark = pytest.mark.usefixtures("english")


# -- rows that are no data -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        ("一、智算",),
        ("（一）储能类",),
        (None, "二、数据标注(5个)"),
        ("智算类项目（共5个）",),
        ("一、智算（5个）", None, None, D("21.6")),
        ("一", "智算类", None, D("21.6")),
    ],
)
def test_group_rows_are_skipped_and_told(row):
    layout = reserve(row, ROW)

    assert reasons(layout) == [(2, "group heading")]
    assert numbers(layout) == [3]


@pytest.mark.parametrize(
    "row",
    [
        ("小计", None, None, D(9)),
        ("合  计",),
        (None, None, "总计", "9亿元", "3个项目"),
        (None, "共计5个", None, None),
        ("招商一专班小计", None, None, D(9)),
        (D(9), "合计（3个）", None, D(9)),
        (None, None, None, None, "累计"),
        ("合计3个项目，总投资9亿元",),
    ],
)
def test_totals_are_skipped_wherever_they_stand(row):
    layout = reserve(ROW, row)

    assert reasons(layout) == [(3, "subtotal or total")]
    assert numbers(layout) == [2]


def test_only_the_grand_total_is_kept_as_stated():
    layout = reserve(
        ROW,
        ("小计", None, None, D(5)),
        ROW,
        ("合计", "2个", None, D(10)),
        ("小计", None, None, D(1)),
    )

    assert layout.stated_total == {"name": "2个", "planned": D(10)}


@pytest.mark.parametrize(
    "row",
    [
        ("备注：以上由联络员填报。",),
        ("注: 1.金额为计划数；2.含框架",),
        ("填表人：张三", None, "审核人：李四", None, "2024年5月1日"),
        ("单位负责人（签字）：", None, "填报时间：2024年5月"),
    ],
)
def test_notes_and_signatures_below_are_skipped(row):
    assert reasons(reserve(ROW, row)) == [(3, "note or signature")]


def test_a_lone_sentence_is_no_project():
    assert reasons(reserve(ROW, ("本表数据截至五月底",))) == [
        (3, "heading or note without data")
    ]  # fmt: skip


def test_headings_repeated_on_the_next_page_are_skipped():
    above = [("2024年台账",), ("填报单位：示例园区", None, "单位：亿元")]

    layout = reserve(ROW, *above, HEADINGS, ROW, above=above)

    assert reasons(layout) == [
        (5, "repeated heading"),
        (6, "repeated heading"),
        (7, "repeated heading"),
    ]
    assert numbers(layout) == [4, 8]


def test_two_level_headings_are_recognised_when_repeated():
    row = ("甲项目", "甲公司", "2024-05-01", D(9))

    layout = understand(book(*TWO_LEVELS, row, *TWO_LEVELS, row), "deals")

    assert reasons(layout) == [(4, "repeated heading"), (5, "repeated heading")]
    assert numbers(layout) == [3, 6]


def test_blank_rows_and_prepared_numbers_are_nothing_and_end_nothing():
    layout = reserve(ROW, (), (None, "  "), (D(2),), ROW)

    assert (numbers(layout), layout.skipped) == ([2, 6], [])


def test_text_in_columns_we_do_not_know_is_told_even_without_data():
    layout = understand(
        book((*HEADINGS, "星级"), (D(1), None, None, None, None, "五星")), "projects"
    )

    assert (numbers(layout), reasons(layout)) == ([], [(2, "row without data")])


def test_a_list_of_firms_may_hold_nothing_but_names():
    headings = ("序号", "企业名称", "行业", "备注")

    layout = understand(book(headings, (None, "示例公司"), ("一", "示例二公司")), "companies")

    assert numbers(layout) == [2, 3]


def test_one_column_of_names_is_a_ledger():
    layout = understand(book(("企业名称",), ("示例公司",), ("示例二公司",)), "companies")

    assert numbers(layout) == [2, 3]


def test_a_firm_whose_name_begins_with_a_numeral_is_no_group():
    layout = reserve((D(1), "一汽示例项目", "一汽", D(3)), (D(2), "三江源合计算力", "甲", D(3)))

    assert (numbers(layout), layout.skipped) == ([2, 3], [])


# -- cells from above ------------------------------------------------------------------------------


def test_a_cell_merged_downwards_holds_for_each_row():
    layout = reserve(
        ROW, (D(2), "示例乙项目", None, D(6)), (D(3), "示例丙项目"), merges=[(2, 3, 4, 3)]
    )

    assert [line.values[2] for line in layout.lines] == ["示例甲公司"] * 3


def test_a_row_that_only_continues_merged_cells_is_no_second_project():
    layout = reserve(ROW, (), merges=[(2, place, 3, place) for place in range(1, 6)])

    assert numbers(layout) == [2]


def test_a_row_with_one_cell_of_its_own_beside_merged_ones_is_data():
    layout = reserve(
        ROW,
        (None, None, None, None, "签约"),
        merges=[(2, place, 3, place) for place in range(1, 5)],
    )

    assert layout.lines[1] == Line(3, (D(1), "示例甲项目", "示例甲公司", D(5), "签约"))


@pytest.mark.parametrize("same", ["同上", "〃", " 同上 "])
def test_the_same_as_above_is_the_value_above_and_a_blank_is_a_blank(same):
    layout = reserve(ROW, (D(2), "乙", same, None, same), ("3", "丙", same))

    assert [line.values for line in layout.lines[1:]] == [
        (D(2), "乙", "示例甲公司", None, "在谈"),
        ("3", "丙", "示例甲公司", None, None),
    ]


def test_faults_stay_faults():
    assert reserve((D(1), "甲", Fault("#REF!"), D(5))).lines[0].values[2] == Fault("#REF!")


# -- sheets ----------------------------------------------------------------------------------------


def test_empty_columns_and_rows_before_the_table_do_no_harm():
    layout = understand(
        book((), (None, None, "2024年台账"), (), (None, None, *HEADINGS), (None, None, *ROW)),
        "projects",
    )

    assert next((c.letter, c.field) for c in layout.columns if c.field) == ("D", "name")
    assert (layout.header_rows, numbers(layout), layout.notes) == ((4, 4), [5], [])


def test_a_hidden_sheet_is_named_and_never_taken():
    sheets = [
        Sheet("底稿", is_hidden=True, rows=[HEADINGS, ROW]),
        Sheet("储备", rows=[("项目名称", "投资方", "总投资"), ("甲", "乙", D(1))]),
        Sheet("空"),
        Sheet("说明", rows=[("填报说明",)]),
    ]

    layout = understand(Book(sheets), "projects")

    assert layout.sheet == "储备"
    assert layout.notes == [
        "Hidden sheets that were not read: 底稿.",
        "Sheets that were not read: 说明; choose one to import it.",
    ]


def test_a_sheet_may_be_chosen_even_a_hidden_one():
    sheets = [Sheet("一", rows=[HEADINGS, ROW]), Sheet("二", is_hidden=True, rows=[HEADINGS])]

    assert understand(Book(sheets), "projects", sheet="二").sheet == "二"


def test_the_sheet_that_explains_most_is_taken_and_of_equals_the_first():
    sheets = [
        Sheet("汇总", rows=[("项目名称", "投资方", "总投资")]),
        Sheet("一", rows=[HEADINGS, ROW]),
        Sheet("二", rows=[HEADINGS, ROW]),
    ]

    assert understand(Book(sheets), "projects").sheet == "一"


def test_a_sheet_that_is_not_there_is_an_unusable_file():
    with pytest.raises(UnusableFile, match="There is no sheet “三”") as caught:
        understand(book(HEADINGS), "projects", sheet="三")

    assert caught.value.code == "no_sheet"


def test_headings_without_rows_are_a_layout_without_lines():
    layout = reserve()

    assert (layout.lines, layout.skipped, layout.missing) == ([], [], [])


@pytest.mark.parametrize("rows", [[], [("示例甲公司", "示例投资公司", D(3))], [("重点企业",)]])
def test_without_headings_the_file_is_unusable_and_says_what_was_expected(rows):
    with pytest.raises(UnusableFile) as caught:
        understand(book(*rows), "projects")

    assert caught.value.code == "no_header"
    assert str(caught.value) == (
        "No heading row was found; expected columns such as:"
        " project name、investor、planned investment."
    )


def test_a_file_whose_only_table_is_hidden_says_so():
    with pytest.raises(UnusableFile, match="Hidden sheets: 底稿"):
        understand(Book([Sheet("底稿", is_hidden=True, rows=[HEADINGS])]), "projects")


def test_missing_columns_are_listed():
    layout = understand(book(("项目名称", "进展情况"), ("甲", "在谈")), "projects")

    assert layout.missing == ["investor", "planned"]


def test_hidden_and_struck_rows_are_read_and_told_in_one_line_each():
    layout = reserve(
        *[ROW] * 15, hidden_rows=frozenset({2, 90}), struck_rows=frozenset(range(3, 15))
    )

    assert layout.notes == [
        "Rows that are hidden and were read: 2.",
        "Rows that are struck through and were read: 3、4、5、6、7、8、9、10、11、12….",
    ]


# -- limits ----------------------------------------------------------------------------------------


def test_overlapping_merges_of_a_hostile_file_cost_little():
    rows = [HEADINGS, *[ROW] * 5000]
    merges = [(2, 1, 5001, 5)] * 5000

    layout = understand(book(*rows, merges=merges), "projects")

    assert len(layout.lines) == 5000


cells = st.one_of(
    st.none(),
    st.sampled_from([*HEADINGS, "合计", "同上", "备注：无", "一、", "单位：亿元", "\x00", "#REF!"]),
    st.text(max_size=8),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.dates(),
    st.builds(Fault, st.text(max_size=5)),
)
spans = st.tuples(st.integers(1, 9), st.integers(1, 9)).map(sorted)
merge = st.builds(lambda rows, columns: (rows[0], columns[0], rows[1], columns[1]), spans, spans)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(cells, max_size=7).map(tuple), max_size=9),
    merges=st.lists(merge, max_size=4),
    kind=st.sampled_from(sorted(FIELDS)),
)
def test_any_sheet_is_laid_out_or_unusable(rows, merges, kind):
    try:
        layout = understand(book(*rows, merges=merges), kind)
    except UnusableFile:
        return

    told = {line.number for line in layout.lines} | {s.number for s in layout.skipped}
    assert all(len(line.values) == len(layout.columns) for line in layout.lines)
    assert min(told, default=99) > layout.header_rows[1]
    assigned = [c.field for c in layout.columns if c.field]
    assert len(assigned) == len(set(assigned))


@given(st.text(max_size=30))
def test_normal_headings_stay_as_they_are(text):
    assert normal(normal(text)) == normal(text)


def test_labels_are_those_of_the_table():
    assert (str(label("deals", "amount")), label("deals", "nothing")) == (
        "amount signed",
        "nothing",
    )
