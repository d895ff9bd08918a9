"""Pictures and PDF files of records, shown in the browser to whoever may open the record."""

from pathlib import PurePath

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from crm.models import Attachment
from crm.models.attachments import OWNERS

from .frame import in_frame, page

# What a browser shows without running anything; checked by content when it was uploaded.
TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".pdf": "application/pdf",
}
PDF = "application/pdf"


def type_of(attachment) -> str | None:
    """The content type a file is shown as; None when it can only be downloaded."""
    return TYPES.get(PurePath(attachment.file.name).suffix.lower())


def _file(request, pk: int) -> Attachment:
    return get_object_or_404(Attachment.objects.live().open_to(request.user), pk=pk)


@require_safe
@csp_update({"frame-src": [SELF]})
@page("view_attachment")
def preview(request, pk: int):
    """The file with its name, its record, and the record's other files to leaf through."""
    attachment = _file(request, pk)
    owner = next(name for name in OWNERS if getattr(attachment, f"{name}_id"))
    record = getattr(attachment, owner)
    others = Attachment.objects.live().open_to(request.user).filter(**{owner: record})
    files = list(others.order_by("pk"))
    place = files.index(attachment)
    context = {
        "title": str(attachment), "file": attachment, "kind": type_of(attachment), "record": record,
        "record_url": reverse(f"admin:crm_{owner}_change", args=[record.pk]),
        "previous": files[place - 1] if place else None,
        "following": files[place + 1] if place + 1 < len(files) else None,
        "place": place + 1, "count": len(files), "size": _size(attachment),
    }  # fmt: skip
    return in_frame(request, "crm/file.html", context)


def _size(attachment) -> int | None:
    """Bytes; None where the file itself is gone."""
    try:
        return attachment.file.size
    except FileNotFoundError:
        return None


def _shown(request, attachment):
    try:
        content = attachment.file.open()
    except FileNotFoundError as error:  # a database restored without its files
        raise Http404 from error
    response = FileResponse(content, filename=attachment.filename, content_type=type_of(attachment))
    response["Cache-Control"] = "private, max-age=600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@csp({"default-src": [NONE], "frame-ancestors": [NONE], "sandbox": True})
@page("view_attachment")
def picture(request, pk: int):
    """A picture by itself, in a sandbox: opened alone it can do nothing."""
    attachment = _file(request, pk)
    if type_of(attachment) in (None, PDF):
        raise Http404
    return _shown(request, attachment)


@require_safe
@xframe_options_sameorigin
@csp({
    "default-src": [NONE], "style-src": ["'unsafe-inline'"], "object-src": [SELF],
    "frame-ancestors": [SELF],
})  # fmt: skip
@page("view_attachment")
def document(request, pk: int):
    """A PDF for the browser's own viewer, which starts in no sandbox; scripts stay forbidden."""
    attachment = _file(request, pk)
    if type_of(attachment) != PDF:
        raise Http404
    return _shown(request, attachment)
