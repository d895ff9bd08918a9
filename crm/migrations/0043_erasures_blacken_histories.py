"""While a person is being erased, and only then, texts of the histories may be blackened."""

from django.db import migrations

from crm.models import append_only, erasing, guarded_tables, kept_columns


def allow(apps, schema_editor):
    erasing.allow(schema_editor, guarded_tables.KEPT_COLUMNS)


def forbid(apps, schema_editor):
    append_only.create(schema_editor, guarded_tables.HISTORY)
    for table, columns in guarded_tables.KEPT_COLUMNS.items():
        kept_columns.keep_columns(schema_editor, table, columns)


class Migration(migrations.Migration):
    dependencies = [("crm", "0042_erasures")]

    operations = [migrations.RunPython(allow, forbid)]
