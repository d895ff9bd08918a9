"""Targets of a month and of a park beside those of a year, the city and a task force."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0007_field_history_is_append_only")]

    operations = [
        migrations.AlterModelOptions(
            name="target",
            options={
                "ordering": ["-year", "month", "indicator", "task_force__number", "park"],
                "verbose_name": "target",
                "verbose_name_plural": "targets",
            },
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="target_of_team_once",
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="target_of_city_once",
        ),
        migrations.AddField(
            model_name="target",
            name="month",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="empty: the whole year", null=True, verbose_name="month"
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="park",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="targets",
                to="crm.park",
                verbose_name="park",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                models.F("year"),
                models.F("indicator"),
                django.db.models.functions.comparison.Coalesce("month", 0),
                django.db.models.functions.comparison.Coalesce("task_force", 0),
                django.db.models.functions.comparison.Coalesce("park", 0),
                condition=models.Q(("archived_at", None)),
                name="target_once",
                violation_error_message="This target is already set.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("task_force", None), ("park", None), _connector="OR"),
                name="target_of_team_or_park",
                violation_error_message="A target is a task force's or a park's, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("month", None), ("month__range", (1, 12)), _connector="OR"),
                name="target_month_plausible",
                violation_error_message="A month is a number from 1 to 12.",
            ),
        ),
    ]
