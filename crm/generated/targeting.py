"""Generated signals noticed at firms: more at key firms, and more of late."""

from crm.models import Signal

from .world import Weighted
from .writing import Shape, continue_numbering, next_key

KINDS = Weighted(
    [("expansion", 30), ("site", 18), ("funding", 16), ("order", 16), ("statement", 12),
     ("risk", 8)]
)  # fmt: skip
TEXTS = {
    "expansion": ("公告拟在西部新建生产基地", "年报披露扩产计划", "拟新增算力节点"),
    "site": ("选址组走访西北三省", "来函询问园区地块", "委托机构比选落地城市"),
    "funding": ("完成新一轮融资", "上市申请获受理", "获产业基金入股"),
    "order": ("中标大额订单，现有产能不足", "签订三年供货协议"),
    "statement": ("高层在论坛上称关注绿电价格", "董事长公开表示看好西部布局"),
    "risk": ("收缩资本开支", "被列为被执行人", "控股股东变更"),
}
SOURCES = ("公司公告", "行业媒体", "走访所知", "中标公示", "年报")
NOTICED, AT_KEY_FIRMS = 0.06, 0.9
RECENT = 150  # days before the last one


def add_targeting(world, size) -> None:
    shape = Shape(
        Signal(**world.marked(world.start)), "id", "company_id", "kind", "strength", "seen_on",
        "text", "source", "created_at", "updated_at",
    )  # fmt: skip
    first = next_key(Signal)
    shape.write(shape.row(first + n, *row) for n, row in enumerate(_signals(world)))
    continue_numbering(Signal)


def _signals(world):
    for firm in world.firms:
        if not world.happens(AT_KEY_FIRMS if firm.key_tier else NOTICED):
            continue
        for _n in range(3 if firm.key_tier == "A" else 1):
            kind = KINDS.draw(world.dice)
            back = RECENT if world.happens(0.6) else 900
            day = max(world.start, world.until - world.days(0, back))
            yield (
                firm.pk, kind, world.one_of((1, 2, 2, 3)), world.date_value(day),
                world.one_of(TEXTS[kind]), world.one_of(SOURCES), *world.moment_values(day),
            )  # fmt: skip
