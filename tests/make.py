"""One small maker per model: valid defaults, keyword overrides, counters instead of chance.

A default that is a function is only called when the test does not give the value itself, so that
no row appears which the test did not ask for. Makers write straight to the tables; only a project
goes through ``save_as`` and ``move_to``, because its history has to be real.
"""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from stdnum.cn import uscc as uscc_rules

from crm import models, stages
from crm.access import Role
from crm.models.api_tokens import WRITABLE, ApiKind
from crm.periods import today
from crm.stages import ProjectStatus, Stage

PLANNED = Decimal(300_000_000)

_made: Counter[str] = Counter()


def number(of: str) -> int:
    """The next number of a series: 1, 2, 3 …"""
    _made[of] += 1
    return _made[of]


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def _create(model, overrides: dict, **defaults):
    """A saved row; many-to-many values may be given like any other."""
    many = {f.name for f in model._meta.many_to_many}
    values = {k: v for k, v in defaults.items() if k not in overrides} | overrides
    values = {k: v() if callable(v) else v for k, v in values.items()}
    row = model.objects.create(**{k: v for k, v in values.items() if k not in many})
    for name in many & values.keys():
        getattr(row, name).set(values[name])
    return row


# -- people and units ------------------------------------------------------------------------------


def user(role: str = Role.OFFICER, *, team=None, password: str = "", **overrides) -> models.User:
    """An account; ``team`` makes it a member, a park or department role gets its unit."""
    if role == Role.PARK:
        overrides.setdefault("park", park)
    if role == Role.DEPARTMENT:
        overrides.setdefault("department", department)
    values = {"username": f"user-{number('user')}", "role": role} | overrides
    row = models.User(**{k: v() if callable(v) else v for k, v in values.items()})
    row.set_password(password or None)
    row.save()
    if team is not None:
        membership(user=row, task_force=team)
    return row


def keeper(name: str = "keeper") -> models.User:
    """The bureau account that records what makers need recorded; one per name."""
    found = models.User.objects.filter(username=name).first()
    return found or user(Role.BUREAU, username=name)


def team(**overrides) -> models.TaskForce:
    n = 1_000 + number("team")  # tests that need a number of their own give a smaller one
    return _create(models.TaskForce, overrides, number=n, name=f"招商{n}专班")


def membership(**overrides) -> models.Membership:
    return _create(
        models.Membership, overrides, user=user, task_force=team, joined_on=days_ago(400)
    )


def department(**overrides) -> models.Department:
    return _create(models.Department, overrides, name=f"测试部门{number('department')}")


# -- reference data --------------------------------------------------------------------------------


def region(**overrides) -> models.Region:
    n = number("region")
    return _create(models.Region, overrides, code=str(900000 + n), name=f"测试市{n}", level="city")


def industry(**overrides) -> models.Industry:
    n = number("industry")
    return _create(models.Industry, overrides, code=f"X{n}", name=f"测试行业{n}")


def chain(**overrides) -> models.Chain:
    n = number("chain")
    return _create(models.Chain, overrides, key=f"chain-{n}", name=f"测试链{n}")


def segment(**overrides) -> models.Segment:
    name = f"测试环节{number('segment')}"
    return _create(models.Segment, overrides, chain=chain, name=name, position="midstream")


def district_area(**overrides) -> models.DistrictArea:
    return _create(models.DistrictArea, overrides, name=f"测试片区{number('area')}", kind="area")


def park(**overrides) -> models.Park:
    return _create(models.Park, overrides, name=f"测试园区{number('park')}")


def data_centre(**overrides) -> models.DataCentre:
    name = f"测试数据中心{number('data centre')}"
    return _create(models.DataCentre, overrides, name=name, state="online")


def data_centre_compute(**overrides) -> models.DataCentreCompute:
    return _create(
        models.DataCentreCompute, overrides, data_centre=data_centre, kind="intelligent",
        phase=f"{number('phase of a centre')}期", planned_p=Decimal(2000),
    )  # fmt: skip


def park_supply(**overrides) -> models.ParkSupply:
    return _create(
        models.ParkSupply, overrides, park=park, what="load_mw", amount=Decimal(100),
        as_of=date(2026, 6, 30), source="测试来源",
    )  # fmt: skip


