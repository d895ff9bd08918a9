"""Every change of what other systems read leaves a line in the feed, whoever made it and however.

The database writes the lines itself: forms, imports, merges and commands go different ways, and
one that forgot to tell would leave another system with an old copy. On PostgreSQL a statement
writes its lines at once. A migration on SQLite may rebuild a table and lose its triggers, so they
are lowered before it and made anew after every one.
"""

from dataclasses import dataclass

from django.db import connections, transaction

from .guarded_tables import all_present

FEED = "crm_feedentry"
EVENTS = ("insert", "update", "delete")


@dataclass(frozen=True)
class Told:
    """Which kind a table's rows are, and the columns that say whose a row was before a change."""

    kind: str
    team: str = "NULL"
    park: str = "NULL"
    parent: str = "NULL"


TABLES = {
    "crm_company": Told("companies"),
    "crm_contact": Told("contacts", parent="company_id"),
    "crm_visit": Told("visits", team="task_force_id"),
    "crm_project": Told("projects", team="lead_team_id", park="park_id"),
    "crm_deal": Told("deals", parent="project_id"),
    "crm_arrival": Told("arrivals", parent="project_id"),
    "crm_followup": Told("follow-ups", team="task_force_id"),
    "crm_request": Told("requests", team="task_force_id"),
    "crm_park": Told("parks"),
    "crm_chain": Told("chains"),
    "crm_segment": Told("segments"),
    "crm_taskforce": Told("task-forces"),
    "crm_department": Told("departments"),
    "crm_region": Told("regions"),
}
COLUMNS = "kind, record_id, action, at, team_before, park_before, parent_id"
_ACTION = (
    "CASE WHEN n.archived_at IS NOT NULL AND o.archived_at IS NULL THEN 'archived' "
    "WHEN n.archived_at IS NULL AND o.archived_at IS NOT NULL THEN 'restored' ELSE 'changed' END"
)
# The first of the two statements of a save: it only raises the version.
_VERSION_ONLY = "{new}.version <> {old}.version AND {new}.updated_at = {old}.updated_at"


def keep(using: str = "default", **_signal) -> None:
    """After every migrate: make the triggers that are missing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        is_whole = expected() <= all_present(cursor, connection.vendor)
    if {FEED, *TABLES} <= tables and not is_whole:
        with transaction.atomic(using):
            raise_all(connection.schema_editor())


def expected() -> set[str]:
    return {f"{table}_feed_{event}" for table in TABLES for event in EVENTS}


def lower_for_migrating(using: str = "default", plan=(), **_signal) -> None:
    """Before a migrate on SQLite: a trigger that names a rebuilt table would stop it."""
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        lower_all(connection.schema_editor())


def raise_all(editor) -> None:
    lower_all(editor)
    on_postgresql = editor.connection.vendor == "postgresql"
    for table, told in TABLES.items():
        statements = _on_postgresql if on_postgresql else _on_sqlite
        for statement in statements(table, told):
            editor.execute(statement)


def lower_all(editor) -> None:
    """Take every trigger away: for a migration, or for emptying a database of the tests."""
    with editor.connection.cursor() as cursor:
        there = set(editor.connection.introspection.table_names(cursor))
    for table in TABLES.keys() & there:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for event in EVENTS:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_feed_{event}{on}")


def _whose(told: Told, row: str) -> str:
    columns = (told.team, told.park, told.parent)
    return ", ".join(c if c == "NULL" else f"{row}.{c}" for c in columns)


def _on_sqlite(table: str, told: Told) -> list[str]:
    action = _ACTION.replace("n.", "NEW.").replace("o.", "OLD.")
    lines = {
        "insert": ("NEW", "'created'", ""),
        "update": ("OLD", action, f"WHEN NOT ({_VERSION_ONLY.format(new='NEW', old='OLD')})"),
        "delete": ("OLD", "'removed'", ""),
    }
    return [_trigger_on_sqlite(table, told, event, *rest) for event, rest in lines.items()]


def _trigger_on_sqlite(table: str, told: Told, event: str, row: str, what: str, when: str) -> str:
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    line = f"'{told.kind}', {row}.id, {what}, {now}, {_whose(told, row)}"
    return (  # names of our own, nothing that anybody sends
        f"CREATE TRIGGER {table}_feed_{event} AFTER {event.upper()} ON {table} {when} "  # noqa: S608
        f"BEGIN INSERT INTO {FEED} ({COLUMNS}) VALUES ({line}); END"
    )


def _on_postgresql(table: str, told: Told) -> list[str]:
    insert = f"INSERT INTO {FEED} ({COLUMNS}) SELECT '{told.kind}', "
    now = "clock_timestamp()"
    unless = _VERSION_ONLY.format(new="n", old="o")
    function = f"""
        CREATE OR REPLACE FUNCTION {table}_feed() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                {insert} n.id, 'created', {now}, {_whose(told, "n")}
                FROM new_rows n ORDER BY n.id;
            ELSIF TG_OP = 'UPDATE' THEN
                {insert} n.id, {_ACTION}, {now}, {_whose(told, "o")}
                FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE NOT ({unless}) ORDER BY n.id;
            ELSE
                {insert} o.id, 'removed', {now}, {_whose(told, "o")}
                FROM old_rows o ORDER BY o.id;
            END IF;
            RETURN NULL;
        END
        $$ LANGUAGE plpgsql
    """
    rows = {
        "insert": "NEW TABLE AS new_rows",
        "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "OLD TABLE AS old_rows",
    }
    return [function] + [
        f"CREATE TRIGGER {table}_feed_{event} AFTER {event.upper()} ON {table} "
        f"REFERENCING {rows[event]} FOR EACH STATEMENT EXECUTE FUNCTION {table}_feed()"
        for event in EVENTS
    ]
