"""Addresses of the API; a new version would stand beside the first."""

from django.urls import path

from crm.pages import api_docs

from . import changes, companies, deals, outreach, projects, reference, spec

WRITTEN = (
    companies.CompanyViewSet,
    companies.ContactViewSet,
    outreach.VisitViewSet,
    projects.ProjectViewSet,
    deals.DealViewSet,
    deals.ArrivalViewSet,
    outreach.FollowUpViewSet,
    outreach.RequestViewSet,
)
READ = (
    reference.ParkViewSet,
    reference.ChainViewSet,
    reference.SegmentViewSet,
    reference.TaskForceViewSet,
    reference.DepartmentViewSet,
    reference.RegionViewSet,
    reference.PersonViewSet,
)
LIST, ONE = {"get": "list"}, {"get": "retrieve"}
MORE, CHANGE = {"post": "create"}, {"patch": "partial_update", "delete": "destroy"}


def addresses(view, many: dict, one: dict) -> list:
    name = view.kind.name.lower()
    return [
        path(f"v1/{view.kind}/", view.as_view(many), name=f"api_{name}"),
        path(f"v1/{view.kind}/<int:pk>/", view.as_view(one), name=f"api_{name}_one"),
    ]


def act(name: str, method: str):
    """An act on a project, e.g. /api/v1/projects/7/move/."""
    view = projects.ProjectViewSet.as_view({"post": method})
    return path(f"v1/projects/<int:pk>/{name}/", view, name=f"api_projects_{name}")


urlpatterns = [
    *(address for view in WRITTEN for address in addresses(view, LIST | MORE, ONE | CHANGE)),
    *(address for view in READ for address in addresses(view, LIST, ONE)),
    path("docs/", api_docs.docs, name="crm_api_docs"),
    path("docs/openapi.json", api_docs.description, name="crm_api_description"),
    path("v1/changes/", changes.ChangesView.as_view(), name="api_changes"),
    path("v1/openapi.json", spec.SpecificationView.as_view(), name="api_specification"),
    act("move", "move"),
    act("propose", "propose"),
    act("status", "set_status"),
    path("v1/<path:rest>", spec.NowhereView.as_view(), name="api_nowhere"),
]
