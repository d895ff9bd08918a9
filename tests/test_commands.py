"""Commands: the figures of a year and the report as a file."""

import json
import re
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import docx
import openpyxl
import pytest
from django.core.management import CommandError, call_command

from crm.access import Role
from crm.periods import today
from crm.reports import REPORTS

from . import make

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def figures(*arguments):
    return json.loads(run("indicators", "--year", "2024", "--format", "json", *arguments))


def test_the_figures_of_a_year_as_json():
    project = make.project(stage="signed", on=MAY, planned_yuan=Decimal(100))
    make.project(stage="reserve", on=MAY, planned_yuan=Decimal("5.5"))
    make.arrival(project=project, month=MAY, amount_yuan=Decimal("0.01"), state="confirmed")
    found = figures()

    wanted = {
        "year": 2024, "as_of": "2024-12-31", "sample_present": False, "trips": 0,
        "firms_visited": 2, "visits": 2, "reserve_projects": 1, "reserve_planned_yuan": "5.50",
        "deals_signed": 1, "signed_yuan": "300000000.00", "arrived_yuan": "0.01",
        "landing_rate": "0.00", "reserve_conversion": None,
    }  # fmt: skip
    assert {key: found[key] for key in wanted} == wanted
    assert found["projects_by_stage"] == {
        "lead": 0, "negotiating": 0, "reserve": 1, "signed": 1,
        "landed": 0, "building": 0, "producing": 0,
    }  # fmt: skip
    assert found["figures"]["arrived_yuan"]["parts"]["outside"] == "0.01"
    assert found["figures"]["landing_rate"]["denominator"] == 1


def test_sample_rows_are_announced():
    make.project(on=MAY, is_sample=True)

    assert figures()["sample_present"] is True
    assert "示例" in run("indicators", "--year", "2024")


def test_the_figures_as_text_carry_numerator_denominator_and_what_is_unknown():
    make.project(stage="signed", on=MAY).deals.update(amount_yuan=None)
    text = run("indicators", "--year", "2024")

    assert "落地率: 0.00% (0/1)" in text
    assert "签约金额: 0元 (+1 ?)" in text


def test_figures_as_an_account_are_those_of_its_scope():
    own = make.team()
    user = make.user(team=own)
    make.project(stage="reserve", on=MAY, team=own)
    make.project(stage="reserve", on=MAY)

    assert figures()["reserve_projects"] == 2
    assert figures("--as", user.username)["reserve_projects"] == 1


def test_the_year_is_this_one_unless_said_otherwise():
    assert run("indicators").startswith(f"{today():%Y}-01-01 – {today():%Y-%m-%d}")


@pytest.mark.parametrize("arguments", [("--year", "20x4"), ("--as", "nobody")])
def test_a_wrong_year_or_account_is_explained(arguments):
    with pytest.raises(CommandError):
        run("indicators", *arguments)


def test_the_report_is_written_as_it_stood_at_the_end_of_the_year(tmp_path):
    moved = make.project(stage="reserve", on=MAY, name="图灵小镇")
    make.bring_to(moved, "signed", on=date(2025, 2, 1))
    make.project(on=date(2025, 1, 1))
    target = tmp_path / "p.xlsx"
    said = run("export_report", "pipeline", "--year", "2024", "--output", str(target))

    sheet = openpyxl.load_workbook(BytesIO(target.read_bytes())).active
    assert said.strip().endswith(": 1")
    assert (sheet["B4"].value, sheet["D4"].value) == ("图灵小镇", "储备")


def test_the_report_takes_the_lists_filters_and_a_scope(tmp_path):
    own = make.team()
    make.project(stage="reserve", on=MAY, team=own)
    make.project(on=MAY, team=own)
    make.project(stage="reserve", on=MAY)
    target, user = tmp_path / "p.xlsx", make.user(team=own)
    said = run(
        "export_report", "pipeline", "--output", str(target), "--as", user.username,
        "--filter", "stage=reserve",
    )  # fmt: skip

    assert said.strip().endswith(": 1")


@pytest.mark.parametrize(
    "arguments",
    [("--output", "/nowhere/at/all.xlsx"), ("--output", "x.xlsx", "--filter", "signed=x")],
)
def test_a_report_that_cannot_be_written_is_explained(arguments):
    with pytest.raises(CommandError):
        run("export_report", "pipeline", "--year", "2024", *arguments)


def test_figures_of_a_month_and_of_any_days():
    make.project(stage="signed", on=MAY)
    make.project(stage="signed", on=date(2024, 6, 1))

    def signed(*days):
        return json.loads(run("indicators", *days, "--format", "json"))["deals_signed"]

    assert signed("--month", "2024-05") == 1
    assert signed("--from", "2024-05-01", "--to", "2024-06-01") == 2
    assert signed("--from", "2024-05-02", "--to", "2024-05-31") == 0


