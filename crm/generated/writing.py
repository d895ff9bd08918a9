"""Many rows into one table: COPY on PostgreSQL, one prepared INSERT on SQLite.

Rows get their keys here and not from the database, so that rows of other tables can name them
before they are written. Nothing is read while a table is being written.
"""

from itertools import islice

from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

CHUNK = 5_000
AS_THEY_ARE = (
    models.AutoField, models.BooleanField, models.CharField, models.ForeignKey,
    models.PositiveIntegerField, models.PositiveSmallIntegerField, models.TextField,
)  # fmt: skip


def next_key(model) -> int:
    return (model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def number(rows: list, first: int | None = None) -> list:
    """Give unsaved rows their keys, from ``first`` or from the table's next one on."""
    if rows:
        first = first or next_key(type(rows[0]))
        for place, row in enumerate(rows):
            row.pk = first + place
    return rows


def write(rows: list) -> list:
    """Write unsaved rows of one model, numbering those without a key; returns them."""
    if rows:
        if rows[0].pk is None:
            number(rows)
        for row in rows if hasattr(rows[0], "derive") else ():
            row.derive()
        fields = rows[0]._meta.concrete_fields
        _insert(rows[0], fields, (_values(row, fields) for row in rows))
    return rows


def link(through, pairs) -> None:
    """Rows of a many-to-many table without a model of its own: (source key, target key)."""
    source, target = [f for f in through._meta.concrete_fields if not f.primary_key]
    first = next_key(through)
    _insert(
        through,
        [through._meta.pk, source, target],
        ((first + place, *pair) for place, pair in enumerate(pairs)),
    )


class Shape:
    """Rows of one model that differ in a few fields only: the fast way to write millions."""

    def __init__(self, prototype, *varying: str):
        self.fields = prototype._meta.concrete_fields
        self.model = type(prototype)
        place = {field.attname: i for i, field in enumerate(self.fields)}
        self.places = [place[name] for name in varying]
        self.fixed = _values(prototype, self.fields)

    def row(self, *values) -> list:
        """``values`` in the order of ``varying``, as the database driver takes them."""
        row = self.fixed.copy()
        for place, value in zip(self.places, values, strict=True):
            row[place] = value
        return row

    def write(self, rows) -> None:
        _insert(self.model, self.fields, rows)


def _values(row, fields) -> list:
    """The row as the database driver takes it; whole numbers, words and marks are so already."""
    held, database = row.__dict__, connections[DEFAULT_DB_ALIAS]
    return [
        held[f.attname] if isinstance(f, AS_THEY_ARE)
        else f.get_db_prep_save(held[f.attname], database)
        for f in fields
    ]  # fmt: skip


def _insert(model, fields, rows) -> None:
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(f.column) for f in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            rows = iter(rows)
            while chunk := list(islice(rows, CHUNK)):
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", chunk)  # noqa: S608


def continue_numbering(*tables) -> None:
    """Let the database give out keys after the ones that were given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
