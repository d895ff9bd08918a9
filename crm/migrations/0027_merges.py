"""Merges, with what they moved."""

import crm.models.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('crm', '0026_protection_of_first_reports')]

    operations = [
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('company', 'company'), ('contact', 'contact'), ('project', 'project')], max_length=8, verbose_name='kind')),
                ('keeper_id', models.BigIntegerField(verbose_name='kept record')),
                ('keeper_name', models.CharField(max_length=200, verbose_name='kept')),
                ('loser_id', models.BigIntegerField(verbose_name='merged record')),
                ('loser_name', models.CharField(max_length=200, verbose_name='merged')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='merged at')),
                ('journal', models.JSONField(default=dict)),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                ('left', models.JSONField(default=list, verbose_name='left as it is')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='merged by')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['kind', 'loser_id'], name='merge_of_loser'), models.Index(fields=['kind', 'keeper_id'], name='merge_into_keeper')],
            },
        ),
    ]
