"""Generated members of the alliance, whom they introduced, their meetings and promises."""

from datetime import date

from crm.models import (
    AllianceCommitment,
    AllianceMeeting,
    AllianceMembership,
    Introduction,
    MeetingAttendance,
)

from .words import GIVEN, SURNAMES
from .world import Weighted
from .writing import continue_numbering, next_key, number, write

FEWEST, MOST, FIRMS_A_MEMBER = 4, 150, 300
PARTS = Weighted([("vice", 5), ("council", 25), ("member", 70)])
BRINGS = ("算力设备与客户", "产业基金", "行业客户", "数据标注订单", "储能配套", "通信网络")
PROMISES = (
    "每季度引荐不少于两家企业",
    "协助举办一场专场推介",
    "派驻一名招商联络员",
    "开放供应链名录",
)
STATES = Weighted([("came", 70), ("excused", 20), ("absent", 10)])
IDLE_SHARE = 0.004  # of the firms: introduced, and no project came of it


def add_alliance(world, size) -> None:
    count = min(MOST, len(world.firms), max(FEWEST, len(world.firms) // FIRMS_A_MEMBER))
    members = write([
        _member(world, firm, place)
        for place, firm in enumerate(world.dice.sample(world.firms, count))
    ])  # fmt: skip
    write(list(_introductions(world, members)))
    meetings = _meetings(world)
    write([
        MeetingAttendance(meeting=meeting, membership=member, state=STATES.draw(world.dice),
                          **world.marked(meeting.held_on))
        for meeting in meetings for member in members if member.joined_on <= meeting.held_on
    ])  # fmt: skip
    write([_promise(world, member, content) for member in members
           for content in world.dice.sample(PROMISES, 2)])  # fmt: skip
    continue_numbering(
        AllianceMembership, Introduction, AllianceMeeting, MeetingAttendance, AllianceCommitment
    )


def _member(world, firm, place) -> AllianceMembership:
    joined = world.day_between(world.start, world.start.replace(year=world.until.year - 1))
    return AllianceMembership(
        company=firm, part="lead" if place == 0 else PARTS.draw(world.dice), joined_on=joined,
        brings=world.one_of(BRINGS), **world.marked(joined),
    )  # fmt: skip


def _introductions(world, members):
    """Projects that came through the alliance, and firms that nothing came of yet."""
    taken = set()
    for project in world.projects:
        if project.source == "alliance":
            yield from _introduced(world, members, project.lead_investor, project, taken)
    for firm in world.dice.sample(world.firms, int(len(world.firms) * IDLE_SHARE)):
        yield from _introduced(world, members, firm, None, taken)


def _introduced(world, members, firm, project, taken):
    member = world.one_of(members)
    if member.company_id == firm.pk or (member.pk, firm.pk) in taken:
        return
    taken.add((member.pk, firm.pk))
    latest = project.reported_on if project else world.until
    day = max(min(member.joined_on, latest), latest - world.days(3, 60))
    team = project.lead_team if project else firm.owning_team or world.one_of(world.teams)
    yield Introduction(
        membership=member, company=firm, project=project, introduced_on=day, task_force=team,
        person=world.one_of(SURNAMES) + world.one_of(GIVEN), **world.marked(day),
    )  # fmt: skip


def _meetings(world) -> list[AllianceMeeting]:
    """Two a year; those of an earlier batch are met again."""
    there = {row.held_on: row for row in AllianceMeeting.objects.filter(is_sample=True)}
    days = [date(year, month, 18) for year in range(world.start.year, world.until.year + 1)
            for month in (3, 9)]  # fmt: skip
    days = [day for day in days if day <= world.until]
    made = [
        AllianceMeeting(
            name=f"{day.year}年第{1 if day.month == 3 else 2}次联盟会议", held_on=day,
            place="西宁", summary="议定引荐任务与专场推介安排", **world.marked(day),
        )
        for day in days if day not in there
    ]  # fmt: skip
    write(number(made, next_key(AllianceMeeting)))
    return [*(there[day] for day in days if day in there), *made]


def _promise(world, member, content) -> AllianceCommitment:
    due = member.joined_on + world.days(90, 500)
    kept = due <= world.until and world.happens(0.8)
    return AllianceCommitment(
        membership=member, content=content, due_on=due,
        fulfilled_on=due if kept else None, result="已按期完成" if kept else "",
        **world.marked(member.joined_on),
    )  # fmt: skip
