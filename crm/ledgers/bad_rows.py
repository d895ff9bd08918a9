"""The rows that could not go in, as a workbook to be mended and sent again."""

from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from crm.models import ImportJob
from crm.reports.xlsx import OPTIONS

from .book import Fault
from .reading import content_of, read

# The layout of a ledger knows this heading and passes over it.
REASONS = "错误原因"
FORMATS = {
    "head": {"bold": True, "bg_color": "#EEF2F6", "border": 1, "text_wrap": True},
    "cell": {"border": 1, "text_wrap": True, "valign": "top"},
    "bad": {"border": 1, "text_wrap": True, "valign": "top", "bg_color": "#FDE2E1",
            "font_color": "#9B1C1C"},
    "why": {"border": 1, "text_wrap": True, "valign": "top", "font_color": "#9B1C1C"},
}  # fmt: skip


def bad_rows_workbook(job: ImportJob) -> bytes:
    """Everything above the data as it was, the bad rows, bad cells marked, reasons at the end.

    Raises UnusableFile when the job's file cannot be read any more.
    """
    book = read(content_of(job), job.file_name)
    sheet = next(s for s in book.sheets if s.name == job.layout["sheet"])
    _first, last = job.layout["header"]
    target = BytesIO()
    with xlsxwriter.Workbook(target, {**OPTIONS, "constant_memory": False}) as out:
        page = out.add_worksheet()
        page.freeze_panes(last, 0)
        page.set_column(0, len(job.layout["columns"]), 16)
        forms = {name: out.add_format(form) for name, form in FORMATS.items()}
        _write_head(page, sheet, job, forms)
        bad = job.rows.filter(verdict__in=["error", "conflict"]).order_by("number")
        for place, row in enumerate(bad.iterator(), start=last):
            _write_row(page, place, sheet.rows[row.number - 1], row, job, forms)
    return target.getvalue()


def _write_head(page, sheet, job, forms) -> None:
    first, last = job.layout["header"]
    for index in range(last):
        form = forms["head"] if index >= first - 1 else None
        for column, value in enumerate(sheet.rows[index]):
            _write(page, index, column, value, form)
    for top, left, bottom, right in sheet.merges:
        if bottom <= last:
            form = forms["head"] if top >= first else None
            page.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", form)
            _write(page, top - 1, left - 1, sheet.rows[top - 1][left - 1], form)
    page.write_string(last - 1, len(job.layout["columns"]), REASONS, forms["head"])


def _write_row(page, place: int, values, row, job, forms) -> None:
    wrong = {p["column"] for p in row.problems if p["level"] != "warning"}
    for column in job.layout["columns"]:
        index = column["index"]
        value = values[index] if index < len(values) else None
        form = forms["bad"] if column["heading"] in wrong else forms["cell"]
        _write(page, place, index, value, form)
    reasons = [
        _("%(column)s: %(message)s") % p if p["column"] else p["message"]
        for p in row.problems if p["level"] != "warning"
    ]  # fmt: skip
    page.write_string(place, len(job.layout["columns"]), "\n".join(reasons), forms["why"])


def _write(page, row: int, column: int, value, form) -> None:
    """Numbers stay numbers, everything else is text: nothing becomes a formula."""
    if value is None:
        page.write_blank(row, column, None, form)
    elif isinstance(value, bool | str | Fault) or not hasattr(value, "as_tuple"):
        page.write_string(row, column, str(value), form)
    else:
        page.write_number(row, column, value, form)
