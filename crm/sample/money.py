"""Sample contracts of 2024 and the money that arrived under them."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from crm.models import Arrival, Commitment, Deal, DealParty
from crm.periods import today
from crm.stages import Stage, position

from .projects import entered


def add_deals_and_money(world) -> None:
    signed = [p for p in world.projects if position(p.stage) >= position(Stage.SIGNED)]
    deals = Deal.objects.bulk_create(_deal(world, i, p) for i, p in enumerate(signed, start=1))
    DealParty.objects.bulk_create(
        party
        for deal in deals
        for party in (
            DealParty(deal=deal, company=deal.project.lead_investor, **world.marked()),
            DealParty(deal=deal, side="city", name="示例·园区管委会", **world.marked()),
        )
    )
    Commitment.objects.bulk_create(
        promise for i, deal in enumerate(deals) for promise in _promises(world, i, deal)
    )
    Arrival.objects.bulk_create(
        arrival for i, deal in enumerate(deals) for arrival in _arrivals(world, i, deal)
    )


PROMISES = (
    ("city", "power_price", "示例：协调接入绿色电力，到户电价按直供协议执行", 180),
    ("investor", "investment", "示例：签约后一年内完成固定资产投资的60%", 365),
    ("city", "land_price", "示例：按工业用地基准价挂牌供地", 120),
    ("investor", "output", "示例：投产当年新增就业岗位不少于80个", 1080),
    ("city", "subsidy", "示例：兑现设备购置奖补资金", 900),
    ("city", "policy", "示例：专人代办备案和节能审查手续", 60),
)


def _promises(world, i, deal):
    """What both sides promised: most of it kept, some late, one of them disputed."""
    for place, (side, kind, content, days) in enumerate(PROMISES):
        if (i + place) % 2:
            continue
        due = deal.signed_on + timedelta(days=days)
        kept = (i * 3 + place) % 4 and due < today()
        disputed = not kept and due + timedelta(days=20) < today() and i % 4 == 0
        yield Commitment(
            deal=deal, side=side, kind=kind, content=content, due_on=due,
            amount_yuan=Decimal(2_000_000) if kind == "subsidy" else None,
            department=world.departments[(i + place) % len(world.departments)]
            if side == "city" and world.departments else None,
            fulfilled_on=due - timedelta(days=place) if kept else None,
            result="示例：已落实" if kept else "",
            disputed_on=due + timedelta(days=20) if disputed else None,
            dispute="示例：对电价口径理解不一" if disputed else "", **world.marked(),
        )  # fmt: skip


def _deal(world, i, project) -> Deal:
    return Deal(
        project=project, number=f"示例合同-2024-{i:03d}", kind=Deal.Kind.CONTRACT,
        amount_yuan=project.planned_yuan, place="西宁", has_support_clause=False,
        signed_on=entered(world.projects.index(project), Stage.SIGNED),
        recognition=Deal.Recognition.ACCEPTED, confirmed_by=world.users["bureau2"],
        confirmed_at=timezone.now(), **world.marked(),
    )  # fmt: skip


def _arrivals(world, i, deal):
    """Money of the months after signing, a twentieth of the sum each time."""
    for month in range(deal.signed_on.month + 1, 13)[:3]:
        yield Arrival(
            project=deal.project, month=date(2024, month, 1),
            amount_yuan=(deal.amount_yuan / 20).quantize(Decimal("0.01")),
            origin="inside" if i % 4 == 0 else "outside", evidence="示例：银行回单",
            state=Arrival.State.CONFIRMED, confirmed_by=world.users["bureau2"], **world.marked(),
        )  # fmt: skip
