"""Targets: set under rules, shown against what was done, never silently overwritten."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from crm.access import Role
from crm.indicators import Scope, whole_city
from crm.models import StaleRecord, Target, TargetChange
from crm.models.targets import parse_value, value_text
from crm.reports import targets

from . import make

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)
END = date(2025, 1, 5)


def put(value, *, by, year=2024, indicator="trips", **more):
    return Target.put(year, indicator, value and Decimal(value), by=by, **more)


def changes():
    return [(c.before, c.after, c.by.username) for c in TargetChange.objects.order_by("pk")]


# -- setting ---------------------------------------------------------------------------------------


def test_every_change_is_noted_with_who_made_it():
    first, second = make.user(Role.BUREAU, username="a"), make.user(Role.BUREAU, username="b")

    put(40, by=first), put(45, by=second), put(None, by=first)

    assert changes() == [(None, 40, "a"), (40, 45, "b"), (45, None, "a")]
    assert not Target.objects.live().exists()


def test_what_does_not_change_is_not_noted():
    user = make.user(Role.BUREAU)

    assert [put(40, by=user), put(40, by=user), put(None, by=user, year=2023)] == [
        True,
        False,
        False,
    ]
    assert len(changes()) == 1


def test_a_target_that_was_taken_back_can_be_set_again():
    user = make.user(Role.BUREAU)
    put(40, by=user), put(None, by=user)

    put(50, by=user)

    assert Target.objects.live().get().value == 50


@pytest.mark.parametrize("whose", ["city", "team", "park"])
@pytest.mark.parametrize("month", [None, 5])
def test_year_and_month_of_city_team_and_park_each_have_their_own_target(whose, month):
    user = make.user(Role.BUREAU)
    key = {"team": {"task_force": make.team()}, "park": {"park": make.park()}}.get(whose, {})
    put(1, by=user, month=month, **key)
    others = [{}, {"month": 5}, {"task_force": make.team()}, {"park": make.park()}, {"month": 6}]

    for other in others:
        if other | {"month": other.get("month")} != key | {"month": month}:
            put(2, by=user, **other)

    assert Target.objects.get(value=1).month == month
    with pytest.raises(ValidationError):
        Target(year=2024, indicator="trips", value=Decimal(3), month=month, **key).save_as(user)


def test_a_stale_writer_changes_nothing():
    user = make.user(Role.BUREAU)
    put(40, by=user)
    seen = Target.objects.get().version
    put(45, by=user)

    with pytest.raises(StaleRecord):
        put(50, by=user, version=seen)
    with pytest.raises(StaleRecord):
        put(50, by=user, version=0)
    assert Target.objects.get().value == 45


def test_a_team_lead_sets_the_own_teams_targets_and_no_other():
    team = make.team()
    lead = make.user(Role.TEAM_LEAD, team=team)

    put(5, by=lead, task_force=team)

    for whose in ({}, {"task_force": make.team()}, {"park": make.park()}):
        with pytest.raises((ValidationError, PermissionDenied)):
            put(5, by=lead, **whose)
    assert Target.objects.get().task_force == team


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.BUREAU, Role.TEAM_LEAD)])
def test_nobody_else_sets_targets(role):
    with pytest.raises((ValidationError, PermissionDenied)):
        put(5, by=make.user(role))
    assert not Target.objects.exists()


@pytest.mark.parametrize("change", [{"after": 1}, None])
def test_the_history_of_targets_is_only_added_to(change):
    row = make.target_change()

    with pytest.raises(DatabaseError), transaction.atomic():
        rows = TargetChange.objects.filter(pk=row.pk)
        rows.update(**change) if change else rows.delete()

    assert TargetChange.objects.get() == row


@pytest.mark.parametrize(
    ("indicator", "text", "value"),
    [("signed_yuan", "11", 11 * YI), ("signed_yuan", "3,500万元", Decimal(35_000_000)),
     ("trips", "1,200", Decimal(1200)), ("trips", " ", None),
     ("arrived_yuan", "1.5亿", YI * 3 / 2)],
)  # fmt: skip
def test_targets_are_read_as_people_write_them(indicator, text, value):
    assert parse_value(indicator, text) == value
    assert parse_value(indicator, value_text(indicator, value)) == value


@pytest.mark.parametrize(
    ("indicator", "text"),
    [("signed_yuan", "约5亿"), ("signed_yuan", "待定"), ("signed_yuan", "0"), ("trips", "4.5"),
     ("trips", "-3"), ("trips", "0"), ("trips", "许多"), ("trips", "9" * 30)],
)  # fmt: skip
def test_what_is_no_target_is_refused(indicator, text):
    with pytest.raises(ValidationError):
        parse_value(indicator, text)


# -- against what was done -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month", "on", "gone"),
    [(2024, None, date(2024, 5, 15), Fraction(136, 366)),
     (2024, 5, date(2024, 5, 15), Fraction(15, 31)),
     (2024, None, END, 1), (2026, None, END, 0), (2024, 5, date(2024, 6, 1), 1)],
)  # fmt: skip
def test_the_share_of_the_time_gone(year, month, on, gone):
    assert targets.share_gone(year, month, on) == gone


@pytest.fixture
def signed():
    """4亿 signed in May 2024, shared 75 : 25 by two teams, in a park."""
    one, two, park = make.team(), make.team(), make.park()
    project = make.project(team=one, park=park, stage="signed", on=date(2024, 5, 8))
    project.credit_shares.all().delete()
    make.credit_share(project=project, task_force=one, percent=Decimal(75))
    make.credit_share(project=project, task_force=two, percent=Decimal(25))
    project.deals.update(amount_yuan=4 * YI)
    for whose in ({}, {"task_force": one}, {"park": park}, {"month": 5}):
        make.target(year=2024, indicator="signed_yuan", value=8 * YI, **whose)
    return one, two, park


def cell(chosen, key, indicator="signed_yuan"):
    row = next(row for row in chosen.rows if row.key == key)
    return next(cell for cell in row.cells if cell.indicator == indicator)


def test_done_target_rate_and_gap_of_city_team_and_park(signed):
    one, two, park = signed

    chosen = targets.matrix(whole_city(), 2024, None, on=date(2024, 7, 1))

    gone = Fraction(183, 366)
    shown = {
        key: (cell(chosen, key).done, cell(chosen, key).rate, cell(chosen, key).gap)
        for key in ("city", f"team-{one.pk}", f"team-{two.pk}", f"park-{park.pk}")
    }
    assert shown == {
        "city": (4 * YI, Fraction(1, 2), 0),
        f"team-{one.pk}": (3 * YI, Fraction(3, 8), Fraction(3, 8) - gone),
        f"team-{two.pk}": (1 * YI, None, None),
        f"park-{park.pk}": (4 * YI, Fraction(1, 2), 0),
    }


def test_a_month_is_held_to_its_own_target(signed):
    may = targets.matrix(whole_city(), 2024, 5, on=END)
    june = targets.matrix(whole_city(), 2024, 6, on=END)

    assert (cell(may, "city").rate, cell(may, "city").gap) == (Fraction(1, 2), Fraction(-1, 2))
    assert (cell(june, "city").done, cell(june, "city").rate) == (0, None)


def test_a_team_sees_its_own_row_and_of_the_city_the_target_alone(signed):
    one, _, _ = signed

    chosen = targets.matrix(Scope(make.user(team=one)), 2024, None, on=END)

    assert [row.key for row in chosen.rows] == ["city", f"team-{one.pk}"]
    assert (cell(chosen, "city").value, cell(chosen, "city").done) == (8 * YI, None)


def test_a_park_office_sees_its_own_row(signed):
    _, _, park = signed

    chosen = targets.matrix(Scope(make.user(Role.PARK, park=park)), 2024, None, on=END)

    assert [(row.key, row.cells[1].done) for row in chosen.rows] == [(f"park-{park.pk}", 4 * YI)]


def test_the_pace_line_adds_up_and_stops_today(signed):
    line = targets.pace_line(whole_city(), 2024, "signed_yuan", on=date(2024, 6, 10))

    assert [point.done for point in line] == [0, 0, 0, 0, 4 * YI, 4 * YI] + [None] * 6
    assert [line[4].asked, line[11].asked] == [8 * YI, 8 * YI]  # the month's own target leads


def test_without_months_the_pace_line_follows_the_days():
    team = make.team()
    make.target(year=2024, indicator="trips", value=Decimal(366), task_force=team)

    line = targets.pace_line(whole_city(), 2024, "trips", on=END, team=team)

    assert [point.asked for point in line][:3] == [31, 60, 91]


# -- the page --------------------------------------------------------------------------------------


def grid(client, *, year=2024, **boxes):
    """Open the grid, fill boxes by name (- as _), send it."""
    page = client.get(f"/targets/?year={year}&edit=1")
    was = {cell["name"]: cell["was"] for row in page.context["rows"] for cell in row["cells"]}
    given = {f"was-{name}": value for name, value in was.items()}
    given |= {name: value.partition(":")[2] for name, value in was.items()}
    return given | {name.replace("_", "-", 1): value for name, value in boxes.items()}


def test_the_bureau_sets_targets_in_the_grid(client):
    client.force_login(make.user(Role.BUREAU))

    answer = client.post(
        "/targets/?year=2024", grid(client, city_signed_yuan="100", city_trips="40")
    )

    assert answer.status_code == 302
    assert {t.indicator: t.value for t in Target.objects.all()} == {
        "signed_yuan": 100 * YI, "trips": 40,
    }  # fmt: skip
    assert "100亿元" in client.get("/targets/?year=2024").content.decode()


def test_one_wrong_box_saves_nothing_and_says_why(client):
    client.force_login(make.user(Role.BUREAU))

    answer = client.post(
        "/targets/?year=2024", grid(client, city_signed_yuan="很多", city_trips="40")
    )

    assert (answer.status_code, Target.objects.count()) == (422, 0)
    assert "“很多”" in answer.content.decode()


def test_a_colleagues_change_is_shown_and_not_overwritten(client):
    other = make.user(Role.BUREAU, full_name="孙副科长")
    client.force_login(make.user(Role.BUREAU))
    boxes = grid(client, city_trips="40")
    put(45, by=other)

    answer = client.post("/targets/?year=2024", boxes)

    assert (answer.status_code, Target.objects.get().value) == (422, 45)
    assert "孙副科长" in answer.content.decode()


def test_a_box_that_was_not_touched_keeps_a_colleagues_change(client):
    client.force_login(make.user(Role.BUREAU))
    put(40, by=make.user(Role.BUREAU))
    boxes = grid(client, city_signed_yuan="100")
    put(45, by=make.user(Role.BUREAU))

    client.post("/targets/?year=2024", boxes)

    assert Target.objects.get(indicator="trips").value == 45


def test_an_emptied_box_takes_the_target_back(client):
    client.force_login(make.user(Role.BUREAU))
    put(40, by=make.user(Role.BUREAU))

    client.post("/targets/?year=2024", grid(client, city_trips=""))

    assert not Target.objects.live().exists()


def test_a_team_lead_has_boxes_for_the_own_team_only(client):
    own, other = make.team(), make.team()
    client.force_login(make.user(Role.TEAM_LEAD, team=own))
    boxes = grid(client) | {f"was-team-{other.pk}-trips": "0:", f"team-{other.pk}-trips": "9"}

    client.post("/targets/?year=2024", boxes | {f"team-{own.pk}-trips": "5", "city-trips": "9"})

    assert [(t.task_force, t.value) for t in Target.objects.all()] == [(own, 5)]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.STATISTICIAN, Role.PARK])
def test_who_only_looks_gets_no_grid_and_cannot_send_one(client, role):
    client.force_login(make.user(role, team=make.team() if role == Role.OFFICER else None))

    page = client.get("/targets/?year=2024&edit=1")

    assert (page.status_code, "was-city" in page.content.decode()) == (200, False)
    assert client.post("/targets/?year=2024", {"city-trips": "1"}).status_code == 403


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_others_do_not_get_in(client, role):
    client.force_login(make.user(role))
    assert client.get("/targets/").status_code == 403
    assert client.get("/targets/export/").status_code == 403


def test_nonsense_in_the_address_shows_this_year(client):
    client.force_login(make.user(Role.LEADER))
    assert client.get("/targets/?year=x&month=77&line=y&changes=q").status_code == 200


def test_the_workbook_holds_target_done_and_rate(client, signed):
    client.force_login(make.user(Role.BUREAU))

    answer = client.get("/targets/export/?year=2024")

    rows = openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    city = next(row for row in rows if row[0] == "全市")
    assert city[4:7] == (8, 4, 50)


def test_the_page_asks_as_much_with_many_teams_and_changes(client, django_assert_max_num_queries):
    client.force_login(make.user(Role.BUREAU))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        client.get("/targets/?year=2024")
        with CaptureQueriesContext(connection) as captured:
            client.get("/targets/?year=2024")
        return len(captured)

    def one_more():
        put(5, by=make.keeper(), task_force=make.team())
        put(5, by=make.keeper(), park=make.park(), indicator="deals_signed")

    one_more(), one_more()
    few = asked()
    for _ in range(8):
        one_more()
    assert asked() == few


# -- the command -----------------------------------------------------------------------------------


def test_the_command_sets_and_lists(capsys):
    user, team = make.user(Role.BUREAU), make.team(number=77, name="招商测试专班")
    options = {"year": "2024", "as": user.username}

    call_command(
        "set_target", indicator="signed_yuan", value="100亿元", username=user.username, year="2024"
    )
    call_command("set_target", "--indicator=trips", "--value=5", "--team=77", "--month=3",
                 "--year=2024", f"--as={options['as']}")  # fmt: skip
    call_command("set_target", "--list", "--year=2024")

    listed = capsys.readouterr().out.splitlines()[-2:]
    assert sorted(listed) == [
        "2024 全市 签约金额（元）: 100亿元",
        f"2024-03 {team} 外出招商批次: 5",
    ]


def test_the_command_takes_a_csv_file_whole_or_not_at_all(tmp_path):
    user, park = make.user(Role.BUREAU), make.park(name="测试南园")
    path = tmp_path / "t.csv"
    path.write_bytes(
        "year,month,indicator,team,park,value\n2024,,signed_yuan,,测试南园,30亿元\n2024,13,trips,,,5\n"
        "2024,,mood,,,5\n2024,,trips,无此专班,,5\n2024,x,trips,,,5\n".encode("gb18030")
    )

    with pytest.raises(CommandError) as caught:
        call_command("set_target", csv=path, username=user.username)

    assert [line[:2] for line in str(caught.value).splitlines()] == ["3:", "4:", "5:", "6:"]
    assert not Target.objects.exists()

    path.write_text(
        "indicator,park,value,year\nsigned_yuan,测试南园,30亿元,2024\n", encoding="utf-8-sig"
    )
    call_command("set_target", csv=path, username=user.username)
    assert Target.objects.get().park == park


@pytest.mark.parametrize(
    "arguments",
    [[], ["--indicator=trips"], ["--indicator=trips", "--value=5"],
     ["--indicator=trips", "--value=5", "--as=nobody"], ["--csv=/no/such.csv"]],
)  # fmt: skip
def test_the_command_says_what_it_lacks(arguments):
    with pytest.raises(CommandError):
        call_command("set_target", *arguments)


def test_the_command_keeps_to_the_accounts_rights(tmp_path):
    leader, path = make.user(Role.LEADER), tmp_path / "t.csv"
    path.write_text("indicator,mood\ntrips,1\n")

    with pytest.raises(CommandError):
        call_command("set_target", "--indicator=trips", "--value=5", f"--as={leader.username}")
    with pytest.raises(CommandError):
        call_command("set_target", f"--csv={path}", f"--as={make.keeper().username}")
