from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0034_fill_figures_of_parks"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='park',
            name='green_power_share',
        ),
        migrations.RemoveField(
            model_name='park',
            name='land_mu',
        ),
        migrations.RemoveField(
            model_name='park',
            name='power_mw',
        ),
    ]
