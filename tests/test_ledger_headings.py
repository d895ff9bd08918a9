"""What the columns of a ledger mean, and what is asked when they may mean several things."""

import pytest

from crm.ledgers.headings import FIELDS, normal
from crm.ledgers.kinds import LEDGERS
from crm.ledgers.layout import Doubt, Line, understand
from tests.ledger_layouts import (
    HEADINGS,
    ROW,
    TWO_LEVELS,
    D,
    book,
    fields,
    numbers,
    reserve,
)

pytestmark = pytest.mark.usefixtures("english")


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
