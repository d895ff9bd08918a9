"""What parks have as dated figures, and what a stage claims in its park."""

from django.db import migrations

CLAIMS = {
    "reserve": "wanted", "signed": "promised", "landed": "promised", "building": "taken",
    "producing": "taken",
}  # fmt: skip
WHAT = {"land_mu": "land_mu", "power_mw": "load_mw", "green_power_share": "green_power_share"}
UNKNOWN = "未注明来源"


def fill(apps, schema_editor):
    park, supply = apps.get_model("crm", "Park"), apps.get_model("crm", "ParkSupply")
    supply.objects.bulk_create(
        supply(
            park=row, what=what, amount=getattr(row, name), source=row.source or UNKNOWN,
            is_sample=row.is_sample, created_by=row.created_by, updated_by=row.updated_by,
        )
        for row in park.objects.all()
        for name, what in WHAT.items()
        if getattr(row, name) is not None
    )  # fmt: skip
    for stage, claim in CLAIMS.items():
        apps.get_model("crm", "StageRule").objects.filter(stage=stage).update(claim=claim)


def take_back(apps, schema_editor):
    for row in apps.get_model("crm", "ParkSupply").objects.order_by("pk"):
        for name, what in WHAT.items():
            if row.what == what:
                rows = apps.get_model("crm", "Park").objects.filter(pk=row.park_id)
                rows.update(**{name: row.amount})


class Migration(migrations.Migration):
    dependencies = [("crm", "0033_figures_of_parks")]

    operations = [migrations.RunPython(fill, take_back)]
