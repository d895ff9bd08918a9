"""What tests of ledgers that come in share: the city they name, who imports, the steps of a job."""

import pytest

from crm.access import Role
from crm.ledgers import jobs
from crm.models import ImportJob, TaskForce
from tests import make
from tests.ledger_samples import all_samples, workbook

SAMPLES = all_samples()


@pytest.fixture
def city():
    """The nine task forces and the reference data that the ledgers name."""
    for number, numeral in enumerate("一二三四五六七八九", start=301):
        make.team(number=number, name=f"招商{numeral}专班")
    make.park(name="西宁经济技术开发区南川工业园区", short_name="南川工业园区")
    make.park(name="东川园区")
    make.park(name="北川片区", aliases="北川")
    make.segment(name="数据标注")
    for code, name in (("440100", "广州市"), ("440300", "深圳市"), ("320100", "南京市"),
                       ("630100", "西宁市"), ("630000", "青海省")):  # fmt: skip
        make.region(code=code, name=name)


@pytest.fixture
def bureau(city):
    return make.user(Role.BUREAU)


def checked(user, kind, rows, *, name="台账.xlsx") -> ImportJob:
    data = rows if isinstance(rows, bytes) else workbook(rows)
    job = jobs.upload(user, kind, data, name)
    assert jobs.start(job, "check")
    return job


def imported(user, kind, rows, **values) -> ImportJob:
    job = checked(user, kind, rows)
    assert jobs.start(job, "commit", **values)
    return job


def sample(user, kind) -> ImportJob:
    name, data = SAMPLES[kind]
    return checked(user, kind, data, name=name)


def numbers(job, verdict) -> list[int]:
    return list(job.rows.filter(verdict=verdict).values_list("number", flat=True))


@pytest.fixture
def officer(city):
    return make.user(Role.OFFICER, team=TaskForce.objects.get(name="招商一专班"))
