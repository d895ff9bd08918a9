"""SQL that keeps some columns of a table as they were written; used by migrations."""

from . import append_only


def keep_columns(schema_editor, table: str, columns: tuple[str, ...]) -> None:
    """Make the database refuse to delete rows of a table, or to change these columns of them.

    What else the row holds (to which record it belongs) may change; sample rows may go.
    """
    append_only.drop(schema_editor, [table])
    vendor = schema_editor.connection.vendor
    for statement in _statements(vendor, table, columns):
        schema_editor.execute(statement)


def _statements(vendor: str, table: str, columns) -> list[str]:
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
