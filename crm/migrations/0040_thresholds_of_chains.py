"""From how many a segment of a chain is there or strong; what chains and segments say of themselves."""

from decimal import Decimal

from django.db import migrations, models

import crm.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0039_factor_guarantees"),
    ]

    operations = [
        migrations.AddField(
            model_name="chain",
            name="counts_home_firms",
            field=models.BooleanField(default=True, verbose_name="firms at home here count"),
        ),
        migrations.AddField(
            model_name="chain",
            name="source",
            field=models.TextField(blank=True, verbose_name="source sentence"),
        ),
        migrations.AddField(
            model_name="chain",
            name="strong_from",
            field=models.PositiveSmallIntegerField(
                default=3, verbose_name="a segment is strong from"
            ),
        ),
        migrations.AddField(
            model_name="chain",
            name="strong_yuan",
            field=crm.models.fields.YuanField(
                blank=True,
                default=Decimal("1000000000"),
                help_text="empty: money alone makes no segment strong",
                high="1000000000000",
                low=0,
                null=True,
                places=2,
                verbose_name="or with this much signed",
            ),
        ),
        migrations.AddField(
            model_name="chain",
            name="weak_from",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="projects signed or later and firms at home here; with fewer it is missing",
                verbose_name="a segment is there from",
            ),
        ),
        migrations.AddField(
            model_name="segment",
            name="description",
            field=models.CharField(blank=True, max_length=300, verbose_name="description"),
        ),
        migrations.AddField(
            model_name="segment",
            name="source",
            field=models.TextField(blank=True, verbose_name="source sentence"),
        ),
        migrations.AddConstraint(
            model_name="chain",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("weak_from__gte", 1), ("strong_from__gt", models.F("weak_from"))
                ),
                name="chain_thresholds_in_order",
                violation_error_message="A segment is there from at least one, and strong from more than that.",
            ),
        ),
    ]
