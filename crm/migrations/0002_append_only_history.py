"""Once made the history tables append-only; 0004 makes the triggers in their present form."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]

    operations = []
