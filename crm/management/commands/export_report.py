"""``manage.py export_report NAME``: a report or document as a file."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.http import QueryDict

from crm.filters import ProjectFilter
from crm.indicators import as_published
from crm.models import AuditEntry, User
from crm.models.audit import Action
from crm.reports import DOCUMENTS, REPORTS, Asked, files, pipeline

from .indicators import add_period_arguments, period_argument, scope_argument


class Command(BaseCommand):
    help = (
        "Write a report to a file; its ending says which kind: xlsx, csv, docx or json. "
        "Without --as it is the whole city as it may be published: every row counts, and a "
        "confidential project stands under its code name. With --as it holds what that account "
        "may read; a member of the bureau reads all names."
    )

    def add_arguments(self, parser):
        parser.add_argument("report", nargs="?", help="name, see --list")
        parser.add_argument("--list", action="store_true", help="names of all reports")
        add_period_arguments(parser)
        parser.add_argument("--by", default="", help="how to split the report, see --list")
        parser.add_argument("--output", type=Path, help="file to write, *.xlsx|csv|docx|json")
        parser.add_argument(
            "--filter", default="", help="pipeline only: filters of the list, e.g. stage=reserve"
        )

    def handle(self, *, report, output, list, **options):
        if list:
            self.stdout.write(_listing())
            return
        if report is None or output is None:
            raise CommandError("Say which report and --output FILE, or --list.")
        content, rows = _rendered(report, output.suffix.lstrip(".").lower(), options)
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        _note(report, output, rows, options)
        self.stdout.write(f"{output}: {rows}" if rows is not None else f"{output}")


def _note(report: str, output: Path, rows: int | None, options: dict) -> None:
    """In the audit trail, like an export from a page; without an account it was the server."""
    reader = scope_argument(**options).reader
    by = reader if isinstance(reader, User) else None
    AuditEntry.objects.record(
        Action.EXPORTED, by=by, report=report, format=output.suffix.lstrip("."), rows=rows or 0,
        query=options["filter"], way="command",
    )  # fmt: skip


def _listing() -> str:
    """A line for each: name, title and what it answers, and the ways it may be split."""
    lines = []
    for report in REPORTS.values():
        ways = f"  [--by {'|'.join(report.by)}]" if report.by else ""
        lines.append(f"{report.name:18} {report.title}：{report.description}{ways}")
    lines += [f"{d.name:18} {d.title}：{d.description}  [.{d.suffix}]" for d in DOCUMENTS.values()]
    return "\n".join(lines)


def _rendered(name: str, ending: str, options: dict) -> tuple[bytes, int | None]:
    """The file and its number of rows; documents have none."""
    scope = scope_argument(**options, nobody=as_published)
    period = period_argument(**options)
    if document := DOCUMENTS.get(name):
        if ending != document.suffix:
            raise CommandError(f"{name} is written as .{document.suffix}.")
        return document.render(scope, period), None
    report = REPORTS.get(name)
    if report is None:
        raise CommandError(f"There is no report “{name}”; see --list.")
    if ending not in files.FORMATS:
        raise CommandError(f"“.{ending}” is not offered; expected {', '.join(files.FORMATS)}.")
    table = _table(report, Asked(scope, period, _way(report, options["by"])), options["filter"])
    return files.render(table, ending, by=scope.reader), len(table.rows)


def _way(report, by: str) -> str:
    if by and by not in report.by:
        raise CommandError(f"{report.name} is split by: {', '.join(report.by) or '–'}.")
    return by or next(iter(report.by), "")


def _table(report, asked: Asked, filters: str):
    if not filters:
        return report.build(asked)
    if report is not pipeline.REPORT:
        raise CommandError("--filter belongs to the pipeline report.")
    data = QueryDict(filters, mutable=True)
    data.setdefault("cut", asked.period.cut.isoformat())
    reader = asked.scope.reader
    chosen = ProjectFilter(data, queryset=asked.scope.rows(pipeline.Project), user=reader)
    if not chosen.is_valid():
        raise CommandError(chosen.form.errors.as_text())
    return pipeline.build(chosen.qs, user=reader, on=chosen.day)
