"""What a monitor wants to know beside the pages: work that waits, and work that failed."""

import os

from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, multiprocess
from prometheus_client.core import GaugeMetricFamily

from crm.models import ImportJob, Outgoing


class WaitingWork:
    """Counted when asked; the same from every process, as it stands in the database."""

    def collect(self):
        now = timezone.now()
        unsent = Outgoing.objects.filter(sent_at=None)
        jobs = ImportJob.objects
        counts = {
            "crm_messages_due": ("Messages that should have left", unsent.due(now)),
            "crm_messages_given_up": ("Messages that never left", unsent.exclude(given_up_at=None)),
            "crm_imports_committing": (
                "Ledgers being written", jobs.filter(state=ImportJob.State.COMMITTING)),
            "crm_imports_failed": (
                "Ledgers that failed", jobs.filter(state=ImportJob.State.FAILED)),
        }  # fmt: skip
        for name, (meaning, rows) in counts.items():
            yield GaugeMetricFamily(name, meaning, value=rows.count())


def registry() -> CollectorRegistry:
    """All processes' counts where gunicorn runs several, else this one's; and the waiting work."""
    collected = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(collected)
    else:
        collected.register(REGISTRY)
    collected.register(WaitingWork())
    return collected
