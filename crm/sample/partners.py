"""Sample members of the alliance with what they brought, and sample training with the universities.

The article names the alliance and the three partner institutions; all that stands here is invented.
"""

from datetime import date, timedelta

from crm.models import (
    AllianceCommitment,
    AllianceMeeting,
    AllianceMembership,
    Company,
    Institution,
    Introduction,
    MeetingAttendance,
    PeopleNeed,
    Programme,
    TrainingAgreement,
    TrainingYear,
)
from crm.periods import today
from crm.stages import Stage, position

PARTS = ("lead", "vice", "vice", "council", "council", "council", "member", "member", "member")
BRINGS = ("绿电与园区资源", "算力设备与客户", "通信网络", "产业基金", "行业客户", "数据标注订单",
          "储能配套", "光伏配套", "软件生态")  # fmt: skip
PROMISES = (
    "每季度引荐不少于两家企业",
    "协助举办一场专场推介",
    "派驻一名招商联络员",
    "开放供应链名录",
)
PROGRAMMES = (
    ("青海大学", "示例·智算平台与网络专业方向", "platform", "bachelor", (60, 80, 110, 120)),
    ("青海大学", "示例·人工智能算法联合培养", "algorithm", "master", (18, 24, 30, 36)),
    ("青海职业技术大学", "示例·数据中心运维订单班", "operation", "vocational", (45, 90, 120, 160)),
    ("青海职业技术大学", "示例·数据标注实训班", "data", "course", (120, 200, 260, 300)),
    (
        "国家超级计算无锡中心青海大学分中心",
        "示例·超算应用研修",
        "platform",
        "course",
        (None, 20, 25, 30),
    ),
)  # fmt: skip
FIELDS = ("operation", "platform", "power", "data", "algorithm")


def add_partners(world) -> None:
    _add_alliance(world)
    _add_training(world)
    PeopleNeed.objects.bulk_create(_needs(world))


def _add_alliance(world) -> None:
    firms = world.firms[::12]
    members = AllianceMembership.objects.bulk_create(
        AllianceMembership(
            company=firm, part=part, brings=f"示例：{brings}", joined_on=date(2024, 3, 18),
            **world.marked(),
        )
        for firm, part, brings in zip(firms, PARTS, BRINGS, strict=True)
    )  # fmt: skip
    Introduction.objects.bulk_create(_introductions(world, members))
    _add_meetings(world, members)
    AllianceCommitment.objects.bulk_create(
        AllianceCommitment(
            membership=member, content=f"示例：{PROMISES[i % 4]}",
            due_on=date(2024, 12, 31) if i % 3 else today() + timedelta(days=40),
            fulfilled_on=date(2024, 11, 20) if i % 3 == 1 else None, **world.marked(),
        )
        for i, member in enumerate(members)
    )  # fmt: skip


def _introductions(world, members):
    """Firms of projects, introduced shortly before these were reported; some led to nothing yet."""
    projects = [p for p in world.projects if position(p.stage) >= position(Stage.RESERVE)]
    taken: set = set()
    for i, project in enumerate(projects[::5]):
        member = members[(i * i) % (len(members) - 2)]
        firm = project.lead_investor
        if firm.pk == member.company_id or firm.pk in taken:
            continue
        taken.add(firm.pk)
        yield Introduction(
            membership=member, company=firm, task_force=project.lead_team,
            introduced_on=project.reported_on - timedelta(days=9), person="示例·联络员",
            note="示例：以商招商", **world.marked(),
        )  # fmt: skip
    idle = Company.objects.filter(is_sample=True).exclude(led_projects__isnull=False)
    for i, firm in enumerate(idle.order_by("pk")[:3]):
        yield Introduction(
            membership=members[i], company=firm, task_force=firm.owning_team,
            introduced_on=today() - timedelta(days=20 + 9 * i), **world.marked(),
        )  # fmt: skip


def _add_meetings(world, members) -> None:
    days = (date(2024, 3, 18), date(2024, 9, 12), date(2025, 3, 20))
    meetings = AllianceMeeting.objects.bulk_create(
        AllianceMeeting(
            name=f"示例·联盟第{numeral}次会议", held_on=day, place="西宁",
            summary="示例：议定引荐任务", **world.marked(),
        )
        for numeral, day in zip("一二三", days, strict=True)
    )  # fmt: skip
    states = MeetingAttendance.State
    MeetingAttendance.objects.bulk_create(
        MeetingAttendance(
            meeting=meeting, membership=member,
            state=states.CAME if (i + place) % 4 else states.EXCUSED, **world.marked(),
        )
        for place, meeting in enumerate(meetings)
        for i, member in enumerate(members)
    )  # fmt: skip


def _add_training(world) -> None:
    partners = {row.name: row for row in Institution.objects.all()}
    agreements = {
        name: TrainingAgreement.objects.create(
            name=f"示例·绿色算力人才联合培养协议（{name}）", institution=row,
            signed_on=date(2024, 6, 1 + place), valid_until=date(2027, 5, 31), **world.marked(),
        )
        for place, (name, row) in enumerate(partners.items())
    }  # fmt: skip
    first = today().year - 2
    for i, (partner, name, field, level, counts) in enumerate(PROGRAMMES):
        if partner not in partners:
            continue
        programme = Programme.objects.create(
            name=name, institution=partners[partner], agreement=agreements[partner], field=field,
            level=level, company=world.firms[i], **world.marked(),
        )  # fmt: skip
        TrainingYear.objects.bulk_create(
            TrainingYear(
                programme=programme, year=first + place, in_training=count,
                finished=count and count // 3, stayed=count and count // 5, **world.marked(),
            )
            for place, count in enumerate(counts)
        )  # fmt: skip


def _needs(world):
    """What some projects need by field; others state only the whole."""
    vetted = [p for p in world.projects if position(p.stage) >= position(Stage.RESERVE)]
    for i, project in enumerate(vetted[::12]):
        for place in range(2):
            yield PeopleNeed(
                project=project, field=FIELDS[(i + place) % len(FIELDS)],
                year=today().year + i % 3, people=12 + 6 * ((i + place) % 4), **world.marked(),
            )  # fmt: skip
