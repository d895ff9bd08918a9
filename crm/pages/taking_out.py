"""Files that people take out: who took which, with which filter, is written down."""

from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from crm.access import permissions_of
from crm.models import ExportLog


def may_take_out(user) -> bool:
    return "export_report" in permissions_of(user.role)


def taken_out(request, content: bytes, *, report: str, name: str, content_type: str, rows: int):
    """The file as an answer, logged; raises PermissionDenied for whoever may not export."""
    if not may_take_out(request.user):
        raise PermissionDenied
    ExportLog.objects.create(
        user=request.user, report=report, format=name.rpartition(".")[2], row_count=rows,
        query=request.GET.urlencode(), is_sample=request.user.is_sample,
    )  # fmt: skip
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
