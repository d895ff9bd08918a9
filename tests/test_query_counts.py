"""The number of queries of a page does not grow with the rows it shows."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.access import Role
from crm.models import User
from tests import make

pytestmark = pytest.mark.django_db

# Who looks at the list, and how one more row of it is made.
LISTS = {
    "alliancemembership": (Role.BUREAU, make.alliance_membership),
    "introduction": (Role.BUREAU, make.introduction),
    "alliancemeeting": (Role.BUREAU, make.alliance_meeting),
    "alliancecommitment": (Role.BUREAU, make.alliance_commitment),
    "programme": (Role.BUREAU, make.programme),
    "trainingagreement": (Role.BUREAU, make.training_agreement),
    "arrival": (Role.BUREAU, make.arrival),
    "auditentry": (Role.AUDITOR, make.audit_entry),
    "chain": (Role.BUREAU, make.chain),
    "commitment": (Role.BUREAU, make.commitment),
    "company": (Role.BUREAU, make.company),
    "contact": (Role.BUREAU, make.contact),
    "datacentre": (
        Role.BUREAU,
        lambda: make.data_centre_compute(data_centre=make.data_centre(park=make.park())),
    ),
    "factorguarantee": (
        Role.BUREAU,
        lambda: make.factor_guarantee(project=make.project(park=make.park()), by_park=True),
    ),
    "factortemplate": (Role.BUREAU, make.factor_template),
    "deal": (Role.BUREAU, make.deal),
    "department": (Role.BUREAU, make.department),
    "districtarea": (Role.BUREAU, make.district_area),
    "event": (Role.BUREAU, make.event),
    "followup": (Role.BUREAU, make.follow_up),
    "exportlog": (Role.BUREAU, make.export_log),
    "importjob": (Role.BUREAU, lambda: make.import_job(owner=User.objects.latest("pk"))),
    "industry": (Role.BUREAU, make.industry),
    "invitation": (Role.BUREAU, make.invitation),
    "attributionrule": (Role.BUREAU, None),
    "institution": (Role.BUREAU, make.institution),
    "ledgertemplate": (
        Role.BUREAU,
        lambda: make.ledger_template(name=f"模板{make.number('template')}"),
    ),
    "membership": (Role.BUREAU, make.membership),
    "park": (Role.BUREAU, make.park),
    "project": (Role.BUREAU, make.project),
    "referencefact": (Role.BUREAU, make.reference_fact),
    "referenceproposal": (
        Role.BUREAU,
        lambda: make.reference_proposal(text_key=str(make.number("proposed"))),
    ),
    "region": (Role.BUREAU, make.region),
    "request": (Role.BUREAU, make.request),
    "scoreadjustment": (Role.BUREAU, make.score_adjustment),
    "scorerule": (
        Role.BUREAU,
        lambda: make.score_rule(valid_from=date(2000 + make.number("rule") % 90, 1, 1)),
    ),
    "secondfactorrule": (Role.SECURITY_ADMIN, None),
    "screensettings": (Role.BUREAU, None),
    "segment": (Role.BUREAU, make.segment),
    "signal": (Role.BUREAU, make.signal),
    "targetfactor": (Role.BUREAU, None),
    "stageproposal": (Role.BUREAU, make.proposal),
    "stagerule": (Role.BUREAU, None),
    "protectionrule": (Role.BUREAU, None),
    "timelimit": (
        Role.BUREAU,
        lambda: make.time_limit(from_yuan=Decimal(make.number("limit") * 10**9)),
    ),
    "robot": (Role.SYSTEM_ADMIN, make.robot),
    "target": (Role.BUREAU, lambda: make.target(task_force=make.team())),
    "taskforce": (Role.BUREAU, make.team),
    "trip": (Role.BUREAU, make.trip),
    "user": (Role.SYSTEM_ADMIN, make.user),
    "visit": (Role.BUREAU, make.visit),
    "subscription": (Role.SECURITY_ADMIN, make.subscription),
    "pushhost": (Role.SECURITY_ADMIN, make.push_host),
    "apitoken": (Role.SECURITY_ADMIN, make.api_token),
    "walltoken": (Role.BUREAU, make.wall_token),
}


def queries(client, path: str) -> int:
    client.get(path)  # what is cached for good is cached by now
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(captured)


def test_every_list_of_the_site_is_counted():
    """A new list? Add its model to LISTS above, with a maker of one row."""
    registered = {model._meta.model_name for model in admin.site._registry}
    assert registered - LISTS.keys() == set()


@pytest.mark.parametrize("name", [name for name, (_, maker) in LISTS.items() if maker])
def test_a_list_asks_as_much_for_many_rows_as_for_few(client, name):
    role, maker = LISTS[name]
    client.force_login(make.user(role))
    for _ in range(2):
        maker()
    few = queries(client, f"/crm/{name}/")
    for _ in range(12):
        maker()
    assert queries(client, f"/crm/{name}/") == few


def grown(client, path: str, *makers) -> tuple[int, int]:
    """Queries of a record page with two rows of each kind around it, and with fourteen."""
    for maker in makers * 2:
        maker()
    queries(client, path)  # what a process asks once and remembers
    few = queries(client, path)
    for maker in makers * 12:
        maker()
    return few, queries(client, path)


def test_a_project_page_asks_as_much_with_many_rows_around_it(client):
    client.force_login(make.user(Role.BUREAU))
    project = make.project(stage="signed")

    def phase():
        make.phase(project=project, name=f"{make.number('phase')}期")

    few, many = grown(
        client, f"/crm/project/{project.pk}/change/",
        lambda: make.visit(project=project), lambda: make.deal(project=project),
        lambda: make.follow_up(project=project), lambda: make.request(project=project),
        lambda: make.milestone(project=project), phase,
        lambda: make.assessment(project=project),
    )  # fmt: skip
    assert many <= few  # a page of the timeline full of others asks for no stage move


def test_a_company_page_asks_as_much_with_many_rows_around_it(client):
    client.force_login(make.user(Role.BUREAU))
    firm = make.company()
    few, many = grown(
        client, f"/crm/company/{firm.pk}/change/",
        lambda: make.visit(company=firm), lambda: make.contact(company=firm),
        lambda: make.project(lead_investor=firm), lambda: make.company_name(company=firm),
    )  # fmt: skip
    assert many == few


def test_a_trip_page_asks_as_much_with_many_visits(client):
    client.force_login(make.user(Role.BUREAU))
    trip = make.trip()
    few, many = grown(client, f"/crm/trip/{trip.pk}/change/", lambda: make.visit(trip=trip))
    assert many == few
