"""Many new rows into a table as fast as the database takes them: COPY, or one prepared statement.

Like ``bulk_create`` it sends no signals; unlike it the rows have their keys before they are written
and each column is converted once for all rows.
"""

import json
from collections.abc import Callable
from itertools import islice

from django.db import connection, models
from django.utils import timezone

CHUNK = 5_000
# Values of these go to either database as they are.
_AS_IT_IS = (models.CharField, models.TextField, models.BooleanField, models.IntegerField,
             models.PositiveIntegerField, models.PositiveSmallIntegerField,
             models.SmallIntegerField, models.BigIntegerField, models.BigAutoField)  # fmt: skip


def insert_all(model, rows: list, tell: Callable[[int], None] = lambda count: None) -> None:
    """Insert unsaved rows of a table of ours, each of which gets its key; in a transaction.

    ``tell`` hears how many rows were written since it was told last.
    """
    if not rows:
        return
    fields = [f for f in model._meta.concrete_fields if not f.generated]
    for row, key in zip(rows, _next_keys(model, len(rows)), strict=True):
        row.pk = key
    moment = timezone.now()
    columns = [_column(field, rows, moment) for field in fields]
    _write(model, [f.column for f in fields], zip(*columns, strict=True), tell)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_values(model, names: tuple[str, ...], rows: list[tuple], tell=lambda count: None):
    """Insert rows that nobody needs as objects; all columns but the key are given."""
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in names]
    columns = [
        _converted(field, values)
        for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    _write(model, [field.column for field in fields], zip(*columns, strict=True), tell)


def _next_keys(model, count: int) -> list[int]:
    """Keys nobody else gets."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # The transaction holds the only write lock; what SQLite has given before is not given anew.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        given = cursor.fetchone()
    highest = model._base_manager.aggregate(highest=models.Max("pk"))["highest"] or 0
    last = max(given[0] if given else 0, highest)
    return list(range(last + 1, last + count + 1))


def _column(field, rows: list, moment) -> list:
    """The values of a field as the database wants them."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        for row in rows:
            setattr(row, field.attname, moment)
    if field.is_relation:
        return [_key(field, row) for row in rows]
    attname = field.attname
    return _converted(field, [row.__dict__[attname] for row in rows])


def _converted(field, values):
    if type(field) in _AS_IT_IS or field.is_relation:
        return values
    if type(field) is models.JSONField and field.encoder is None:
        return [None if value is None else _json(value) for value in values]
    known: dict = {}
    return [_prepared(field, value, known) for value in values]


def _key(field, row):
    """The key a link leads to; the linked row may have got its own only now."""
    if field.is_cached(row):
        other = getattr(row, field.name)
        row.__dict__[field.attname] = other and other.pk
    return row.__dict__[field.attname]


# Chinese as it is: a third of the bytes of its escapes.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _prepared(field, value, known: dict):
    if value.__class__ in (list, dict):
        return field.get_db_prep_save(value, connection)
    if value not in known:
        known[value] = field.get_db_prep_save(value, connection)
    return known[value]


def _write(model, columns: list[str], rows, tell) -> None:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    write = _copy if connection.vendor == "postgresql" else _insert
    with connection.cursor() as cursor:
        while part := list(islice(rows, CHUNK)):
            write(cursor, table, names, part)
            tell(len(part))


def _copy(cursor, table: str, names: str, rows: list[tuple]) -> None:
    statement = f"COPY {table} ({names}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _insert(cursor, table: str, names: str, rows: list[tuple]) -> None:
    places = ", ".join(["%s"] * len(rows[0]))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of ours
    cursor.executemany(statement, rows)
