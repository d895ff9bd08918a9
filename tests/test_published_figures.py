"""17 deals of 88.62亿元 and 72 reserve projects over 220亿元 in 2024: the same in every place.

One function a place; each reads what people read there. The figures are those of the article, the
rows behind them the sample's.
"""

import json
import re
from decimal import Decimal
from io import BytesIO, StringIO

import docx
import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction

from crm import facts, indicators, sample
from crm.indicators import whole_city
from crm.money import format_yuan
from crm.periods import Period

from . import make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEAR = Period.year(2024)
DEALS, SIGNED = 17, Decimal(8_862_000_000)
RESERVE, AT_LEAST = 72, Decimal(22_000_000_000)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The article's facts and the sample rows, once for all places; taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        facts.load()
        sample.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def published(loaded, db):
    """What the indicators say; every place is compared with it, and it with the article."""
    figures = {
        key: indicators.REGISTRY[key](whole_city(), YEAR).value
        for key in ("deals_signed", "signed_yuan", "reserve_projects", "reserve_planned_yuan")
    }
    assert (figures["deals_signed"], figures["signed_yuan"]) == (DEALS, SIGNED)
    assert figures["reserve_projects"] == RESERVE
    assert figures["reserve_planned_yuan"] > AT_LEAST
    return figures


@pytest.fixture
def reader(published, client):
    """A browser of somebody who reads the whole city and may take reports out."""
    client.force_login(make.user("statistician"))
    return client


def export(name: str, ending: str, folder, *more: str):
    target = folder / f"{name}.{ending}"
    call_command(
        "export_report", name, "--year", "2024", "--output", str(target), *more, stdout=StringIO()
    )
    return target.read_bytes()


def in_unit(yuan: Decimal) -> Decimal:
    return yuan / 10_000


def test_the_indicators_command(published):
    out = StringIO()
    call_command("indicators", "--year", "2024", "--format", "json", stdout=out)
    said = json.loads(out.getvalue())

    assert (said["deals_signed"], said["signed_yuan"]) == (DEALS, "8862000000.00")
    assert said["reserve_projects"] == RESERVE
    assert Decimal(said["reserve_planned_yuan"]) == published["reserve_planned_yuan"]


def said_on(page: str) -> dict[str, str]:
    """What stands in big type on a page, by the figure it is."""
    found = re.findall(r'data-figure="(\w+)">.*?<p class="figure">(.*?)</p>', page, re.DOTALL)
    return {key: re.sub(r"<[^>]+>|\s", "", text) for key, text in found}


def test_the_workbench(reader, published):
    page = reader.get("/?year=2024").content.decode()

    said = said_on(page)
    assert (said["deals_signed"], said["signed_yuan"]) == ("17个", "88.62亿元")
    assert said["reserve_projects"] == "72个"
    assert format_yuan(published["reserve_planned_yuan"]) in page


def test_the_wall_screen(reader, published):
    page = reader.get(f"/wall/{make.wall_token().secret}/").content.decode()

    said = said_on(page)
    assert (said["deals_signed"], said["signed_yuan"]) == ("17个", "88.62亿元")
    assert said["reserve_projects"] == "72个"
    assert format_yuan(published["reserve_planned_yuan"]) in page


def test_the_board_of_those_in_reserve(reader, published):
    page = reader.get("/board/?stood_in=reserve&cut=2024-12-31")
    figures = [column["figures"] for column in page.context["columns"]]

    assert sum(column.count for column in figures) == RESERVE
    assert sum(column.planned_yuan for column in figures) == published["reserve_planned_yuan"]


def test_the_lists(reader, published):
    signed = reader.get("/crm/project/?signed=2024").context["cl"]
    deals = reader.get("/crm/deal/?year=2024&counting=formal").context["cl"]
    pool = reader.get("/crm/project/?stood_in=reserve&cut=2024-12-31").context["cl"]

    assert signed.result_count == DEALS
    assert sum(deal.amount_yuan or 0 for deal in deals.queryset) == SIGNED
    assert pool.result_count == RESERVE
    planned = sum(project.planned_yuan or 0 for project in pool.queryset)
    assert planned == published["reserve_planned_yuan"]