def entry_rule(**overrides) -> models.EntryRule:
    return _create(
        models.EntryRule, overrides, park=park, name=f"测试规则{number('entry rule')}",
        kind="investment", value=Decimal(5000), source="测试来源",
    )  # fmt: skip


def factor_template(**overrides) -> models.FactorTemplate:
    name = f"测试清单项{number('factor template')}"
    return _create(
        models.FactorTemplate, overrides, name=name, factor="power", stage="reserve", days=30
    )


def reference_fact(**overrides) -> models.ReferenceFact:
    n = number("fact")
    return _create(
        models.ReferenceFact, overrides,
        key=f"fact-{n}", name=f"测试事实{n}", value_text="93%", source="测试来源",
    )  # fmt: skip


def institution(**overrides) -> models.Institution:
    return _create(models.Institution, overrides, name=f"测试大学{number('institution')}")


def stage_rule(**overrides) -> models.StageRule:
    return _create(
        models.StageRule,
        overrides,
        name="储备",
        stage=Stage.RESERVE,
        likelihood=Decimal(50),
        stale_days=60,
    )


def target(**overrides) -> models.Target:
    return _create(
        models.Target, overrides, year=today().year, indicator="deals_signed", value=Decimal(17)
    )


def score_rule(**overrides) -> models.ScoreRule:
    return _create(
        models.ScoreRule, overrides,
        indicator="signed_yuan", weight=Decimal(40), cap=Decimal("1.2"),
        valid_from=date(2024, 1, 1),
    )  # fmt: skip


def score_adjustment(**overrides) -> models.ScoreAdjustment:
    return _create(
        models.ScoreAdjustment, overrides,
        task_force=team, on=days_ago(30), points=Decimal(2), reason="央企总部项目",
    )  # fmt: skip


def target_change(**overrides) -> models.TargetChange:
    return _create(
        models.TargetChange, overrides,
        target=lambda: target(month=number("month") % 12 + 1), after=Decimal(17), by=keeper,
    )  # fmt: skip


# -- companies -------------------------------------------------------------------------------------


def uscc() -> str:
    """A unified social credit code with its right check digit, different every time."""
    body = f"91630100{number('uscc'):09d}"
    return body + uscc_rules.calc_check_digit(body)


def company(**overrides) -> models.Company:
    return _create(models.Company, overrides, name=f"测试{number('company')}号科技有限公司")


def company_name(**overrides) -> models.CompanyName:
    name = f"测试简称{number('company name')}"
    return _create(models.CompanyName, overrides, company=company, name=name)


def company_mark(**overrides) -> models.CompanyMark:
    return _create(models.CompanyMark, overrides, company=company, mark="chain_leader", year=2024)


def signal(**overrides) -> models.Signal:
    return _create(models.Signal, overrides, company=company, kind="expansion", text="拟扩产")


def target_factor(**overrides) -> models.TargetFactor:
    return _create(models.TargetFactor, overrides, factor="gap", weight=Decimal(30))


def alliance_membership(**overrides) -> models.AllianceMembership:
    return _create(models.AllianceMembership, overrides, company=company)


def introduction(**overrides) -> models.Introduction:
    return _create(
        models.Introduction, overrides,
        membership=alliance_membership, company=company, task_force=team,
        introduced_on=days_ago(60),
    )  # fmt: skip


def alliance_meeting(**overrides) -> models.AllianceMeeting:
    name = f"联盟会议{number('alliance meeting')}"
    return _create(models.AllianceMeeting, overrides, name=name, held_on=days_ago(30))


def meeting_attendance(**overrides) -> models.MeetingAttendance:
    return _create(
        models.MeetingAttendance, overrides,
        meeting=alliance_meeting, membership=alliance_membership,
    )  # fmt: skip


def alliance_commitment(**overrides) -> models.AllianceCommitment:
    return _create(
        models.AllianceCommitment, overrides,
        membership=alliance_membership, content="每季度引荐两家企业",
    )  # fmt: skip


def training_agreement(**overrides) -> models.TrainingAgreement:
    return _create(
        models.TrainingAgreement, overrides, institution=institution, name="联合培养协议"
    )


