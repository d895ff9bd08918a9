"""``manage.py export_report pipeline``: a report as a workbook, written to a file."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.http import QueryDict

from crm.filters import ProjectFilter
from crm.reports import pipeline, xlsx

from .indicators import period_argument, reader_argument


class Command(BaseCommand):
    help = "Write a report as xlsx: projects as they stood, active, at the end of the year."

    def add_arguments(self, parser):
        parser.add_argument("report", choices=("pipeline",))
        parser.add_argument("--year", help="calendar year, e.g. 2024; default: this year")
        parser.add_argument("--output", required=True, type=Path, help="file to write, *.xlsx")
        parser.add_argument("--as", dest="username", help="only what this account may see")
        parser.add_argument(
            "--filter", default="", help="filters as in the list's address, e.g. stage=reserve"
        )

    def handle(self, *, year, output, username, filter, **options):
        reader = reader_argument(username).reader
        cut = period_argument(year=year).cut
        chosen = ProjectFilter(_given(filter, cut), user=reader)
        if not chosen.is_valid():
            raise CommandError(chosen.form.errors.as_text())
        table = pipeline.build(chosen.qs, user=reader, on=chosen.day)
        try:
            output.write_bytes(xlsx.render(table))
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        self.stdout.write(f"{output}: {len(table.rows)}")


def _given(text: str, cut) -> QueryDict:
    """The filters of the command line; the year's cut unless they set their own."""
    data = QueryDict(text, mutable=True)
    data.setdefault("cut", cut.isoformat())
    return data
