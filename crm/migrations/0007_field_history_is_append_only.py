"""Field changes can be added to, never changed or deleted."""

from django.db import migrations

from crm.models import append_only

TABLES = ("crm_fieldchange",)


def create(apps, schema_editor):
    append_only.create(schema_editor, TABLES)


def drop(apps, schema_editor):
    append_only.drop(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("crm", "0006_field_history")]

    operations = [migrations.RunPython(create, drop)]
