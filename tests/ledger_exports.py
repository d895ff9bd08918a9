"""Exports as tests look at them: the sheet, the rows, the one row."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import openpyxl

from crm.ledgers.exporting import export
from crm.ledgers.sheets import SHEETS
from tests import make

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
    meeting = make.alliance_meeting(place="西宁", agenda="年度工作", summary="共建引荐机制")
    make.meeting_attendance(meeting=meeting, state="came")
    make.meeting_attendance(meeting=meeting, state="excused")
    agreement = make.training_agreement(
        company=firm, signed_on=make.days_ago(90), valid_until=make.days_ago(-900),
        content="每年定向培养120人", source="协议第三条",
    )  # fmt: skip
    programme = make.programme(
        institution=agreement.institution,
        agreement=agreement,
        company=firm,
        note="二期",
    )
    make.training_year(programme=programme, year=2025, in_training=50)
    make.training_year(programme=programme, in_training=60, finished=40, stayed=31)
    make.invitation(event=guests, company=firm, guest="王总", people_count=2, state="came",
                    task_force=trip.task_force, note="主旨发言")  # fmt: skip
