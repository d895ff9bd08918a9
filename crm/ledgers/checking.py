"""Reading an uploaded ledger: what would be written, kept row by row for the check page."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import HeadingMemory, ImportJob, ImportRow
from crm.models.inserting import insert_values
from crm.money import exact_text, parse_amount

from .entry import Entry
from .headings import normal
from .keeping import digest, keep
from .kinds import LEDGERS
from .layout import Layout, understand
from .reading import content_of, read
from .resource import Ledger

Verdict = ImportRow.Verdict
NAMED_FIRMS = 200
KEPT = ("job", "number", "verdict", "label", "changes", "problems", "object_id")


@dataclass
class Plan:
    """What a file would do: its layout, a result per row, and the rows to write."""

    layout: Layout
    ledger: Ledger
    entries: list[Entry]
    book: object

    @property
    def good(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_bad]


def make_plan(job: ImportJob, tell=lambda done, total: None) -> Plan:
    """Read the job's file for its owner; raises UnusableFile. Writes nothing."""
    book = read(content_of(job), job.file_name)
    layout = _layout(job, book)
    ledger = LEDGERS[job.kind](layout, job.owner, job.file_name)
    return Plan(layout, ledger, ledger.plan(tell), book)


def _layout(job, book) -> Layout:
    """With the columns chosen by hand: now, or for the last file of this shape."""
    sheet = job.sheet or None
    layout = understand(book, job.kind, sheet=sheet, mapping=job.mapping or None)
    shape = {"kind": job.kind, "fingerprint": layout.fingerprint}
    known = HeadingMemory.objects.filter(**shape).first()
    if known is None or known.mapping.items() <= job.mapping.items():
        return layout
    job.mapping = known.mapping | job.mapping
    return understand(book, job.kind, sheet=sheet, mapping=job.mapping)


def check(job: ImportJob) -> None:
    """Make the plan and keep what it says; the job is then ``checked``."""
    seen = digest(LEDGERS[job.kind].watched(), job.owner)
    plan = make_plan(job, job.beat)
    rows = [_row(job, entry) for entry in plan.entries]
    rows += [_skipped(job, skipped) for skipped in plan.layout.skipped]
    with transaction.atomic():
        job.rows.all().delete()
        insert_values(ImportRow, KEPT, rows)
        _remember(job, plan.layout)
        job.finish(
            ImportJob.State.CHECKED, layout=told(plan), counts=count(plan),
            plan_key=keep(job, seen, plan), checked_at=timezone.now(),
        )  # fmt: skip


def _row(job, entry: Entry) -> tuple:
    key = entry.instance.pk if entry.instance else None
    return (job.pk, entry.number, entry.verdict, entry.label, entry.changes, entry.problems, key)


def _skipped(job, skipped) -> tuple:
    reason = {"level": "skipped", "column": "", "value": "", "message": str(skipped.reason)}
    return (job.pk, skipped.number, Verdict.SKIPPED, skipped.text[:200], [], [reason], None)


def _remember(job, layout) -> None:
    """Columns chosen by hand serve the next file with these headings."""
    if job.mapping:
        HeadingMemory.objects.update_or_create(
            kind=job.kind, fingerprint=layout.fingerprint,
            defaults={"mapping": job.mapping, "saved_by": job.owner},
        )  # fmt: skip


def told(plan: Plan) -> dict:
    """What was understood of the file, for the check page."""
    layout = plan.layout
    return {
        "sheet": layout.sheet,
        "sheets": [
            {"name": s.name, "is_hidden": s.is_hidden, "rows": len(s.rows)}
            for s in plan.book.sheets
        ],
        "title": layout.title,
        "header": list(layout.header_rows),
        "columns": [
            {"index": c.index, "letter": c.letter, "heading": c.heading,
             "normal": normal(c.heading), "field": c.field, "unit": c.unit}
            for c in layout.columns
        ],
        "year": layout.year,
        "unit": layout.unit,
        "team": layout.team,
        "notes": [str(note) for note in (*plan.book.notes, *layout.notes, *_about_total(plan))],
        "doubts": [
            {"index": d.index, "heading": d.heading, "candidates": list(d.candidates)}
            for d in layout.doubts
        ],
        "missing": list(layout.missing),
        "encoding": plan.book.encoding,
    }  # fmt: skip


def _about_total(plan: Plan) -> list[str]:
    """The ledger's own total is not trusted; a difference from its rows is told."""
    stated = plan.layout.stated_total.get(plan.ledger.money_field)
    column = plan.ledger.columns.get(plan.ledger.money_field)
    if stated is None or column is None:
        return []
    try:
        amount = parse_amount(stated, unit=column.unit or plan.layout.unit or None)
    except ValidationError:
        return []
    if amount.yuan is None or amount.yuan == plan.ledger.money_yuan:
        return []
    text = _("The ledger's own total is %(stated)s, its accepted rows make %(rows)s.")
    shown = {"stated": exact_text(amount.yuan), "rows": exact_text(plan.ledger.money_yuan)}
    return [text % shown]


def count(plan: Plan) -> dict:
    """Rows by verdict, the sum of money of the good rows, and the firms that are new."""
    verdicts = [entry.verdict for entry in plan.entries]
    firms = [firm.name for firm in plan.ledger.new_firms.values()]
    return {
        "rows": len(plan.entries),
        "new": verdicts.count(Verdict.NEW),
        "changed": verdicts.count(Verdict.CHANGED),
        "unchanged": verdicts.count(Verdict.UNCHANGED),
        "conflicts": verdicts.count(Verdict.CONFLICT),
        "errors": verdicts.count(Verdict.ERROR),
        "skipped": len(plan.layout.skipped),
        "money_yuan": f"{plan.ledger.money_yuan:.2f}",
        "new_firms": firms[:NAMED_FIRMS],
        "new_firm_count": len(firms),
    }
