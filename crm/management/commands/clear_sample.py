"""``manage.py clear_sample --yes``: remove every sample row, keep the facts."""

from django.core.management import BaseCommand, CommandError
from django.db.models import ProtectedError

from crm.clearing import clear


class Command(BaseCommand):
    help = "Remove every row marked as sample data."

    def add_arguments(self, parser):
        parser.add_argument("--yes", action="store_true", help="really do it")

    def handle(self, *, yes, **options):
        if not yes:
            raise CommandError("This removes every row marked as sample; add --yes to do it.")
        try:
            removed = clear()
        except ProtectedError as error:
            kept = ", ".join(sorted({str(row) for row in error.protected_objects})[:5])
            raise CommandError(
                f"Nothing was removed: real rows refer to sample rows ({kept})."
            ) from error
        for name, count in removed.items():
            self.stdout.write(f"{count:>6}  {name}")
        self.stdout.write("The task forces stay: their number is a fact, their names are sample.")
