"""SQL that lets an erasure blacken texts of tables that are otherwise never changed.

Only while an erasure is under way in the same transaction, and only the texts: every other column
of the row has to stay as it is. Used by a migration, and wherever triggers are made anew.
"""

# Table → its texts in which a person may be named.
TEXTS = {
    "crm_stagemove": ("reason",),
    "crm_statuschange": ("reason",),
    "crm_fieldchange": ("before", "after", "reason"),
    "crm_note": ("text",),
    "crm_reply": ("text",),
}
_RUNS = "EXISTS (SELECT 1 FROM crm_erasure WHERE finished_at IS NULL)"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION crm_erasing() RETURNS boolean AS $$
    SELECT {_RUNS}
$$ LANGUAGE sql STABLE
"""


def allow(schema_editor, kept: dict) -> None:
    """Make the triggers against updates anew, with the exception.

    ``kept``: columns that the database keeps, by table; of the other tables it keeps whole rows.
    """
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(_FUNCTION)
    for table in TEXTS:
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update{on}")
        refused = _refused(schema_editor.connection, table, kept.get(table, ()))
        schema_editor.execute(_trigger(vendor, table, refused, is_whole=table not in kept))


def _refused(connection, table: str, kept) -> str:
    """SQL: which updates are refused."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    columns = kept or [column.name for column in found]
    erasing = "crm_erasing()" if connection.vendor == "postgresql" else _RUNS
    others = [name for name in columns if name not in TEXTS[table]]
    blackened = f"{erasing} AND NOT ({_changed(connection.vendor, others)})"
    if not kept:
        return f"NOT ({blackened})"
    touched = _changed(connection.vendor, kept)
    return f"NOT OLD.is_sample AND ({touched}) AND NOT ({blackened})"


def _changed(vendor: str, columns) -> str:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    # json has no equality on PostgreSQL; jsonb has, and both have text.
    cast = "::text" if vendor == "postgresql" else ""
    return " OR ".join(f"OLD.{name}{cast} {differs} NEW.{name}{cast}" for name in columns)


def _trigger(vendor: str, table: str, refused: str, *, is_whole: bool) -> str:
    head = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
    if vendor == "postgresql":
        function = "crm_append_only" if is_whole else "crm_columns_kept"
        return f"{head} FOR EACH ROW WHEN ({refused}) EXECUTE FUNCTION {function}()"
    told = "history is append-only" if is_whole else "kept as written"
    return f"{head} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{told}'); END"
