"""``manage.py restore_drill --from DIR``: is the newest backup good? Touches nothing in use."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError

from crm.backups import BackupFailed, drill


class Command(BaseCommand):
    help = "Restore the newest backup of DIR elsewhere; compare rows, sums, files, audit trail."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="place", required=True, type=Path, metavar="DIR")

    def handle(self, *, place, **options):
        try:
            found = drill(place)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        for fault in found.faults:
            self.stderr.write(fault)
        if found.faults:
            raise CommandError(f"{found.folder}: {len(found.faults)} differences")
        self.stdout.write(
            f"{found.folder}: {found.tables} tables, {found.rows:,} rows, {found.attachments} "
            f"attachments, all equal; audit trail of {found.audit_entries:,} unbroken; "
            f"restored in {found.seconds:.1f} s"
        )
