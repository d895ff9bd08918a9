"""Sample rows behind the article's totals: deterministic, every one marked 示例, removable.

The article gives totals without names (72 reserve projects over 220亿元, 17 deals of 88.62亿元,
40-odd trips, more than 100 firms). These rows fill them so that the indicators come out as
published; nothing in them is a fact.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice

from django.db import transaction
from stdnum.cn import uscc

from crm.access import Role
from crm.models import (
    Arrival,
    Assessment,
    Company,
    CompanyMark,
    ComputeCapacity,
    Contact,
    CreditShare,
    Deal,
    DealParty,
    Department,
    FollowUp,
    Membership,
    Milestone,
    Park,
    Project,
    Region,
    Request,
    Segment,
    StageMove,
    Target,
    TaskForce,
    Trip,
    User,
    Visit,
)
from crm.periods import today
from crm.stages import ORDER, Stage, position

PASSWORD = "zhaoshang-2024"  # noqa: S105 - the sample accounts are refused outside the demo
ACCOUNTS = (
    ("officer", Role.OFFICER, "示例·李专员", PASSWORD),
    ("team_lead", Role.TEAM_LEAD, "示例·王班长", PASSWORD),
    ("bureau", Role.BUREAU, "示例·赵科长", PASSWORD),
    ("bureau2", Role.BUREAU, "示例·孙副科长", PASSWORD),
    ("statistician", Role.STATISTICIAN, "示例·周统计", PASSWORD),
    ("leader", Role.LEADER, "示例·吴领导", PASSWORD),
    ("park", Role.PARK, "示例·郑主任", PASSWORD),
    ("department", Role.DEPARTMENT, "示例·冯干事", PASSWORD),
    ("system_admin", Role.SYSTEM_ADMIN, "示例·系统管理员", PASSWORD),
    ("security_admin", Role.SECURITY_ADMIN, "示例·安全管理员", PASSWORD),
    ("auditor", Role.AUDITOR, "示例·审计员", PASSWORD),
)

YI = Decimal(100_000_000)
RESERVE_TOTAL = Decimal("223.6") * YI  # with one named project of unknown amount: 72
SIGNED_TOTAL = Decimal("88.62") * YI  # 16 deals; the named one is unknown: 17
FIRMS, TRIPS, RESERVE, SIGNED = 108, 42, 71, 16

DEPARTMENTS = "投资促进局 发展和改革委员会 自然资源和规划局 生态环境局 供电公司 数据局".split()
CITIES = ("440100", "320100", "440300", "330100", "510100", "420100", "310000", "110000", "610100")
PREFIXES = "云岭 江河 启明 远图 星汉 北辰 智源 海纳 青禾 天枢 瀚川 恒宇".split()
TRADES = (
    "算力科技 数据服务 储能装备 光伏材料 智能制造 网络设备 液冷技术 芯片设计 绿能电力"
).split()
SUBJECTS = (
    "智算中心 数据标注基地 储能系统集成 光伏组件 服务器整机 液冷配套 "
    "边缘算力节点 大模型应用 绿电交易平台"
).split()
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"


def load() -> None:
    """Add the sample rows; does nothing when they are there."""
    if User.objects.filter(is_sample=True).exists():
        return
    with transaction.atomic():
        _Sample().build()


class _Sample:
    """Builds the rows in order; each step leaves what the next ones need."""

    def build(self):
        self.teams = list(TaskForce.objects.order_by("number"))
        self.segments = list(Segment.objects.all())
        self.parks = list(Park.objects.all())
        self.cities = {r.code: r for r in Region.objects.filter(code__in=CITIES)}
        self._people()
        self._firms()
        self._trips_and_visits()
        self._projects()
        self._deals_and_money()
        self._work_to_do()
        self._targets()

    # -- people --------------------------------------------------------------------------------

    def _people(self):
        self.departments = [
            Department.objects.create(name=f"示例·{name}", sequence=place, is_sample=True)
            for place, name in enumerate(DEPARTMENTS, start=1)
        ]
        self.users = {}
        password = _hashed(PASSWORD)
        for username, role, name, _password in ACCOUNTS:
            user = User(username=username, role=role, full_name=name, is_sample=True)
            user.password = password
            user.department = self.departments[2] if role == Role.DEPARTMENT else None
            user.park = self.parks[0] if role == Role.PARK else None
            user.save()
            self.users[username] = user
        for username, duty in (("officer", "联络员"), ("team_lead", "班长")):
            Membership.objects.create(
                user=self.users[username], task_force=self.teams[0], duty=duty,
                joined_on=date(2024, 1, 8), is_sample=True,
            )  # fmt: skip

    def _base(self, **values):
        """What every sample row carries."""
        bureau = self.users["bureau"]
        return {"is_sample": True, "created_by": bureau, "updated_by": bureau, **values}

    # -- firms ---------------------------------------------------------------------------------

    def _firms(self):
        cities = cycle(self.cities[code] for code in CITIES)
        self.firms = []
        for i in range(FIRMS):
            name = f"示例{PREFIXES[i % 12]}{TRADES[i // 12]}有限公司"
            company = Company(
                name=name, uscc=_sample_code(i), region=next(cities),
                owning_team=self.teams[i % 9], key_tier="ABC"[i % 3] if i % 4 == 0 else "",
                sponsoring_leader="示例·包联领导" if i % 4 == 0 else "",
                ownership=("private", "state", "mixed")[i % 3], note="示例数据", **self._base(),
            )  # fmt: skip
            company.set_name_keys()
            self.firms.append(company)
        Company.objects.bulk_create(self.firms)
        through = Company.segments.through
        through.objects.bulk_create(
            through(company=firm, segment=self.segments[i % len(self.segments)])
            for i, firm in enumerate(self.firms)
        )
        self.contacts = Contact.objects.bulk_create(
            Contact(
                company=firm, name=f"示例{SURNAMES[i % 12]}经理", position="投资总监",
                mobile=f"139{i:08d}", is_primary=True, **self._base(),
            )
            for i, firm in enumerate(self.firms)
        )  # fmt: skip
        CompanyMark.objects.bulk_create(
            CompanyMark(company=firm, mark=CompanyMark.Mark.SPECIALISED, year=2023, **self._base())
            for firm in self.firms[::6]
        )

    # -- trips and visits ----------------------------------------------------------------------

    def _trips_and_visits(self):
        trips = []
        for i in range(TRIPS):
            start = date(2024, 1, 15) + timedelta(days=8 * i)
            city = self.cities[CITIES[i % 9]]
            trips.append(
                Trip(
                    name=f"示例·赴{city.short_name}招商（{start:%m月%d日}）",
                    task_force=self.teams[i % 9],
                    started_on=start,
                    ended_on=start + timedelta(days=2),
                    people_count=4 + i % 3,
                    head_rank=("team", "city", "staff")[i % 3],
                    delegation_head="示例·带队领导",
                    purpose="示例：走访重点企业",
                    **self._base(),
                )
            )
        self.trips = Trip.objects.bulk_create(trips)
        stops = Trip.cities.through
        stops.objects.bulk_create(
            stops(trip=trip, region=self.cities[CITIES[i % 9]]) for i, trip in enumerate(trips)
        )
        visits = [self._visit(i, firm, again=False) for i, firm in enumerate(self.firms)]
        visits += [self._visit(i, firm, again=True) for i, firm in enumerate(self.firms[:54])]
        self.visits = Visit.objects.bulk_create(visits)

    def _visit(self, i, firm, *, again):
        own = [t for t in self.trips if t.task_force_id == firm.owning_team_id]
        place = i // 9 % len(own)
        trip = own[(place + 1) % len(own)] if again else own[place]
        return Visit(
            company=firm, task_force=firm.owning_team, trip=trip, city=firm.region,
            held_on=trip.started_on + timedelta(days=i // 9 % 3), mode=Visit.Mode.OUTBOUND,
            content="示例：介绍绿电与算力优势，了解投资计划",
            outcome=("interested", "intention", "none", "lead")[i % 4],
            wants="示例：用地与电价" if i % 5 == 0 else "", **self._base(),
        )  # fmt: skip

    # -- projects ------------------------------------------------------------------------------

    def _projects(self):
        plan = (
            [(Stage.LEAD, None)] * 8
            + [(Stage.NEGOTIATING, None)] * 12
            + [(Stage.RESERVE, amount) for amount in _amounts(RESERVE, RESERVE_TOTAL)]
            + list(zip(self._signed_stages(), _amounts(SIGNED, SIGNED_TOTAL), strict=True))
        )
        self.projects = []
        for i, (stage, amount) in enumerate(plan):
            project = self._project(i, stage, amount)
            project.set_name_keys()
            self.projects.append(project)
        Project.objects.bulk_create(self.projects)
        self._history()
        self._project_parts()

    @staticmethod
    def _signed_stages():
        return (
            [Stage.SIGNED] * 6 + [Stage.LANDED] * 4 + [Stage.BUILDING] * 4 + [Stage.PRODUCING] * 2
        )

    def _project(self, i, stage, amount):
        firm = self.firms[i % FIRMS]
        team = firm.owning_team
        reached = position(stage)
        confidential = i == 24
        project = Project(
            number=f"SL-2024-{i + 1:04d}",
            name=f"示例{PREFIXES[i % 12]}{SUBJECTS[i % 9]}项目（{i + 1}）",
            lead_investor=firm, source=Project.Source.VISIT, summary="示例数据，非真实项目",
            lead_team=team, stage=stage, reported_on=_entered(i, Stage.LEAD),
            stage_since=_entered(i, stage), planned_yuan=amount,
            owner=self.users["officer"] if team == self.teams[0] else None,
            is_confidential=confidential, code_name="示例代号·雪豹" if confidential else "",
            **self._base(),
        )  # fmt: skip
        if reached >= position(Stage.NEGOTIATING):
            self._negotiated(project, i)
        if reached >= position(Stage.RESERVE):
            self._reserved(project, i)
        if reached >= position(Stage.LANDED):
            project.filing_code = f"示例备案{i:04d}"
            project.filed_on = project.site_secured_on = _entered(i, Stage.LANDED)
        if reached >= position(Stage.BUILDING):
            project.started_on = _entered(i, Stage.BUILDING)
            project.start_evidence, project.start_note = "permit", "示例：施工许可"
        if stage == Stage.PRODUCING:
            project.produced_on = _entered(i, Stage.PRODUCING)
            project.production_note = "示例：首批机柜上线"
        return project

    def _negotiated(self, project, i):
        project.contact = self.contacts[i % FIRMS]
        project.segment = self.segments[i % len(self.segments)]
        if project.planned_yuan is None:
            project.planned_yuan = Decimal(1 + i % 5) * YI
            project.planned_precision = "about"
            project.planned_text = f"约{1 + i % 5}亿元"

    def _reserved(self, project, i):
        project.park = self.parks[i % 3]
        project.planned_signing_on = date(2025, 1 + i % 12, 1)
        project.owner = project.owner or self.users["bureau"]
        project.next_step = "示例：商定用地与供电方案"
        project.next_step_on = today() + timedelta(days=(i * 7) % 60 - 10)

    def _history(self):
        moves = []
        for i, project in enumerate(self.projects):
            before = ""
            for stage in ORDER[: position(project.stage) + 1]:
                moves.append(
                    StageMove(
                        project=project,
                        from_stage=before,
                        to_stage=stage,
                        is_sample=True,
                        effective_on=_entered(i, stage),
                        by=self.users["bureau"],
                        reason="示例数据",
                    )
                )
                before = stage
        StageMove.objects.bulk_create(moves)

    def _project_parts(self):
        talked = [p for p in self.projects if p.stage != Stage.LEAD]
        Visit.objects.bulk_create(
            Visit(
                company=p.lead_investor, task_force=p.lead_team, project=p,
                held_on=p.reported_on, mode=Visit.Mode.ONLINE, content="示例：洽谈项目方案",
                outcome="intention", **self._base(),
            )
            for p in talked
        )  # fmt: skip
        vetted = [p for p in talked if position(p.stage) >= position(Stage.RESERVE)]
        # One project of the sample officer lacks little for the reserve pool.
        nearly = next(p for p in talked if p.stage == Stage.NEGOTIATING and p.owner_id)
        Assessment.objects.bulk_create(
            Assessment(
                project=p, held_on=p.reported_on + timedelta(days=5), result="passed",
                note="示例：部门联审通过", **self._base(),
            )
            for p in [*vetted, nearly]
        )  # fmt: skip
        CreditShare.objects.bulk_create(self._credit(vetted))
        ComputeCapacity.objects.bulk_create(
            ComputeCapacity(
                project=p, kind="intelligent", planned_p=Decimal(200 + 50 * i), **self._base()
            )
            for i, p in enumerate(vetted[::9])
        )
        Milestone.objects.bulk_create(
            Milestone(
                project=p, kind="go_live", planned_on=p.stage_since + timedelta(days=300),
                **self._base(),
            )
            for p in vetted
            if p.stage == Stage.BUILDING
        )  # fmt: skip

    def _credit(self, projects):
        for i, project in enumerate(projects):
            if i % 10 == 0:
                other = self.teams[project.lead_team.number % 9]
                yield self._share(project, project.lead_team, "first", 50)
                yield self._share(project, other, "landing", 50)
            else:
                yield self._share(project, project.lead_team, "first", 100)

    def _share(self, project, team, part, percent):
        return CreditShare(
            project=project, task_force=team, part=part, percent=Decimal(percent), **self._base()
        )

    # -- deals and money -----------------------------------------------------------------------

    def _deals_and_money(self):
        signed = [p for p in self.projects if position(p.stage) >= position(Stage.SIGNED)]
        deals = Deal.objects.bulk_create(
            Deal(
                project=p, number=f"示例合同-2024-{i:03d}", kind=Deal.Kind.CONTRACT,
                amount_yuan=p.planned_yuan,
                signed_on=_entered(self.projects.index(p), Stage.SIGNED),
                has_support_clause=False, recognition=Deal.Recognition.ACCEPTED,
                confirmed_by=self.users["bureau2"], place="西宁", **self._base(),
            )
            for i, p in enumerate(signed, start=1)
        )  # fmt: skip
        DealParty.objects.bulk_create(
            party
            for deal in deals
            for party in (
                DealParty(deal=deal, company=deal.project.lead_investor, **self._base()),
                DealParty(deal=deal, side="city", name="示例·园区管委会", **self._base()),
            )
        )
        Deal.objects.filter(pk__in=[d.pk for d in deals]).update(confirmed_at=deals[0].created_at)
        Arrival.objects.bulk_create(
            arrival for i, deal in enumerate(deals) for arrival in self._arrivals(i, deal)
        )

    def _arrivals(self, i, deal):
        """Money of the months after signing, a twentieth of the sum each time."""
        for month in range(deal.signed_on.month + 1, 13)[:3]:
            yield Arrival(
                project=deal.project, month=date(2024, month, 1),
                amount_yuan=(deal.amount_yuan / 20).quantize(Decimal("0.01")),
                origin="inside" if i % 4 == 0 else "outside", evidence="示例：银行回单",
                state=Arrival.State.CONFIRMED, confirmed_by=self.users["bureau2"], **self._base(),
            )  # fmt: skip

    # -- what is to be done --------------------------------------------------------------------

    def _work_to_do(self):
        team, officer = self.teams[0], self.users["officer"]
        own = [p for p in self.projects if p.lead_team == team]
        tasks = (
            "回访并送达政策要点",
            "确认供电方案",
            "约谈投资总监",
            "补齐备案材料",
            "邀请来宁考察",
        )
        FollowUp.objects.bulk_create(
            FollowUp(
                project=p, company=p.lead_investor, owner=officer, task_force=team,
                what=f"示例：{what}", due_on=today() + timedelta(days=days), **self._base(),
            )
            for p, what, days in zip(own[2:7], tasks, (-6, -1, 0, 3, 9), strict=True)
        )  # fmt: skip
        for i, project in enumerate(self.projects[40:100:8]):
            raised = today() - timedelta(days=30)
            Request.objects.create(
                project=project, company=project.lead_investor, task_force=project.lead_team,
                raised_on=raised, category=("land", "power", "network")[i % 3],
                content="示例：请协调落实项目用地与供电接入",
                department=self.departments[2 + i % 3], due_on=today() + timedelta(days=5 * i - 12),
                **self._base(),
            )  # fmt: skip

    def _targets(self):
        city = {
            "deals_signed": 20, "signed_yuan": 100 * YI, "arrived_yuan": 20 * YI, "trips": 40,
            "firms_visited": 100, "reserve_projects": 70,
        }  # fmt: skip
        rows = [(name, None, Decimal(value)) for name, value in city.items()]
        for team in self.teams:
            rows += [("deals_signed", team, Decimal(2)), ("signed_yuan", team, 11 * YI)]
            rows += [("firms_visited", team, Decimal(11))]
        Target.objects.bulk_create(
            Target(year=2024, indicator=name, task_force=team, value=value, **self._base())
            for name, team, value in rows
        )


def _hashed(password: str) -> str:
    account = User()
    account.set_password(password)
    return account.password


def _sample_code(i: int) -> str:
    """A credit code with a right check digit and a subject number nobody has."""
    body = f"91630100MA0000{i:03d}"
    return body + uscc.calc_check_digit(body)


def _amounts(count: int, total: Decimal) -> list[Decimal]:
    """``count`` uneven amounts, whole 10,000 yuan but the last, that add up to ``total``."""
    weights = list(islice(cycle((3, 5, 8, 2, 13, 4, 7, 1, 6)), count))
    unit = Decimal(10_000)
    shares = [(total * w / sum(weights) // unit) * unit for w in weights[:-1]]
    return [*shares, total - sum(shares)]


def _entered(i: int, stage: str) -> date:
    """The day the i-th project entered a stage; all of them in 2024, in order."""
    return date(2024, 1, 22) + timedelta(days=(i * 11) % 120 + 32 * position(stage))