def programme(**overrides) -> models.Programme:
    return _create(
        models.Programme, overrides,
        institution=institution, name=f"订单班{number('programme')}", field="operation",
        level="vocational",
    )  # fmt: skip


def training_year(**overrides) -> models.TrainingYear:
    return _create(models.TrainingYear, overrides, programme=programme, year=today().year)


def people_need(**overrides) -> models.PeopleNeed:
    return _create(
        models.PeopleNeed, overrides,
        project=project, field="operation", year=today().year, people=20,
    )  # fmt: skip


def contact(**overrides) -> models.Contact:
    n = number("contact")
    return _create(
        models.Contact, overrides,
        company=company, name=f"联系人{n}", position="总经理", mobile=f"138{n:08d}",
    )  # fmt: skip


# -- outreach --------------------------------------------------------------------------------------


def event(**overrides) -> models.Event:
    return _create(
        models.Event, overrides,
        name=f"测试推介会{number('event')}", kind="promotion", started_on=days_ago(60),
    )  # fmt: skip


def trip(**overrides) -> models.Trip:
    return _create(
        models.Trip, overrides,
        name=f"测试外出招商{number('trip')}", task_force=team,
        started_on=days_ago(50), ended_on=days_ago(48),
    )  # fmt: skip


def visit(**overrides) -> models.Visit:
    return _create(models.Visit, overrides, company=company, task_force=team, held_on=days_ago(40))


def planned_meeting(**overrides) -> models.PlannedMeeting:
    return _create(models.PlannedMeeting, overrides, trip=trip, company=company)


def invitation(**overrides) -> models.Invitation:
    """A firm invited to an event, or to a trip."""
    if "trip" not in overrides:
        overrides.setdefault("event", event)
    return _create(models.Invitation, overrides, company=company)


def attribution_rule(**overrides) -> models.AttributionRule:
    return _create(models.AttributionRule, overrides)


def follow_up(**overrides) -> models.FollowUp:
    return _create(
        models.FollowUp, overrides,
        task_force=team, owner=user, company=company, what="送交方案", due_on=days_ago(-7),
    )  # fmt: skip


def request(**overrides) -> models.Request:
    if "project" not in overrides:
        overrides.setdefault("company", company)
    return _create(
        models.Request, overrides,
        task_force=team, department=department, category="power", content="需要双回路供电",
        raised_on=days_ago(20), due_on=days_ago(-10),
    )  # fmt: skip


# -- projects --------------------------------------------------------------------------------------


def project(*, stage=Stage.LEAD, status=ProjectStatus.ACTIVE, on=None, **overrides):
    """A project that really went from lead to ``stage``, every move on the day ``on``.

    ``team`` is short for ``lead_team``; ``confidants`` are the people in the know.
    """
    confidants = overrides.pop("confidants", ())
    if "team" in overrides:
        overrides["lead_team"] = overrides.pop("team")
    reported_on = overrides.pop("reported_on", None) or on or days_ago(100)
    defaults = {
        "name": f"测试项目{number('project')}", "lead_investor": company, "lead_team": team,
        "source": "visit", "summary": "建设算力中心",
    }  # fmt: skip
    values = {k: v() if callable(v) else v for k, v in (defaults | overrides).items()}
    row = models.Project(reported_on=reported_on, **values)
    row.save_as(keeper())
    row.confidants.set(confidants)
    bring_to(row, stage, on=on or reported_on)
    if status != ProjectStatus.ACTIVE:
        row.set_status(status, by=keeper(), on=on or reported_on, reason="测试")
    return row


def bring_to(row: models.Project, stage: str, *, on: date) -> models.Project:
    """Move a project forward to a stage, one by one, after filling in what each one needs."""
    for following in stages.ORDER[stages.position(row.stage) + 1 : stages.position(stage) + 1]:
        complete(row, following, on=on)
        if following in stages.CONFIRMED_STAGES:
            row.propose(following, by=keeper("proposer"), on=on).confirm(by=keeper())
            row.refresh_from_db()
        else:
            row.move_to(following, by=keeper(), on=on)
    return row


