"""A commit that is killed leaves all of it or nothing: the short form of the drill."""

import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.drills.killed_commits import is_clean, on_database

TIMES, ROWS = 2, 2_000


@pytest.fixture
def empty_database(tmp_path):
    """The address of a database that the drill may fill."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/drill.sqlite3"
        return
    about, name = settings.DATABASES["default"], f"drill_{uuid.uuid4().hex[:8]}"
    host, user = about.get("HOST") or about["OPTIONS"].get("host", ""), about["USER"]
    place = {"host": host, "user": user, "password": about["PASSWORD"], "port": about["PORT"]}
    server = {key: value for key, value in place.items() if value} | {"dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}")
    login = f"{user}:{about['PASSWORD']}@" if about["PASSWORD"] else f"{user}@"
    is_socket = Path(host).is_absolute()
    yield (
        f"postgres://{login}/{name}?host={host}"
        if is_socket
        else (f"postgres://{login}{host}:{about['PORT'] or 5432}/{name}")
    )
    with psycopg.connect(**server, autocommit=True) as session:
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_a_killed_commit_leaves_all_rows_or_none_and_never_a_false_done(empty_database, tmp_path):
    result = on_database(empty_database, tmp_path, TIMES, ROWS, waits=False)

    assert is_clean(result), result
    assert (result["killed"], result["done"] > 0) == (TIMES, True)
