"""What runs in the background, for the system administrator: states and times, no contents."""

from datetime import timedelta

from django.conf import settings
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from crm.models import Digest, ImportJob, Outgoing

from .frame import in_frame, page

NAMES = {"run_step": gettext_lazy("a step of an import")}
STATES = {
    "READY": ("", gettext_lazy("in the queue")),
    "RUNNING": ("tone-info", gettext_lazy("running")),
    "SUCCESSFUL": ("tone-good", gettext_lazy("finished")),
    "FAILED": ("tone-bad", gettext_lazy("failed")),
}
A_PAGE = 50
RECENT = timedelta(days=1)


@page("view_jobs")
@require_safe
def jobs_page(request):
    """Tasks of the worker, newest first, beside what waits in the outbox and the imports."""
    tasks = Paginator(DBTaskResult.objects.order_by("-enqueued_at"), A_PAGE)
    shown = tasks.get_page(request.GET.get("p"))
    context = {
        "title": _("Background work"),
        "has_worker": settings.WORKER,
        "counts": _counts(timezone.now()),
        "tasks": [_told(task) for task in shown],
        "shown": shown,
    }
    return in_frame(request, "crm/jobs.html", context)


def _counts(now) -> list[dict]:
    unsent = Outgoing.objects.filter(sent_at=None)
    jobs, state = ImportJob.objects, ImportJob.State
    failed = jobs.filter(state=state.FAILED, heartbeat_at__gte=now - RECENT).count()
    given_up = unsent.exclude(given_up_at=None).count()
    last = Digest.objects.order_by("-day").values_list("day", flat=True).first()
    return [
        {"label": _("imports running"), "value": jobs.exclude(runner="").count()},
        {"label": _("imports failed in 24 hours"), "value": failed, "is_bad": failed},
        {"label": _("messages to be sent"), "value": unsent.due(now).count()},
        {"label": _("messages given up"), "value": given_up, "is_bad": given_up},
        {"label": _("last daily mail"), "value": f"{last:%Y-%m-%d}" if last else "—"},
    ]


def _told(task) -> dict:
    tone, state = STATES.get(task.status, ("", task.status))
    took = (task.finished_at or timezone.now()) - task.started_at if task.started_at else None
    name = task.task_path.rpartition(".")[2]
    return {
        "name": NAMES.get(name, name), "tone": tone, "state": state,
        "queued_at": task.enqueued_at, "started_at": task.started_at,
        "seconds": round(took.total_seconds(), 1) if took else None,
        "error": task.exception_class_path.rpartition(".")[2],
    }  # fmt: skip