def test_the_report_pages(reader, published):
    signed = reader.get("/reports/signed_projects/?year=2024").context["table"]
    pool = reader.get("/reports/reserve_pool/?year=2024").context["table"]

    assert signed.total[1] == "合计：17 个项目"
    assert signed.total[5] == in_unit(SIGNED)
    assert pool.total[1:3] == (RESERVE, in_unit(published["reserve_planned_yuan"]))


def test_the_lists_behind_the_report_pages(reader):
    for name, cell, count in (("signed_projects", 1, DEALS), ("reserve_pool", 1, RESERVE)):
        page = reader.get(f"/reports/{name}/?year=2024")
        link = page.context["total"][cell]["url"]

        assert reader.get(link).context["cl"].result_count == count


@pytest.mark.parametrize("by", ["chain", "park", "size", "team"])
def test_the_reserve_adds_up_however_it_is_split(reader, published, by):
    table = reader.get(f"/reports/reserve_pool/?year=2024&by={by}").context["table"]

    assert sum(row[1] for row in table.rows) == RESERVE
    planned = sum(row[2] or 0 for row in table.rows)
    assert planned == in_unit(published["reserve_planned_yuan"])


def test_the_workbook_of_the_page(reader):
    content = reader.get("/reports/signed_projects/?year=2024&format=xlsx").content
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]

    assert len(rows) == DEALS
    assert sum(row[5] for row in rows if row[5] != "待定") == in_unit(SIGNED)


def test_the_csv_of_the_page(reader):
    text = reader.get("/reports/signed_projects/?year=2024&format=csv").content.decode("utf-8-sig")

    assert "合计：17 个项目" in text
    assert ",886200," in text


def test_the_workbook_of_the_command(published, tmp_path):
    for name, cell, value in (
        ("signed_projects", 6, in_unit(SIGNED)),
        ("reserve_pool", 3, in_unit(published["reserve_planned_yuan"])),
    ):
        sheet = openpyxl.load_workbook(BytesIO(export(name, "xlsx", tmp_path))).active
        total = next(row for row in sheet.iter_rows(min_row=4) if _is_total(row))
        assert total[cell - 1].value == value


def _is_total(row) -> bool:
    return any(str(cell.value or "").startswith("合计") for cell in row)


def test_the_word_file_of_the_command(published, tmp_path):
    document = docx.Document(BytesIO(export("signed_projects", "docx", tmp_path)))
    total = [cell.text for cell in document.tables[0].rows[-1].cells]
    pool = docx.Document(BytesIO(export("reserve_pool", "docx", tmp_path)))

    assert (total[1], total[5]) == ("合计：17 个项目", "886,200")
    assert len(document.tables[0].rows) == DEALS + 2
    planned = f"{in_unit(published['reserve_planned_yuan']):,.0f}"
    assert [cell.text for cell in pool.tables[0].rows[-1].cells][1:3] == ["72", planned]


def test_the_csv_of_the_command(published, tmp_path):
    text = export("reserve_pool", "csv", tmp_path).decode("utf-8-sig")
    total = next(line for line in text.splitlines() if line.startswith("合计"))

    assert total.split(",")[1] == "72"
    assert Decimal(total.split(",")[2]) == in_unit(published["reserve_planned_yuan"])


def test_the_json_of_the_command(published, tmp_path):
    signed = json.loads(export("signed_projects", "json", tmp_path))
    pool = json.loads(export("reserve_pool", "json", tmp_path))

    assert (len(signed["rows"]), signed["total"][5]) == (DEALS, "8862000000.00")
    assert pool["total"][1] == RESERVE
    assert Decimal(pool["total"][2]) == published["reserve_planned_yuan"]


def test_the_pipeline_report(published, tmp_path):
    rows = json.loads(export("pipeline", "json", tmp_path))["rows"]

    assert sum(row[3] == "储备" for row in rows) == RESERVE
    signed = sum(Decimal(row[10]) for row in rows if row[10] is not None)
    assert signed == SIGNED
