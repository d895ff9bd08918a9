"""Sample rows behind the article's totals: deterministic, every one marked 示例, removable.

The article gives totals without names (72 reserve projects over 220亿元, 17 deals of 88.62亿元,
40-odd trips, more than 100 firms). These rows fill them so that the indicators come out as
published; nothing in them is a fact. Only what is to be done now lies around today.
"""

from django.db import transaction

from crm.access import Role
from crm.models import User

from .firms import add_firms
from .money import add_deals_and_money
from .outreach import add_trips_and_visits
from .partners import add_partners
from .parts import add_project_parts
from .people import add_people
from .places import add_places
from .projects import add_projects
from .targeting import add_targeting
from .tasks import add_tasks
from .world import World

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


def load() -> None:
    """Add the sample rows; does nothing when they are there."""
    if User.objects.filter(is_sample=True).exists():
        return
    with transaction.atomic():
        world = World()
        add_people(world, ACCOUNTS)
        add_firms(world)
        add_trips_and_visits(world)
        add_projects(world)
        add_project_parts(world)
        add_places(world)
        add_deals_and_money(world)
        add_partners(world)
        add_tasks(world)
        add_targeting(world)
