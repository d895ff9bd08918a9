"""The database keeps history as it was written, also after a migration has rebuilt a table."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from django.db.utils import DatabaseError

from crm.models import append_only, guarded_tables
from tests import make


@pytest.fixture
def lived_in(real_transactions):
    """A row in every table of which the tests change one."""
    project = make.project()
    make.note(project=project, text="如此写下")
    make.audit_entry()
    make.field_change()


PLAIN = (models.CharField, models.TextField, models.DateField)
ROWS = ("crm_stagemove", "crm_fieldchange", "crm_auditentry", "crm_note")


def rebuild_all() -> None:
    """Every guarded table by a migration's own operation, there and back again."""
    now = ProjectState.from_apps(apps)
    for model in apps.get_app_config("crm").get_models():
        if model._meta.db_table in guarded_tables.GUARDED:
            column = next(f for f in model._meta.concrete_fields if isinstance(f, PLAIN))
            other = column.clone()
            other.null = not column.null
            operation, then = migrations.AlterField(model.__name__, column.name, other), now.clone()
            operation.state_forwards("crm", then)
            with connection.schema_editor() as editor:
                operation.database_forwards("crm", editor, now, then)
            with connection.schema_editor() as editor:
                operation.database_backwards("crm", editor, then, now)


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_after_a_rebuild_of_every_table_nothing_can_be_rewritten(lived_in):
    rebuild_all()
    if connection.vendor == "sqlite":
        assert "crm_auditentry_no_update" in guarded_tables.missing(connection)

    call_command("migrate", verbosity=0)

    assert guarded_tables.missing(connection) == set()
    for table in ROWS:
        key = "number" if table == "crm_auditentry" else "id"
        assert refused(f"DELETE FROM {table}"), table
        column = "text" if table == "crm_note" else key
        value = "''" if table == "crm_note" else f"{key} + 1000"
        assert refused(f"UPDATE {table} SET {column} = {value}"), table


def test_a_trigger_that_was_taken_away_is_reported_and_made_again(lived_in):
    append_only.drop(connection.schema_editor(), ["crm_stagemove"])

    with pytest.raises(CommandError, match="crm_stagemove_no_delete"):
        call_command("verify_audit")

    call_command("migrate", verbosity=0)
    call_command("verify_audit")
    assert refused("DELETE FROM crm_stagemove")


def test_every_trigger_of_the_database_is_known(db):
    """A migration that guards one more table? Say so in guarded_tables, or a rebuild loses it."""
    with connection.cursor() as cursor:
        found = guarded_tables.present(cursor, connection.vendor)

    assert found == guarded_tables.expected(connection.vendor)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_a_table_of_history_cannot_be_emptied_at_a_stroke(lived_in):
    for table in guarded_tables.HISTORY[0], guarded_tables.HISTORY[2], guarded_tables.AUDIT:
        assert refused(f"TRUNCATE {table} CASCADE"), table


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a statement of SQLite")
def test_an_entry_cannot_be_replaced(lived_in):
    assert refused("INSERT OR REPLACE INTO crm_auditentry SELECT * FROM crm_auditentry")
