"""Frozen months and their rows: only added to, and only in order."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from crm.models import append_only


TABLES = ("crm_frozenmonth", "crm_frozenrow")
_POSTGRES = """
CREATE OR REPLACE FUNCTION crm_frozen_in_order() RETURNS trigger AS $$
BEGIN
    IF NEW.month <> (SELECT (max(month) + interval '1 month')::date FROM crm_frozenmonth) THEN
        RAISE EXCEPTION 'months are frozen in order' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER crm_frozenmonth_in_order BEFORE INSERT ON crm_frozenmonth
FOR EACH ROW EXECUTE FUNCTION crm_frozen_in_order();
"""
_SQLITE = """
CREATE TRIGGER crm_frozenmonth_in_order BEFORE INSERT ON crm_frozenmonth
WHEN NEW.month <> (SELECT date(max(month), '+1 month') FROM crm_frozenmonth)
BEGIN SELECT RAISE(ABORT, 'months are frozen in order'); END
"""


def keep(apps, schema_editor):
    append_only.keep(schema_editor, TABLES)
    vendor = schema_editor.connection.vendor
    schema_editor.execute(_POSTGRES if vendor == "postgresql" else _SQLITE)


def drop(apps, schema_editor):
    on = " ON crm_frozenmonth" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS crm_frozenmonth_in_order{on}")
    append_only.drop(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("crm", "0018_plans_of_imports")]

    operations = [
        migrations.CreateModel(
            name="FrozenMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(unique=True, verbose_name="month")),
                (
                    "frozen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="frozen at"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("figures", models.JSONField(verbose_name="figures")),
                (
                    "is_sample",
                    models.BooleanField(default=False, editable=False, verbose_name="sample"),
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
            ],
            options={
                "verbose_name": "frozen month",
                "verbose_name_plural": "frozen months",
                "ordering": ["-month"],
            },
        ),
        migrations.CreateModel(
            name="FrozenRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("own", "of the month"),
                            ("late", "late entry"),
                            ("reversal", "reversal"),
                        ],
                        default="own",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=20, verbose_name="indicator")),
                ("counted", models.BooleanField(default=False, verbose_name="counted before")),
                ("of_month", models.DateField(verbose_name="counts in")),
                ("source", models.BigIntegerField(verbose_name="row")),
                ("label", models.CharField(max_length=160, verbose_name="project name")),
                (
                    "code_name",
                    models.CharField(blank=True, max_length=60, verbose_name="code name"),
                ),
                (
                    "is_confidential",
                    models.BooleanField(default=False, verbose_name="confidential"),
                ),
                ("on", models.DateField(verbose_name="date")),
                ("counts", models.BooleanField(default=True, verbose_name="counts")),
                (
                    "amount_yuan",
                    models.DecimalField(
                        decimal_places=2, max_digits=18, null=True, verbose_name="amount"
                    ),
                ),
                (
                    "before_yuan",
                    models.DecimalField(
                        decimal_places=2, max_digits=18, null=True, verbose_name="before"
                    ),
                ),
                (
                    "is_sample",
                    models.BooleanField(default=False, editable=False, verbose_name="sample"),
                ),
                (
                    "frozen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="crm.frozenmonth",
                        verbose_name="frozen month",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="crm.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen row",
                "verbose_name_plural": "frozen rows",
                "ordering": ["of_month", "key", "on", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="frozenmonth",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)),
                name="frozen_month_is_first_day",
                violation_error_message="A month is written as its first day.",
            ),
        ),
        migrations.AddIndex(
            model_name="frozenrow",
            index=models.Index(fields=["of_month", "key"], name="frozen_row_of_month"),
        ),
        migrations.RunPython(keep, drop),
    ]
