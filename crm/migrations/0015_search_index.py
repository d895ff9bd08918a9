"""The index behind every search, kept by the database itself."""

from django.db import migrations

from crm.models import search_index


def create(apps, schema_editor):
    search_index.create(schema_editor.connection)


def drop(apps, schema_editor):
    search_index.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("crm", "0014_fill_what_search_compares")]

    operations = [migrations.RunPython(create, drop)]
