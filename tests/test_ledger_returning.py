"""What was taken out comes in again unchanged, also what the reader may not change."""

from io import BytesIO

import pytest
from django.utils import timezone

from crm.access import Role
from crm.ledgers.exporting import SHEETS, export
from crm.models import ImportJob, TaskForce
from tests import make
from tests.ledger_importing import bureau, checked, city, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
FIXTURES = (bureau, city)  # asked for by name


@pytest.fixture
def lead(bureau):
    return make.user(Role.TEAM_LEAD, team=TaskForce.objects.get(number=301))


def returned(user, kind) -> ImportJob:
    """The check of what this user takes out."""
    target = BytesIO()
    export(kind, SHEETS[kind].model.objects.live().visible_to(user), user, to=target)
    return checked(user, kind, target.getvalue())


def outcome(job) -> tuple:
    bad = job.counts["errors"] + job.counts["conflicts"]
    return job.counts["new"] + job.counts["changed"], job.counts["unchanged"], bad


def test_a_firm_of_another_team_comes_back_as_it_went_out(lead):
    make.company(name="别队企业", owning_team=TaskForce.objects.get(number=302), ownership="state")
    make.company(name="本队企业", owning_team=lead.team)

    assert outcome(returned(lead, "companies")) == (0, 2, 0)


def test_a_trip_of_the_citys_leaders_comes_back_as_it_went_out(lead):
    make.trip(name="市领导带队赴北京", task_force=None, cities=[make.region(name="北京市")])

    assert outcome(returned(lead, "trips")) == (0, 1, 0)


def test_an_event_is_changed_by_the_bureau_only(lead):
    event = make.event(name="示例推介会")
    head = ["活动名称", "活动时间", "主办单位"]

    job = checked(lead, "events", [head, [event.name, str(event.started_on), "别的单位"]])

    assert numbers(job, "error") == [2]


def test_a_confirmed_deal_comes_back_as_it_went_out(lead):
    firm = make.company(owning_team=lead.team)
    project = make.project(lead_team=lead.team, lead_investor=firm, name="示例签约项目")
    make.deal(project=project, confirmed_by=make.user(Role.BUREAU), confirmed_at=timezone.now())

    assert outcome(returned(lead, "deals")) == (0, 1, 0)


def test_a_project_with_an_investor_of_another_team_comes_back_as_it_went_out(lead):
    firm = make.company(owning_team=TaskForce.objects.get(number=302))
    make.project(lead_team=lead.team, lead_investor=firm, name="示例合作项目")

    assert outcome(returned(lead, "projects")) == (0, 1, 0)
