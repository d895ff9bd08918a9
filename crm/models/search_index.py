# ruff: noqa: S608 - the tables and columns in these statements are constants of this module
"""What the database keeps so that search is quick, and in step on every way of writing.

PostgreSQL: an index over a function of the columns. SQLite: a full-text table that triggers fill.
Both index overlapping pairs of characters; ``finding`` asks them.
"""

from django.db import connections

# Table → its indexed columns. All are derived or cleaned: nobody searches in what is only shown.
INDEXED = {
    "crm_company": ("name_key", "core_key", "search_text", "uscc"),
    "crm_companyname": ("name_key", "search_text"),
    "crm_contact": ("name_key", "search_text", "mobile", "phone"),
    "crm_project": ("name_key", "search_text", "number", "code_key"),
    "crm_deal": ("number_key",),
    "crm_trip": ("name_key", "search_text"),
}
LONGEST_INDEXED = 2_400

_POSTGRES_PAIRS = """
CREATE OR REPLACE FUNCTION crm_pairs(VARIADIC parts text[]) RETURNS text[] AS $$
    SELECT array_agg(DISTINCT a || b) FROM (
        SELECT c AS a, lead(c) OVER (ORDER BY i) AS b
        FROM unnest(string_to_array(' ' || lower(array_to_string(parts, ' ')) || ' ', NULL))
            WITH ORDINALITY AS letters(c, i)
    ) AS followed WHERE b IS NOT NULL
$$ LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000
"""


def create(connection) -> None:
    """Build what is missing of the index; existing rows are taken in. Does nothing twice."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _create_on_postgresql(cursor)
        else:
            _create_on_sqlite(cursor)


def rebuild(connection) -> None:
    """Build the whole index anew."""
    connection.check_constraints()  # PostgreSQL indexes no table with checks still to come
    drop(connection)
    create(connection)


def drop(connection) -> None:
    with connection.cursor() as cursor:
        for table in INDEXED:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP INDEX IF EXISTS {table}_pairs")
            else:
                for event in ("insert", "update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_pairs_{event}")
                cursor.execute(f"DROP TABLE IF EXISTS {table}_pairs")


def drift(connection) -> dict[str, int]:
    """Rows by table whose entry in the index is not what their columns say; none when in step.

    On PostgreSQL the index is a function of the row: it is there, or all rows are without it.
    """
    with connection.cursor() as cursor:
        count = _lost_on_postgresql if connection.vendor == "postgresql" else _lost_on_sqlite
        found = {table: count(cursor, table) for table in INDEXED}
    return {table: rows for table, rows in found.items() if rows}


def _lost_on_postgresql(cursor, table: str) -> int:
    cursor.execute(
        "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid",
        [f"{table}_pairs"],
    )
    if cursor.fetchone()[0]:
        return 0
    cursor.execute(f"SELECT count(*) FROM {table}")
    return cursor.fetchone()[0] or 1


def _lost_on_sqlite(cursor, table: str) -> int:
    cursor.execute(
        f"SELECT count(*) FROM {table} AS r LEFT JOIN {table}_pairs AS p ON p.rowid = r.id "
        f"WHERE p.pairs IS NOT ({_pairs_of(table, 'r')})"
    )
    changed = cursor.fetchone()[0]
    cursor.execute(
        f"SELECT count(*) FROM {table}_pairs WHERE rowid NOT IN (SELECT id FROM {table})"
    )
    return changed + cursor.fetchone()[0]


def keep(using: str = "default", **_signal) -> None:
    """After every migrate: SQLite loses the triggers of a table that a migration rebuilds."""
    connection = connections[using]
    if _is_ready(connection):
        create(connection)


def _is_ready(connection) -> bool:
    """Whether the indexed columns are there: not while migrations stop half way."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return all(
            table in tables
            and set(columns)
            <= {c.name for c in connection.introspection.get_table_description(cursor, table)}
            for table, columns in INDEXED.items()
        )


def _create_on_postgresql(cursor) -> None:
    cursor.execute("SELECT to_regprocedure('crm_pairs(text[])')")
    if cursor.fetchone()[0] is None:
        cursor.execute(_POSTGRES_PAIRS)
    for table, columns in INDEXED.items():
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {table}_pairs ON {table} "
            f"USING gin (crm_pairs({', '.join(columns)}))"
        )


def _create_on_sqlite(cursor) -> None:
    cursor.execute("CREATE TABLE IF NOT EXISTS crm_pair_number (n integer PRIMARY KEY)")
    cursor.execute(
        "WITH RECURSIVE counted(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM counted "
        f"WHERE n < {LONGEST_INDEXED}) INSERT OR IGNORE INTO crm_pair_number SELECT n FROM counted"
    )
    for table in INDEXED:
        if not _is_kept(cursor, table):
            _create_table_on_sqlite(cursor, table)


def _is_kept(cursor, table: str) -> bool:
    cursor.execute(
        "SELECT count(*) FROM sqlite_master WHERE name IN (%s, %s, %s, %s)",
        [f"{table}_pairs", *(f"{table}_pairs_{e}" for e in ("insert", "update", "delete"))],
    )
    return cursor.fetchone()[0] == 4


def _create_table_on_sqlite(cursor, table: str) -> None:
    """The full-text table, its content and its triggers."""
    index, columns = f"{table}_pairs", INDEXED[table]
    cursor.execute(f"DROP TABLE IF EXISTS {index}")
    for event in ("insert", "update", "delete"):
        cursor.execute(f"DROP TRIGGER IF EXISTS {index}_{event}")
    cursor.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5(pairs, tokenize = 'ascii', detail = 'none')"
    )
    cursor.execute(
        f"INSERT INTO {index}(rowid, pairs) SELECT r.id, ({_pairs_of(table, 'r')}) FROM {table} r"
    )
    enter = f"INSERT INTO {index}(rowid, pairs) VALUES (NEW.id, ({_pairs_of(table, 'NEW')}));"
    leave = f"DELETE FROM {index} WHERE rowid = OLD.id;"
    # INSERT OR REPLACE takes a row away without a word to triggers.
    again = f"DELETE FROM {index} WHERE rowid = NEW.id;"
    changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in ("id", *columns))
    cursor.execute(
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {again} {enter} END"
    )
    cursor.execute(
        f"CREATE TRIGGER {index}_update AFTER UPDATE ON {table} WHEN {changed} "
        f"BEGIN {leave} {enter} END"
    )
    cursor.execute(f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {leave} END")


def _pairs_of(table: str, row: str) -> str:
    """SQL: all pairs of a row's text, each as a word of hexadecimal digits."""
    text = f"' ' || {joined(f'{row}.{column}' for column in INDEXED[table])} || ' '"
    return (
        "SELECT group_concat(pair, ' ') FROM (SELECT DISTINCT hex(substr(t, n, 2)) AS pair "
        f"FROM (SELECT {text} AS t), crm_pair_number WHERE n < length(t) ORDER BY n)"
    )


def joined(columns) -> str:
    """SQL for SQLite: the columns in lower case with blanks between them."""
    return " || ' ' || ".join(f"lower(coalesce({column}, ''))" for column in columns)


def as_tokens(pairs) -> str:
    """A full-text query for rows with all of these pairs."""
    return " ".join(pair.encode().hex() for pair in pairs)
