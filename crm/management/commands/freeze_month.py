"""``freeze_month 2024-05``: close a month, as the bureau does on the page."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from crm import freezing
from crm.models import FrozenMonth
from crm.periods import parse_month

from .set_target import account_argument


class Command(BaseCommand):
    help = (
        "Freeze a month: its figures and lists stay as they are now. --list prints the frozen ones."
    )

    def add_arguments(self, parser):
        parser.add_argument("month", nargs="?", help="e.g. 2024-05; default: the next in order")
        parser.add_argument("--as", dest="username", help="account of the bureau that freezes it")
        parser.add_argument("--note", default="", help="kept with the month")
        parser.add_argument("--list", action="store_true", help="print the frozen months")

    def handle(self, *, month, username, note, **options):
        if options["list"]:
            for frozen in FrozenMonth.objects.select_related("by").order_by("month"):
                self.stdout.write(f"{frozen.key}  {frozen.frozen_at:%Y-%m-%d %H:%M}  {frozen.by}")
            return
        by = account_argument(username)
        try:
            chosen = parse_month(month) if month else freezing.next_month()
            if chosen is None:
                raise CommandError("No month is frozen yet: say which is the first, e.g. 2024-05.")
            frozen = freezing.freeze(chosen, by=by, note=note)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(_("Only the bureau freezes months.")) from error
        self.stdout.write(f"{frozen.key}: {frozen.rows.count()}")
