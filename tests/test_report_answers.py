"""Every report: its numbers are those of the rows behind them, for whoever asks, and lead there."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import models
from crm.filters.base import BehindField
from crm.indicators import whole_city
from crm.indicators.behind import SETS, Behind
from crm.indicators.dimensions import CLOSED
from crm.pages.reports import link_for
from crm.periods import Period
from crm.reports import REPORTS, files
from crm.reports.table import TOTAL, Formula, Kind, Record

from . import make
from .report_world import JUNE, MAY, WAYS, YUAN, T, asked, built, file_of, world

pytestmark = pytest.mark.django_db
FIXTURES = (world,)  # asked for by name


# -- every number is the number of its rows --------------------------------------------------------


@pytest.mark.parametrize("role", ["bureau", "leader", "officer"])
@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_count_is_the_length_of_the_list_it_links_to(client, world, name, by, role):
    reader = make.user(role, team=world[0] if role == "officer" else None)
    client.force_login(reader)
    table, link = built(name, by, reader=reader), link_for(reader)

    wrong = []
    for (row, place), what in table.drills.items():
        value = (table.total if row == TOTAL else table.rows[row])[place]
        if isinstance(what, Record | Formula) or not value:
            continue
        if table.columns[place].kind is not Kind.COUNT:
            continue
        answer = client.get(link(what))
        if answer.context["cl"].result_count != value:
            wrong.append(
                (row, table.columns[place].title, value, answer.context["cl"].result_count)
            )
    assert wrong == []


FIELDS = {
    models.Project: "planned_yuan", models.Trip: "cost_yuan", models.Event: "cost_yuan",
}  # fmt: skip
NUMBERS = {Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.SHARE}


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_every_number_leads_to_its_rows_or_tells_how_it_is_made(world, name, by):
    table = built(name, by)

    for place, row in [*enumerate(table.rows), (TOTAL, table.total)]:
        for at, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            is_number = column.kind in NUMBERS and isinstance(value, int | Decimal | Fraction)
            if is_number and value and column.title not in ("序号", "名次"):
                assert table.drills.get((place, at)) or column.made, (place, column.title)


@pytest.mark.parametrize("name", [name for name, report in REPORTS.items() if report.answer])
def test_the_answer_at_the_top_is_that_of_the_lists_it_links_to(client, world, name):
    make.factor_guarantee(factor="land", due_on=MAY)
    make.data_centre_compute(online_p=YUAN(300))
    client.force_login(make.user("bureau"))
    reader = whole_city().reader
    said = REPORTS[name].answer(asked(next(iter(REPORTS[name].by))), built(name))
    for part in said:
        if part.text.isdigit() and isinstance(part.behind, Behind):
            assert part.behind.rows(reader).count() == int(part.text), part.label
    page = client.get(f"/reports/{name}/", {"year": 2024}).content.decode()
    assert [part.label for part in said if part.label not in page] == []


def test_the_answer_on_chain_gaps_names_the_firms_with_the_highest_scores():
    chain = make.chain()
    firms = [make.company(key_tier=tier) for tier in ("", "", "", "A")]
    for firm in firms:
        firm.segments.add(make.segment(chain=chain))
    table = built("chain_gaps")
    said = REPORTS["chain_gaps"].answer(asked("gap"), table)[-1].text.split("、")

    assert (len(said), said[0]) == (3, firms[3].name)


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_an_amount_is_the_sum_of_the_list_it_links_to(world, name, by):
    reader = whole_city().reader
    table = built(name, by)

    for (row, place), what in table.drills.items():
        value = (table.total if row == TOTAL else table.rows[row])[place]
        if isinstance(what, Record | Formula) or not value:
            continue
        if table.columns[place].kind is not Kind.MONEY:
            continue
        field = FIELDS.get(what.model, "amount_yuan")
        amounts = what.rows(reader).values_list(field, flat=True)
        assert value * 10_000 == sum(amount or 0 for amount in amounts), (row, place)


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_report_draws_and_writes_every_file(world, name, by):
    table = built(name, by)

    drawn = REPORTS[name].draw(asked(by), table, lambda what: "/x/")
    assert "<svg" in str(drawn), "the world above has something to draw for every report"
    assert " style=" not in str(drawn)
    for ending in files.FORMATS:
        assert len(file_of(table, ending)) > 100


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_report_of_nothing_says_so(client, name, by):
    client.force_login(make.user("bureau"))
    answer = client.get(f"/reports/{name}/", {"by": by, "year": 2019})

    assert answer.status_code == 200
    assert "口径" in answer.content.decode()


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_secret_project_is_named_in_no_report_to_a_leader(client, world, name, by):
    client.force_login(make.user("leader"))
    page = client.get(f"/reports/{name}/", {"by": by, "year": 2024}).content.decode()

    assert "绝密项目" not in page


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_report_of_one_team_holds_less_than_the_citys(world, name, by):
    city, own = built(name, by), built(name, by, team=world[1])

    assert len(own.rows) <= len(city.rows)
    assert "乙专班" in own.unit_line
    for mine, all_ in zip(own.total, city.total, strict=False):
        if isinstance(mine, int | Decimal) and isinstance(all_, int | Decimal):
            assert mine <= all_


@pytest.mark.parametrize(("name", "by"), WAYS)
def test_a_report_asks_as_much_for_many_rows_as_for_few(client, world, name, by):
    client.force_login(make.user("bureau"))

    def asked_of(address):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            # By itself, so that no minute's mark of having been seen falls into it.
            client.get(address, headers={"X-Background": "1"})
        return len(captured)

    few = asked_of(f"/reports/{name}/?by={by}&year=2024")
    for _ in range(4):
        more = make.project(stage="signed", on=MAY, park=make.park(), segment=make.segment())
        make.visit(held_on=MAY, city=make.region(), trip=make.trip(), event=make.event())
        make.arrival(project=more, month=MAY, state="confirmed")
        make.project(stage="reserve", on=MAY, segment=make.segment())
        gone = make.project(on=MAY)
        gone.set_status("lost", by=make.keeper(), on=JUNE, reason=f"原因{gone.pk}")
    assert asked_of(f"/reports/{name}/?by={by}&year=2024") == few


# -- links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SETS)
def test_the_rows_behind_a_number_survive_the_address(name):
    behind = Behind(name, Period.month(2024, 5), 3)

    assert Behind.read(behind.address) == behind
    assert list(behind.rows(whole_city().reader)) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "signed", "x~2024-01-01~2024-12-31~", "signed~2024-01-01~2023-01-01~",
        "signed~2024-01-01~9999-12-31~", "signed~2024-01-01~2024-12-31~1e9",
        "signed~2024-01-01~2024-12-31~~park:abc", "signed~2024-01-01~2024-12-31~~nothing:1",
        "deals~2024-01-01~2024-12-31~~month:5", "trips~2024-01-01~2024-12-31~~city:1",
        "ended~2024-01-01~2024-12-31~~reason:a\x00b",
        "signed~2024-01-01~2024-12-31~99999999999999999999",
        "signed~2024-01-01~2024-12-31~~size:huge", "claim_unknown~2024-01-01~2024-12-31~~what:x",
    ],
)  # fmt: skip
def test_a_link_that_was_tampered_with_is_refused(client, text):
    client.force_login(make.user("bureau"))
    answer = client.get("/crm/project/", {"behind": text})

    assert answer.status_code == 200
    with pytest.raises(ValidationError):
        BehindField(model=models.Project, required=True).clean(text)


def test_a_link_shows_nobody_more_than_they_may_list(client, world):
    stranger = make.user(team=make.team())
    for name, row_set in SETS.items():
        if row_set.model is models.Project:
            assert list(Behind(name, T).rows(stranger)) == []


def test_the_team_of_a_link_is_one_that_the_reader_may_list():
    assert list(Behind("trips", T, 999).rows(make.user("bureau"))) == []


def test_closed_rows_can_be_listed_as_such(world):
    behind = Behind("reserve", T).where(park=CLOSED)

    assert [row.code_name for row in behind.rows(make.user("leader"))] == ["代号甲"]
    assert list(behind.rows(make.user("bureau"))) == []
