"""What tests of a layout ask: a reserve ledger of some rows, and what was understood of it."""

from decimal import Decimal

from crm.ledgers.book import Book, Sheet
from crm.ledgers.layout import understand

D = Decimal


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
TWO_LEVELS = (
    ("项目名称", "投资主体", "签约时间", "签约金额", None, "到位资金", None, None, "备注"),
    (None, None, None, "总额", "其中省外", "累计", "当年", "其中省外", None),
)


def reserve(*rows, above=(), merges=(), **more):
    return understand(book(*above, HEADINGS, *rows, merges=merges, **more), "projects")
