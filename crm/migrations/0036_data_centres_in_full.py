import crm.models.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0035_parks_have_dated_figures_only"),
    ]

    operations = [
        migrations.CreateModel(
            name='DataCentreCompute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('phase', models.CharField(blank=True, default='', max_length=40, verbose_name='phase')),
                ('kind', models.CharField(choices=[('general', 'general compute'), ('intelligent', 'intelligent compute'), ('super', 'supercomputing'), ('edge', 'edge compute')], max_length=12, verbose_name='kind of compute')),
                ('precision', models.CharField(blank=True, choices=[('', 'not stated'), ('fp64', 'FP64'), ('fp32', 'FP32'), ('fp16', 'FP16'), ('int8', 'INT8')], default='', max_length=4, verbose_name='precision')),
                ('planned_p', crm.models.fields.ExactField(blank=True, high=None, low=0, null=True, places=3, verbose_name='planned (P)')),
                ('online_p', crm.models.fields.ExactField(blank=True, high=None, low=0, null=True, places=3, verbose_name='online (P)')),
                ('building_p', crm.models.fields.ExactField(blank=True, high=None, low=0, null=True, places=3, verbose_name='under construction (P)')),
                ('reserved_p', crm.models.fields.ExactField(blank=True, high=None, low=0, null=True, places=3, verbose_name='reserved (P)')),
                ('planned_live_on', models.DateField(blank=True, null=True, verbose_name='planned go-live')),
                ('live_on', models.DateField(blank=True, null=True, verbose_name='actual go-live')),
                ('as_of', models.DateField(blank=True, null=True, verbose_name='as of')),
                ('source', models.TextField(blank=True, verbose_name='source')),
            ],
            options={
                'verbose_name': 'compute of a data centre',
                'verbose_name_plural': 'compute of data centres',
                'ordering': ['data_centre', 'id'],
            },
        ),
        migrations.AddField(
            model_name='datacentre',
            name='company',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_centres', to='crm.company', verbose_name='firm that runs it'),
        ),
        migrations.AddField(
            model_name='datacentre',
            name='green_power_share',
            field=crm.models.fields.PercentField(blank=True, high=100, low=0, null=True, places=2, verbose_name='green power share (%)'),
        ),
        migrations.AddField(
            model_name='datacentre',
            name='it_load_mw',
            field=crm.models.fields.ExactField(blank=True, high=None, low=0, null=True, places=3, verbose_name='IT load (MW)'),
        ),
        migrations.AddField(
            model_name='datacentre',
            name='live_on',
            field=models.DateField(blank=True, null=True, verbose_name='actual go-live'),
        ),
        migrations.AddField(
            model_name='datacentre',
            name='planned_live_on',
            field=models.DateField(blank=True, null=True, verbose_name='planned go-live'),
        ),
        migrations.AddField(
            model_name='datacentre',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_centres', to='crm.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='datacentre',
            name='racks',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='racks'),
        ),
        migrations.AddConstraint(
            model_name='datacentre',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['online', 'building', 'planned'])), name='data_centre_state_known', violation_error_message='This state does not exist.'),
        ),
        migrations.AddConstraint(
            model_name='datacentre',
            constraint=models.CheckConstraint(condition=models.Q(('pue', None), models.Q(('pue__gte', 1), ('pue__lte', 3)), _connector='OR'), name='data_centre_pue_plausible', violation_error_message='A PUE lies between 1 and 3.'),
        ),
        migrations.AddField(
            model_name='datacentrecompute',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='datacentrecompute',
            name='data_centre',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='compute', to='crm.datacentre', verbose_name='data centre'),
        ),
        migrations.AddField(
            model_name='datacentrecompute',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddConstraint(
            model_name='datacentrecompute',
            constraint=models.UniqueConstraint(fields=('data_centre', 'phase', 'kind', 'precision'), name='centre_compute_once', violation_error_message='This kind of compute is already listed.'),
        ),
        migrations.AddConstraint(
            model_name='datacentrecompute',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['general', 'intelligent', 'super', 'edge'])), name='centre_compute_kind_known', violation_error_message='This kind of compute does not exist.'),
        ),
        migrations.AddConstraint(
            model_name='datacentrecompute',
            constraint=models.CheckConstraint(condition=models.Q(('planned_p', None), ('online_p', None), ('online_p__lte', models.F('planned_p')), _connector='OR'), name='centre_compute_online_within_plan', violation_error_message='More is online than was planned; mend the plan first.'),
        ),
    ]
