"""Export of a ledger: ours in the bureau's layout, and the fast writer with the same cells.

The floor asks for the same columns in one query and hands them to rustpy-xlsxwriter: no layout, no
masking, no totals. A dictionary a row is how that writer takes its rows.
"""

import io
import resource
from collections.abc import Iterator

import rustpy_xlsxwriter

from crm.access import Role
from crm.ledgers.exporting import export
from crm.models import Company, Region, TaskForce, Visit
from tests import make
from tests.bench import visit_rows
from tests.bench.figures import Figure, alternate, seconds

ROWS, ROUNDS = 100_000, 3
FIELDS = (
    "held_on", "mode", "city__name", "company__name", "their_people_text", "delegation_head",
    "our_people_text", "content", "wants", "outcome", "next_step", "next_step_owner__full_name",
    "next_step_on", "task_force__name", "trip__name", "id", "version",
)  # fmt: skip
MOST_SHARE = 0.25  # of what the rows would take if they were all kept: about 2 KB each


def measure(quick: bool) -> Iterator[Figure]:
    visit_rows.fill_register()
    rows = 10_000 if quick else ROWS
    fill(rows)
    user = make.user(Role.BUREAU)
    before = _megabytes()
    _ours(user)
    grown = _megabytes() - before
    ways = {
        "ours": lambda: seconds(lambda: _ours(user)),
        "floor": lambda: seconds(_floor),
    }
    found = alternate(2 if quick else ROUNDS, ways)
    name = f"export, {rows:,} rows × 17 columns as xlsx"
    yield Figure(f"{name}, against rustpy-xlsxwriter", found["ours"], found["floor"], "s",
                 at_most=1.5)  # fmt: skip
    yield Figure(f"{name}, memory against all rows kept", max(grown, 0.1), rows * 2 / 1024, "MB",
                 at_most=1 if quick else MOST_SHARE)  # fmt: skip
    visit_rows.clear()


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(count: int) -> None:
    visit_rows.clear()
    firms, cities, teams = (
        dict(model.objects.values_list("name", "pk")) for model in (Company, Region, TaskForce)
    )
    Visit.objects.bulk_create(
        (Visit(
            held_on=row[1], city_id=cities[row[3]], company_id=firms[row[4]],
            their_people_text=f"{row[5]} {row[6]}", delegation_head=row[8], our_people_text=row[9],
            content=row[10], wants=row[11], outcome="interested", next_step=row[13],
            next_step_on=row[14], task_force_id=teams[row[15]],
        ) for row in visit_rows.rows(count)),
        batch_size=2_000,
    )  # fmt: skip


def _ours(user) -> None:
    count = export("visits", Visit.objects.visible_to(user), user, to=io.BytesIO())
    if count != Visit.objects.count():
        raise AssertionError(f"{count} rows exported")


def _floor() -> None:
    stored = Visit.objects.order_by("-held_on", "-id").values_list(*FIELDS)
    records = (dict(zip(FIELDS, row, strict=True)) for row in stored.iterator(chunk_size=2_000))
    rustpy_xlsxwriter.write_worksheet(records, io.BytesIO(), sheet_name="拜访台账")
