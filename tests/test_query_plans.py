"""What must not grow with the rows is answered from an index: lists in their order, the columns of
the board, the feed of changes; and the credit of a deal is not found once for every trip.

A test's tables are small, and a planner rightly reads them whole. So on PostgreSQL reading a table
whole and sorting it whole are made dear here: what of them is left in a plan has no index to go by.
"""

import re
from datetime import date

import pytest
from django.db import connection

from crm.access import Role
from crm.indicators import Scope, effects, outings
from crm.models import FeedEntry, FieldChange, Project
from crm.periods import Period
from tests import make

pytestmark = pytest.mark.django_db

# Lists whose tables grow with the work; asked for in the order they open with.
LISTS = {
    "company": ("crm_company", make.company),
    "project": ("crm_project", make.project),
    "visit": ("crm_visit", make.visit),
    "deal": ("crm_deal", make.deal),
    "followup": ("crm_followup", make.follow_up),
    "request": ("crm_request", make.request),
    "arrival": ("crm_arrival", make.arrival),
}
IS_SQLITE = connection.vendor == "sqlite"
SORTED_WHOLE = "USE TEMP B-TREE FOR ORDER BY" if IS_SQLITE else r"(^|->)\s*Sort  \("


@pytest.fixture
def bureau(client):
    user = make.user(Role.BUREAU)
    client.force_login(user)
    return user


def plan(sql: str, parameters=()) -> str:
    with connection.cursor() as cursor:
        if not IS_SQLITE:
            for way in ("seqscan", "sort", "hashjoin", "mergejoin"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(("EXPLAIN QUERY PLAN " if IS_SQLITE else "EXPLAIN ") + sql, parameters)
        return "\n".join(row[-1] for row in cursor.fetchall())


def plan_of(rows) -> str:
    return plan(*rows.query.sql_with_params())


def reads_whole(table: str, found: str) -> bool:
    if IS_SQLITE:
        return bool(re.search(rf"SCAN {table}$", found, re.MULTILINE))
    return f"Seq Scan on {table}" in found


def is_sorted_whole(found: str) -> bool:
    return bool(re.search(SORTED_WHOLE, found, re.MULTILINE))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_opens_in_the_order_of_an_index(client, bureau, name):
    asked = []

    def kept(execute, sql, parameters, many, context):
        asked.append((sql, parameters))
        return execute(sql, parameters, many, context)

    table, row = LISTS[name]
    row()  # an empty list asks for nothing
    with connection.execute_wrapper(kept):
        assert client.get(f"/crm/{name}/").status_code == 200
    page = next(each for each in reversed(asked) if f'FROM "{table}"' in each[0]
                and "COUNT(" not in each[0] and "ORDER BY" in each[0])  # fmt: skip

    found = plan(*page)
    assert not is_sorted_whole(found), found
    assert not reads_whole(table, found), found


def test_a_column_of_the_board_and_its_next_page_come_from_an_index(bureau):
    column = Project.objects.visible_to(bureau).live().in_column("lead")
    more = Project.objects.visible_to(bureau).live().in_column("lead", after=(date(2026, 1, 1), 9))

    for found in map(plan_of, (column[:50], more[:50])):
        assert "project_on_board" in found, found
        assert not is_sorted_whole(found), found


def test_the_feed_of_changes_goes_on_from_its_place(bureau):
    found = plan_of(FeedEntry.objects.filter(position__gt=5).order_by("position")[:100])

    assert "crm_feedentry_position" in found or "position>?" in found, found
    assert not is_sorted_whole(found), found


def test_what_waits_for_its_place_in_the_feed_is_found_without_the_rest(bureau):
    found = plan_of(FeedEntry.objects.filter(position=None).order_by("id"))

    assert not reads_whole("crm_feedentry", found), found


def test_the_history_of_a_record_is_read_by_itself(bureau):
    found = plan_of(FieldChange.objects.filter(model="project", record_id=7).order_by("-at"))

    assert "change_of_record" in found, found
    assert not is_sorted_whole(found), found


@pytest.mark.skipif(IS_SQLITE, reason="SQLite looks a set up, it never joins it")
def test_the_credit_of_a_deal_is_not_found_for_every_trip(bureau):
    """The trips asked for are a set that deals are looked up in; joined, they would multiply."""
    scope, period = Scope(bureau), Period.year(2026)
    rows = outings(effects.TRIP, scope, period)

    found = plan_of(effects.credited(effects.TRIP, scope, rows, period))

    joined = re.split(r"\n\s+SubPlan \d", found)[0]
    assert "crm_deal" in joined, found
    assert "crm_trip" not in joined, found
