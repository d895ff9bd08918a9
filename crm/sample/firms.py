"""Sample firms with a contact each."""

from itertools import cycle

from stdnum.cn import uscc

from crm.models import Company, CompanyMark, Contact

from .world import CITIES, PREFIXES, SURNAMES, YI

FIRMS = 108
REVENUES = (None, 2 * YI, 18 * YI, 130 * YI, None)
TRADES = (
    "算力科技 数据服务 储能装备 光伏材料 智能制造 网络设备 液冷技术 芯片设计 绿能电力"
).split()


def add_firms(world) -> None:
    cities = cycle(world.cities[code] for code in CITIES)
    world.firms = [_firm(world, i, next(cities)) for i in range(FIRMS)]
    Company.objects.bulk_create(world.firms)
    through = Company.segments.through
    through.objects.bulk_create(
        through(company=firm, segment=world.segments[i % len(world.segments)])
        for i, firm in enumerate(world.firms)
    )
    world.contacts = Contact.objects.bulk_create(
        Contact(
            company=firm, name=f"示例{SURNAMES[i % 12]}经理", position="投资总监",
            mobile=f"139{i:08d}", is_primary=True, **world.marked(),
        )
        for i, firm in enumerate(world.firms)
    )  # fmt: skip
    CompanyMark.objects.bulk_create(
        CompanyMark(company=firm, mark=CompanyMark.Mark.SPECIALISED, year=2023, **world.marked())
        for firm in world.firms[::6]
    )


def _firm(world, i, city) -> Company:
    company = Company(
        name=f"示例{PREFIXES[i % 12]}{TRADES[i // 12]}有限公司", uscc=_code(i), region=city,
        owning_team=world.teams[i % 9], key_tier="ABC"[i % 3] if i % 4 == 0 else "",
        sponsoring_leader="示例·包联领导" if i % 4 == 0 else "",
        ownership=("private", "state", "mixed")[i % 3], note="示例数据",
        revenue_yuan=REVENUES[i % 5], revenue_year=2023 if REVENUES[i % 5] else None,
        **world.marked(),
    )  # fmt: skip
    company.set_name_keys()
    return company


def _code(i: int) -> str:
    """A credit code with a right check digit and a subject number nobody has."""
    body = f"91630100MA0000{i:03d}"
    return body + uscc.calc_check_digit(body)
