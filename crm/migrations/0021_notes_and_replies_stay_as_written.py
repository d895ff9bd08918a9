"""The text of a note or reply and its author stay as they were written."""

from django.db import migrations

from crm.models import append_only, kept_columns

KEPT = {
    "crm_note": ("text", "created_by_id", "created_at", "corrects_id"),
    "crm_reply": ("text", "kind", "by_id", "at", "due_from", "due_to"),
}


def keep(apps, schema_editor):
    for table, columns in KEPT.items():
        kept_columns.keep_columns(schema_editor, table, columns)


def let_go(apps, schema_editor):
    append_only.drop(schema_editor, KEPT)


class Migration(migrations.Migration):
    dependencies = [("crm", "0020_notes_notices_directives")]

    operations = [migrations.RunPython(keep, let_go)]
