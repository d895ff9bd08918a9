"""A reserve ledger of 300 rows as an office hands it over, made anew for every run.

A merged title, a unit line, headings in two rows, groups with subtotals, dates and amounts spelled
in every way, eight rows that nobody can take, totals that disagree, and signatures below.
"""

import io
from datetime import date

import openpyxl
from openpyxl.styles import Alignment, Font

ROWS = 300
YEAR = 2026
HEAD = (
    ("序号", "项目名称", "投资方", "建设内容\n及规模", "总投资", None, "所属产业链", "拟选址",
     "责任单位", "首报时间", "联系人及电话", "进展情况", "计划签约\n时　间", "备注"),
    (None, None, None, None, "合计", "其中：固投"),
)  # fmt: skip
GROUPS = (
    ("智算", "智算、超算与边缘运营", "南川工业园区"), ("绿电", "储能系统集成", "东川工业园区"),
    ("数据", "数据标注", "北川片区"), ("光伏", "组件", "东川园区"), ("装备", "逆变器", "南川园区"),
    ("应用", "大模型与模型服务", "城西商务区"),
)  # fmt: skip
AMOUNTS = (
    1.8, "3.6亿元", "８０００万元", "约2.5亿", "3-5亿元", "待定", "超12亿元", "一亿五千万",
    "7,000万元", "1.2亿元（其中固投0.8亿元）",
)  # fmt: skip
DAYS = (
    "2026.5.12", "2026年5月12日", date(2026, 5, 12), "20260512", "5月12日", "2026年5月中旬",
    "二〇二六年五月十二日", "2026/5/12", 46154, "2026-05-12",
)  # fmt: skip
NUMERALS = "一二三四五六七八九"
# What is wrong → (column, value); one row each.
WRONG = (
    ("E", "-300"), ("E", "NaN"), ("J", "2026-02-30"), ("J", 2026.1), ("J", "2027年3月1日"),
    ("I", "招商十八专班"), ("C", None), ("E", "若干"),
)  # fmt: skip
# A project that everybody's demo has, with something new about it.
KNOWN = ("摩尔线程国产万卡智算中心", "摩尔线程", "新增：机房已完成装修")


def messy_ledger() -> bytes:
    """The workbook."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "储备项目"
    _head(page)
    wrong = iter(WRONG)
    for group, (name, segment, park) in enumerate(GROUPS):
        size = ROWS // len(GROUPS)
        page.append([f"{NUMERALS[group]}、{name}类（{size}个）"])
        for n in range(size):
            page.append(_row(group * size + n, name, segment, park))
            if n in (7, 31) and (fault := next(wrong, None)):
                page[f"{fault[0]}{page.max_row}"] = fault[1]
        page.append(["小计", None, None, None, 88.8])
    _put_known(page)
    page.append(["合计", None, None, None, 520.5, 300])
    page.append(["备注：金额以投资协议为准。"])
    page.append(["填表人：示例", None, None, None, None, None, None, None, "审核人：示例"])
    old = book.create_sheet("旧数据")
    old.append(["项目名称", "投资方"])
    old.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _head(page) -> None:
    page.append([f"西宁市绿色算力产业{YEAR}年储备项目台账"])
    page.append(["填报单位：市招商专班办公室", *[None] * 11, "单位：亿元"])
    for row in HEAD:
        page.append(row)
    for area in ("A1:N1", "A2:D2", "M2:N2", "E3:F3", *(f"{c}3:{c}4" for c in "ABCDGHIJKLMN")):
        page.merge_cells(area)
    page["A1"].font, page["A1"].alignment = Font(size=18, bold=True), Alignment("center")


def _row(number: int, name: str, segment: str, park: str) -> list:
    team = f"招商{NUMERALS[number // 4 % 9]}专班"
    amount = AMOUNTS[number % len(AMOUNTS)]
    return [
        number + 1, f"示例{name}第{number + 1}期项目", f"示例{name}{number + 1:03d}号\n有限公司",
        f"建设{name}设施，规模{number % 7 + 1}00P" if name == "智算" else f"建设{name}设施",
        amount, 0.5 if number % 5 == 0 else "/", segment, park,
        team if number % 4 == 0 else "同上", DAYS[number % len(DAYS)],
        f"示例{NUMERALS[number % 9]}1390000{number:04d}", "洽谈投资协议\n已两次会商",
        ("下半年", "2026年12月", "年底", None)[number % 4], None,
    ]  # fmt: skip


def _put_known(page) -> None:
    row = [None] * len(HEAD[0])
    row[0], row[1], row[2], row[11] = ROWS + 1, *KNOWN
    page.append(row)
