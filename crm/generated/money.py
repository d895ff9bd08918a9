"""Generated contracts and the money that arrived under them."""

from datetime import date, timedelta
from decimal import Decimal

from crm.models import Arrival, Commitment, Deal, DealParty
from crm.stages import ProjectStatus

from .firms import WAN
from .words import WANTS
from .writing import continue_numbering, next_key, number, write

# Who promised, what kind, in which words; "" for what the firm asked for.
PROMISED = (
    ("city", "policy", ""), ("investor", "investment", "一年内完成固定资产投资的一半"),
    ("city", "power_price", "协助落实约定的用电价格"), ("city", "subsidy", "按协议兑现设备补贴"),
    ("investor", "output", "投产后两年内达产并达到约定税收"),
    ("city", "land_price", "按约定价格交付用地"),
)  # fmt: skip
LONGEST_DELAY = timedelta(days=45)


def add_money(world, size) -> None:
    signed = [p for p in world.projects if "signed" in p.entered]
    world.deals = [deal for p in signed for deal in _deals(world, p)]
    number(world.deals, next_key(Deal))
    for deal in world.deals:
        deal.number = f"宁招合〔{deal.signed_on.year}〕{deal.pk:05d}号"
        deal.replaces_id = deal.replaces and deal.replaces.pk
    write(world.deals)
    write([party for deal in world.deals for party in _parties(world, deal)])
    write([_commitment(world, deal) for deal in world.deals if world.happens(0.25)])
    write([a for p in signed if "landed" in p.entered for a in _arrivals(world, p)])
    continue_numbering(Deal, DealParty, Commitment, Arrival)


def _deals(world, project):
    """The contract, sometimes after a framework agreement, sometimes with a supplement."""
    signed, reserved = project.entered["signed"], project.entered["reserve"]
    share = Decimal(world.dice.randint(70, 100)) / 100
    amount = max(WAN, project.planned_yuan * share // WAN * WAN)
    framework = None
    if world.happens(0.15):
        framework = _deal(world, project, "framework", project.planned_yuan, reserved)
        framework.status = Deal.Status.REPLACED
        yield framework
    contract = _deal(world, project, "contract", amount, signed)
    contract.replaces = framework
    if project.status == ProjectStatus.TERMINATED:
        contract.status = Deal.Status.ENDED
    project.contract = contract
    yield contract
    later = signed + timedelta(days=150)
    if contract.status == Deal.Status.IN_FORCE and later <= world.until and world.happens(0.08):
        yield _deal(world, project, "supplement", max(WAN, amount // 5 // WAN * WAN), later)


def _deal(world, project, kind, amount, day) -> Deal:
    accepted = world.happens(0.88)
    checked = world.happens(0.3)
    confirmed = world.until - day > timedelta(days=10)
    deal = Deal(
        project=project, kind=kind, amount_yuan=amount, signed_on=day, place="西宁",
        outside_yuan=amount * 4 // 5 // WAN * WAN, has_support_clause=checked,
        fair_review_no=f"公平审〔{day.year}〕{project.pk}" if checked else "",
        fair_review_on=day if checked else None,
        recognition="accepted" if accepted and confirmed else "pending",
        event=_event_on(world, day), **world.marked(day, project.owner),
    )  # fmt: skip
    if confirmed:
        deal.confirmed_by = world.confirming
        deal.confirmed_at = world.moment(min(world.until, day + timedelta(days=2)))
    return deal


def _event_on(world, day):
    return next((e for e in world.events if e.started_on <= day <= e.ended_on), None)


def _parties(world, deal):
    marks = world.marked(deal.signed_on)
    yield DealParty(deal=deal, company=deal.project.lead_investor, **marks)
    yield DealParty(deal=deal, side="city", name=f"{deal.project.park}管委会", **marks)


def _commitment(world, deal) -> Commitment:
    due = deal.signed_on + world.days(60, 300)
    kept = due < world.until and world.happens(0.85)
    content = world.one_of(WANTS).replace("希望", "协助")
    side, kind, text = PROMISED[deal.pk % len(PROMISED)]
    disputed = due < world.until and not kept and deal.pk % 4 == 0
    return Commitment(
        deal=deal, side=side, kind=kind, content=text or content, due_on=due,
        department=world.departments[deal.pk % len(world.departments)] if side == "city" else None,
        amount_yuan=(deal.amount_yuan or 0) // 20 // WAN * WAN if kind == "subsidy" else None,
        fulfilled_on=due if kept else None, result="已按期兑现" if kept else "",
        disputed_on=due if disputed else None,
        dispute="双方对兑现条件理解不一" if disputed else "", **world.marked(deal.signed_on),
    )  # fmt: skip


def _arrivals(world, project):
    """Every few months a part, together less than the contract sum."""
    contract, left = project.contract, project.contract.amount_yuan * 85 // 100
    month = _next_month(project.entered["landed"].replace(day=1), world.dice.randint(0, 2))
    while month <= world.until:
        part = contract.amount_yuan * world.dice.randint(3, 14) // 100 // WAN * WAN
        if part <= 0 or part > left:
            return
        left -= part
        yield _arrival(world, project, month, part)
        month = _next_month(month, world.dice.randint(1, 4))


def _arrival(world, project, month, amount) -> Arrival:
    old = world.until - month > LONGEST_DELAY
    return Arrival(
        project=project, month=month, amount_yuan=amount, evidence="银行进账单",
        origin="outside" if world.happens(0.8) else "inside",
        state=Arrival.State.CONFIRMED if old else Arrival.State.REPORTED,
        confirmed_by=world.confirming if old else None,
        **world.marked(min(world.until, month + timedelta(days=27)), project.owner),
    )  # fmt: skip


def _next_month(month: date, months: int) -> date:
    place = month.year * 12 + month.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
