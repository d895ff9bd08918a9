"""Sample signals noticed at firms, and calls of these weeks to some of the key firms."""

from datetime import timedelta

from crm.models import Signal, Visit
from crm.periods import today

SIGNALS = (
    ("expansion", 3, 12, "公告拟在西部新建一处算力节点", "示例公告"),
    ("site", 3, 25, "选址组已看过两处园区", "示例来函"),
    ("funding", 2, 40, "完成新一轮融资，拟用于扩产", "示例公告"),
    ("order", 2, 55, "中标一批训练算力服务订单", "示例中标公示"),
    ("statement", 1, 70, "高层在论坛上称关注绿电价格", "示例会议记录"),
    ("risk", 2, 20, "母公司收缩资本开支", "示例年报"),
)
SIGNALLED = 18
CALLED = 9


def add_targeting(world) -> None:
    """Noticed and called lately, because signals fade and rhythms run."""
    Signal.objects.bulk_create(
        Signal(
            company=firm, kind=kind, strength=strength, text=f"示例：{text}", source=source,
            seen_on=today() - timedelta(days=days + i), **world.marked(),
        )
        for i, firm in enumerate(world.firms[3 :: len(world.firms) // SIGNALLED])
        for kind, strength, days, text, source in [SIGNALS[i % len(SIGNALS)]]
    )  # fmt: skip
    key_firms = [firm for firm in world.firms if firm.key_tier]
    Visit.objects.bulk_create(
        Visit(
            company=firm, mode=Visit.Mode.CALL, held_on=today() - timedelta(days=5 + 4 * i),
            task_force=firm.owning_team, content="示例：电话回访", **world.marked(),
        )
        for i, firm in enumerate(key_firms[::3][:CALLED])
    )  # fmt: skip
