"""SQL that makes a history table append-only on SQLite and PostgreSQL; used by migrations.

UPDATE is refused always, DELETE unless the row is sample data that may be cleared, or belongs to
an import that is being undone at this moment. Tables that no import writes are ``kept``: of these
only sample rows are deleted.
"""

_IS_BEING_UNDONE = (
    "EXISTS (SELECT 1 FROM crm_importjob WHERE id = OLD.import_job_id AND state = 'undoing')"
)

_STAYS = f"OLD.is_sample = 0 AND NOT {_IS_BEING_UNDONE}"

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION crm_append_only() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (OLD.is_sample OR {_IS_BEING_UNDONE}) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$ LANGUAGE plpgsql;
"""


_POSTGRES_KEPT = """
CREATE OR REPLACE FUNCTION crm_kept() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.is_sample THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$ LANGUAGE plpgsql;
"""


def create(schema_editor, tables) -> None:
    """Create the triggers on these history tables."""
    _execute(schema_editor, _POSTGRES_FUNCTION, "crm_append_only", tables, _STAYS)


def keep(schema_editor, tables) -> None:
    """Create the triggers on tables that no import writes."""
    _execute(schema_editor, _POSTGRES_KEPT, "crm_kept", tables, "OLD.is_sample = 0")


def _execute(schema_editor, function: str, name: str, tables, unless: str) -> None:
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(function)
    for table in tables:
        for statement in _create_statements(vendor, table, name, unless):
            schema_editor.execute(statement)


def drop(schema_editor, tables) -> None:
    """Remove the triggers (for a migration that goes back, and for emptying a test database)."""
    vendor = schema_editor.connection.vendor
    for table in tables:
        for operation in ("update", "delete"):
            on = f" ON {table}" if vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{operation}{on}")


def _create_statements(vendor: str, table: str, function: str, unless: str) -> list[str]:
    """``unless`` says in the words of SQLite which rows are not deleted."""
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_no_{operation} BEFORE {operation.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            for operation in ("update", "delete")
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {unless} {refuse}",
    ]


def keep_columns(schema_editor, table: str, columns: tuple[str, ...]) -> None:
    """Make the database refuse to delete rows of a table, or to change these columns of them.

    What else the row holds (to which record it belongs) may change; sample rows may go.
    """
    drop(schema_editor, [table])
    vendor = schema_editor.connection.vendor
    for statement in _keep_statements(vendor, table, columns):
        schema_editor.execute(statement)


def _keep_statements(vendor: str, table: str, columns) -> list[str]:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns)
    conditions = {"update": f"NOT OLD.is_sample AND ({changed})", "delete": "NOT OLD.is_sample"}
    if vendor == "postgresql":
        function = (
            "CREATE OR REPLACE FUNCTION crm_columns_kept() RETURNS trigger AS $$ BEGIN "
            "RAISE EXCEPTION 'kept as written' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$ LANGUAGE plpgsql"
        )
        return [function] + [
            f"CREATE TRIGGER {table}_no_{operation} BEFORE {operation.upper()} ON {table} "
            f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION crm_columns_kept()"
            for operation, condition in conditions.items()
        ]
    return [
        f"CREATE TRIGGER {table}_no_{operation} BEFORE {operation.upper()} ON {table} "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, 'kept as written'); END"
        for operation, condition in conditions.items()
    ]
