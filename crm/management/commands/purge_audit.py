"""``manage.py purge_audit``: remove entries older than the retention (never under 180 days)."""

from django.core.management import BaseCommand
from django.utils import timezone

from crm.models import AuditEntry


class Command(BaseCommand):
    help = "Remove audit entries older than CRM_AUDIT_DAYS; what was removed is noted."

    def handle(self, **options):
        self.stdout.write(f"{AuditEntry.objects.purge(on=timezone.now())} entries removed")
