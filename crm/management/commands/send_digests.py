"""``manage.py send_digests``: for cron at 8:30; reminds, makes the day's digests, sends the outbox.

Run it as often as you like: a missed morning is caught up, nothing is sent twice.
"""

from django.core.management import BaseCommand
from django.utils import timezone

from crm.delivery import send_due
from crm.digests import make_digests
from crm.periods import today
from crm.reminders import remind


class Command(BaseCommand):
    help = "Remind of what is due, queue the day's digests and send the outbox."

    def handle(self, **options):
        remind(today())
        made = make_digests(timezone.now())
        done = send_due(timezone.now())
        self.stdout.write(f"digests {made}, sent {done['sent']}, to try again {done['failed']}")
