"""Who decided a conflict, and what share the later reporter got."""

import crm.models.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('crm', '0023_lists_and_bulk_changes')]

    operations = [
        migrations.AddField(
            model_name='conflict',
            name='decided_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided at'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='decided_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='reporter_percent',
            field=crm.models.fields.PercentField(blank=True, high=100, low=0, null=True, places=2, verbose_name='share of the later reporter (%)'),
        ),
        migrations.AlterField(
            model_name='conflict',
            name='other_project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='conflicts_as_first', to='crm.project', verbose_name='other project'),
        ),
    ]
