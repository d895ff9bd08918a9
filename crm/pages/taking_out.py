"""Files that people take out: who took which, with which filter, is written down."""

from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from crm.access import permissions_of
from crm.auditing import audit_export


def may_take_out(user) -> bool:
    return "export_report" in permissions_of(user.role)


def taken_out(request, content: bytes, *, report: str, name: str, content_type: str, rows: int):
    """The file as an answer, logged; raises PermissionDenied for whoever may not export."""
    if not may_take_out(request.user):
        raise PermissionDenied
    query, ending = request.GET.urlencode(), name.rpartition(".")[2]
    audit_export(request, report=report, file_format=ending, rows=rows, query=query)
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
