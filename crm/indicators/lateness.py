"""What is late and what stands still, on a day; these are lists to work off, not published figures.

They count rows whose details the reader may read, so that the number and the list agree.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import FollowUp, Milestone, Project, Request
from crm.periods import Period

from .figures import indicator
from .scope import Scope


@indicator(
    _("overdue"),
    pgettext_lazy("unit", "items"),
    _("Follow-ups, requests, milestones and next steps that are open past their date."),
)
def overdue(scope: Scope, period: Period):
    """超期: open milestones, follow-ups, requests and project next steps due before the cut."""
    day = period.cut
    late = Q(planned_on__lt=day, actual_on=None, is_not_applicable=False)
    milestones = scope.rows(Milestone).filter(late, project__archived_at=None)
    parts = {
        "follow_ups": scope.rows(FollowUp).filter(is_open=True).overdue(day).count(),
        "requests": scope.rows(Request).filter(is_open=True).overdue(day).count(),
        "milestones": milestones.filter(project__status="active").count(),
        "projects": scope.rows(Project).filter(is_open=True).overdue(day).count(),
    }
    return {"value": sum(parts.values()), "parts": parts}


@indicator(
    _("standing still"),
    pgettext_lazy("unit", "projects"),
    _(
        "Active projects without a stage move, visit, note or change for longer than the bureau "
        "allows in their stage."
    ),
)
def stale(scope: Scope, period: Period):
    """久未推进: active, and without any sign of life beyond the days of the stage, on the cut."""
    return {"value": scope.rows(Project).filter(is_open=True).stale(period.cut).count()}
