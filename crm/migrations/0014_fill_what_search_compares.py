"""Fills the new columns of rows that are there already, and the pinyin that samples lacked."""

from django.db import migrations

from crm.names import match_key
from crm.pinyin import search_text

KEYS = {
    "contact": ("name", "name_key", 60),
    "trip": ("name", "name_key", 120),
    "deal": ("number", "number_key", 60),
    "project": ("code_name", "code_key", 60),
}
SOUNDS = ("company", "companyname", "contact", "trip", "project")
CHUNK = 500


def fill(apps, schema_editor):
    for name, (source, target, length) in KEYS.items():
        _fill(apps, name, target, lambda row, s=source, n=length: match_key(getattr(row, s))[:n])
    for name in SOUNDS:
        _fill(apps, name, "search_text", lambda row: search_text(row.name)[:1000])


def _fill(apps, name, column, value_of):
    manager = apps.get_model("crm", name)._base_manager
    batch = []
    for row in manager.filter(**{column: ""}).iterator(chunk_size=CHUNK):
        setattr(row, column, value_of(row))
        batch.append(row)
        if len(batch) == CHUNK:
            manager.bulk_update(batch, [column])
            batch = []
    manager.bulk_update(batch, [column])


class Migration(migrations.Migration):
    dependencies = [("crm", "0013_what_search_compares")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
