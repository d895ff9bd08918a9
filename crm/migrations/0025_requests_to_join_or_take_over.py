"""Requests to join in a project or to take over a project or a firm."""

import crm.models.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('crm', '0024_conflicts_are_decided')]

    operations = [
        migrations.CreateModel(
            name='ClaimRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('kind', models.CharField(choices=[('join', 'join in'), ('take_over', 'take over')], max_length=10, verbose_name='asks to')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('percent', crm.models.fields.PercentField(blank=True, high=100, low=0, null=True, places=2, verbose_name='share asked for (%)')),
                ('state', models.CharField(choices=[('open', 'waiting'), ('accepted', 'accepted'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='open', editable=False, max_length=10, verbose_name='state')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided at')),
                ('decision_reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the decision')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim_requests', to='crm.company', verbose_name='company')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('decided_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim_requests', to='crm.project', verbose_name='project')),
                ('task_force', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.taskforce', verbose_name='asking task force')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'request to join or take over',
                'verbose_name_plural': 'requests to join or take over',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', False), ('project', None)), models.Q(('company', None), ('project__isnull', False)), _connector='OR'), name='claim_is_about_one', violation_error_message='A request is about one project or one firm.'), models.CheckConstraint(condition=models.Q(('company', None), ('kind', 'take_over'), _connector='OR'), name='claim_of_a_firm_takes_over', violation_error_message='One joins in a project, not in a firm.'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'declined']), _negated=True), models.Q(('decision_reason', ''), _negated=True), _connector='OR'), name='claim_decision_has_reason', violation_error_message='A decision needs its reason.'), models.UniqueConstraint(condition=models.Q(('company', None), ('state', 'open')), fields=('project', 'task_force'), name='claim_of_project_open_once', violation_error_message='Your task force has asked already.'), models.UniqueConstraint(condition=models.Q(('project', None), ('state', 'open')), fields=('company', 'task_force'), name='claim_of_firm_open_once', violation_error_message='Your task force has asked already.')],
            },
        ),
    ]
