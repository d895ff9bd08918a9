"""``manage.py empty_bin``: remove for good what was archived more than 90 days ago."""

from django.core.management import BaseCommand

from crm.emptying import empty


class Command(BaseCommand):
    help = "Remove for good what was archived more than 90 days ago and nothing refers to."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        for name, count in empty(dry_run=dry_run).items():
            self.stdout.write(f"{name}: {count['removed']} removed, {count['kept']} kept")
        self.stdout.write("Nothing was removed (dry run)." if dry_run else "The bin is emptied.")
