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
    drop(schema_editor, tables)
    for table in tables:
        for statement in _create_statements(vendor, table, name, unless):
            schema_editor.execute(statement)


def drop(schema_editor, tables) -> None:
    """Remove the triggers (for a migration that goes back, and for emptying a test database)."""
    vendor = schema_editor.connection.vendor
    for table in tables:
        for operation in ("update", "delete", "replace", "truncate"):
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


# -- the audit trail: no exception but age ---------------------------------------------------------

KEPT_DAYS = 180
_GUARD = f"""
CREATE OR REPLACE FUNCTION crm_audit_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '{KEPT_DAYS} days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$ LANGUAGE plpgsql;
"""


def guard(schema_editor, table: str) -> None:
    """Refuse every UPDATE, and DELETE of what the law wants kept; retention removes older rows.

    SQLite's INSERT OR REPLACE takes a row away without a word to the trigger on DELETE.
    """
    drop(schema_editor, [table])
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_GUARD)
        for operation in ("update", "delete"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_{operation} BEFORE {operation.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION crm_audit_guard()"
            )
        return
    refuse = "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    recent = f"OLD.at > datetime('now', '-{KEPT_DAYS} days')"
    schema_editor.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    schema_editor.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {recent} {refuse}"
    )
    there = f"EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number)"  # noqa: S608
    schema_editor.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}"
    )


_NOT_EMPTIED = """
CREATE OR REPLACE FUNCTION crm_not_emptied() RETURNS trigger AS $$
DECLARE holds boolean;
BEGIN
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || quote_ident(TG_TABLE_NAME) || ')' INTO holds;
    IF holds THEN
        RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
"""


def refuse_truncate(schema_editor, tables) -> None:
    """PostgreSQL's TRUNCATE asks no trigger on rows; SQLite has no such statement."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(_NOT_EMPTIED)
    for table in tables:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION crm_not_emptied()"
        )
