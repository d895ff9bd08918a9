"""A record with hundreds of parts shows them in pages and saves what was on the page."""

import re

import pytest

from crm.access import Role
from crm.admin.paging import PARTS_SHOWN
from crm.models import Milestone
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client):
    client.force_login(make.user(Role.BUREAU))
    project = make.project()
    for i in range(PARTS_SHOWN + 5):
        make.milestone(project=project, kind="other", title=f"节点{i:03d}", planned_on=None)
    return project


def titles(client, project, page: str) -> list[str]:
    text = client.get(f"/crm/project/{project.pk}/change/?milestones-page={page}").content.decode()
    return re.findall(r'name="milestones-\d+-title" value="(节点\d+)"', text)


def test_each_page_shows_its_own_rows(client, project):
    first, second = titles(client, project, "1"), titles(client, project, "2")
    assert (len(first), len(second), set(first) & set(second)) == (PARTS_SHOWN, 5, set())


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "１", "9" * 30])
def test_a_page_that_is_none_is_the_first(client, project, page):
    assert titles(client, project, page) == titles(client, project, "1")


def test_a_page_after_the_last_is_empty(client, project):
    assert titles(client, project, "9") == []


def form_of(client, project, page: str) -> dict:
    """What the browser would send back, taken from the page itself."""
    answer = client.get(f"/crm/project/{project.pk}/change/?milestones-page={page}")
    form = answer.context["adminform"].form
    data = {bound.html_name: bound.value() for bound in form}
    for inline in answer.context["inline_admin_formsets"]:
        formset = inline.formset
        data |= {bound.html_name: bound.value() for bound in formset.management_form}
        for part in formset.initial_forms:
            data |= {bound.html_name: bound.value() for bound in part}
    return {
        key: value for key, value in data.items() if value or (value == 0 and value is not False)
    }


def test_a_change_on_the_second_page_is_saved_and_nothing_else(client, project):
    data = form_of(client, project, "2")
    row = Milestone.objects.get(pk=data["milestones-0-id"])
    data["milestones-0-title"] = "改过的节点"
    answer = client.post(f"/crm/project/{project.pk}/change/?milestones-page=2", data)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.title == "改过的节点"
    assert Milestone.objects.filter(title__startswith="节点").count() == PARTS_SHOWN + 4


def test_a_part_of_another_project_is_not_written(client, project):
    foreign = make.milestone(project=make.project(), kind="other", title="别的项目")
    data = form_of(client, project, "1") | {
        "milestones-0-id": foreign.pk,
        "milestones-0-title": "夺来的",
    }
    client.post(f"/crm/project/{project.pk}/change/", data)
    foreign.refresh_from_db()
    assert foreign.title == "别的项目"
