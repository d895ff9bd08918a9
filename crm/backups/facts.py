"""What is compared between a database and its copy: rows, sums of money, migrations, files."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.apps import apps

from crm.models import guarded_tables
from crm.models.audit import BEGINNING, COLUMNS, Action, Verdict, walk
from crm.models.fields import YuanField

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    " AND sql NOT LIKE 'CREATE VIRTUAL%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


@dataclass(frozen=True)
class Facts:
    counts: dict[str, int]
    sums: dict[str, str]
    migrations: list[str]
    files: list[str]
    audit: Verdict
    guards_missing: set[str]


def facts_of(cursor, engine: str) -> Facts:
    """Counted on this very cursor, so that they belong to the copy it looks at."""
    tables = sorted(row[0] for row in _rows(cursor, _TABLES[engine]))
    return Facts(
        counts={table: _count(cursor, table) for table in tables},
        sums={f"{table}.{column}": _sum(cursor, table, column) for table, column in _money()},
        migrations=[
            f"{app}.{name}"
            for app, name in _rows(cursor, "SELECT app, name FROM django_migrations ORDER BY 1, 2")
        ],
        files=[row[0] for row in _rows(cursor, "SELECT file FROM crm_attachment ORDER BY 1")],
        audit=_audit(cursor, engine),
        guards_missing=guarded_tables.expected(engine) - guarded_tables.present(cursor, engine),
    )


def _audit(cursor, engine: str) -> Verdict:
    """The chain of the audit trail, walked in this very copy."""
    columns = ", ".join(COLUMNS)
    if engine == "postgresql":
        columns = columns.replace("address", "host(address)")
    last = _rows(
        cursor,
        "SELECT detail FROM crm_auditentry WHERE action = "  # noqa: S608 - a word of ours
        f"'{Action.PURGED}' ORDER BY number DESC LIMIT 1",
    )
    purged = json.loads(last[0][0]) if last else {"last_number": 0, "last_digest": BEGINNING}
    cursor.execute(f"SELECT {columns} FROM crm_auditentry ORDER BY number")  # noqa: S608
    rows = ((*row[:3], _moment(row[3]), *row[4:]) for row in iter(cursor.fetchone, None))
    return walk(rows, purged["last_number"], purged["last_digest"])


def _moment(at) -> datetime:
    """SQLite keeps moments as texts in UTC."""
    return datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at


def _rows(cursor, statement: str) -> list:
    cursor.execute(statement)
    return cursor.fetchall()


def _count(cursor, table: str) -> int:
    return _rows(cursor, f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608


def _sum(cursor, table: str, column: str) -> str:
    """In whole fen, as both databases keep money: exact."""
    found = _rows(cursor, f'SELECT sum("{column}") FROM "{table}"')[0][0]  # noqa: S608
    return str(found or 0)


def _money() -> list[tuple[str, str]]:
    return [
        (model._meta.db_table, field.column)
        for model in apps.get_app_config("crm").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, YuanField)
    ]
