"""Compute by the register of data centres: kinds and precisions are never added together."""

from datetime import date
from decimal import Decimal

import pytest

from crm.access import Role
from crm.indicators import Scope
from crm.indicators.behind import Behind
from crm.ledgers import jobs
from crm.models import DataCentre, DataCentreCompute
from crm.periods import Period
from crm.reports import REPORTS, Asked
from crm.reports.table import Record

from . import make
from .ledger_samples import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]


@pytest.fixture
def park():
    return make.park(name="测试南川园区")


def part(park, kind="intelligent", precision="fp16", **sizes):
    sizes = {key: value if key.endswith("_on") else Decimal(value) for key, value in sizes.items()}
    return make.data_centre_compute(
        data_centre=make.data_centre(park=park), kind=kind, precision=precision,
        **{"planned_p": None} | sizes,
    )  # fmt: skip


def report(by="park", reader=None, team=None):
    scope = Scope(reader or make.user(Role.BUREAU)).of(team)
    return REPORTS["compute_capacity"].build(Asked(scope, Period.year(2024), by))


def test_p_of_different_kinds_and_precisions_are_never_added(park):
    part(park, planned_p=2000, online_p=500)
    part(park, planned_p=1000, building_p=300)
    part(park, precision="int8", planned_p=4000)
    part(park, kind="super", precision="fp64", online_p=5)
    table = report()
    assert [row[3:9] for row in table.rows] == [
        (2, 3000, 500, 300, None, 2200), (1, 4000, None, None, None, 4000),
        (1, None, 5, None, None, None),
    ]  # fmt: skip
    assert table.total[3:] == (4, None, None, None, None, None, 0)
    assert len(table.notes) == 3


def test_a_total_of_one_kind_and_precision_is_a_figure(park):
    part(park, planned_p=2000)
    part(make.park(), planned_p=1000)
    assert report().total[4] == 3000


def test_a_centre_whose_size_nobody_entered_is_counted_and_not_added(park):
    make.data_centre(park=park)
    part(park)
    assert [row[3:] for row in report().rows] == [
        (1, None, None, None, None, None, 1), (1, None, None, None, None, None, 1),
    ]  # fmt: skip


def test_each_size_stands_in_the_year_of_its_own_go_live(park):
    part(park, online_p=500, building_p=300, live_on=date(2025, 5, 1),
         planned_live_on=date(2027, 3, 1))  # fmt: skip
    part(park, reserved_p=70)
    rows = [(row[0], *row[5:8]) for row in report("year").rows]
    assert rows[:2] == [("2025", 500, None, None), ("2027", None, 300, None)]
    assert rows[2][1:] == (None, None, 70)
    assert [row[0] for row in report("park_year").rows][:2] == [
        "测试南川园区 · 2025", "测试南川园区 · 2027",
    ]  # fmt: skip


@pytest.mark.parametrize("by", REPORTS["compute_capacity"].by)
def test_the_rows_behind_a_number_are_as_many_and_hold_its_p(park, by):
    part(park, planned_p=2000, online_p=300, live_on=date(2025, 5, 1))
    part(park, planned_p=700, reserved_p=100, planned_live_on=date(2027, 5, 1))
    part(park, kind="edge", precision="", planned_p=20)
    part(make.park(), planned_p=500, building_p=40)
    part(None, kind="super", precision="fp64")
    make.data_centre()
    reader = make.user(Role.BUREAU)
    table, sizes = report(by, reader), ("planned_p", "online_p", "building_p", "reserved_p")
    for (row, column), behind in table.drills.items():
        value = (table.total if row == -1 else table.rows[row])[column]
        if isinstance(behind, Record) or value is None:
            continue
        rows = Behind.read(behind.address).rows(reader)
        if column in (3, 9):
            assert rows.count() == value, (row, column)
        else:
            parts = DataCentreCompute.objects.filter(data_centre__in=rows)
            assert sum(getattr(each, sizes[column - 4]) or 0 for each in parts) == value


def test_the_centre_of_a_secret_project_is_counted_and_not_named(client, park):
    secret = make.project(name="绝密雪豹工程", is_confidential=True, code_name="代号青松")
    centre = make.data_centre(park=park, project=secret, name="绝密雪豹数据中心")
    make.data_centre_compute(data_centre=centre, planned_p=Decimal(900))
    leader = make.user(Role.LEADER)
    for by in REPORTS["compute_capacity"].by:
        assert "绝密" not in str(report(by, leader).rows)
    assert [row[4] for row in report("park", leader).rows] == [900]
    assert report("park", make.user(Role.OFFICER)).rows == ()
    client.force_login(leader)
    for path in ("/crm/datacentre/", "/reports/compute_capacity/?by=centre", f"/parks/{park.pk}/"):
        text = client.get(path).content.decode()
        assert "绝密" not in text, path
    assert client.get(f"/crm/datacentre/{centre.pk}/change/").status_code in (302, 403)


def test_the_list_is_filtered_by_kind_year_and_lateness(client, park):
    late = part(park, kind="edge", planned_live_on=date(2025, 5, 1), building_p=3)
    on_time = part(park, live_on=date(2026, 4, 1), online_p=3)
    client.force_login(make.user(Role.BUREAU))
    for query, names in (("kind=edge", [late]), ("year=2026", [on_time]), ("late=on", [late]),
                         ("state=online", [late, on_time])):  # fmt: skip
        text = client.get(f"/crm/datacentre/?{query}").content.decode()
        for row in (late, on_time):
            assert (row.data_centre.name in text) is (row in names), query


# -- the ledger ------------------------------------------------------------------------------------

HEAD = "数据中心 园区 状态 算力类型 计算精度 规划算力 已上线算力 PUE".split()
ROWS = [
    ["测试一号中心", "测试南川园区", "在建", "智算", "FP16", "1万P", "2000P", "1.15"],
    ["测试一号中心", "测试南川园区", "在建", "通算", "FP32", "300", "待定", "1.15"],
]


def imported(user, rows):
    job = jobs.upload(user, "data_centres", workbook([HEAD, *rows]), "数据中心.xlsx")
    assert jobs.start(job, "check")
    assert jobs.start(job, "commit", leaves_out_bad=True)
    return job


def test_a_ledger_of_data_centres_gives_a_row_to_each_kind(park):
    bureau = make.user(Role.BUREAU)
    imported(bureau, ROWS)
    centre = DataCentre.objects.get()
    assert (centre.park, centre.state, centre.pue) == (park, "building", Decimal("1.15"))
    parts = centre.compute.order_by("kind").values_list("kind", "planned_p", "online_p")
    assert list(parts) == [("general", 300, None), ("intelligent", 10000, 2000)]
    imported(bureau, [["测试一号中心", "", "已上线", "智算", "FP16", "1万P", "5000P", ""]])
    assert DataCentreCompute.objects.get(kind="intelligent").online_p == 5000
    assert DataCentreCompute.objects.count() == 2


def test_a_task_force_writes_no_data_centre_by_a_ledger(park):
    imported(make.user(Role.OFFICER, team=make.team()), ROWS)
    assert DataCentre.objects.count() == 0
