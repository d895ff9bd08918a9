"""Accounts behind the generated rows: officers of the nine task forces and two of the bureau.

They cannot sign in: nobody knows a password of theirs. The sample accounts of the demo work along.
"""

from django.contrib.auth.hashers import make_password

from crm.access import Role
from crm.models import Department, Membership, User

from .words import GIVEN, SURNAMES
from .writing import continue_numbering, next_key, write

OFFICERS = 6
UNITS = "发展和改革委员会 自然资源和规划局 生态环境局 供电公司 数据局 工业和信息化局".split()


def add_people(world, size) -> None:
    if not world.departments:
        world.departments = Department.objects.bulk_create(
            Department(name=f"示例·{name}", is_sample=True) for name in UNITS
        )
    first = next_key(User)
    lock = make_password(None)
    bureau = [_account(world, first + n, Role.BUREAU, lock) for n in range(2)]
    members = []
    for place, team in enumerate(world.teams):
        start = first + 2 + place * (OFFICERS + 1)
        lead = _account(world, start, Role.TEAM_LEAD, lock)
        officers = [_account(world, start + 1 + n, Role.OFFICER, lock) for n in range(OFFICERS)]
        world.officers[team.pk] = [*officers, *_sample_officers(team)]
        members += [(team, user) for user in (lead, *officers)]
    write([*bureau, *(user for _team, user in members)])
    world.bureau, world.confirming = bureau
    write(
        [
            Membership(
                task_force=team, user=user, joined_on=world.start,
                **world.marked(world.start),
            )
            for team, user in members
        ]
    )  # fmt: skip
    continue_numbering(User, Membership)


def _account(world, pk: int, role: str, password: str) -> User:
    name = world.one_of(SURNAMES) + world.one_of(GIVEN)
    return User(
        pk=pk, username=f"sample{pk:05d}", full_name=name, role=role, password=password,
        is_sample=True,
    )  # fmt: skip


def _sample_officers(team) -> list:
    """The team's demo accounts: who signs in to the demo finds a day's work."""
    return list(
        User.objects.filter(
            is_sample=True, role=Role.OFFICER, memberships__task_force=team,
            memberships__left_on=None, username="officer",
        )
    )  # fmt: skip
