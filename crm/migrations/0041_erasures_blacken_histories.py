"""While a person is being erased, and only then, texts of the histories may be blackened."""

from django.db import migrations

from crm.models import append_only, erasing, kept_columns


def allow(apps, schema_editor):
    erasing.allow(schema_editor)


def forbid(apps, schema_editor):
    rows = [table for table in erasing.TEXTS if table not in erasing.KEPT]
    append_only.drop(schema_editor, rows)
    append_only.create(schema_editor, rows)
    for table, columns in erasing.KEPT.items():
        kept_columns.keep_columns(schema_editor, table, columns)


class Migration(migrations.Migration):
    dependencies = [("crm", "0032_erasures")]

    operations = [migrations.RunPython(allow, forbid)]
