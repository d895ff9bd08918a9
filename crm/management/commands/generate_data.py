"""``manage.py generate_data``: many realistic sample rows, for trying the product at its size."""

from datetime import date

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from crm.generated import Size, generate
from crm.periods import today


class Command(BaseCommand):
    help = "Add generated sample rows: firms, projects, visits and all that belongs to them."

    def add_arguments(self, parser):
        parser.add_argument("--firms", type=int, default=2_000)
        parser.add_argument("--projects", type=int, default=500)
        parser.add_argument("--visits", type=int, default=20_000)
        parser.add_argument("--seed", type=int, default=1, help="another seed, other rows")
        parser.add_argument(
            "--until", type=date.fromisoformat, help="last day of the rows; default: today"
        )
        parser.add_argument(
            "--yes", action="store_true", help="also in a database people really work in"
        )

    def handle(self, *, firms, projects, visits, seed, until, yes, **options):
        if not (yes or settings.DEMO) and in_real_use():
            raise CommandError("People work in this database; add --yes to fill it with samples.")
        try:
            size = Size(firms, projects, visits)
        except ValueError as error:
            raise CommandError(f"Nothing was added: {error}.") from error
        tell = self.tell if options["verbosity"] else (lambda text: None)
        generate(size, seed=seed, until=until or today(), tell=tell)
        self.stdout.write(f"{firms} firms, {projects} projects, {visits} visits added.")

    def tell(self, text: str) -> None:
        self.stdout.write(f"  {text} …")


def in_real_use() -> bool:
    """Whether anybody who is no sample account can sign in."""
    accounts = get_user_model().objects.filter(is_active=True, is_sample=False)
    return any(user.has_usable_password() for user in accounts)
