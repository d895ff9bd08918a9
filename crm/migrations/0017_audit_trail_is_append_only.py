"""The audit trail can be added to; only what is older than the retention may go."""

from django.db import migrations

from crm.models import append_only

TABLE = "crm_auditentry"


def guard(apps, schema_editor):
    append_only.guard(schema_editor, TABLE)


def drop(apps, schema_editor):
    append_only.drop(schema_editor, [TABLE])


class Migration(migrations.Migration):
    dependencies = [("crm", "0016_audit_trail")]

    operations = [migrations.RunPython(guard, drop)]
