"""Ledgers out: layout, values and their types, totals, what is closed, and how much it asks for."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm import models
from crm.ledgers.exporting import Reading, export
from crm.ledgers.headings import FIELDS
from crm.ledgers.kinds import LEDGERS
from crm.ledgers.layout import understand
from crm.ledgers.reading import read
from crm.ledgers.sheets import SHEETS
from crm.periods import today

from . import make

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


def rows_of(kind: str, user):
    return SHEETS[kind].model.objects.live().visible_to(user).order_by("pk")


def exported(kind: str, user=None, **options) -> bytes:
    user = user or make.user("bureau")
    target = io.BytesIO()
    export(kind, rows_of(kind, user), user, to=target, **options)
    return target.getvalue()


def page_of(kind: str, user=None, **options):
    return openpyxl.load_workbook(io.BytesIO(exported(kind, user, **options))).active


def json_of(kind: str, user=None, **options) -> dict:
    return json.loads(exported(kind, user, format="json", **options))


def csv_of(kind: str, user=None, **options) -> list[list[str]]:
    text = exported(kind, user, format="csv", **options).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def only(kind: str, user=None, **options) -> dict:
    """The one row of an export as {key: value}."""
    (row,) = json_of(kind, user, **options)["rows"]
    return row


def full_project(mark: str = ""):
    """A project with something in every column of the reserve list."""
    firm = make.company(name=f"新华三{mark}集团有限公司")
    project = make.project(
        stage="reserve", on=date(2024, 5, 1), name=f"图灵小镇{mark}", lead_investor=firm,
        team=make.team(name="招商一专班"), segment=make.segment(name="智算运营"),
        park=make.park(name=f"西宁经济技术开发区南川工业园区{mark}", short_name="南川工业园区"),
        planned_yuan=Decimal("7000000000.01"), fixed_assets_yuan=Decimal(5_000_000_000),
        planned_signing_on=date(2025, 5, 1), sponsoring_leader="张副市长", content="建设万卡集群",
        contact=make.contact(company=firm, name="王五", mobile=PHONE),
    )  # fmt: skip
    make.project_investor(project=project, company=make.company(name=f"阿里云{mark}计算有限公司"))
    make.factor_needs(project=project, land_mu=Decimal("30.50"), load_mw=Decimal(30))
    make.compute_capacity(project=project, planned_p=Decimal(10_000))
    return project


# -- values ----------------------------------------------------------------------------------------


def test_a_reserve_project_fills_every_column():
    project = full_project()

    assert only("projects") == {
        "name": "图灵小镇", "investor": "新华三集团有限公司、阿里云计算有限公司",
        "content": "建设万卡集群", "planned": "700000.000001", "fixed_assets": "500000.00",
        "segment": "智算运营", "park": "南川工业园区", "land": "用地30.5亩", "energy": "",
        "compute": 10000, "compute_kinds": None, "team": "招商一专班",
        "reported_on": "2024-05-01", "progress": "",
        "next_step": f"送交合同（{make.days_ago(-14)}）",
        "assessment": "通过", "planned_signing": "2025-05", "problems": "", "leader": "张副市长",
        "contact": "王五", "phone": PHONE, "code": project.number, "note": "",
    }  # fmt: skip


def told(**lines: str) -> str:
    """Content as an import composes it: each column without a field under its heading."""
    headings = {column.key: column.label for column in SHEETS["projects"].columns}
    return "\n".join(["万卡集群\n二期待定", *(f"{headings[k]}：{v}" for k, v in lines.items())])


@pytest.mark.parametrize(
    ("columns", "left"),
    [
        (["content", "progress", "problems", "energy"], {}),
        (["content", "energy"], {"progress": "洽谈中\n已两次对接", "problems": "用地"}),
        (["content"], {"progress": "洽谈中\n已两次对接", "problems": "用地", "energy": "30MW"}),
    ],
)
def test_what_a_ledger_told_in_other_columns_comes_back_in_them(columns, left):
    lines = {"progress": "洽谈中\n已两次对接", "problems": "用地", "energy": "30MW"}
    make.project(content=told(**lines))

    assert only("projects", columns=columns) == {
        "content": told(**left), **{key: lines[key] for key in columns[1:]},
    }  # fmt: skip


def test_the_summary_stands_where_there_is_no_content():
    make.project(summary="建设算力中心", content="")

    assert only("projects")["content"] == "建设算力中心"


def test_a_deal_carries_its_project_parties_money_and_credit():
    first, landing = make.team(name="招商一专班"), make.team(name="招商二专班")
    project = make.project(name="图灵小镇", team=first, on=date(2024, 1, 1))
    make.credit_share(project=project, task_force=first, percent=Decimal("62.50"))
    make.credit_share(project=project, task_force=landing, percent=Decimal("37.50"), part="landing")
    deal = make.deal(
        project=project, number="HT-1", amount_yuan=Decimal("300000000"), kind="framework",
        signed_on=date(2024, 7, 21), outside_yuan=Decimal("10000"), event=make.event(name="青洽会"),
    )  # fmt: skip
    make.deal_party(deal=deal, name="新华三技术有限公司")
    make.deal_party(deal=deal, name="西宁市人民政府", side="city")
    this_year = today().replace(day=1)
    make.arrival(project=project, month=this_year, amount_yuan=Decimal(20_000))
    make.arrival(project=project, month=date(2024, 8, 1), amount_yuan=5_000, origin="inside")
    make.arrival(project=project, month=date(2024, 9, 1), amount_yuan=99, state="rejected")

    row = only("deals")

    assert [row[key] for key in ("project", "party", "number", "kind", "signed_on", "event")] == [
        "图灵小镇", "新华三技术有限公司", "HT-1", "框架协议", "2024-07-21", "青洽会",
    ]  # fmt: skip
    assert [row[key] for key in ("amount", "outside")] == ["30000.00", "1.00"]
    assert [row[f"arrived_{key}"] for key in ("total", "year", "outside")] == [
        "2.50", "2.00", "2.00",
    ]  # fmt: skip
    assert [row[key] for key in ("first_team", "landing_team", "share")] == [
        "招商一专班", "招商二专班", "招商一专班62.5%、招商二专班37.5%",
    ]  # fmt: skip


def test_a_firm_carries_names_marks_segments_and_its_main_contact():
    chain = make.chain(name="算")
    firm = make.company(
        name="新华三集团有限公司", uscc=make.uscc(), revenue_yuan=Decimal("12345678.90"),
        segments=[make.segment(name="整机", chain=chain), make.segment(name="运营", chain=chain)],
        industry=make.industry(code="I65", name="软件业"), ownership="private", key_tier="A",
    )  # fmt: skip
    make.company_name(company=firm, name="新华三")
    make.company_name(company=firm, name="杭州华三", kind="former")
    make.company_mark(company=firm, mark="chain_leader", year=2023)
    make.company_mark(company=firm, mark="chain_leader", year=2024)
    make.company_mark(company=firm, mark="listed")
    make.contact(company=firm, name="前任", has_left=True)
    make.contact(company=firm, name="副手")
    make.contact(company=firm, name="王五", position="总裁", is_primary=True, mobile=PHONE)

    row = only("companies")

    assert [row[k] for k in ("short_name", "segment", "industry", "ownership", "revenue")] == [
        "新华三", "整机、运营", "I65 软件业", "民企", "1234.56789",
    ]  # fmt: skip
    assert row["marks"].split("、") == [
        str(models.CompanyMark.Mark.CHAIN_LEADER.label), str(models.CompanyMark.Mark.LISTED.label),
    ]  # fmt: skip
    assert [row[k] for k in ("contact", "position", "phone")] == ["王五", "总裁", PHONE]


def test_a_segment_name_of_two_chains_is_told_with_its_chain():
    one, two = make.chain(name="光"), make.chain(name="储")
    segment = make.segment(name="组件", chain=one)
    make.segment(name="组件", chain=two)
    make.company(segments=[segment])

    assert only("companies")["segment"] == "光 · 组件"


def test_a_visit_names_the_people_of_both_sides():
    firm = make.company()
    trip = make.trip(name="赴广州")
    make.visit(
        company=firm, trip=trip, held_on=date(2024, 4, 9), outcome="none",
        their_people=[make.contact(company=firm, name="王五", position="总裁", mobile=PHONE)],
        their_people_text="秘书", our_people=[make.user(full_name="李四")], our_people_text="王六",
        next_step="回访", next_step_on=date(2024, 5, 1), next_step_owner=make.user(username="zhao"),
    )  # fmt: skip
    row = only("visits")

    assert [row[k] for k in ("held_on", "mode", "their_people", "position", "phone")] == [
        "2024-04-09", "外出拜访", "王五、秘书", "总裁", PHONE,
    ]  # fmt: skip
    assert [row[k] for k in ("our_people", "next_step_owner", "trip", "outcome")] == [
        "李四、王六", "zhao", "赴广州", None,
    ]  # fmt: skip


def test_trips_requests_and_arrivals_are_told_in_words():
    team, other = make.team(name="招商一专班"), make.team(name="招商二专班")
    trip = make.trip(
        task_force=team, joint_teams=[other], cities=[make.region(name="广州市")],
        started_on=date(2024, 4, 8), ended_on=date(2024, 4, 12), people_count=6,
    )  # fmt: skip
    make.visit(trip=trip, company=make.company(name="示例软件有限公司"), task_force=team)
    make.request(closed_on=None, co_departments=[make.department(name="供电公司")])
    make.arrival(month=date(2024, 8, 1), amount_yuan=Decimal("1.01"), origin="inside")

    trips, requests, arrivals = only("trips"), only("requests"), only("arrivals")

    assert [trips[k] for k in ("dates", "cities", "firms", "team", "joint_teams")] == [
        "2024年4月8日至2024年4月12日", "广州市", "示例软件有限公司", "招商一专班", "招商二专班",
    ]  # fmt: skip
    assert requests["co_departments"] == "供电公司"
    assert (arrivals["month"], arrivals["amount"]) == ("2024-08", "0.000101")


def test_a_project_under_construction_shows_its_formalities():
    project = make.project(stage="building", on=date(2024, 5, 1))
    make.milestone(project=project, kind="land", document_no="青(2024)1号", actual_on=None)
    make.milestone(project=project, kind="energy", actual_on=date(2024, 6, 1))
    make.milestone(project=project, kind="environment", is_not_applicable=True)
    make.milestone(project=project, kind="completion", planned_on=date(2025, 9, 1))
    make.compute_capacity(project=project, planned_p=2000, online_p=Decimal("500.5"), racks=80)
    make.compute_capacity(project=project, kind="general", planned_p=300, racks=20)
    alone = make.project(stage="building", on=date(2024, 5, 1), name="单一算力")
    make.compute_capacity(project=alone, planned_p=2000, online_p=Decimal("500.5"), racks=80)

    row, single = json_of("building")["rows"]

    assert [row[k] for k in ("land", "energy_review", "environment", "planned_completion")] == [
        "青(2024)1号", "2024-06-01", "不涉及", "2025-09-01",
    ]  # fmt: skip
    assert [row[k] for k in ("compute_planned", "compute_online", "racks")] == [None] * 3
    assert row["compute_kinds"].startswith("智算 2000P ")
    assert "、通算 300P " in row["compute_kinds"]
    assert [single[k] for k in ("compute_planned", "compute_online", "racks", "compute_kinds")] == [
        2000, "500.5", 80, None,
    ]  # fmt: skip


# -- amounts and dates that are not exact ----------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "cell"),
    [
        ({"planned_yuan": Decimal(500_000_000), "planned_precision": "about",
          "planned_text": "约5个亿"}, "约5个亿"),
        ({"planned_yuan": Decimal(500_000_000), "planned_precision": "about",
          "planned_text": "约5"}, "约5亿元"),
        ({"planned_yuan": Decimal(22_000_000_000), "planned_precision": "at_least"},
         "不低于220亿元"),
        ({"planned_yuan": Decimal(500_000_000), "planned_precision": "range",
          "planned_upper_yuan": Decimal(800_000_000)}, "5亿元至8亿元"),
        ({"planned_precision": "undetermined"}, "待定"),
        ({"planned_yuan": Decimal(36_000), "planned_text": "3.6万"}, "3.60"),
        ({}, None),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_exact_says_so_in_words(amount, cell):
    make.project(**amount)

    assert only("projects")["planned"] == cell


def test_a_foreign_amount_is_told_as_it_was_signed():
    make.deal(amount_yuan=Decimal(210_000_000), currency="USD", original_amount=30_000_000,
              amount_text="3000万美元(折2.1亿元)")  # fmt: skip

    assert only("deals")["amount"] == "3000万美元(折2.1亿元)"


@pytest.mark.parametrize(
    ("written", "cell"),
    [("2024年8月", "2024年8月"), ("8月", "2024-08-01"), ("2024.8.1", "2024-08-01")],
)
def test_a_date_known_to_the_month_stays_a_month(written, cell):
    make.deal(signed_on=date(2024, 8, 1), signed_text=written)

    assert only("deals")["signed_on"] == cell


# -- the workbook ----------------------------------------------------------------------------------


def test_the_workbook_has_title_date_unit_headings_rows_total_and_notes():
    full_project()
    make.project(name="二号", planned_yuan=Decimal("0.05"), planned_precision="about")
    make.project(name="三号")
    page = page_of("projects")

    assert page["A1"].value == _("Ledger of reserve projects")
    assert str(today().year) in page["A2"].value
    assert page["X2"].value == _("unit: %(unit)s") % {"unit": "万元"}
    assert [page.cell(3, place).value for place in (1, 2, 5)] == [
        _("no."), _("project name"), _("planned investment"),
    ]  # fmt: skip
    assert [page.cell(row, 1).value for row in (4, 5, 6)] == [1, 2, 3]
    assert (page["E4"].value, page["E5"].value, page["E6"].value) == (
        700000.000001, "约0.05元", None,
    )  # fmt: skip
    assert [page.cell(7, place).value for place in (1, 2, 5, 6)] == [
        _("sum"), "共 3 条" if _("sum") == "合计" else "3 rows", 700000.000006, 500000,
    ]  # fmt: skip
    assert [page.cell(row, 1).value is not None for row in (8, 9, 10, 11)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_cells_have_the_type_and_look_of_their_kind():
    full_project()
    page = page_of("projects")

    assert (page["E4"].number_format, page["F4"].number_format) == ("#,##0.00", "#,##0")
    assert (page["N4"].is_date, page["N4"].number_format) == (True, "yyyy-mm-dd")
    assert (page["R4"].value.date(), page["R4"].number_format) == (date(2025, 5, 1), "yyyy-mm")
    assert (page["V4"].value, page["V4"].data_type) == (PHONE, "s")
    assert (page["B4"].font.name, page["B4"].border.left.style) == ("SimSun", "thin")
    assert (page["B3"].font.name, page["A1"].font.name) == ("SimHei", "SimHei")
    assert page["E5"].font.bold


def test_the_workbook_prints_on_a4_landscape_with_its_headings_on_every_page():
    make.deal()
    page = page_of("deals")

    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$3:$4"
    assert page.freeze_panes == "C5"
    assert "&P" in page.oddFooter.center.text


def test_grouped_headings_are_merged_over_their_columns():
    make.deal()
    page = page_of("deals")
    merges = {str(area) for area in page.merged_cells.ranges}

    assert {"A1:Y1", "A3:A4", "B3:B4", "P3:R3"} <= merges
    assert page["P3"].value == _("money arrived")
    assert [page[f"{letter}4"].value for letter in "PQR"] == [
        _("cumulative"), _("this year"), _("of which outside money"),
    ]  # fmt: skip


def test_a_ledger_without_groups_has_one_row_of_headings():
    make.trip()

    assert page_of("trips").print_title_rows == "$3:$3"


@pytest.mark.parametrize("kind", SHEETS)
def test_every_ledger_is_written_even_without_rows(kind):
    page = page_of(kind)
    headings = 4 if any(column.group for column in SHEETS[kind].columns) else 3

    assert page.max_column == len(SHEETS[kind].columns) + 1
    assert page.cell(headings + 1, 1).value == _("sum")


def test_totals_are_the_exact_sums_of_the_rows():
    yuan = [Decimal("0.01"), Decimal("123456789012.34"), Decimal("99999999999.99")] * 7
    for amount in yuan:
        make.deal(amount_yuan=amount)
    user = make.user("bureau")
    reading = Reading(SHEETS["deals"], rows_of("deals", user), user, "元")
    list(reading)

    assert reading.totals["amount"] == sum(yuan)
    assert json_of("deals", user, unit="元")["totals"]["amount"] == f"{sum(yuan)}"


@pytest.mark.parametrize(
    ("unit", "amount"), [("元", "12345678.90"), ("万元", "1234.56789"), ("亿元", "0.123456789")]
)
def test_money_stands_in_the_wanted_unit_exactly(unit, amount):
    make.deal(amount_yuan=Decimal("12345678.90"))

    assert only("deals", unit=unit)["amount"] == amount
    assert page_of("deals", unit=unit)["I5"].value == float(amount)


AWKWARD = ["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "-2", "+1", "<b>&amp;", "_x0041_", "00123",
           "一\n二", " 两边 ", "a\x0bb", "😀"]  # fmt: skip


def test_text_stays_text_whatever_it_looks_like():
    for text in AWKWARD:
        make.trip(name=text)
    data = exported("trips")
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    cells = [page.cell(row, 2) for row in range(4, 4 + len(AWKWARD))]

    assert {cell.data_type for cell in cells} == {"s"}
    # openpyxl leaves the escapes as they stand; Excel and LibreOffice do not.
    read = [cell.value.replace("_x005F", "").replace("_x000B_", "\x0b") for cell in cells]
    assert read == AWKWARD
    assert "<f>" not in sheet
    assert "_x005F_x0041_" in sheet
    assert "a_x000B_b" in sheet


def test_high_rows_have_room_for_their_text():
    make.trip(summary="很长的成效" * 40)
    make.trip(name="短", summary="短")
    page = page_of("trips")

    assert page.row_dimensions[4].height > 100
    assert page.row_dimensions[5].height < 20


def test_sample_rows_are_announced_above_the_table():
    make.trip(is_sample=True)

    assert page_of("trips")["A2"].value.startswith(_("contains sample data"))


def test_no_name_of_a_person_or_machine_is_in_the_file():
    core = zipfile.ZipFile(io.BytesIO(exported("trips"))).read("docProps/core.xml").decode()

    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core


# -- csv and json ----------------------------------------------------------------------------------


def test_csv_has_a_byte_order_mark_one_heading_row_and_units_in_it():
    make.deal(amount_yuan=Decimal(70_000))
    head, row = csv_of("deals")

    assert exported("deals", format="csv").startswith(b"\xef\xbb\xbf")
    assert head[:2] == [_("no."), _("project name")]
    assert head[8] == f"{_('amount signed')}（万元）"
    assert (row[0], row[8]) == ("1", "7.00")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", " =1", "\t=1"]
)
def test_csv_text_that_looks_like_a_formula_gets_an_apostrophe(text):
    make.trip(name=text)

    assert csv_of("trips")[1][1] == f"'{text}"


def test_csv_quotes_line_breaks_commas_and_quotation_marks():
    make.trip(name='一,"二"\n三')

    assert csv_of("trips")[1][1] == '一,"二"\n三'


def test_json_says_what_it_holds():
    make.deal(amount_yuan=Decimal("0.01"))
    found = json_of("deals", columns=["project", "amount"])

    assert [found[key] for key in ("kind", "unit", "as_of", "count")] == [
        "deals", "万元", today().isoformat(), 1,
    ]  # fmt: skip
    assert [column["key"] for column in found["columns"]] == ["project", "amount"]
    assert (found["rows"][0]["amount"], found["totals"]) == ("0.000001", {"amount": "0.000001"})


# -- choosing --------------------------------------------------------------------------------------


def test_chosen_columns_come_in_the_chosen_order():
    make.project()
    page = page_of("projects", columns=["planned", "name", "team"])

    assert [cell.value for cell in page[3]] == [
        _("no."), _("planned investment"), _("project name"), _("first reporting task force"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [{"columns": ["name", "password"]}, {"columns": []}, {"format": "exe"}, {"unit": "美元"}],
)
def test_what_is_not_offered_is_refused(options):
    with pytest.raises(ValidationError):
        exported("projects", **options)


def test_one_column_alone_makes_a_sheet():
    make.project(name="甲")

    assert page_of("projects", columns=["name"])["B4"].value == "甲"


def test_the_number_of_rows_is_returned():
    make.trip()
    make.trip()
    user = make.user("bureau")

    assert export("trips", rows_of("trips", user), user, to=io.BytesIO()) == 2


# -- who sees what ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["bureau", "statistician", "leader"])
def test_phones_stay_in_the_house_for_whoever_does_not_work_with_the_firm(role):
    project = full_project()
    make.visit(
        company=project.lead_investor, project=project, held_on=date(2024, 5, 2),
        their_people=[project.contact],
    )  # fmt: skip
    user = make.user(role)

    kinds = ("projects", "visits", "companies", "contacts")
    texts = {kind: exported(kind, user, format="csv").decode() for kind in kinds}

    may = role == "bureau"
    assert {kind: PHONE in text for kind, text in texts.items()} == dict.fromkeys(kinds, may)
    assert [kind for kind, text in texts.items() if PHONE[-4:] in text and not may] == []


def test_a_team_reads_the_people_of_its_own_and_of_free_firms_only():
    own, other = make.team(), make.team()
    user = make.user("team_lead", team=own)
    firms = [make.company(owning_team=own), make.company(), make.company(owning_team=other)]
    for firm in firms:
        person = make.contact(company=firm, name=f"联系人{firm.pk}", mobile=PHONE)
        make.project(team=own, lead_investor=firm, contact=person)

    rows = json_of("projects", user)["rows"]

    assert [row["phone"] for row in rows] == [PHONE, PHONE, None]
    assert [row["contact"] for row in rows][2] is None


def test_a_closed_firm_shows_the_public_part_of_the_register():
    team = make.team(name="招商二专班")
    firm = make.company(name="外队企业", owning_team=team, note="机密", revenue_yuan=100)
    make.contact(company=firm, name="王五")
    row = only("companies", make.user("team_lead", team=make.team()))
    shown = {key for key, value in row.items() if value != _("confidential")}

    assert shown == {"name", "uscc", "region", "segment", "team"}
    assert (row["name"], row["team"]) == ("外队企业", "招商二专班")


@pytest.fixture
def secret():
    """A confidential project with a deal, money and a visit."""
    project = make.project(
        stage="building", on=date(2024, 5, 1), name="秘密工程", is_confidential=True,
        code_name="代号甲", planned_yuan=Decimal(500_000_000), fixed_assets_yuan=Decimal(7_000_000),
        lead_investor=make.company(name="秘密投资方"), content="秘密内容",
    )  # fmt: skip
    make.arrival(project=project, amount_yuan=Decimal(10_000), month=date(2024, 6, 1))
    make.request(project=project, content="秘密诉求")
    return project


@pytest.mark.parametrize(
    ("kind", "key", "shown"),
    [
        ("projects", "name", {"name": "代号甲", "planned": "50000.00"}),
        ("building", "name", {"name": "代号甲", "planned": "50000.00"}),
        ("deals", "project", {"project": "代号甲", "amount": "30000.00"}),
        ("arrivals", "project", {"project": "代号甲", "amount": "1.00"}),
    ],
)
def test_a_closed_project_shows_its_code_name_and_amount_only(secret, kind, key, shown):
    row = only(kind, make.user("leader"))

    assert {k: v for k, v in row.items() if v != _("confidential")} == shown
    assert only(kind, make.user("bureau"))[key] == "秘密工程"


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("format", ["xlsx", "csv", "json"])
def test_nothing_secret_is_in_a_closed_row(secret, kind, format):
    data = exported(kind, make.user("leader"), format=format)
    if format == "xlsx":
        data = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    text = data.decode()

    assert [word for word in ("秘密工程", "秘密内容", "秘密诉求") if word in text] == []


def test_a_total_tells_nothing_that_its_rows_hide(secret):
    make.project(fixed_assets_yuan=Decimal(10_000), planned_yuan=Decimal(20_000))
    totals = json_of("projects", make.user("leader"))["totals"]

    assert totals == {"planned": "50002.00", "fixed_assets": "1.00"}


def test_closed_rows_are_counted_in_a_note(secret):
    (note,) = json_of("projects", make.user("leader"))["notes"]

    assert "1" in note


def test_rows_that_were_not_scoped_are_scoped_here():
    make.project(team=make.team(), name="外专班项目")
    user = make.user("team_lead", team=make.team())
    target = io.BytesIO()

    assert export("projects", models.Project.objects.all(), user, format="json", to=target) == 0


# -- cost ------------------------------------------------------------------------------------------


def fill_up(mark: str = ""):
    project = full_project(mark)
    make.credit_share(project=project)
    make.deal_party(deal=make.deal(project=project))
    make.arrival(project=project)
    make.milestone(project=project)
    firm = make.company()
    make.company_mark(company=firm)
    make.company_name(company=firm)
    person = make.contact(company=firm)
    trip = make.trip(joint_teams=[make.team()], cities=[make.region()], purpose="敲门招商",
                     cost_yuan=Decimal("12345.67"))  # fmt: skip
    make.visit(trip=trip, company=firm, their_people=[person], our_people=[make.user()])
    make.request(company=firm, co_departments=[make.department()])
    guests = make.event(purpose="推介绿色算力", cost_yuan=Decimal(30_000))
    make.introduction(
        membership=make.alliance_membership(), company=make.company(), person="张秘书长",
        project=make.project(), task_force=trip.task_force, note="以商招商",
    )  # fmt: skip
    make.commitment(
        deal=make.deal(project=make.project(lead_investor=firm)), kind="power_price",
        content="到户电价每千瓦时0.35元", department=make.department(), due_on=make.days_ago(40),
        amount_yuan=Decimal("1500000.5"), fulfilled_on=make.days_ago(20), result="已签直供协议",
        disputed_on=make.days_ago(30), dispute="电价口径", settled_on=make.days_ago(25),
        settlement="按到户价计",
    )  # fmt: skip
    make.invitation(event=guests, company=firm, guest="王总", people_count=2, state="came",
                    task_force=trip.task_force, note="主旨发言")  # fmt: skip


@pytest.mark.parametrize("kind", SHEETS)
def test_the_number_of_queries_does_not_grow_with_the_rows(kind):
    user = make.user("bureau")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            exported(kind, user)
        return len(queries)

    fill_up()
    few = asked()

    for number in range(4):
        fill_up(f"{number}")

    assert asked() == few


def test_chunks_follow_one_another_without_a_gap(monkeypatch):
    monkeypatch.setattr("crm.ledgers.exporting.CHUNK", 2)
    for number in range(5):
        make.trip(name=f"第{number}批", people_count=number)
    page = page_of("trips")

    assert [(page.cell(row, 1).value, page.cell(row, 2).value) for row in range(4, 9)] == [
        (number + 1, f"第{number}批") for number in range(5)
    ]
    assert page["F9"].value == 10


def test_headings_follow_the_reader_s_language():
    make.trip()
    with override("en"):
        assert page_of("trips")["B3"].value == "trip batch"


# -- and in again ----------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", SHEETS)
def test_an_import_recognises_every_column_of_an_export(kind, format):
    fill_up()
    layout = understand(read(exported(kind, format=format), f"台账.{format}"), kind)
    known = {column.key for column in FIELDS[kind]}
    written = [column.key for column in SHEETS[kind].columns]

    assert [(c.heading, c.field) for c, key in zip(layout.columns[1:], written, strict=True)
            if key in known and c.field != key] == []  # fmt: skip
    assert layout.unit == ("万元" if format == "xlsx" and SHEETS[kind].has_money else "")
    assert len(layout.lines) == rows_of(kind, make.user("bureau")).count()


def as_ledgers_know_it():
    """People by name instead of by account, a summary from the content, events with a last day."""
    for visit in models.Visit.objects.filter(their_people__isnull=False):
        met = visit.their_people.get().name
        models.Visit.objects.filter(pk=visit.pk).update(their_people_text=met)
        visit.their_people.clear()
        visit.our_people.clear()
    models.Visit.objects.update(our_people_text="李四、王六")
    models.Project.objects.filter(content__gt="").update(summary="建设万卡集群")
    models.Event.objects.update(ended_on=F("started_on"))


@pytest.mark.parametrize("format", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", SHEETS)
def test_an_export_taken_in_again_changes_nothing(kind, format):
    fill_up()
    as_ledgers_know_it()
    user = make.user("bureau")
    book = read(exported(kind, user, format=format), f"台账.{format}")
    entries = LEDGERS[kind](understand(book, kind), user).plan()

    assert [(e.verdict, e.changes, e.problems) for e in entries if e.changes or e.is_bad] == []


def test_the_record_of_an_export_names_its_report_in_words():
    log = make.export_log(kind="", report="targets", row_count=3)
    other = make.export_log(kind="", report="something-new", row_count=1)

    assert (str(log), str(other)) == ("目标任务完成情况 3", "something-new 1")
