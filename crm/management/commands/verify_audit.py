"""``manage.py verify_audit``: was anything taken out of the audit trail or changed in it?"""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import connection

from crm.backups import BackupFailed, heads_in
from crm.models import AuditEntry, guarded_tables
from crm.models.audit import BEGINNING


class Command(BaseCommand):
    help = "Walk the audit trail's chain; exit 1 and say where when it is broken."

    def add_arguments(self, parser):
        parser.add_argument(
            "--from", dest="place", type=Path, metavar="DIR",
            help="the backups of DIR noted where the trail ended: these ends must still be in it",
        )  # fmt: skip

    def handle(self, *, place, **options):
        verdict = AuditEntry.objects.verified()
        if verdict.broken_at is not None:
            raise CommandError(
                f"The audit trail is broken at no. {verdict.broken_at}: changed, missing or added."
            )
        if off := guarded_tables.missing(connection):
            raise CommandError(f"Guards are missing, migrate makes them: {', '.join(sorted(off))}")
        noted = self._noted(place)
        if lost := AuditEntry.objects.lost_of(noted):
            raise CommandError(f"Entries that a backup noted are gone: {', '.join(lost)}")
        self.stdout.write(f"{verdict.count} entries, unbroken; head {verdict.head}")

    def _noted(self, place) -> list[str]:
        try:
            heads = heads_in(place) if place else []
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        return [head for head in heads if head != BEGINNING]
