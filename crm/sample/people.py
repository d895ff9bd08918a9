"""Sample units and one sample account per role."""

from datetime import date

from django.contrib.auth.hashers import make_password

from crm.access import Role
from crm.models import Department, Membership, User

DEPARTMENTS = "投资促进局 发展和改革委员会 自然资源和规划局 生态环境局 供电公司 数据局".split()


def add_people(world, accounts) -> None:
    world.departments = [
        Department.objects.create(name=f"示例·{name}", sequence=place, is_sample=True)
        for place, name in enumerate(DEPARTMENTS, start=1)
    ]
    # Hashing is slow on purpose: accounts with the same password share the hash.
    hashes = {word: make_password(word) for word in {password for *_rest, password in accounts}}
    for username, role, name, password in accounts:
        user = User(username=username, role=role, full_name=name, is_sample=True)
        user.password = hashes[password]
        user.department = world.departments[2] if role == Role.DEPARTMENT else None
        user.park = world.parks[0] if role == Role.PARK else None
        user.save()
        world.users[username] = user
    for username, duty in (("officer", "联络员"), ("team_lead", "班长")):
        Membership.objects.create(
            user=world.users[username], task_force=world.teams[0], duty=duty,
            joined_on=date(2024, 1, 8), is_sample=True,
        )  # fmt: skip