def complete(row: models.Project, stage: str, *, on: date | None = None, without=()):
    """Fill in everything a stage requires that is not there, except the keys ``without``."""
    for requirement in stages.required_for(stage):
        if requirement.key not in without and not requirement.met(row):
            _fill(row, requirement.key, on or row.reported_on)
    return row


def _fill(row: models.Project, key: str, on: date) -> None:
    if key in _FIELDS:
        for name, value in _FIELDS[key](row, on).items():
            setattr(row, name, value)
        row.save()
    elif key.startswith("deal") or key == "fair_competition":
        _fill_deal(row, key, on)
    else:
        _ROWS[key](row, on)


_FIELDS = {
    "firm": lambda row, on: {"lead_investor": company()},
    "source": lambda row, on: {"source": "visit"},
    "team": lambda row, on: {"lead_team": team()},
    "content": lambda row, on: {"summary": "建设算力中心"},
    "contact": lambda row, on: {"contact": contact(company=row.lead_investor)},
    "name": lambda row, on: {"name": f"测试项目{number('project')}"},
    "segment": lambda row, on: {"segment": segment()},
    "planned": lambda row, on: {"planned_precision": "undetermined"},
    "planned_amount": lambda row, on: {"planned_yuan": PLANNED, "planned_precision": ""},
    "site": lambda row, on: {"park": park()},
    "planned_signing": lambda row, on: {"planned_signing_on": on.replace(day=1)},
    "owner": lambda row, on: {"owner": user(team=row.lead_team)},
    "next_step": lambda row, on: {"next_step": "送交合同", "next_step_on": days_ago(-14)},
    "landing": lambda row, on: {"filing_code": "2024-630100-1", "site_secured_on": on},
    "start": lambda row, on: {"started_on": on},
    "start_evidence": lambda row, on: {"start_evidence": "permit", "start_note": "施工许可证"},
    "production": lambda row, on: {"produced_on": on},
    "production_evidence": lambda row, on: {"production_note": "点亮上线照片"},
}
_ROWS = {
    "contact_record": lambda row, on: visit(
        project=row, company=row.lead_investor, task_force=row.lead_team, held_on=on
    ),
    "no_conflict": lambda row, on: row.conflicts.update(
        decision="separate", decision_reason="测试"
    ),
    "assessment": lambda row, on: assessment(project=row, held_on=on),
    "credit": lambda row, on: credit_share(project=row, task_force=row.lead_team),
}


def _fill_deal(row: models.Project, key: str, on: date) -> None:
    """The contract in force, or what it still lacks."""
    contract = row.contract() or deal(
        project=row, number="", amount_yuan=None, signed_on=None, has_support_clause=None
    )
    if key == "deal_parties":
        deal_party(deal=contract)
        return
    name, value = {
        "deal": ("number", f"测试合同-{number('deal')}"),
        "deal_amount": ("amount_yuan", PLANNED),
        "deal_date": ("signed_on", on),
        "fair_competition": ("has_support_clause", False),
    }[key]
    setattr(contract, name, value)
    contract.save()


def project_investor(**overrides) -> models.ProjectInvestor:
    return _create(models.ProjectInvestor, overrides, project=project, company=company)


def credit_share(**overrides) -> models.CreditShare:
    return _create(
        models.CreditShare, overrides, project=project, task_force=team, percent=Decimal(100)
    )


def phase(**overrides) -> models.Phase:
    return _create(models.Phase, overrides, project=project, name="一期", compute_p=Decimal(2000))


def factor_needs(**overrides) -> models.FactorNeeds:
    return _create(models.FactorNeeds, overrides, project=project, load_mw=Decimal(30))


def factor_guarantee(**overrides) -> models.FactorGuarantee:
    return _create(
        models.FactorGuarantee, overrides, project=project, factor="power", title="供电方案",
        stage="reserve", due_on=lambda: days_ago(-30),
    )  # fmt: skip


def compute_capacity(**overrides) -> models.ComputeCapacity:
    return _create(
        models.ComputeCapacity,
        overrides,
        project=project,
        kind="intelligent",
        planned_p=Decimal(2000),
    )