def test_figures_of_one_task_force_by_number_or_name():
    one = make.team(name="招商甲专班")
    make.project(stage="signed", on=MAY, team=one)
    make.project(stage="signed", on=MAY)

    by_number = figures("--team", str(one.number))
    assert (by_number["deals_signed"], by_number["team"]) == ("1.00", "招商甲专班")
    assert figures("--team", "招商甲专班") == by_number


def test_figures_are_compared_with_target_and_time():
    make.project(stage="signed", on=MAY)
    make.target(year=2024, indicator="deals_signed", value=Decimal(4))
    found = figures()

    assert found["comparisons"]["deals_signed"] == {
        "target_rate": "25.00", "pace_gap": "-75.00", "year_on_year": None, "month_on_month": None,
    }  # fmt: skip
    assert found["stage_days_by_stage"]["lead"]["n"] == 1
    assert found["signing_days"] == "0.00"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--month", "2024-13"), ("--from", "2024-01-01"), ("--to", "2024-01-01"),
        ("--from", "2024-02-01", "--to", "2024-01-01"), ("--from", "1.2.", "--to", "x"),
        ("--team", "九十九"), ("--team", "99"),
    ],
)  # fmt: skip
def test_a_period_or_team_that_cannot_be_read_is_explained(arguments):
    with pytest.raises(CommandError):
        run("indicators", *arguments)


# -- reports as files ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_written_as_every_kind_of_file(tmp_path, name):
    make.project(stage="signed", on=MAY)
    for ending, first in (
        ("xlsx", b"PK"),
        ("csv", b"\xef\xbb\xbf"),
        ("docx", b"PK"),
        ("json", b"{"),
    ):
        target = tmp_path / f"{name}.{ending}"
        run("export_report", name, "--year", "2024", "--output", str(target))
        assert target.read_bytes().startswith(first)


def test_the_list_names_every_report_with_a_line_of_description():
    lines = run("export_report", "--list").splitlines()

    assert len(lines) >= 12
    for report in REPORTS.values():
        line = next(line for line in lines if line.split()[0] == report.name)
        assert str(report.description) in line


def test_the_list_is_in_the_language_of_the_site():
    for line in run("export_report", "--list").splitlines():
        said = line.split(None, 1)[1].split("  [")[0]
        assert not re.search("[A-Za-z]{3}", said.replace("xlsx", "")), line


@pytest.mark.parametrize("name", ["pipeline", "signed_projects", "monthly"])
def test_without_an_account_a_confidential_project_is_its_code_name(tmp_path, name):
    make.project(stage="signed", on=MAY, name="绝密项目", is_confidential=True, code_name="代号甲")
    ending = "docx" if name == "monthly" else "csv"
    said = []
    for more in ((), ("--as", make.user(Role.BUREAU).username)):
        target = tmp_path / f"{name}.{ending}"
        run("export_report", name, "--year", "2024", "--output", str(target), *more)
        said.append(text_of(target))

    assert "代号甲" in said[0] and "绝密项目" not in said[0]
    assert "绝密项目" in said[1]


def text_of(path) -> str:
    if path.suffix == ".csv":
        return path.read_text(encoding="utf-8")
    document = docx.Document(path)
    return "".join(c.text for t in document.tables for row in t.rows for c in row.cells)


def test_a_report_of_a_month_of_a_team_split_as_asked(tmp_path):
    one = make.team(name="招商甲专班")
    make.project(stage="signed", on=MAY, team=one)
    make.project(stage="signed", on=date(2024, 6, 1), team=one)
    make.project(stage="signed", on=MAY)
    target = tmp_path / "s.json"
    run("export_report", "signed_projects", "--month", "2024-05", "--team", "招商甲专班",
        "--output", str(target))  # fmt: skip
    said = json.loads(target.read_text(encoding="utf-8"))

    assert len(said["rows"]) == 1
    assert said["unit_line"].startswith("招商甲专班")
    run("export_report", "reserve_pool", "--by", "park", "--output", str(target))
    assert json.loads(target.read_text(encoding="utf-8"))["columns"][0]["title"] == "园区"


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("pipeline",), ("nothing", "--output", "x.xlsx"), ("pipeline", "--output", "x.pdf"),
        ("reserve_pool", "--by", "colour", "--output", "x.csv"),
        ("arrivals", "--filter", "stage=reserve", "--output", "x.csv"),
        ("pipeline", "--output", "x.csv", "--team", "nobody"),
    ],
)  # fmt: skip
def test_a_report_that_is_not_offered_is_explained(arguments):
    with pytest.raises(CommandError):
        run("export_report", *arguments)
