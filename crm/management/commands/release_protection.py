"""For cron, every night: ends protections that ran out and tells owners of those that soon will."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm.claims import release_due
from crm.periods import today


class Command(BaseCommand):
    help = _("Put projects without activity into the open pool; tell owners before.")

    def add_arguments(self, parser):
        parser.add_argument("--on", help=_("day to judge by, e.g. 2026-11-25; today when left out"))
        parser.add_argument("--dry-run", action="store_true", help=_("only count"))

    def handle(self, *args, on, dry_run, **options):
        try:
            day = date.fromisoformat(on) if on else today()
        except ValueError as error:
            raise CommandError(_("--on: a day like 2026-11-25 is expected.")) from error
        counts = release_due(day, dry=dry_run)
        text = _("%(released)s released into the open pool, %(told)s owners told.") % counts
        self.stdout.write(self.style.SUCCESS(text))
