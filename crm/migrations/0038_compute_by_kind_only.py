from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0037_fill_compute_of_data_centres"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='datacentre',
            name='compute_p',
        ),
        migrations.RemoveField(
            model_name='datacentre',
            name='kind',
        ),
        migrations.RemoveField(
            model_name='datacentre',
            name='precision',
        ),
    ]
