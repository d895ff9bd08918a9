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
# What the database keeps of these; of the others it keeps the whole row.
KEPT = {
    "crm_note": ("text", "created_by_id", "created_at", "corrects_id"),
    "crm_reply": ("text", "kind", "by_id", "at", "due_from", "due_to"),
}
_RUNS = "EXISTS (SELECT 1 FROM crm_erasure WHERE finished_at IS NULL)"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION crm_erasing() RETURNS boolean AS $$
    SELECT {_RUNS}
$$ LANGUAGE sql STABLE
"""


def allow(schema_editor, tables=tuple(TEXTS)) -> None:
    """Make the triggers of these tables anew, with the exception."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(_FUNCTION)
    for table in tables:
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update{on}")
        refused = _refused(schema_editor.connection, table)
        schema_editor.execute(_trigger(vendor, table, refused))


def _refused(connection, table: str) -> str:
    """SQL: which updates are refused."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    columns = KEPT.get(table) or [column.name for column in found]
    erasing = "crm_erasing()" if connection.vendor == "postgresql" else _RUNS
    others = [name for name in columns if name not in TEXTS[table]]
    blackened = f"{erasing} AND NOT ({_changed(connection.vendor, others)})"
    if table not in KEPT:
        return f"NOT ({blackened})"
    touched = _changed(connection.vendor, KEPT[table])
    return f"NOT OLD.is_sample AND ({touched}) AND NOT ({blackened})"


def _changed(vendor: str, columns) -> str:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    # json has no equality on PostgreSQL; jsonb has, and both have text.
    cast = "::text" if vendor == "postgresql" else ""
    return " OR ".join(f"OLD.{name}{cast} {differs} NEW.{name}{cast}" for name in columns)


def _trigger(vendor: str, table: str, refused: str) -> str:
    head = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
    if vendor == "postgresql":
        function = "crm_columns_kept" if table in KEPT else "crm_append_only"
        return f"{head} FOR EACH ROW WHEN ({refused}) EXECUTE FUNCTION {function}()"
    told = "kept as written" if table in KEPT else "history is append-only"
    return f"{head} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{told}'); END"
