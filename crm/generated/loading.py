"""Links and indexes of big tables are checked and built once after a big batch, not row by row.

Only on PostgreSQL, and inside the transaction that writes the rows: nobody ever sees a table
without them, and when anything fails they are as they were. Unique indexes and CHECKs stay.
"""

from contextlib import contextmanager

from django.apps import apps
from django.db import connection

BIG = 30_000  # visits: below, taking them off and putting them on again costs more than it saves
LINKS = """
SELECT c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
WHERE c.conrelid = %s::regclass AND c.contype = 'f' ORDER BY c.conname
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = %s::regclass AND NOT i.indisunique ORDER BY 1
"""


@contextmanager
def checked_once(visits: int):
    """Within: rows of ``crm`` tables are written without their foreign keys and plain indexes."""
    if connection.vendor != "postgresql" or visits < BIG:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits would hold the tables
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        found = [(table, *_taken_off(cursor, table)) for table in _tables()]
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _table, _links, indexes in found:
            for _name, definition in indexes:
                cursor.execute(definition)
        for table, links, _indexes in found:
            for name, definition in links:
                cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _tables() -> list[str]:
    models = apps.get_app_config("crm").get_models(include_auto_created=True)
    return [connection.ops.quote_name(m._meta.db_table) for m in models if m._meta.managed]


def _taken_off(cursor, table: str) -> tuple[list, list]:
    """Names and definitions of the links and plain indexes that the table had until now."""
    cursor.execute(LINKS, [table])
    links = cursor.fetchall()
    cursor.execute(INDEXES, [table])
    indexes = cursor.fetchall()
    for name, _definition in links:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return links, indexes
