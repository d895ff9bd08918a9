"""The month's grid: each cell under every rule, with its version, and warned of in words."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from crm.access import Role
from crm.models import Arrival, Note
from crm.month_entry import in_ten_thousands, lines_of, projects_for, write
from crm.periods import Period, today
from tests import make

pytestmark = pytest.mark.django_db

WAN = Decimal(10_000)


@pytest.fixture
def team():
    return make.team()


@pytest.fixture
def officer(team):
    return make.user(Role.OFFICER, team=team)


@pytest.fixture
def project(team, officer):
    return make.project(team=team, owner=officer, stage="signed")


def this_month() -> date:
    return today().replace(day=1)


def months_ago(count: int) -> date:
    period = Period.month(today().year, today().month)
    for _ in range(count):
        period = period.previous()
    return period.start


def amounts(project) -> list[tuple]:
    rows = project.arrivals.filter(archived_at=None).order_by("month", "origin")
    return [(row.origin, row.amount_yuan) for row in rows]


# -- which projects --------------------------------------------------------------------------------


def test_signed_and_later_projects_that_one_may_report_for(team, officer, project):
    make.project(team=team, owner=officer)
    make.project(team=make.team(), stage="signed")
    make.project(team=team, owner=officer, stage="signed", is_confidential=True, code_name="代号")
    colleagues = make.project(team=team, stage="building")
    on_hold = make.project(team=team, owner=officer, stage="signed", status="on_hold")

    mine = set(projects_for(officer, only_mine=True))
    every = set(projects_for(officer, only_mine=False))

    assert on_hold not in every
    assert {project} <= mine
    assert every - mine == {colleagues}


def test_leaders_have_no_grid(client, project):
    client.force_login(make.user(Role.LEADER))
    assert client.get("/entry/arrivals/").status_code == 403
    assert not projects_for(make.user(Role.LEADER), only_mine=False).exists()


@pytest.mark.parametrize("role", [Role.BUREAU, Role.OFFICER, Role.TEAM_LEAD])
def test_each_reporter_has_a_grid(client, role, team, project):
    client.force_login(make.user(role, team=team))
    page = client.get("/entry/arrivals/")
    assert [line.project for line in page.context["lines"]] == [project]


# -- one cell --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "yuan"), [("350", 350 * WAN), ("1,200.5", 12_005_000), ("0.8亿", 8000 * WAN)]
)
def test_a_bare_number_is_in_ten_thousand_yuan(officer, project, text, yuan):
    cell = write(officer, project.pk, "outside", this_month(), text, 0)

    assert (cell.state, cell.version, cell.notes) == ("saved", 1, [])
    assert amounts(project) == [("outside", Decimal(yuan))]


def test_a_cell_reads_back_what_it_shows():
    assert in_ten_thousands(Decimal("12345678.90")) == "1,234.56789"
    assert in_ten_thousands(None) == ""


def test_the_slower_one_sees_the_others_amount_and_overwrites_nothing(officer, project):
    write(officer, project.pk, "outside", this_month(), "350", 0)

    cell = write(make.user(Role.BUREAU), project.pk, "outside", this_month(), "400", 0)

    assert (cell.state, cell.theirs, cell.version) == ("conflict", "350", 1)
    assert amounts(project) == [("outside", 350 * WAN)]
    assert write(officer, project.pk, "outside", this_month(), "400", 1).state == "saved"


def test_the_same_amount_twice_is_no_conflict(officer, project):
    write(officer, project.pk, "outside", this_month(), "350", 0)
    assert write(officer, project.pk, "outside", this_month(), "350", 0).state == "saved"


@pytest.mark.parametrize("text", ["abc", "-5", "0"])
def test_what_is_no_amount_is_refused_in_words(officer, project, text):
    cell = write(officer, project.pk, "outside", this_month(), text, 0)

    assert cell.state == "refused" and cell.notes
    assert amounts(project) == []


def test_more_than_the_total_is_saved_and_warned_of(officer, project):
    total = project.contract().amount_yuan
    cell = write(officer, project.pk, "outside", this_month(), f"{total / WAN + 1}", 0)

    assert cell.state == "saved"
    assert "超过总额" in cell.notes[0]


@pytest.mark.parametrize(("text", "warned"), [("100", 1), ("99", 0), ("0.01", 1), ("0.011", 0)])
def test_a_hundred_times_the_usual_month_is_warned_of(officer, project, text, warned):
    for count in (1, 2, 3):
        make.arrival(project=project, month=months_ago(count), amount_yuan=WAN)

    cell = write(officer, project.pk, "outside", this_month(), text, 0)

    assert len(cell.notes) == warned


def test_an_emptied_cell_is_archived_by_those_who_may(officer, project):
    write(officer, project.pk, "outside", this_month(), "350", 0)

    refused = write(officer, project.pk, "outside", this_month(), "", 1)
    kept = amounts(project)
    taken = write(make.user(Role.BUREAU), project.pk, "outside", this_month(), "", 1)

    assert (refused.state, taken.state, taken.text) == ("refused", "saved", "")
    assert (kept, amounts(project)) == ([("outside", 350 * WAN)], [])


def test_confirmed_money_is_fixed(officer, project):
    make.arrival(project=project, state="confirmed", amount_yuan=WAN)

    line = lines_of([project], this_month(), by=officer)[0]
    cell = write(officer, project.pk, "outside", this_month(), "5", 1)

    assert line.cells["outside"].is_fixed
    assert cell.state == "refused"
    assert amounts(project) == [("outside", WAN)]


def test_a_project_outside_ones_grid_is_refused(officer):
    other = make.project(team=make.team(), stage="signed")
    with pytest.raises(PermissionDenied):
        write(officer, other.pk, "outside", this_month(), "5", 0)
    assert not Arrival.objects.exists()


def test_progress_is_a_note_and_a_second_one_corrects_it(officer, project):
    first = write(officer, project.pk, "progress", this_month(), "完成桩基", 0)
    write(officer, project.pk, "progress", this_month(), "完成桩基", first.version)
    write(officer, project.pk, "progress", this_month(), "完成主体", first.version)

    notes = Note.objects.filter(project=project).order_by("pk")
    assert [(note.text, note.corrects_id) for note in notes] == [
        ("完成桩基", None), ("完成主体", notes[0].pk)
    ]  # fmt: skip
    past = write(officer, project.pk, "progress", months_ago(1), "补记", 0)
    assert past.state == "refused"


def test_what_came_before_and_last_month_stand_beside_the_cells(officer, project):
    make.arrival(project=project, month=months_ago(2), amount_yuan=3 * WAN)
    make.arrival(project=project, month=months_ago(1), amount_yuan=2 * WAN)

    line = lines_of([project], this_month(), by=officer)[0]

    assert (line.before_text, line.last_month_text) == ("5", "2")
    assert line.total == project.contract().amount_yuan


# -- the page --------------------------------------------------------------------------------------


def test_a_cell_is_written_by_the_pages_script(client, officer, project):
    client.force_login(officer)
    data = {"cell": f"{project.pk}-outside", "text": "350", "version": "0"}

    answer = client.post("/entry/arrivals/cell/", data).json()

    assert answer == {
        "state": "saved", "text": "350", "version": 1, "notes": [], "theirs": "", "total": "350"
    }  # fmt: skip


def test_without_javascript_the_form_writes_what_was_changed(client, officer, project):
    client.force_login(officer)
    key = f"{project.pk}-outside"
    form = {f"cell-{key}": "350", f"was-{key}": "", f"version-{key}": "0",
            f"cell-{project.pk}-inside": "", f"was-{project.pk}-inside": ""}  # fmt: skip

    answer = client.post("/entry/arrivals/", form, follow=True)
    again = client.post("/entry/arrivals/", form | {f"cell-{key}": "400"})

    assert "已保存 1 项" in answer.content.decode()
    assert again.status_code == 409
    assert "他人已填 350" in again.content.decode()
    assert amounts(project) == [("outside", 350 * WAN)]


@pytest.mark.parametrize("month", ["2999-01", "x", "2024-13"])
def test_a_month_that_is_none_or_not_yet_does_not_exist(client, officer, month):
    client.force_login(officer)
    assert client.get(f"/entry/arrivals/?month={month}").status_code == 404


def test_the_grid_asks_as_much_for_many_projects_as_for_few(
    client, officer, team, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(officer)
    make.project(team=team, owner=officer, stage="signed")
    client.get("/entry/arrivals/")
    with CaptureQueriesContext(connection) as few:
        client.get("/entry/arrivals/")
    for _ in range(4):
        make.arrival(project=make.project(team=team, owner=officer, stage="signed"))
    with django_assert_num_queries(len(few)):
        client.get("/entry/arrivals/")
