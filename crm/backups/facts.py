"""What is compared between a database and its copy: rows, sums of money, migrations, files."""

from dataclasses import dataclass

from django.apps import apps

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
    )


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
