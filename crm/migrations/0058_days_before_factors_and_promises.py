"""The bureau finds the days before a factor guarantee or commitment is due among its limits."""

from django.db import migrations

from crm.clock import DEFAULTS, Step


def add(apps, schema_editor):
    limits = apps.get_model("crm", "TimeLimit").objects
    for sequence, (step, bands) in enumerate(DEFAULTS.items()):
        if step in (Step.BEFORE_FACTOR, Step.BEFORE_PROMISE):
            for from_yuan, days in bands:
                limits.get_or_create(
                    step=step.value, from_yuan=from_yuan,
                    defaults={"days": days, "sequence": sequence},
                )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("crm", "0057_told_before_factors_and_promises_are_due")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
