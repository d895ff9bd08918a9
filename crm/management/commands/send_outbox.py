"""``manage.py send_outbox``: for cron every minute; sends what is due, tries again what failed."""

from django.core.management import BaseCommand
from django.utils import timezone

from crm.delivery import send_due
from crm.pushing import tell_systems


class Command(BaseCommand):
    help = "Send the messages of the outbox that are due."

    def handle(self, **options):
        tell_systems(timezone.now())
        done = send_due(timezone.now())
        self.stdout.write(f"sent {done['sent']}, to try again {done['failed']}")
