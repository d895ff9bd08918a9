"""The bureau finds the usual time limits as rows that it can edit."""

from django.db import migrations

from crm.clock import DEFAULTS


def add(apps, schema_editor):
    limits = apps.get_model("crm", "TimeLimit").objects
    for sequence, (step, bands) in enumerate(DEFAULTS.items()):
        for from_yuan, days in bands:
            limits.get_or_create(
                step=step.value, from_yuan=from_yuan,
                defaults={"days": days, "sequence": sequence},
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("crm", "0021_notes_and_replies_stay_as_written")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
