"""Keeping a list as one likes it: save, rename, share and delete views; choose columns."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.admin.layout import list_url
from crm.models import ListLayout, SavedView
from crm.models.list_views import normal_query

from .frame import page

MOST_COLUMNS = 40


def _list_of(request, name: str):
    """The admin page of a list the user may read."""
    for model, found in admin.site._registry.items():
        if model._meta.model_name == name and found.has_view_permission(request):
            return found
    raise Http404


def _layout(user, name: str) -> ListLayout:
    return ListLayout.objects.get_or_create(owner=user, page=name)[0]


@require_POST
@page("add_savedview")
def save(request, name: str):
    """Keep the list as it stands under a name."""
    _list_of(request, name)
    view = SavedView(
        owner=request.user, page=name, name=request.POST.get("name", "").strip(),
        query=normal_query(request.POST.get("query", "")),
    )  # fmt: skip
    return _written(request, view, _("The view “%(name)s” was saved."))


@require_POST
@page("change_savedview")
def change(request, pk: int):
    """Rename a view, share it, keep the list as it stands now in it."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    view.name = request.POST.get("name", "").strip()
    view.query = normal_query(request.POST.get("query", view.query))
    return _written(request, view, _("The view “%(name)s” was changed."))


def _written(request, view, text: str):
    view.audience = request.POST.get("audience", view.audience)
    if view.audience == SavedView.Audience.TEAM:
        view.task_force = request.user.team
    try:
        view.save_as(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(list_url(view.page, request.POST.get("query", "")))
    if "opens" in request.POST:
        layout = _layout(request.user, view.page)
        layout.opens_with = view if request.POST["opens"] else None
        layout.save()
    messages.success(request, text % {"name": view.name})
    return HttpResponseRedirect(list_url(view.page, view.query))


@require_POST
@page("delete_savedview")
def delete(request, pk: int):
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    view.check_delete_by(request.user)
    view.delete()
    messages.success(request, _("The view “%(name)s” was deleted.") % {"name": view.name})
    return HttpResponseRedirect(list_url(view.page))


@require_POST
@page("add_savedview")
def columns(request, name: str):
    """The columns this person sees in the list from now on; none chosen means the usual ones."""
    _list_of(request, name)
    chosen = request.POST.getlist("columns")[:MOST_COLUMNS]
    if any(len(key) > 60 for key in chosen):
        raise PermissionDenied
    layout = _layout(request.user, name)
    layout.columns = [] if "usual" in request.POST else chosen
    layout.save()
    kept = [pair for pair in normal_query(request.POST.get("query", "")).split("&")
            if not pair.startswith(("cols=", "o="))]  # fmt: skip
    return HttpResponseRedirect(list_url(name, "&".join(kept)))
