"""What tests of reports share: a bit of everything in 2024, and a report built from it."""

from datetime import date
from decimal import Decimal

import pytest

from crm.indicators import Scope, whole_city
from crm.periods import Period
from crm.reports import REPORTS, Asked, files

from . import make

T = Period.year(2024)
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)
YUAN = Decimal
WAYS = [(name, by) for name, report in REPORTS.items() for by in (report.by or [""])]


def file_of(table, ending: str) -> bytes:
    return files.render(table, ending, by=whole_city().reader)


def asked(by="", *, reader=None, period=T, team=None):
    scope = whole_city() if reader is None else Scope(reader)
    return Asked(scope.of(team), period, by)


def built(name, by="", **given):
    report = REPORTS[name]
    return report.build(asked(by or next(iter(report.by), ""), **given))


def column(table, title):
    place = [c.title for c in table.columns].index(title)
    return [row[place] for row in table.rows]


@pytest.fixture
def world():
    """A bit of everything: two teams, a joint and a secret project, visits, money, losses."""
    one, two = make.team(name="甲专班"), make.team(name="乙专班")
    park = make.park(name="南川工业园区", district_area=make.district_area(name="集聚区"))
    segment = make.segment(chain=make.chain(name="算"))
    firm = make.company(key_tier="A", owning_team=one, region=make.region(code="440000"))
    make.company(key_tier="B", owning_team=two)
    trip, event = make.trip(task_force=one, started_on=MAY, ended_on=MAY), make.event()
    city = make.region(code="440100", name="广州市")
    for day in (date(2024, 3, 1), date(2024, 4, 1)):
        make.visit(company=firm, task_force=one, held_on=day, trip=trip, event=event, city=city)
    make.visit(company=firm, task_force=two, held_on=MAY)
    signed = make.project(
        stage="signed", on=MAY, team=one, lead_investor=firm, park=park, segment=segment,
        planned_yuan=YUAN(700_000_000), event=event,
    )  # fmt: skip
    signed.deals.update(amount_yuan=YUAN("300000000.01"), signed_on=MAY, event=event)
    make.deal(project=signed, kind="supplement", signed_on=JUNE, amount_yuan=None)
    make.arrival(project=signed, month=MAY, amount_yuan=YUAN(5_000_000), state="confirmed")
    make.arrival(
        project=signed, month=JUNE, amount_yuan=YUAN(70_000), state="confirmed", origin="inside"
    )
    make.milestone(project=signed, planned_on=date(2024, 8, 1))
    make.milestone(project=signed, planned_on=date(2025, 8, 1), kind="land")
    for amount, given in ((YUAN(100), {"park": park}), (None, {"segment": segment}), (YUAN(7), {})):
        project = make.project(stage="reserve", on=MAY, team=two, **given)
        type(project).objects.filter(pk=project.pk).update(
            planned_yuan=amount, planned_precision="" if amount else "undetermined"
        )
    make.project(
        stage="reserve", on=MAY, team=two, is_confidential=True, code_name="代号甲", park=park,
        name="绝密项目", planned_yuan=YUAN(900_000_000),
    )  # fmt: skip
    make.project(on=JUNE, team=two)
    lost = make.project(stage="negotiating", on=MAY, team=one, planned_yuan=YUAN(30))
    lost.set_status("lost", by=make.keeper(), on=JUNE, reason="落户外地")
    make.score_rule(valid_from=date(2024, 1, 1))
    make.target(year=2024, indicator="signed_yuan", task_force=one, value=YUAN(600_000_000))
    return one, two
