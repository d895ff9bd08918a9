"""Generated firms with names, marks, segments and contacts."""

from datetime import date
from decimal import Decimal

from stdnum.cn import uscc

from crm.models import Company, CompanyMark, CompanyName, Contact
from crm.names import match_key

from .words import (
    BRAND_FIRST,
    BRAND_SECOND,
    CITIES,
    FORMS,
    GIVEN,
    POSITIONS,
    SURNAMES,
    TRADES,
)
from .world import Weighted
from .writing import continue_numbering, link, next_key, write

WAN = Decimal(10_000)
OWNERSHIP = Weighted(
    [("private", 55), ("state", 15), ("central", 10), ("mixed", 12), ("foreign", 8)]
)
TIERS = Weighted([("", 90), ("A", 2), ("B", 3), ("C", 5)])
MARKS = Weighted(
    [("specialised", 50), ("listed", 22), ("private_500", 8), ("china_500", 6), ("head", 6),
     ("chain_leader", 4), ("unicorn", 3), ("global_500", 1)]
)  # fmt: skip


def add_firms(world, size) -> None:
    taken = set(Company.objects.values_list("name_key", flat=True))
    first = next_key(Company)
    cities = Weighted([(world.regions[code], weight) for code, weight in CITIES])
    forms, trades = Weighted(FORMS), TRADES
    # ``trade`` is kept beside each firm: it decides the subject of the firm's projects.
    world.trades = [world.one_of(trades) for _n in range(size.firms)]
    for place, trade in enumerate(world.trades):
        world.firms.append(_firm(world, first + place, trade, cities, forms, taken))
    write(world.firms)
    link(Company.segments.through, _segments(world))
    _add_names_and_marks(world)
    _add_contacts(world)
    continue_numbering(Company, Company.segments.through, CompanyName, CompanyMark, Contact)


def _firm(world, pk, trade, cities, forms, taken) -> Company:
    dice = world.dice
    city = cities.draw(dice)
    brand, name = _new_name(world, city, trade[0], forms, taken)
    tier = TIERS.draw(dice)
    registered = date(dice.randint(1996, 2022), dice.randint(1, 12), dice.randint(1, 28))
    firm = Company(
        pk=pk, name=name, uscc=_code(pk, city) if world.happens(0.88) else None, region=city,
        industry=world.industries.get(trade[1]), ownership=OWNERSHIP.draw(dice),
        main_business=trade[3], registered_on=registered, key_tier=tier,
        owning_team=world.one_of(world.teams) if world.happens(0.85) else None,
        sponsoring_leader=f"{world.one_of(SURNAMES)}副市长" if tier == "A" else "",
        **world.marked(world.day_between(world.start, world.until)),
    )  # fmt: skip
    if world.happens(0.6):
        firm.revenue_yuan = Decimal(int(dice.lognormvariate(9.2, 1.6)) + 50) * WAN
        firm.revenue_year = world.until.year - 1
    firm.brand = brand
    return firm


def _new_name(world, city, trade, forms, taken) -> tuple[str, str]:
    """A brand and a full name nobody carries yet."""
    while True:
        brand = world.one_of(BRAND_FIRST) + world.one_of(BRAND_SECOND)
        if world.happens(0.3):
            brand += world.one_of(BRAND_SECOND)
        name = f"{city.short_name}{brand}{trade}{forms.draw(world.dice)}"
        if (key := match_key(name)) not in taken:
            taken.add(key)
            return brand, name


def _code(pk: int, city) -> str:
    """A credit code with a right check digit and a subject number nobody has."""
    body = f"91{city.code}MG{pk:07d}"
    return body + uscc.calc_check_digit(body)


def _segments(world):
    for firm, trade in zip(world.firms, world.trades, strict=True):
        if of_chain := world.segments.get(trade[2]):
            yield firm.pk, world.one_of(of_chain).pk


def _add_names_and_marks(world) -> None:
    names, marks = [], []
    for firm, trade in zip(world.firms, world.trades, strict=True):
        day = firm.created_at.date()
        if world.happens(0.5):
            names.append(_other_name(world, firm, "short", firm.brand + trade[0][:2], day))
        if world.happens(0.06):
            former = firm.name.replace(firm.brand, firm.brand[:1] + "远", 1)
            names.append(_other_name(world, firm, "former", former, day))
        if world.happens(0.12):
            marks.append(
                CompanyMark(
                    company=firm, mark=MARKS.draw(world.dice), year=world.until.year - 1,
                    **world.marked(day),
                )
            )  # fmt: skip
    write(names)
    write(marks)


def _other_name(world, firm, kind, name, day) -> CompanyName:
    return CompanyName(company=firm, kind=kind, name=name, **world.marked(day))


def _add_contacts(world) -> None:
    """Everybody's number begins with 1400, which belongs to machines: nobody's telephone rings."""
    first, contacts = next_key(Contact), []
    for firm in world.firms:
        for place in range(2 if world.happens(0.35) else 1):
            pk = first + len(contacts)
            contact = Contact(
                pk=pk, company=firm, name=world.one_of(SURNAMES) + world.one_of(GIVEN),
                position=world.one_of(POSITIONS), mobile=f"1400{pk:07d}"[-11:],
                is_primary=place == 0, has_wechat=world.happens(0.7),
                **world.marked(firm.created_at.date()),
            )  # fmt: skip
            contacts.append(contact)
            world.contacts.setdefault(firm.pk, contact)
    write(contacts)
