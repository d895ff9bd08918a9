"""Columns that search compares: of people, trips, contract numbers and code names."""

from django.db import migrations, models


def text(length):
    return models.CharField(default="", editable=False, max_length=length)


class Migration(migrations.Migration):
    dependencies = [("crm", "0012_reports_in_the_export_log")]

    operations = [
        migrations.AddField("contact", "name_key", text(60)),
        migrations.AddField("contact", "search_text", text(1000)),
        migrations.AddField("trip", "name_key", text(120)),
        migrations.AddField("trip", "search_text", text(1000)),
        migrations.AddField("deal", "number_key", text(60)),
        migrations.AddField("project", "code_key", text(60)),
    ]
