"""``manage.py restore FOLDER``: a backup back into an empty database and attachment folder."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError

from crm.backups import BackupFailed, restore


class Command(BaseCommand):
    help = "Restore a backup folder into the configured, empty database and media folder."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        try:
            manifest = restore(folder)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.counts.values())
        self.stdout.write(
            f"{manifest.taken_at}: {len(manifest.counts)} tables, {rows:,} rows, "
            f"{manifest.attachments} attachments"
        )
