"""Pages of answers at a city's size: workbench, board, every report, monthly report, wall screen.

20,000 firms, 5,000 projects, 300,000 visits beside the demo's rows. Ours is a whole request, as the
bureau asks it; the floor is its main sum in plain SQL. Goals are what people feel: seconds.
"""

from collections.abc import Iterator
from datetime import date

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from crm.generated import Size, generate
from crm.indicators import default_year
from crm.models import User, Visit, WallToken
from crm.periods import Period, today
from crm.reports import REPORTS
from tests.bench.figures import Figure, alternate, seconds

SIZE, SMALL = Size(20_000, 5_000, 300_000), Size(1_000, 400, 6_000)
HOME, REPORT, BOARD = 0.8, 1.5, 1.5  # seconds
ROUNDS = 5

# What the sum behind a page costs by itself: rows of the period, added up.
DEALS = (
    "SELECT count(DISTINCT project_id), sum(amount_fen) FROM crm_deal "
    "WHERE signed_on >= %s AND signed_on < %s AND archived_at IS NULL"
)
ARRIVALS = (
    "SELECT month, sum(amount_fen) FROM crm_arrival WHERE month >= %s AND month < %s GROUP BY 1"
)
PROJECTS = (
    "SELECT stage, count(*), sum(planned_fen) FROM crm_project "
    "WHERE archived_at IS NULL AND reported_on < %s GROUP BY stage"
)
VISITS = (
    "SELECT task_force_id, count(*), count(DISTINCT company_id) FROM crm_visit "
    "WHERE held_on >= %s AND held_on < %s AND mode = 'outbound' GROUP BY 1"
)
MOVES = (
    "SELECT project_id, to_stage, min(effective_on) FROM crm_stagemove "
    "WHERE effective_on >= %s AND effective_on < %s GROUP BY 1, 2"
)
FLOORS = {
    "arrivals": ARRIVALS, "signed_projects": DEALS, "outreach": VISITS, "key_firm_coverage": VISITS,
    "data_completeness": VISITS, "stage_conversion": MOVES, "team_ranking": VISITS,
}  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    _fill(SMALL if quick else SIZE)
    year = default_year()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="bureau"))
    rounds = 2 if quick else ROUNDS
    for name, address, goal, floor in _pages(year):
        whole = Period.year(year)
        ways = {
            "ours": lambda address=address: seconds(lambda: _asked(client, address)),
            "floor": lambda floor=floor, whole=whole: seconds(lambda: _summed(floor, whole)),
        }
        found = alternate(rounds, ways)
        yield Figure(name, found["ours"], max(found["floor"], 1e-5), "s", seconds_at_most=goal)


def _pages(year: int) -> Iterator[tuple[str, str, float, str]]:
    """What is asked, its address, how long it may take, and the sum that is its floor."""
    yield "home", reverse("admin:index"), HOME, DEALS
    yield "board", reverse("crm_board"), BOARD, PROJECTS
    yield "reports at a glance", f"{reverse('crm_reports')}?year={year}", REPORT, DEALS
    for report in REPORTS.values():
        for by in report.by or ("",):
            address = f"{reverse('crm_report', args=[report.name])}?year={year}&by={by}"
            name = f"{report.name} by {by}" if by else report.name
            yield name, address, REPORT, FLOORS.get(report.name, PROJECTS)
    month = date(year, 1, 1)
    yield "monthly", f"{reverse('crm_monthly')}?month={month:%Y-%m}", REPORT, DEALS
    yield "monthly, the whole year", f"{reverse('crm_monthly')}?year={year}", REPORT, DEALS
    yield "monthly as Word", f"{reverse('crm_monthly')}?year={year}&format=docx", REPORT, DEALS
    yield "weekly", reverse("crm_weekly"), REPORT, DEALS
    yield "wall screen", reverse("crm_wall", args=[_wall()]), REPORT, DEALS


def _fill(size: Size) -> None:
    """The demo's rows and the generated ones, unless they are there already."""
    if Visit.objects.count() >= size.visits:
        return
    call_command("demo", "--prepare", verbosity=0)
    generate(size, seed=1, until=today())


def _wall() -> str:
    token = WallToken(name="bench")
    token.save_as(User.objects.get(username="bureau"))
    return token.secret


def _asked(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status_code}")


def _summed(sql: str, period: Period) -> list:
    days = [period.start, period.end]
    with connection.cursor() as cursor:
        cursor.execute(sql, days[: sql.count("%s")])
        return cursor.fetchall()
