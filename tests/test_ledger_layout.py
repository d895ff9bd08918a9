"""Which row heads a ledger, what its columns mean, which rows are data."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.ledgers.book import Book, Fault, Sheet, UnusableFile
from crm.ledgers.headings import FIELDS, label, normal, unit_of
from crm.ledgers.kinds import LEDGERS
from crm.ledgers.layout import Doubt, Line, Skipped, understand
from crm.ledgers.reading import read

from . import ledger_samples

D = Decimal


@pytest.fixture(autouse=True, scope="module")
def english():
    """What is told is compared in the language of the source."""
    with translation.override("en"):
        yield


def book(*rows, merges=(), **more) -> Book:
    return Book([Sheet("台账", rows=list(rows), merges=list(merges), **more)])


def fields(layout) -> dict[str, str]:
    """Field by heading of the columns that have one."""
    return {column.heading: column.field for column in layout.columns if column.field}


def reasons(layout) -> list[tuple[int, str]]:
    return [(skipped.number, str(skipped.reason)) for skipped in layout.skipped]


def numbers(layout) -> list[int]:
    return [line.number for line in layout.lines]


HEADINGS = ("序号", "项目名称", "投资方", "计划投资", "进展情况")
ROW = (D(1), "示例甲项目", "示例甲公司", D(5), "在谈")


def reserve(*rows, above=(), merges=(), **more):
    return understand(book(*above, HEADINGS, *rows, merges=merges, **more), "projects")


# -- the samples -----------------------------------------------------------------------------------


def test_a_reserve_ledger_has_title_unit_two_heading_rows_groups_and_totals():
    data = ledger_samples.workbook(ledger_samples.RESERVE, ledger_samples.RESERVE_MERGES)

    layout = understand(read(data, "储备项目台账.xlsx"), "projects")

    assert (layout.title, layout.year, layout.unit) == (
        "2024年绿色算力产业储备项目台账",
        2024,
        "亿元",
    )
    assert layout.header_rows == (3, 4)
    assert fields(layout) == {
        "项目名称": "name", "投资方": "investor", "项目概况": "content", "总投资 合计": "planned",
        "总投资 固定资产投资": "fixed_assets", "拟选址": "park", "产业链环节": "segment",
        "责任单位": "team", "进展情况": "progress",
    }  # fmt: skip
    assert numbers(layout) == [6, 7, 10, 11, 12, 13, 14]
    assert reasons(layout) == [
        (5, "group heading"), (8, "subtotal or total"),
        (9, "group heading"), (15, "subtotal or total"),
    ]  # fmt: skip
    assert layout.stated_total == {"planned": D("27.7"), "fixed_assets": D("17.5")}


def test_a_visit_ledger_names_its_team_and_year_in_the_title():
    layout = understand(
        book(
            ("招商一专班2024年外出拜访企业台账",),
            ("序号", "拜访日期", "企业名称", "企业所在地", "对接人", "职务", "联系\n电话",
             "带队领导", "参加人员", "专班", "洽谈内容", "下一步工作及完成时限"),
            (D(1), date(2024, 4, 9), "示例云海公司", "广州", "示例甲"),
            ("备注：以上内容由专班联络员填报。",),
            merges=[(1, 1, 1, 12), (4, 1, 4, 12)],
        ),
        "visits",
    )  # fmt: skip

    assert (layout.team, layout.year) == ("招商一专班", 2024)
    assert [column.field for column in layout.columns] == [
        None, "held_on", "company", "city", "their_people", "position", "phone",
        "delegation_head", "our_people", "team", "content", "next_step",
    ]  # fmt: skip
    assert numbers(layout) == [3]
    assert layout.skipped == [Skipped(4, "note or signature", "备注：以上内容由专班联络员填报。")]


def test_a_signed_ledger_may_begin_with_its_headings():
    layout = understand(
        book(
            ("签约时间", "项目名称", "签约企业", "投资额（万元）", "协议性质", "签约场合",
             "落地园区", "牵头专班", "开工情况"),
            ("2024-07-21", "示例A项目", "示例A有限公司", D(125000), "正式合同"),
        ),
        "deals",
    )  # fmt: skip

    assert [column.field for column in layout.columns] == [
        "signed_on", "project", "investor", "amount", "kind", "event", "park", "team", "progress",
    ]  # fmt: skip
    assert (layout.columns[3].unit, layout.columns[3].letter) == ("万元", "D")
    assert layout.doubts == []


def test_a_text_file_of_firms_has_its_headings_in_row_one():
    headings = "单位名称,统一社会信用代码,注册地,企业类型,资质,对接专班,包联领导"
    data = f"{headings}\n示例公司,,西宁市,民企,,招商一专班,\n"

    layout = understand(read(data.encode("gbk"), "清单.csv"), "companies")

    assert [column.field for column in layout.columns] == [
        "name", "uscc", "region", "ownership", "marks", "team", "leader",
    ]  # fmt: skip
    assert layout.lines[0].number == 2


# -- what stands above -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2024年储备项目台账", 2024),
        ("二〇二四年储备项目台账", 2024),
        ("二零二四年储备项目台账", None),
        ("２０２５年度台账", 2025),
        ("储备项目台账（2025.6）", 2025),
        ("储备项目台账", None),
    ],
)
def test_the_year_of_the_ledger_stands_in_its_title(title, year):
    year = 2024 if title.startswith("二零") else year

    assert reserve(ROW, above=[(title,)]).year == year


@pytest.mark.parametrize(
    ("above", "year"),
    [
        ([("储备项目台账",), ("填报时间：2026年1月5日",)], None),
        ([("储备项目台账",), ("单位：万元", None, "截至2026年1月5日")], None),
        ([("填报日期: 2026-01-05",), ("2024年储备项目台账",)], 2024),
        ([("2024年储备项目台账（截至2026年1月）",)], 2024),
        ([("储备项目台账（截至2024年5月）",)], 2024),
    ],
)
def test_the_day_a_ledger_was_filled_in_is_not_its_year(above, year):
    assert reserve(ROW, above=above).year == year


def test_a_line_of_merged_cells_above_the_headings_keeps_its_unit():
    line = ("单位：万元", None, None, "填报时间：2026年11月23日", None)

    layout = reserve(ROW, above=[("台账",), line], merges=[(2, 1, 2, 3), (2, 4, 2, 5)])

    assert (layout.header_rows, layout.unit, layout.year) == ((3, 3), "万元", None)
    assert [column.heading for column in layout.columns] == list(HEADINGS)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ((None,) * 7 + ("单位：亿元",), "亿元"),
        (("填报单位：万元科技园", None, "单位: 万元"), "万元"),
        (("金额单位：人民币万元",), "万元"),
        (("储备项目台账（单位：亿元、亩）",), "亿元"),
        (("储备项目台账（万元）",), "万元"),
        (("填报单位：示例园区",), ""),
        (("填报单位：万元公司",), ""),
    ],
)
def test_the_unit_stands_in_any_cell_above_the_headings(line, unit):
    assert reserve(ROW, above=[line]).unit == unit


def test_a_sheet_named_after_a_team_and_year_tells_both():
    layout = understand(
        Book([Sheet("招商二专班2025年", rows=[HEADINGS, ROW])]),
        "projects",
    )

    assert (layout.team, layout.year) == ("招商二专班", 2025)


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("投资额（万元）", "万元"), ("总投资(亿元)", "亿元"), ("总投资\n（单位：亿元）", "亿元"),
        ("总投资/万元", "万元"), ("总投资 亿元", "亿元"), ("投资额（万美元）", ""),
        ("人数（万人）", ""), ("面积（万平方米）", ""), ("用电（万千瓦）", ""), ("总投资", ""),
    ],
)  # fmt: skip
def test_a_heading_names_its_money_unit(heading, unit):
    assert unit_of(heading) == unit


# -- headings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FIELDS)
def test_the_usual_heading_of_each_column_means_that_column(kind):
    first = {heading.key: heading.synonyms[0] for heading in FIELDS[kind]}

    layout = understand(book(tuple(first.values())), kind)

    assert {c.field: c.heading for c in layout.columns} == first


@pytest.mark.parametrize("kind", FIELDS)
def test_every_synonym_alone_among_the_needed_means_its_column(kind):
    needed = [h for h in FIELDS[kind] if h.needed]
    listed = [
        (h, word)
        for h in FIELDS[kind]
        for word in h.synonyms
        if sum(normal(word) in map(normal, o.synonyms) for o in FIELDS[kind]) == 1
    ]

    for heading, word in listed:
        others = [other.synonyms[0] for other in needed if other is not heading]
        layout = understand(book((*others, word)), kind)
        doubted = {doubt.heading for doubt in layout.doubts}
        assert layout.columns[-1].field == heading.key or word in doubted, word


@pytest.mark.parametrize("kind", FIELDS)
def test_a_column_is_said_to_be_taken_over_exactly_when_its_ledger_reads_it(kind):
    read_by_ledger = {field.column_name for field in LEDGERS[kind].fields.values()}

    assert {h.key for h in FIELDS[kind] if h.is_read} == read_by_ledger


@pytest.mark.parametrize(
    ("kind", "heading", "key"),
    [
        ("projects", "企业全称", "investor"),
        ("projects", "项目单位", "investor"),
        ("projects", "计划总投资额", "planned"),
        ("projects", "总投资额(万元)", "planned"),
        ("projects", "其中：固投（亿元）", "fixed_assets"),
        ("projects", "拟签约时间", "planned_signing"),
        ("projects", "首次报送时间", "reported_on"),
        ("projects", "研判意见", "assessment"),
        ("projects", "存在困难和问题", "problems"),
        ("projects", "需协调事项", "problems"),
        ("projects", "联系人及电话", "contact"),
        ("projects", "对接情况", "progress"),
        ("projects", "进度、\n备注", "progress"),
        ("projects", "投资方联系电话", "phone"),
        ("projects", "算力规模（Ｐ）", "compute"),
        ("projects", "★ 包 抓 领 导", "leader"),
        ("projects", "固定资产投资总额", "fixed_assets"),
        ("projects", "资金到位率", None),
        ("projects", "项目负责人", None),
        ("projects", "投资方所在地", None),
        ("projects", "投资额（万美元）", None),
        ("visits", "我方带队", "delegation_head"),
        ("visits", "意向／诉求", "wants"),
        ("deals", "协议签订时间", "signed_on"),
        ("building", "投产／上线时间", "produced_on"),
        ("requests", "企业/项目", "subject"),
    ],
)
def test_a_heading_means_what_the_office_means(kind, heading, key):
    first = next(h for h in FIELDS[kind] if h.needed and h.key != key)

    layout = understand(book((first.synonyms[0], "备注", heading)), kind)

    assert layout.columns[2].field == key


def test_a_money_column_in_a_foreign_currency_is_not_taken_as_yuan():
    layout = understand(book(("项目名称", "投资方", "投资额（万美元）")), "projects")

    assert layout.missing == ["planned"]
    assert layout.notes == [
        "Columns that are not taken over: 投资额（万美元）.",
        "Columns that are missing: planned investment.",
    ]


def test_columns_come_in_any_order():
    layout = understand(book(HEADINGS[::-1], ROW[::-1]), "projects")

    assert [column.field for column in layout.columns] == [
        "progress", "planned", "investor", "name", None,
    ]  # fmt: skip


def test_of_two_columns_with_one_heading_the_left_one_counts_and_the_other_is_told():
    layout = understand(
        book(("项目名称", "投资方", "总投资", "联系人", "备注", "备注"), ("甲", "乙", D(1))),
        "projects",
    )

    assert [column.field for column in layout.columns][-2:] == ["note", None]
    assert layout.notes == ["Columns that are not taken over: 备注."]


def test_unknown_columns_are_kept_and_told():
    layout = understand(book((*HEADINGS, "星级"), (*ROW, "五星")), "projects")

    assert layout.columns[5].field is None
    assert layout.lines[0].values[5] == "五星"
    assert layout.notes == ["Columns that are not taken over: 星级."]


def test_what_comes_from_another_ledger_is_understood_but_not_taken_over():
    layout = understand(
        book(("项目名称", "投资主体", "签约时间", "签约金额", "当年到位资金")), "deals"
    )

    assert layout.columns[4].field == "arrived_year"
    assert layout.notes == ["Columns that are not taken over: 当年到位资金."]


def test_a_unit_of_landing_is_none_that_leads():
    both = understand(
        book(("项目名称", "投资主体", "签约时间", "签约金额", "落地单位", "牵头专班")), "deals"
    )

    assert [c.field for c in both.columns[4:]] == ["landing_team", "team"]


def test_columns_without_a_heading_are_named():
    layout = reserve((*ROW, None, "金额为负"))

    assert layout.notes == ["Columns without a heading, not taken over: G."]


# -- two levels ------------------------------------------------------------------------------------

TWO_LEVELS = (
    ("项目名称", "投资主体", "签约时间", "签约金额", None, "到位资金", None, None, "备注"),
    (None, None, None, "总额", "其中省外", "累计", "当年", "其中省外", None),
)
DOWN = [(1, place, 2, place) for place in (1, 2, 3, 9)]


AGAIN = (*TWO_LEVELS[0][:4], "签约金额", "到位资金", "到位资金", "到位资金", "备注")


@pytest.mark.parametrize(
    ("upper", "merges"),
    [
        (TWO_LEVELS[0], [(1, 4, 1, 5), (1, 6, 1, 8), *DOWN]),
        (TWO_LEVELS[0], []),
        (AGAIN, []),
    ],
    ids=["merged", "blank", "written again"],
)
def test_headings_of_two_levels_join_however_the_upper_one_goes_on(upper, merges):
    row = ("甲项目", "甲公司", "2024-05-01", D(9), D(1), D(3), D(2), D(1))

    layout = understand(book(upper, TWO_LEVELS[1], row, merges=merges), "deals")

    assert layout.header_rows == (1, 2)
    assert fields(layout) == {
        "项目名称": "project", "投资主体": "investor", "签约时间": "signed_on",
        "签约金额 总额": "amount", "签约金额 其中省外": "outside", "到位资金 累计": "arrived_total",
        "到位资金 当年": "arrived_year", "到位资金 其中省外": "arrived_outside", "备注": "note",
    }  # fmt: skip
    assert numbers(layout) == [3]


def test_formalities_and_compute_have_two_levels():
    layout = understand(
        book(
            ("项目名称", "开工时间", "手续办理", None, None, None, None, None, "算力规模"),
            (None, None, "备案", "用地", "规划", "环评", "节能", "施工许可", "规划P", "已上线P"),
            merges=[(1, 3, 1, 8), (1, 9, 1, 10), (1, 1, 2, 1), (1, 2, 2, 2)],
        ),
        "building",
    )

    assert [column.field for column in layout.columns] == [
        "name", "started_on", "filing", "land", "planning", "environment", "energy_review",
        "permit", "compute_planned", "compute_online",
    ]  # fmt: skip


def test_the_unit_of_an_upper_heading_holds_for_the_columns_below():
    layout = understand(
        book(
            ("项目名称", "投资方", "总投资（亿元）", None),
            (None, None, "合计", "其中固投"),
            merges=[(1, 3, 1, 4)],
        ),
        "projects",
    )

    assert [column.unit for column in layout.columns] == ["", "", "亿元", "亿元"]


def test_a_heading_merged_across_columns_does_not_swallow_the_first_row():
    layout = understand(
        book(
            ("项目名称", "投资方", "计划投资", "联系人及电话", None),
            ("甲项目", "甲公司", "约5亿", "王五", "13800000000"),
            merges=[(1, 4, 1, 5)],
        ),
        "projects",
    )

    assert (layout.header_rows, numbers(layout)) == ((1, 1), [2])


def test_a_merged_line_above_the_headings_is_no_upper_heading():
    layout = reserve(
        ROW, above=[("填报单位：示例园区", None, None, "单位：亿元")], merges=[(1, 1, 1, 3)]
    )

    assert (layout.header_rows, numbers(layout)) == ((2, 2), [3])


# -- doubts and memory -----------------------------------------------------------------------------


def test_a_money_heading_that_could_mean_two_things_is_a_doubt():
    layout = understand(book(("项目名称", "开工时间", "计划投资")), "building")

    assert layout.columns[2].field == "planned"
    assert layout.doubts == [Doubt(2, "计划投资", ("planned", "year_plan"))]


def test_a_neighbour_may_settle_what_a_money_heading_means():
    layout = understand(book(("项目名称", "开工时间", "计划投资", "总投资")), "building")

    assert [column.field for column in layout.columns[2:]] == ["year_plan", "planned"]
    assert layout.doubts == []


@pytest.mark.parametrize("heading", ["设备投资额", "本年计划投资额", "累计完成投资额"])
def test_a_part_of_the_investment_is_not_silently_the_whole(heading):
    layout = understand(book(("项目名称", "投资方", heading)), "projects")

    assert layout.columns[2].field is None
    assert layout.doubts == [Doubt(2, heading, ("planned",))]


def test_money_arrived_in_all_is_no_money_of_a_month():
    layout = understand(book(("项目名称", "月份", "累计到位资金")), "arrivals")

    assert layout.missing == ["amount"]
    assert layout.doubts == [Doubt(2, "累计到位资金", ("amount",))]


def test_two_columns_for_one_amount_are_a_doubt():
    layout = understand(book(("项目名称", "投资主体", "签约时间", "总投资", "签约金额")), "deals")

    assert layout.columns[4].field == "amount"
    assert layout.doubts == [Doubt(3, "总投资", ("amount",))]


def test_a_remembered_mapping_wins_and_settles_the_doubt():
    mapping = {"计划投资": "year_plan", "建设单位": "", "星级": "progress", "总投资": "nonsense"}

    layout = understand(
        book(("项目名称", "开工时间", "计划投资", "建设单位", "星级", "总投资(亿元)")),
        "building",
        mapping=mapping,
    )

    assert [column.field for column in layout.columns] == [
        "name", "started_on", "year_plan", None, "progress", None,
    ]  # fmt: skip
    assert layout.doubts == []


def test_a_mapping_finds_headings_that_nobody_else_would():
    layout = understand(
        book(("代号", "老板", "盘子"), ("甲", "乙", D(3))),
        "projects",
        mapping={"代号": "name", "老板": "investor", "盘子": "planned"},
    )

    assert layout.missing == []
    assert layout.lines == [Line(2, ("甲", "乙", D(3)))]


def test_the_fingerprint_is_that_of_kind_and_headings_in_any_order():
    one = understand(book(("项目名称", "投资方", "总投资（亿元）"), ROW), "projects")
    other = understand(book(("标题",), ("投 资\n方", "总投资", "项目名称")), "projects")
    another = understand(book(("项目名称", "投资方", "总投资", "备注")), "projects")

    assert one.fingerprint == other.fingerprint != another.fingerprint


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