def milestone(**overrides) -> models.Milestone:
    return _create(
        models.Milestone, overrides, project=project, kind="energy", planned_on=days_ago(-30)
    )


def assessment(**overrides) -> models.Assessment:
    return _create(
        models.Assessment, overrides,
        project=project, held_on=days_ago(30), result="passed", note="联审会议纪要",
    )  # fmt: skip


def conflict(**overrides) -> models.Conflict:
    return _create(models.Conflict, overrides, project=project, note="与另一专班接触同一企业")


def claim_request(**overrides) -> models.ClaimRequest:
    """A request to join in a project."""
    if "company" not in overrides:
        overrides.setdefault("project", project)
    return _create(
        models.ClaimRequest, overrides,
        task_force=team, asked_by=user, kind="join", reason="长期对接该企业",
    )  # fmt: skip


def protection_rule(**overrides) -> models.ProtectionRule:
    return _create(models.ProtectionRule, overrides)


def merge(**overrides) -> models.Merge:
    return _create(
        models.Merge, overrides,
        kind="company", keeper_id=1, loser_id=2, keeper_name="甲", loser_name="乙", reason="重复",
        by=user,
    )  # fmt: skip


def proposal(**overrides) -> models.StageProposal:
    """An open proposal to sign, straight in the table; ``project.propose`` checks the rules."""
    return _create(
        models.StageProposal, overrides,
        project=project, to_stage=Stage.SIGNED, effective_on=days_ago(5), proposed_by=user,
    )  # fmt: skip


# -- deals and money -------------------------------------------------------------------------------


def deal(**overrides) -> models.Deal:
    """A formal contract in force; it does not move the project."""
    return _create(
        models.Deal, overrides,
        project=project, number=lambda: f"测试合同-{number('deal')}", amount_yuan=PLANNED,
        signed_on=days_ago(10), has_support_clause=False,
    )  # fmt: skip


def deal_party(**overrides) -> models.DealParty:
    return _create(models.DealParty, overrides, deal=deal, name="测试签约方")


def commitment(**overrides) -> models.Commitment:
    return _create(models.Commitment, overrides, deal=deal, side="city", content="提供土地")


def attribution(**overrides) -> models.Attribution:
    """A choice by hand: to no trip and no event."""
    return _create(models.Attribution, overrides, deal=deal, reason="由重大项目专班促成")


def arrival(**overrides) -> models.Arrival:
    return _create(
        models.Arrival, overrides,
        project=project, month=today().replace(day=1), amount_yuan=Decimal(10_000_000),
    )  # fmt: skip


# -- screens ---------------------------------------------------------------------------------------


def screen_settings(**overrides) -> models.ScreenSettings:
    return _create(models.ScreenSettings, overrides, pk=1)


def wall_token(**overrides) -> models.WallToken:
    """A wall screen's right to be shown; ``secret`` on it is what its address carries."""
    row = models.WallToken(name=f"大屏{number('wall')}", **overrides)
    row.save_as(keeper())
    return row


def security_admin() -> models.User:
    """The security administrator who gives systems their rights in makers; one of the name."""
    found = models.User.objects.filter(username="security").first()
    return found or user(Role.SECURITY_ADMIN, username="security")


def api_token(**overrides) -> models.ApiToken:
    """A system that reads and writes everything its account may; ``secret`` is what it sends."""
    values = {
        "name": f"系统{number('api token')}", "account": lambda: user(Role.BUREAU),
        "reads": ApiKind.values, "writes": sorted(WRITABLE), "per_minute": 6000,
    } | overrides  # fmt: skip
    row = models.ApiToken(**{k: v() if callable(v) else v for k, v in values.items()})
    row.save_as(security_admin())
    return row


def push_host(**overrides) -> models.PushHost:
    values = {"origin": f"https://host{number('push host')}.example"} | overrides
    row = models.PushHost(**values)
    row.save_as(security_admin())
    return row


def subscription(**overrides) -> models.Subscription:
    """A push of every change of projects to a host of its own."""
    token = overrides.pop("token", None) or api_token()
    if "url" not in overrides:
        overrides["url"] = f"{push_host().origin}/crm/changes"
    values = {"name": f"推送{number('subscription')}", "kinds": ["projects"]} | overrides
    row = models.Subscription(token=token, **values)
    row.save_as(security_admin())
    return row


