"""The two databases: a consistent copy of one that is in use, and back into an empty one."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import psycopg
from django.db import connection, transaction
from django.db.backends.sqlite3._functions import register
from django.utils.translation import gettext as _

from .facts import Facts, facts_of
from .packing import BackupFailed, run

SQLITE_COPY, POSTGRES_DUMP = "database.sqlite3", "database.dump"


def file_name() -> str:
    return SQLITE_COPY if connection.vendor == "sqlite" else POSTGRES_DUMP


def copy_to(target: Path) -> Facts:
    """Write a copy of the database as it stands at one moment; returns what is in that copy."""
    return _copy_sqlite(target) if connection.vendor == "sqlite" else _dump_postgres(target)


def load(source: Path) -> None:
    """Fill the configured database, which has to be empty."""
    if connection.introspection.table_names():
        raise BackupFailed(_("The database is not empty; a backup goes into an empty one only."))
    (_load_sqlite if connection.vendor == "sqlite" else _load_postgres)(source)


# -- SQLite: the online backup interface; copying the live file loses committed rows ---------------


def _copy_sqlite(target: Path) -> Facts:
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return facts_of(copy.cursor(), "sqlite")


def _load_sqlite(source: Path) -> None:
    with contextlib.closing(sqlite3.connect(source)) as copy:
        connection.ensure_connection()
        copy.backup(connection.connection)


@contextlib.contextmanager
def _opened_sqlite(source: Path, folder: Path):
    place = folder / "drill.sqlite3"
    shutil.copyfile(source, place)
    with contextlib.closing(sqlite3.connect(place)) as copy:
        register(copy)  # our constraints speak of Django's functions
        cursor = copy.cursor()
        if (answer := cursor.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise BackupFailed(f"integrity_check: {answer}")
        yield cursor


# -- PostgreSQL: pg_dump on an exported snapshot, so that the counts are those of the dump ---------


def _dump_postgres(target: Path) -> Facts:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        dump = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges"]
        _postgres([*dump, f"--snapshot={snapshot}", f"--file={target}"])
        return facts_of(cursor, "postgresql")


def _load_postgres(source: Path, database: str = "") -> None:
    name = database or connection.settings_dict["NAME"]
    load_all = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error"]
    _postgres([*load_all, "--single-transaction", f"--dbname={name}", str(source)])


def _postgres(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise BackupFailed(
            _("%(program)s is not installed; it comes with PostgreSQL.") % {"program": command[0]}
        )
    settings = connection.settings_dict
    given = {
        "PGHOST": settings["HOST"] or settings["OPTIONS"].get("host", ""),
        "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    run(command, environment={name: value for name, value in given.items() if value})


@contextlib.contextmanager
def _opened_postgres(source: Path, folder: Path):
    """The dump in a database of its own on the same server, dropped afterwards."""
    parameters = connection.get_connection_params()
    wanted = {key: parameters[key] for key in ("host", "port", "user", "password", "options")
              if parameters.get(key)}  # fmt: skip
    name = f"crm_drill_{folder.name[-8:].lower()}"
    with psycopg.connect(**wanted, dbname=parameters["dbname"], autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            _load_postgres(source, name)
            with psycopg.connect(**wanted, dbname=name) as restored:
                yield restored.cursor()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def opened_copy(source: Path, folder: Path):
    """A cursor on the restored copy of a backup, in a place that is thrown away afterwards."""
    opener = _opened_sqlite if source.name == SQLITE_COPY else _opened_postgres
    return opener(source, folder)
