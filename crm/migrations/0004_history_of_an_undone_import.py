"""Stage moves and status changes can be added to, never changed; an undone import's rows go."""

from django.db import migrations

from crm.models import append_only

TABLES = ("crm_stagemove", "crm_statuschange")


def create(apps, schema_editor):
    append_only.drop(schema_editor, TABLES)
    append_only.create(schema_editor, TABLES)


def drop(apps, schema_editor):
    append_only.drop(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("crm", "0003_ledgers")]

    operations = [migrations.RunPython(create, drop)]
