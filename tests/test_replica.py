"""Reports from a replica: only where it holds what the reader wrote, never when it is away."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpResponse

from config import replica
from crm.models import Deal


@pytest.fixture
def asked(monkeypatch, rf):
    """Where a request's rows are read from, while the replica has replayed up to ``replayed``."""
    monkeypatch.setattr(replica, "written_until", lambda: "0/2A")

    def ask(path, *, replayed="0/FF", method="get", wrote=""):
        monkeypatch.setattr(replica, "connections", {"replica": Standby(replayed)})
        request = getattr(rf, method)(path)
        request.COOKIES[replica.WROTE] = wrote
        read = []

        def view(request):
            read.append(replica.Router().db_for_read(Deal))
            return HttpResponse()

        answer = replica.replica_reads(view)(request)
        return read[0], answer

    return ask


class Standby:
    """A connection to a server that replayed the log up to a position; None: that is away."""

    def __init__(self, replayed):
        self.replayed = replayed

    def cursor(self):
        if self.replayed is None:
            raise DatabaseError
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def execute(self, query, values):
        assert query == "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        self.asked = values[0]

    def fetchone(self):
        return [int(self.replayed.split("/")[1], 16) >= int(self.asked.split("/")[1], 16)]


def test_a_report_is_read_from_the_replica(asked):
    assert asked("/reports/pipeline/")[0] == "replica"


@pytest.mark.parametrize("path", ["/", "/crm/project/", "/board/", "/nowhere/"])
def test_other_pages_are_read_from_the_primary(asked, path):
    assert asked(path)[0] == "default"


def test_whoever_wrote_reads_the_primary_until_the_replica_has_it(asked):
    assert asked("/reports/pipeline/", wrote="0/2A", replayed="0/29")[0] == "default"
    assert asked("/reports/pipeline/", wrote="0/2A", replayed="0/2A")[0] == "replica"


def test_a_request_that_writes_says_up_to_where(asked):
    _read, answer = asked("/reports/pipeline/", method="post")

    assert answer.cookies[replica.WROTE].value == "0/2A"
    assert answer.cookies[replica.WROTE]["httponly"]
    assert replica.WROTE not in asked("/reports/pipeline/")[1].cookies


@pytest.mark.parametrize("forged", ["x", "0/2A'; --", "1/" * 40])
def test_a_forged_position_leads_to_the_primary(asked, forged):
    assert asked("/reports/pipeline/", wrote=forged)[0] == "default"


def test_a_replica_that_is_away_hinders_nobody(asked):
    assert asked("/reports/pipeline/", replayed=None)[0] == "default"


def test_rows_are_written_and_tables_made_on_the_primary_only():
    router = replica.Router()

    assert router.db_for_write(Deal) == "default"
    assert router.allow_migrate("default", "crm")
    assert not router.allow_migrate("replica", "crm")
    assert router.allow_relation(Deal(), Deal())


def test_after_a_request_everything_is_read_from_the_primary_again(asked):
    asked("/reports/pipeline/")

    assert replica.Router().db_for_read(Deal) == "default"


def test_without_a_replica_nothing_of_it_runs():
    with pytest.raises(MiddlewareNotUsed):
        replica.replica_reads(lambda request: None)
