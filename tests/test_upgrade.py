"""Old and new nodes side by side: what a migration may do while the release before still runs.

Nodes are upgraded one after another, the database first. Until the last one is new, code of the
release before reads and writes the new schema. It does not know a new column: that one must be
empty or have a default in the database. It still asks for what it knew: nothing of that may go.
"""

import pytest
from django.db import migrations
from django.db import models as fields
from django.db.migrations.loader import MigrationLoader

# The last migration before the rule: until here nobody ran more than one node.
RULED_FROM = 52
# Reasons, one by one, for a migration that breaks the rule with both releases stopped.
STOPPED_FOR: dict[str, str] = {}
ADDITIVE = (
    migrations.CreateModel, migrations.AddField, migrations.AddIndex, migrations.RemoveIndex,
    migrations.RenameIndex, migrations.AddConstraint, migrations.RemoveConstraint,
    migrations.AlterField, migrations.AlterModelOptions, migrations.AlterModelManagers,
    migrations.RunPython, migrations.RunSQL, migrations.SeparateDatabaseAndState,
)  # fmt: skip


def breaches(migration, unknown=frozenset()) -> list[str]:
    """What of a migration the code of the release before would stumble over."""
    return [
        text for operation in migration.operations
        if getattr(operation, "model_name_lower", "") not in unknown and (text := breach(operation))
    ]  # fmt: skip


def breach(operation) -> str:
    if not isinstance(operation, ADDITIVE):
        return f"{operation.describe()}: the release before still asks for it"
    if isinstance(operation, migrations.AddField) and not is_filled_by_itself(operation.field):
        return f"{operation.describe()}: the release before does not fill it"
    return ""


def is_filled_by_itself(field) -> bool:
    has_default = field.db_default is not fields.NOT_PROVIDED
    return field.null or field.many_to_many or has_default


def ours() -> list:
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return [migration for (app, name), migration in sorted(found.items()) if app == "crm"]


def new_models(found) -> set[str]:
    """Models that the release before does not know at all."""
    return {
        operation.name_lower for migration in found for operation in migration.operations
        if isinstance(operation, migrations.CreateModel)
    }  # fmt: skip


def test_every_migration_since_leaves_the_release_before_working():
    since = [migration for migration in ours() if int(migration.name[:4]) > RULED_FROM]
    found = {
        migration.name: told for migration in since
        if migration.name not in STOPPED_FOR and (told := breaches(migration, new_models(since)))
    }  # fmt: skip

    assert since
    assert found == {}


def test_a_table_the_release_before_does_not_know_may_change_as_it_likes():
    made = migrations.CreateModel("Mood", [("id", fields.BigAutoField(primary_key=True))])
    later = migrations.AddField("mood", "word", fields.CharField(max_length=9, default=""))
    migration = migrations.Migration("0099_any", "crm")
    migration.operations = [made, later]

    assert breaches(migration, new_models([migration])) == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("visit", "content"),
        migrations.RenameField("visit", "content", "text"),
        migrations.DeleteModel("Visit"),
        migrations.RenameModel("Visit", "Meeting"),
        migrations.AlterModelTable("Visit", "other"),
        migrations.AddField("visit", "mood", fields.CharField(max_length=9, default="")),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_the_release_before_would_stumble_over_is_told(operation):
    migration = migrations.Migration("0099_any", "crm")
    migration.operations = [operation]

    assert len(breaches(migration)) == 1


@pytest.mark.parametrize(
    "field",
    [
        fields.CharField(max_length=9, default="", db_default=""),
        fields.DateField(null=True),
        fields.ManyToManyField("crm.Visit"),
    ],
    ids=["default in the database", "empty", "a table of its own"],
)
def test_a_column_that_fills_itself_may_come(field):
    assert breach(migrations.AddField("visit", "mood", field)) == ""
