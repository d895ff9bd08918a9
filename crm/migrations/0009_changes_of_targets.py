"""Who changed which target when: a history that is only added to."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from crm.models import append_only

TABLES = ("crm_targetchange",)


def keep(apps, schema_editor):
    append_only.keep(schema_editor, TABLES)


def drop(apps, schema_editor):
    append_only.drop(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("crm", "0008_targets_of_months_and_parks")]

    operations = [
        migrations.CreateModel(
            name="TargetChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.DecimalField(
                        decimal_places=2, max_digits=18, null=True, verbose_name="before"
                    ),
                ),
                (
                    "after",
                    models.DecimalField(
                        decimal_places=2, max_digits=18, null=True, verbose_name="after"
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="recorded at"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="crm.target",
                        verbose_name="target",
                    ),
                ),
                (
                    "is_sample",
                    models.BooleanField(default=False, editable=False, verbose_name="sample"),
                ),
            ],
            options={
                "verbose_name": "change of a target",
                "verbose_name_plural": "changes of targets",
                "ordering": ["-recorded_at", "-id"],
            },
        ),
        migrations.RunPython(keep, drop),
    ]