def api_use(**overrides) -> models.ApiUse:
    return _create(models.ApiUse, overrides, token=api_token, kind="projects", day=today, rows=1)


def feed_entry(**overrides) -> models.FeedEntry:
    return _create(models.FeedEntry, overrides, kind="projects", record_id=1, action="changed")


def api_answer(**overrides) -> models.ApiAnswer:
    return _create(
        models.ApiAnswer, overrides, token=api_token, key=f"key-{number('api key')}", digest="0"
    )


# -- notes, directives, notices --------------------------------------------------------------------


def note(**overrides) -> models.Note:
    if not {"company", "contact"} & overrides.keys():
        overrides.setdefault("project", project)
    return _create(models.Note, overrides, text="投资方下周来宁考察", created_by=user)


def directive(**overrides) -> models.Directive:
    """A directive nobody was named for yet, due in a week."""
    return _create(
        models.Directive, overrides, text="请抓紧推进项目落地", leader="市领导", due_on=days_ago(-7)
    )


def reply(**overrides) -> models.Reply:
    if "directive" not in overrides:
        overrides.setdefault("request", request)
    return _create(models.Reply, overrides, text="已协调供电公司", by=user)


def notice(**overrides) -> models.Notice:
    """A mention on a project, unread."""
    about = overrides.pop("about", None) or project()
    named = {"model": about._meta.model_name, "record_id": about.pk}
    defaults = {"recipient": user, "kind": "mention", "key": f"notice-{number('notice')}"}
    values = {k: v() if callable(v) else v for k, v in (defaults | named | overrides).items()}
    return models.Notice.objects.create(**values)


def digest(**overrides) -> models.Digest:
    return _create(models.Digest, overrides, recipient=user, day=today())


def robot(**overrides) -> models.Robot:
    return _create(
        models.Robot, overrides, name=f"测试机器人{number('robot')}", maker="wecom",
        url="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=test", kinds=["directive"],
    )  # fmt: skip


def outgoing(**overrides) -> models.Outgoing:
    if "robot" not in overrides:
        overrides.setdefault("recipient", user)
    return _create(
        models.Outgoing, overrides, message_id=f"test-{number('outgoing')}", body="测试消息"
    )


def time_limit(**overrides) -> models.TimeLimit:
    """Beside the rows that the bureau finds: for projects from 10亿元 on."""
    return _create(
        models.TimeLimit, overrides, step="assess", days=10, from_yuan=Decimal(1_000_000_000)
    )


# -- lists -----------------------------------------------------------------------------------------


def saved_view(**overrides) -> models.SavedView:
    name = f"视图{number('view')}"
    return _create(
        models.SavedView, overrides, owner=user, page="project", name=name, query="stage=lead"
    )


def list_layout(**overrides) -> models.ListLayout:
    return _create(models.ListLayout, overrides, owner=user, page="project", columns=["days"])


def change_set(**overrides) -> models.ChangeSet:
    return _create(
        models.ChangeSet, overrides, kind="bulk", label="项目：园区", back_to="/", made_by=user
    )


def changed_row(**overrides) -> models.ChangedRow:
    values = {"model": "project", "row_id": 1, "before": {"park_id": None}, "after": {"park_id": 1}}
    return _create(models.ChangedRow, values | overrides, change_set=change_set)


# -- ledgers ---------------------------------------------------------------------------------------


def import_job(**overrides) -> models.ImportJob:
    return _create(
        models.ImportJob,
        overrides,
        owner=user,
        kind="companies",
        file=upload,
        file_name="台账.xlsx",
    )


def import_plan(**overrides) -> models.ImportPlan:
    return _create(models.ImportPlan, overrides, job=import_job, content=b"")


def import_row(**overrides) -> models.ImportRow:
    return _create(models.ImportRow, overrides, job=import_job, number=3, verdict="new")


def heading_memory(**overrides) -> models.HeadingMemory:
    return _create(
        models.HeadingMemory, overrides,
        kind="companies", fingerprint=f"shape-{number('headings')}", saved_by=user,
    )  # fmt: skip


