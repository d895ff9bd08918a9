"""``manage.py verify_audit``: was anything taken out of the audit trail or changed in it?"""

from django.core.management import BaseCommand, CommandError

from crm.models import AuditEntry


class Command(BaseCommand):
    help = "Walk the audit trail's chain; exit 1 and say where when it is broken."

    def handle(self, **options):
        verdict = AuditEntry.objects.verified()
        if verdict.broken_at is not None:
            raise CommandError(
                f"The audit trail is broken at no. {verdict.broken_at}: changed, missing or added."
            )
        self.stdout.write(f"{verdict.count} entries, unbroken; head {verdict.head}")
