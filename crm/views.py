"""Pages beside the admin site: files of records, and what a monitor asks."""

import errno
import sys

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from django.views.defaults import server_error
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from crm.models import Attachment
from crm.monitoring import registry


@require_safe
def download(request, pk: int):
    """A file, for whoever may open its record; never shown inside the page."""
    if not admin.site.has_permission(request):
        return redirect_to_login(request.get_full_path())
    attachment = get_object_or_404(Attachment.objects.live().open_to(request.user), pk=pk)
    try:
        content = attachment.file.open()
    except FileNotFoundError as error:  # a database restored without its files
        raise Http404 from error
    return FileResponse(
        content, as_attachment=True, filename=attachment.filename,
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


@require_safe
def metrics(request):
    """Counts and times for Prometheus: asked from this machine itself, never through the proxy."""
    asked_from = request.META.get("REMOTE_ADDR", "")
    if asked_from not in settings.MONITORS or "X-Forwarded-For" in request.headers:
        raise Http404
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)


FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def failed(request):
    """What nobody foresaw is a 500; a database that is away or a disk that is full passes: 503."""
    error = sys.exc_info()[1]
    is_full = isinstance(error, OSError) and error.errno in FULL
    if not is_full and not isinstance(error, OperationalError | InterfaceError):
        return server_error(request)
    response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = "30"
    return response
