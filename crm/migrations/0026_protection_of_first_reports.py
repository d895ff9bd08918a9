"""The days of protection, and the open pool it ends in."""

import crm.models.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('crm', '0025_requests_to_join_or_take_over')]

    operations = [
        migrations.AddField(
            model_name='project',
            name='pooled_on',
            field=models.DateField(blank=True, help_text='nobody worked on it for too long: any task force may take it', null=True, verbose_name='in the open pool since'),
        ),
        migrations.CreateModel(
            name='ProtectionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('sequence', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('is_disabled', models.BooleanField(default=False, verbose_name='disabled')),
                ('protected_days', models.PositiveSmallIntegerField(default=90, help_text='from the report or the last meeting', verbose_name='protected for (days)')),
                ('idle_days', models.PositiveSmallIntegerField(default=30, verbose_name='ends after (days) without activity')),
                ('notice_days', models.PositiveSmallIntegerField(default=7, verbose_name='told before the end (days)')),
                ('decision_days', models.PositiveSmallIntegerField(default=3, verbose_name='the bureau decides within (working days)')),
                ('is_only', models.BooleanField(default=True, editable=False)),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'rule of first report',
                'verbose_name_plural': 'rule of first report',
                'ordering': ['sequence', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('is_only',), name='protection_rule_is_one', violation_error_message='There is one rule only; change that one.'), models.CheckConstraint(condition=models.Q(('is_only', True)), name='protection_rule_is_only', violation_error_message='There is one rule only; change that one.'), models.CheckConstraint(condition=models.Q(('idle_days__gt', models.F('notice_days')), ('protected_days__gte', models.F('idle_days'))), name='protection_days_in_order', violation_error_message='The notice comes before the end, and a whole period is no shorter than an idle one.')],
            },
        ),
    ]
