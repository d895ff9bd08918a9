"""A move can be taken back by a row that names it; a proposal can be withdrawn.

SQLite builds the table anew for the unique link and loses its triggers on the way.
"""

import django.db.models.deletion
from django.db import migrations, models

from crm.models import append_only

TABLES = ("crm_stagemove",)


def protect(apps, schema_editor):
    append_only.drop(schema_editor, TABLES)
    append_only.create(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("crm", "0004_history_of_an_undone_import")]

    operations = [
        migrations.AddField(
            model_name="stagemove",
            name="undoes",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="undone_by", to="crm.stagemove", verbose_name="takes back",
            ),
        ),
        migrations.RunPython(protect, protect),
        migrations.AlterField(
            model_name="stageproposal",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "waiting"), ("confirmed", "confirmed"), ("declined", "declined"),
                    ("withdrawn", "withdrawn"),
                ],
                default="open", max_length=10, verbose_name="state",
            ),
        ),
    ]  # fmt: skip
