"""The one number a data centre had becomes a row of its compute by kind."""

from django.db import migrations

COLUMN = {"online": "online_p", "building": "building_p", "planned": "planned_p"}


def fill(apps, schema_editor):
    part = apps.get_model("crm", "DataCentreCompute")
    part.objects.bulk_create(
        part(
            data_centre=row, kind=row.kind, precision=row.precision, as_of=row.as_of,
            source=row.source, is_sample=row.is_sample, created_by=row.created_by,
            updated_by=row.updated_by, **{COLUMN[row.state]: row.compute_p},
        )
        for row in apps.get_model("crm", "DataCentre").objects.exclude(kind="")
    )  # fmt: skip


def take_back(apps, schema_editor):
    for part in apps.get_model("crm", "DataCentreCompute").objects.select_related("data_centre"):
        row = part.data_centre
        row.kind, row.precision = part.kind, part.precision
        row.compute_p = getattr(part, COLUMN[row.state])
        row.save(update_fields=["kind", "precision", "compute_p"])


class Migration(migrations.Migration):
    dependencies = [("crm", "0036_data_centres_in_full")]

    operations = [migrations.RunPython(fill, take_back)]
