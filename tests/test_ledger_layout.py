"""Which row heads a ledger, and what stands above it."""

from datetime import date

import pytest

from crm.ledgers.book import Book, Sheet
from crm.ledgers.headings import unit_of
from crm.ledgers.layout import Skipped, understand
from crm.ledgers.reading import read
from tests import ledger_samples
from tests.ledger_layouts import HEADINGS, ROW, D, book, fields, numbers, reasons, reserve

pytestmark = pytest.mark.usefixtures("english")


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
