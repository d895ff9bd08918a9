"""Saving a record never cuts a link that the person at the desk could not have made."""

import re

import pytest

from crm.access import Role
from crm.models import Project, Trip
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return make.team()


@pytest.fixture
def theirs():
    return make.team()


@pytest.fixture
def officer(ours):
    return make.user(Role.OFFICER, team=ours)


@pytest.fixture
def at_desk(client, officer):
    client.force_login(officer)
    return client


def sent_back(page, **changes) -> dict:
    """The values of a record page as a browser would send them, with some changed."""
    form = page.context["adminform"].form
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    forms = [form, *(f.management_form for f in formsets), *(f for s in formsets for f in s)]
    values = {}
    for each in forms:
        for field in each:
            value = field.value()
            if value is not None and value is not False:
                values[field.html_name] = value if isinstance(value, list) else str(value)
                if isinstance(value, list):
                    values[field.html_name] = [getattr(v, "pk", v) for v in value]
    return values | changes


def saved(client, url, **changes) -> int:
    answer = client.post(url, sent_back(client.get(url), **changes))
    assert answer.status_code == 302, re.findall(r"errorlist.*?</ul>", answer.content.decode())
    return answer.status_code


def test_a_project_keeps_its_investor_when_the_firm_belongs_to_another_team(at_desk, ours, theirs):
    firm = make.company(owning_team=theirs)
    project = make.project(team=ours, lead_investor=firm, contact=make.contact(company=firm))
    before = Project.objects.values().get(pk=project.pk)

    saved(at_desk, f"/crm/project/{project.pk}/change/", summary="改了一句")

    after = Project.objects.values().get(pk=project.pk)
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"summary", "version", "updated_at", "updated_by_id"}


def test_a_joint_team_saves_a_project_without_taking_it_from_the_leading_team(
    at_desk, ours, theirs
):
    project = make.project(team=theirs)
    make.credit_share(project=project, task_force=ours, percent=50)

    saved(at_desk, f"/crm/project/{project.pk}/change/", summary="改了一句")

    project.refresh_from_db()
    assert (project.lead_team, project.summary) == (theirs, "改了一句")


def test_a_contact_of_another_teams_firm_stays_linked_but_is_not_named(at_desk, ours, theirs):
    firm = make.company(owning_team=theirs)
    contact = make.contact(company=firm, name="不可见的人")
    project = make.project(team=ours, lead_investor=firm, contact=contact)

    page = at_desk.get(f"/crm/project/{project.pk}/change/").content.decode()

    assert "不可见的人" not in page
    assert f'<option value="{contact.pk}" selected' in page


def test_another_teams_firm_may_be_named_as_investor_by_its_public_part(at_desk, ours, theirs):
    """A report on another team's firm is let in; what clashes with it becomes a conflict."""
    project = make.project(team=ours)
    url = f"/crm/project/{project.pk}/change/"
    foreign = make.company(owning_team=theirs)

    answer = at_desk.post(url, sent_back(at_desk.get(url), lead_investor=foreign.pk))

    assert answer.status_code == 302
    assert Project.objects.get(pk=project.pk).lead_investor == foreign


def test_moving_a_project_keeps_what_lies_outside_the_scope(at_desk, ours, theirs):
    firm = make.company(owning_team=theirs)
    project = make.project(team=ours, lead_investor=firm)

    at_desk.post(f"/crm/project/{project.pk}/move/", {"on": "2024-01-01", "reason": ""})

    project.refresh_from_db()
    assert project.lead_investor == firm


def test_the_joint_teams_of_a_trip_stay(at_desk, ours, theirs):
    trip = make.trip(task_force=ours, joint_teams=[theirs])

    saved(at_desk, f"/crm/trip/{trip.pk}/change/", purpose="改了一句")

    assert list(Trip.objects.get(pk=trip.pk).joint_teams.all()) == [theirs]
