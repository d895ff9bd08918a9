"""Pages beside the admin site: files of records, and what a monitor asks."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from crm.models import Attachment


@require_safe
def download(request, pk: int):
    """A file, for whoever may open its record; never shown inside the page."""
    if not admin.site.has_permission(request):
        return redirect_to_login(request.get_full_path())
    attachment = get_object_or_404(Attachment.objects.live().open_to(request.user), pk=pk)
    return FileResponse(
        attachment.file.open(), as_attachment=True, filename=attachment.filename,
        content_type="application/octet-stream",
    )  # fmt: skip


@require_safe
def alive(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request):
    """The database answers and has the tables of this version."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain")
    text, status = ("migrations", 503) if pending else ("ok", 200)
    return HttpResponse(text, status=status, content_type="text/plain")
