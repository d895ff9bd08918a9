"""Sample contracts of 2024 and the money that arrived under them."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from crm.models import Arrival, Commitment, Deal, DealParty
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
        Commitment(
            deal=deal, side="city", content="示例：协调接入绿色电力",
            due_on=deal.signed_on + timedelta(days=180), **world.marked(),
        )
        for deal in deals[::4]
    )  # fmt: skip
    Arrival.objects.bulk_create(
        arrival for i, deal in enumerate(deals) for arrival in _arrivals(world, i, deal)
    )


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
