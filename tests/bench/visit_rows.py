"""A visit ledger of 20 columns with three foreign keys: firm, city and task force."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

import rustpy_xlsxwriter
from django.db import transaction

from crm import models
from crm.models.writing import add_all
from tests import make

HEADINGS = (
    "序号 日期 方式 城市 企业名称 对方人员 职务 联系电话 带队领导 我方人员 洽谈内容 意向诉求 成效"
    " 下一步 下次跟进时间 专班 外出批次 备注 填报单位 填报时间"
).split()
FIRST_DAY = date(2023, 1, 2)
FIRMS, CITIES, TEAMS = 2_000, 40, 9


def fill_register() -> None:
    """The firms with one person each, cities and task forces that the rows name; once."""
    if models.Company.objects.exists():
        return
    for number in range(CITIES):
        make.region(name=city(number))
    for number in range(TEAMS):
        make.team(number=number + 1, name=team(number))
    keeper = make.keeper()
    firms = [models.Company(name=company(number)) for number in range(FIRMS)]
    people = [
        models.Contact(company=firm, name=person(number), position="总经理",
                       mobile=f"139{number:08d}")
        for number, firm in enumerate(firms)
    ]  # fmt: skip
    with transaction.atomic():
        add_all(models.Company, firms, by=keeper)
        add_all(models.Contact, people, by=keeper)


def city(number: int) -> str:
    return f"测试{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{'东南西北'[number // 10 % 4]}市"


def team(number: int) -> str:
    return f"招商{'一二三四五六七八九'[number % TEAMS]}专班"


def company(number: int) -> str:
    return f"测试河湟{number % FIRMS:04d}号新能源科技有限公司"


def person(number: int) -> str:
    return f"王{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{number % FIRMS}"


def rows(count: int) -> Iterator[list]:
    """Every row another visit; a firm is met by the same team on other days."""
    for n in range(count):
        firm = n % FIRMS
        day = FIRST_DAY + timedelta(days=(n // FIRMS) * 7 + n % 7)
        yield [
            n + 1, day.isoformat(), "外出拜访", city(n), company(firm), person(firm), "总经理",
            f"139{firm:08d}", "张副主任", "李科长、王干事",
            f"第{n}次座谈：介绍南川工业园区的绿电与算力优势，企业有意布局二期。",
            "希望了解电价政策", "有意向", "寄送园区资料",
            (day + timedelta(days=14)).isoformat(), team(n), None, "材料已归档", "市投促局",
            "2025-11-20",
        ]  # fmt: skip


def workbook(count: int) -> bytes:
    target = io.BytesIO()
    records = (dict(zip(HEADINGS, row, strict=True)) for row in rows(count))
    rustpy_xlsxwriter.write_worksheet(records, target, sheet_name="拜访台账")
    return target.getvalue()


def clear() -> None:
    """Take out what an import wrote, so that the next one starts from the same tables."""
    from django.contrib.admin.models import LogEntry

    models.ImportRow.objects.all().delete()
    models.ImportJob.objects.all().delete()
    LogEntry.objects.all().delete()
    models.Visit.objects.all().delete()
