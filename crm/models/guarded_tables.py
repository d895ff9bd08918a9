"""Which tables the database itself keeps from being rewritten, and how: all of them, in one place.

Migrations made these triggers; a table that a later migration rebuilds on SQLite loses its own, so
after every migrate they are made again where one is missing.
"""

from django.db import connections, transaction

from . import append_only, erasing, kept_columns

HISTORY = ("crm_stagemove", "crm_statuschange", "crm_fieldchange")
KEPT = ("crm_targetchange", "crm_frozenmonth", "crm_frozenrow")
AUDIT = "crm_auditentry"
KEPT_COLUMNS = {
    "crm_note": ("text", "created_by_id", "created_at", "corrects_id"),
    "crm_reply": ("text", "kind", "by_id", "at", "due_from", "due_to"),
}
WHOLE = (*HISTORY, *KEPT, AUDIT)
GUARDED = (*WHOLE, *KEPT_COLUMNS)
IN_ORDER = "crm_frozenmonth_in_order"

_IN_ORDER_ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION crm_frozen_in_order() RETURNS trigger AS $$
BEGIN
    IF NEW.month <> (SELECT (max(month) + interval '1 month')::date FROM crm_frozenmonth) THEN
        RAISE EXCEPTION 'months are frozen in order'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER crm_frozenmonth_in_order BEFORE INSERT ON crm_frozenmonth
FOR EACH ROW EXECUTE FUNCTION crm_frozen_in_order();
"""
_IN_ORDER_ON_SQLITE = """
CREATE TRIGGER crm_frozenmonth_in_order BEFORE INSERT ON crm_frozenmonth
WHEN NEW.month <> (SELECT date(max(month), '+1 month') FROM crm_frozenmonth)
BEGIN SELECT RAISE(ABORT, 'months are frozen in order'); END
"""


def keep(using: str = "default", **_signal) -> None:
    """After every migrate: make all triggers anew when one of them is missing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        is_complete = set(GUARDED) <= set(connection.introspection.table_names(cursor))
    if is_complete and missing(connection):
        with transaction.atomic(using):
            raise_guards(connection.schema_editor())


def raise_guards(editor) -> None:
    """Make every trigger, whether it is there already or not."""
    append_only.create(editor, HISTORY)
    append_only.keep(editor, KEPT)
    append_only.guard(editor, AUDIT)
    append_only.refuse_truncate(editor, WHOLE)
    for table, columns in KEPT_COLUMNS.items():
        kept_columns.keep_columns(editor, table, columns)
    if "crm_erasure" in editor.connection.introspection.table_names():
        erasing.allow(editor, KEPT_COLUMNS)
    on_postgresql = editor.connection.vendor == "postgresql"
    _drop_order(editor)
    editor.execute(_IN_ORDER_ON_POSTGRESQL if on_postgresql else _IN_ORDER_ON_SQLITE)


def lower_guards(editor) -> None:
    """Take every trigger away: only for emptying a database of the tests."""
    append_only.drop(editor, GUARDED)
    _drop_order(editor)


def _drop_order(editor) -> None:
    on = " ON crm_frozenmonth" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"DROP TRIGGER IF EXISTS {IN_ORDER}{on}")


def missing(connection) -> set[str]:
    """Names of the triggers that ought to be there and are not, or are switched off."""
    with connection.cursor() as cursor:
        return expected(connection.vendor) - present(cursor, connection.vendor)


def expected(vendor: str) -> set[str]:
    names = {f"{table}_no_{event}" for table in GUARDED for event in ("update", "delete")}
    if vendor == "postgresql":
        names |= {f"{table}_no_truncate" for table in WHOLE}
    else:
        names.add(f"{AUDIT}_no_replace")
    return {*names, IN_ORDER}


def present(cursor, vendor: str) -> set[str]:
    """Names of the triggers of ours that guard something; the index and the feed have others."""
    names = all_present(cursor, vendor)
    return {name for name in names if "_pairs_" not in name and "_feed_" not in name}


def all_present(cursor, vendor: str) -> set[str]:
    """Names of all triggers of ours that the database knows and that are not switched off."""
    if vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND n.nspname = current_schema()"
        )
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return {name for (name,) in cursor.fetchall()}
