"""Import of a ledger: ours, stock django-import-export, and the floor that checks nothing.

All three read the same rows with the same three foreign keys. Stock is given the model's own
validation, which ours keeps too; its speed does not depend on the number of rows, so that it gets
fewer of them.
"""

import io
from collections.abc import Iterator
from datetime import date

import openpyxl
import python_calamine
import tablib
from django.contrib.admin.models import ADDITION, LogEntry
from django.db import connection, transaction
from django.utils import timezone
from import_export import fields, resources, widgets

from crm.access import Role
from crm.ledgers import jobs
from crm.models import Company, ImportJob, Region, TaskForce, Visit
from tests import make
from tests.bench import visit_rows
from tests.bench.figures import Figure, alternate, seconds

ROWS, STOCK_ROWS, ROUNDS = 10_000, 1_000, 3
MODES = {"外出拜访": "outbound"}
OUTCOMES = {"有意向": "interested"}
COLUMNS = (
    "held_on", "mode", "city_id", "company_id", "their_people_text", "delegation_head",
    "our_people_text", "content", "wants", "outcome", "next_step", "next_step_on", "task_force_id",
    "version", "created_at", "updated_at", "is_sample",
)  # fmt: skip
KEY = "(company_id, held_on, task_force_id, mode) WHERE archived_at IS NULL"


def measure(quick: bool) -> Iterator[Figure]:
    visit_rows.fill_register()
    rows, stock_rows = (2_000, 300) if quick else (ROWS, STOCK_ROWS)
    user = make.user(Role.BUREAU)
    ways = {
        "ours": _timed(_ours, visit_rows.workbook(rows), user, rows),
        "floor": _timed(_floor, visit_rows.workbook(rows), user, rows),
        "stock": _timed(_stock, visit_rows.workbook(stock_rows), user, stock_rows),
    }
    found = alternate(1 if quick else ROUNDS, ways)
    name = f"import, {rows:,} rows × 20 columns, check and commit"
    yield Figure(f"{name}, against stock django-import-export", rows / found["ours"],
                 stock_rows / found["stock"], "rows/s", at_least=40)  # fmt: skip
    yield Figure(f"{name}, against COPY or upsert without checks", found["ours"], found["floor"],
                 "s", at_most=8)  # fmt: skip


def _timed(way, data: bytes, user, rows: int):
    """The way as a function that starts from empty tables, and whose result is looked at."""

    def run() -> float:
        visit_rows.clear()
        taken = seconds(lambda: way(data, user))
        if Visit.objects.count() != rows:
            raise AssertionError(f"{way.__name__}: {Visit.objects.count()} of {rows} rows")
        return taken

    return run


def _ours(data: bytes, user) -> None:
    job = jobs.upload(user, "visits", data, "拜访台账.xlsx")
    for step in (ImportJob.Step.CHECK, ImportJob.Step.COMMIT):
        if not job.begin(step):
            raise AssertionError(f"{step}: {job.state} {job.message} {job.counts}")
        jobs.run(job, step)


# -- stock -----------------------------------------------------------------------------------------


class Words(widgets.CharWidget):
    def __init__(self, words: dict):
        super().__init__()
        self.words = words

    def clean(self, value, row=None, **kwargs):
        return self.words[value]


class VisitResource(resources.ModelResource):
    """As its documentation shows it: one widget a column, rows found by their business key."""

    held_on = fields.Field("held_on", "日期", widgets.DateWidget("%Y-%m-%d"))
    mode = fields.Field("mode", "方式", Words(MODES))
    city = fields.Field("city", "城市", widgets.ForeignKeyWidget(Region, "name"))
    company = fields.Field("company", "企业名称", widgets.ForeignKeyWidget(Company, "name"))
    their_people = fields.Field("their_people_text", "对方人员")
    delegation_head = fields.Field("delegation_head", "带队领导")
    our_people = fields.Field("our_people_text", "我方人员")
    content = fields.Field("content", "洽谈内容")
    wants = fields.Field("wants", "意向诉求")
    outcome = fields.Field("outcome", "成效", Words(OUTCOMES))
    next_step = fields.Field("next_step", "下一步")
    next_step_on = fields.Field("next_step_on", "下次跟进时间", widgets.DateWidget("%Y-%m-%d"))
    task_force = fields.Field("task_force", "专班", widgets.ForeignKeyWidget(TaskForce, "name"))

    class Meta:
        model = Visit
        fields = (
            "held_on", "mode", "city", "company", "their_people", "delegation_head", "our_people",
            "content", "wants", "outcome", "next_step", "next_step_on", "task_force",
        )  # fmt: skip
        import_id_fields = ("company", "held_on", "task_force", "mode")
        clean_model_instances = store_instance = True


def _stock(data: bytes, user) -> None:
    """Preview and confirm as the package's admin does them, with its history of each row."""
    for dry_run in (True, False):
        page = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
        head, *found = page.iter_rows(values_only=True)
        dataset = tablib.Dataset(*found, headers=head)
        result = VisitResource().import_data(
            dataset, dry_run=dry_run, use_transactions=True, raise_errors=True, user=user
        )
    instances = [row.instance for row in result]
    LogEntry.objects.log_actions(user.pk, instances, ADDITION, change_message="import_export")


# -- floor -----------------------------------------------------------------------------------------


def _floor(data: bytes, user) -> None:
    book = python_calamine.load_workbook(io.BytesIO(data))
    _head, *found = book.get_sheet_by_index(0).to_python()
    firms, cities, teams = (
        dict(model.objects.values_list("name", "pk")) for model in (Company, Region, TaskForce)
    )
    moment = timezone.now()
    rows = [
        (date.fromisoformat(r[1]), MODES[r[2]], cities[r[3]], firms[r[4]], f"{r[5]} {r[6]}", r[8],
         r[9], r[10], r[11], OUTCOMES[r[12]], r[13], date.fromisoformat(r[14]), teams[r[15]], 1,
         moment, moment, False)
        for r in found
    ]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        (_copy if connection.vendor == "postgresql" else _upsert)(cursor, rows)


def _set() -> str:
    return ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)


def _copy(cursor, rows) -> None:
    names = ", ".join(COLUMNS)
    cursor.execute("CREATE TEMP TABLE incoming (LIKE crm_visit) ON COMMIT DROP")
    cursor.execute("ALTER TABLE incoming ALTER id DROP NOT NULL")
    with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(
        f"INSERT INTO crm_visit ({names}) SELECT {names} FROM incoming"
        f" ON CONFLICT {KEY} DO UPDATE SET {_set()}"
    )


def _upsert(cursor, rows) -> None:
    names, places = ", ".join(COLUMNS), ", ".join(["%s"] * len(COLUMNS))
    cursor.executemany(
        f"INSERT INTO crm_visit ({names}) VALUES ({places})"
        f" ON CONFLICT {KEY} DO UPDATE SET {_set()}",
        rows,
    )