def export_log(**overrides) -> models.ExportLog:
    return _create(
        models.ExportLog, overrides, user=user, kind="projects", format="xlsx", row_count=1
    )


def column_choice(**overrides) -> models.ColumnChoice:
    return _create(models.ColumnChoice, overrides, user=user, kind="projects", columns=["name"])


def ledger_template(**overrides) -> models.LedgerTemplate:
    return _create(models.LedgerTemplate, overrides, name="月报模板", kind="projects", file=upload)


def reference_proposal(**overrides) -> models.ReferenceProposal:
    return _create(
        models.ReferenceProposal, overrides,
        target="park", text="测试新园区", text_key="测试新园区", seen_in="台账.xlsx",
    )  # fmt: skip


# -- closed months ---------------------------------------------------------------------------------


def frozen_month(**overrides) -> models.FrozenMonth:
    """The month after the last one that was made."""
    last = models.FrozenMonth.objects.last()
    month = last.period.end if last else date(2024, 5, 1)
    return _create(models.FrozenMonth, overrides, month=month, by=keeper, figures=dict)


def frozen_row(**overrides) -> models.FrozenRow:
    return _create(
        models.FrozenRow, overrides,
        frozen=frozen_month, key="signed_yuan", of_month=date(2024, 5, 1), on=date(2024, 5, 8),
        source=lambda: number("frozen row"), project=project, label="测试项目",
    )  # fmt: skip


# -- files -----------------------------------------------------------------------------------------


def upload(name: str = "纪要.pdf", content: bytes = b"%PDF-1.7 test") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def attachment(**overrides) -> models.Attachment:
    """A stored file; the test points MEDIA_ROOT somewhere that is thrown away."""
    owners = {"company", "visit", "deal", "request", "trip", "commitment"}
    if not owners & overrides.keys():
        overrides.setdefault("project", project)
    return _create(models.Attachment, overrides, file=upload)


# -- accounts --------------------------------------------------------------------------------------


def sign_in(**overrides) -> models.SignIn:
    key = f"session-{number('session')}"
    return _create(models.SignIn, overrides, user=user, session_key=key)


def old_password(**overrides) -> models.OldPassword:
    return _create(models.OldPassword, overrides, user=user, password="!")


def erasure(**overrides) -> models.Erasure:
    return _create(
        models.Erasure, overrides, contact_key=lambda: number("erasure"), by=keeper,
        reason="本人申请", finished_at=timezone.now,
    )  # fmt: skip


def export_rule(**overrides) -> models.ExportRule:
    return _create(
        models.ExportRule, overrides, role=Role.STATISTICIAN, kind="projects", withheld=["contact"]
    )


def second_factor_rule(**overrides) -> models.SecondFactorRule:
    return _create(models.SecondFactorRule, overrides, role=Role.BUREAU)


def audit_entry(**detail) -> models.AuditEntry:
    return models.AuditEntry.objects.record("denied", by=user(), address="10.0.0.1", **detail)


def field_change(**overrides) -> models.FieldChange:
    """A change of a firm's name."""
    firm = overrides.pop("of", None) or company()
    values = {"record_id": firm.pk, "field": "name", "before": "旧名", "after": firm.name}
    by = overrides.pop("by", None) or user()
    return models.FieldChange.objects.create(model="company", by=by, **values | overrides)


# -- calendars -------------------------------------------------------------------------------------


def calendar_feed(**overrides) -> models.CalendarFeed:
    digest = f"{number('calendar feed'):064d}"
    return _create(models.CalendarFeed, overrides, user=user, digest=digest, opened_at=timezone.now)


def background_task(**overrides):
    """A task of the worker that failed."""
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    values = {
        "task_path": "crm.ledgers.jobs.run_step", "status": "FAILED", "backend_name": "default",
        "args_kwargs": {"args": [1, "check", "runner-of-the-step"], "kwargs": {}},
        "run_after": now, "started_at": now, "finished_at": now,
        "exception_class_path": "builtins.ValueError", "traceback": "",
    }  # fmt: skip
    return DBTaskResult.objects.create(**values | overrides)
