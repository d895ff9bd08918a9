"""The cells of an export: values and their types, amounts and dates that are not exact."""

from datetime import date
from decimal import Decimal

import pytest

from crm import models
from crm.ledgers.sheets import SHEETS
from crm.periods import today
from tests import make
from tests.ledger_exports import PHONE, full_project, json_of, only

pytestmark = pytest.mark.django_db


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
