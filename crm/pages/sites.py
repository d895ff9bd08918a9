"""Which parks could take a project: every reason, and the choice."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import siting
from crm.access import permissions_of
from crm.factors import energy_review
from crm.models import Park, Project, StaleRecord

from .frame import in_frame, page


@page("view_park")
@require_safe
def sites_page(request, pk: int):
    """Parks in the order in which they fit, each with its reasons line by line."""
    rows = Project.objects.live().open_to(request.user)
    rows = rows.select_related("needs", "segment__chain", "park").prefetch_related("compute")
    project = get_object_or_404(rows, pk=pk)
    needs = getattr(project, "needs", None)
    review = energy_review(needs and needs.load_mw, needs and needs.energy_kwh)
    context = {
        "title": _("Sites"), "project": project, "sites": siting.sites_for(project),
        "needs": siting.needs_of(project), "review": review,
        "may_choose": _may_choose(request.user, project),
    }  # fmt: skip
    return in_frame(request, "crm/place/sites.html", context)


def _may_choose(user, project) -> bool:
    return "change_project" in permissions_of(user.role) and project.is_editable_by(user)


@page("change_project")
@require_POST
def choose(request, pk: int):
    """Make a park the intended site of the project."""
    project = get_object_or_404(Project.objects.live().open_to(request.user), pk=pk)
    if not project.is_editable_by(request.user):
        raise PermissionDenied
    key = request.POST.get("park", "")
    rows = Park.objects.live().current().open_to(request.user)
    project.park = get_object_or_404(rows, pk=key if key.isascii() and key.isdigit() else 0)
    try:
        project.version = int(request.POST.get("version", ""))
        project.save_as(request.user)
    except (StaleRecord, ValueError):
        messages.error(request, _("Somebody else changed this at the same moment."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(park)s is the intended park now.") % {"park": project.park})
    return HttpResponseRedirect(reverse("crm_project_sites", args=[pk]))
