"""What makes a firm a target: signals, what each factor weighs, how often it is talked to."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.models.fields
import crm.periods


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0040_thresholds_of_chains"),
    ]

    operations = [
        migrations.CreateModel(
            name="Signal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "archived_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="archived at"
                    ),
                ),
                (
                    "is_sample",
                    models.BooleanField(default=False, editable=False, verbose_name="sample"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("expansion", "plans to expand"),
                            ("site", "looks for a site"),
                            ("funding", "raised money or goes public"),
                            ("order", "won orders that need capacity"),
                            ("statement", "said so by its management"),
                            ("risk", "warning"),
                        ],
                        max_length=10,
                        verbose_name="kind of signal",
                    ),
                ),
                (
                    "strength",
                    models.PositiveSmallIntegerField(
                        choices=[(3, "strong"), (2, "clear"), (1, "slight")],
                        default=2,
                        verbose_name="how strong",
                    ),
                ),
                ("seen_on", models.DateField(default=crm.periods.today, verbose_name="noticed on")),
                ("text", models.CharField(max_length=300, verbose_name="what was noticed")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="where from")),
            ],
            options={
                "verbose_name": "signal",
                "verbose_name_plural": "signals",
                "ordering": ["-seen_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="TargetFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "archived_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="archived at"
                    ),
                ),
                (
                    "is_sample",
                    models.BooleanField(default=False, editable=False, verbose_name="sample"),
                ),
                (
                    "factor",
                    models.CharField(
                        choices=[
                            ("gap", "chain gap"),
                            ("tier", "key-firm tier"),
                            ("marks", "marks"),
                            ("capacity", "capacity to invest"),
                            ("history", "history with us"),
                            ("signals", "signals"),
                        ],
                        max_length=10,
                        unique=True,
                        verbose_name="factor",
                    ),
                ),
                (
                    "weight",
                    crm.models.fields.PercentField(
                        help_text="points at the highest level",
                        high=100,
                        low=0,
                        places=2,
                        verbose_name="weight",
                    ),
                ),
                (
                    "middle",
                    crm.models.fields.PercentField(
                        default=Decimal("60"),
                        high=100,
                        low=0,
                        places=2,
                        verbose_name="share at the middle level (%)",
                    ),
                ),
                (
                    "low",
                    crm.models.fields.PercentField(
                        default=Decimal("30"),
                        high=100,
                        low=0,
                        places=2,
                        verbose_name="share at the low level (%)",
                    ),
                ),
                ("is_disabled", models.BooleanField(default=False, verbose_name="disabled")),
            ],
            options={
                "verbose_name": "target-firm factor",
                "verbose_name_plural": "target-firm factors",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="company",
            name="contact_every_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (7, "every week"),
                    (14, "every two weeks"),
                    (30, "every 30 days"),
                    (60, "every 60 days"),
                    (90, "every 90 days"),
                    (180, "every half year"),
                ],
                help_text="empty: as usual for its tier (A 30, B 60, C 90 days)",
                null=True,
                verbose_name="contact rhythm",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mention", "mentioned you"),
                    ("assigned", "assigned to you"),
                    ("proposal", "proposal waiting"),
                    ("decided", "proposal decided"),
                    ("request", "request to your unit"),
                    ("answer", "answered"),
                    ("overdue", "past its deadline"),
                    ("directive", "leader's directive"),
                    ("conflict", "conflict"),
                    ("protection", "protection ends soon"),
                    ("follow_up", "follow-up due"),
                    ("key_firm", "key firm to be contacted"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="signal",
            name="company",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="signals",
                to="crm.company",
                verbose_name="company",
            ),
        ),
        migrations.AddField(
            model_name="signal",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AddField(
            model_name="signal",
            name="updated_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="changed by",
            ),
        ),
        migrations.AddField(
            model_name="targetfactor",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AddField(
            model_name="targetfactor",
            name="updated_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="changed by",
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contact_every_days", None),
                    ("contact_every_days__in", [7, 14, 30, 60, 90, 180]),
                    _connector="OR",
                ),
                name="company_rhythm_known",
                violation_error_message="Choose one of the rhythms offered.",
            ),
        ),
        migrations.AddIndex(
            model_name="signal",
            index=models.Index(fields=["company", "seen_on"], name="signal_of_firm"),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="signal_says_something",
                violation_error_message="Say what was noticed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(("strength__in", [1, 2, 3])),
                name="signal_strength_known",
                violation_error_message="A signal is strong, clear or slight.",
            ),
        ),
        migrations.AddConstraint(
            model_name="targetfactor",
            constraint=models.CheckConstraint(
                condition=models.Q(("middle__gte", models.F("low"))),
                name="target_factor_levels_in_order",
                violation_error_message="A higher level counts at least as much as a lower one.",
            ),
        ),
    ]
