"""The audit trail as a file, for the auditor."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.auditing import audit
from crm.filters.audit import AuditFilter
from crm.models.audit import Action
from crm.periods import today
from crm.reports import xlsx
from crm.reports.table import Column, Kind, Table

from .frame import page

MOST_ROWS = 100_000


@page("view_auditentry")
@require_safe
def audit_workbook(request):
    """The entries that the list shows, newest first, with the digest of each."""
    chosen = AuditFilter(request.GET, user=request.user)
    table = _table(chosen.qs.select_related("by").order_by("-number")[:MOST_ROWS])
    content = xlsx.render(table, by=request.user)
    query = request.GET.urlencode()
    audit(request, Action.EXPORTED, what="audit", query=query, rows=len(table.rows))
    answer = HttpResponse(content, content_type=xlsx.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{today():%Y%m%d}.xlsx"'
    return answer


def _table(entries) -> Table:
    columns = (
        Column(_("no."), Kind.COUNT, 8), Column(_("when"), Kind.TEXT, 20),
        Column(_("who"), Kind.TEXT, 18), Column(_("account"), Kind.TEXT, 18),
        Column(_("from where"), Kind.TEXT, 18), Column(_("what"), Kind.TEXT, 18),
        Column(_("about"), Kind.TEXT, 20), Column(_("details"), Kind.TEXT, 60),
        Column(_("digest"), Kind.TEXT, 66),
    )  # fmt: skip
    rows = tuple(
        (
            entry.number, f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            str(entry.by or ""), entry.name, entry.address or "", entry.get_action_display(),
            f"{entry.about} {entry.about_id or ''}".strip(), entry.detail, entry.digest,
        )
        for entry in entries
    )  # fmt: skip
    return Table(
        title=_("Audit trail"), unit_line=_("as of %(day)s") % {"day": today()}, columns=columns,
        rows=rows, total=(None, *[None] * (len(columns) - 1)), notes=(),
        definition=_("Each entry's digest covers the entry before it."), as_of=today(),
    )  # fmt: skip
