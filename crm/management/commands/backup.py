"""``manage.py backup --output DIR``: a consistent copy of the running system."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from crm.backups import BackupFailed, take


class Command(BaseCommand):
    help = "Back up the database in use and the attachments into a new folder inside DIR."

    def add_arguments(self, parser):
        parser.add_argument("--output", required=True, type=Path, metavar="DIR")
        parser.add_argument("--recipient", default="", help="encrypt for this GnuPG key")
        parser.add_argument("--keep", type=int, default=0, help="keep this many, remove older ones")

    def handle(self, *, output, recipient, keep, **options):
        try:
            folder = take(output, at=timezone.localtime(), recipient=recipient, keep=keep)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(folder))
