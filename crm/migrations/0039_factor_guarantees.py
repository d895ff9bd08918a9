import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0038_compute_by_kind_only"),
    ]

    operations = [
        migrations.CreateModel(
            name='FactorGuarantee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('factor', models.CharField(choices=[('land', 'land'), ('power', 'power load'), ('green_power', 'green power'), ('energy_review', 'energy-saving review'), ('environment', 'environment review'), ('network', 'network'), ('funds', 'funds'), ('talent', 'talent')], max_length=14, verbose_name='factor')),
                ('title', models.CharField(max_length=120, verbose_name='what has to be secured')),
                ('stage', models.CharField(choices=[('lead', 'lead'), ('negotiating', 'in talks'), ('reserve', 'reserve'), ('signed', 'signed'), ('landed', 'landed'), ('building', 'building'), ('producing', 'producing')], max_length=12, verbose_name='from stage')),
                ('by_park', models.BooleanField(default=False, verbose_name="the park's office answers")),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due')),
                ('state', models.CharField(choices=[('not_started', 'not started'), ('under_way', 'being arranged'), ('secured', 'secured'), ('difficult', 'in difficulty'), ('not_needed', 'not needed')], default='not_started', max_length=12, verbose_name='state')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='progress or difficulty')),
                ('document_no', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('settled_on', models.DateField(blank=True, null=True, verbose_name='settled on')),
            ],
            options={
                'verbose_name': 'factor guarantee',
                'verbose_name_plural': 'factor guarantees',
                'ordering': [models.OrderBy(models.F('due_on'), nulls_last=True), 'id'],
            },
        ),
        migrations.CreateModel(
            name='FactorTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('sequence', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('is_disabled', models.BooleanField(default=False, verbose_name='disabled')),
                ('factor', models.CharField(choices=[('land', 'land'), ('power', 'power load'), ('green_power', 'green power'), ('energy_review', 'energy-saving review'), ('environment', 'environment review'), ('network', 'network'), ('funds', 'funds'), ('talent', 'talent')], max_length=14, verbose_name='factor')),
                ('stage', models.CharField(choices=[('lead', 'lead'), ('negotiating', 'in talks'), ('reserve', 'reserve'), ('signed', 'signed'), ('landed', 'landed'), ('building', 'building'), ('producing', 'producing')], max_length=12, verbose_name='from stage')),
                ('by_park', models.BooleanField(default=False, verbose_name="the park's office answers")),
                ('days', models.PositiveSmallIntegerField(verbose_name='days')),
                ('counted_from', models.CharField(choices=[('stage', 'days after the stage was entered'), ('go_live', 'days before the planned go-live')], default='stage', max_length=8, verbose_name='counted from')),
                ('only_where', models.CharField(blank=True, choices=[('land_mu', 'land (mu)'), ('floor_m2', 'floor space (m²)'), ('load_mw', 'power load (MW)'), ('bandwidth_gbps', 'bandwidth (Gbps)'), ('people', 'people needed')], default='', help_text='left out where 0 is entered; an unknown need keeps the line', max_length=20, verbose_name='only where the project needs')),
            ],
            options={
                'verbose_name': 'line of the factor checklist',
                'verbose_name_plural': 'template of the factor checklist',
                'ordering': ['sequence', 'id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='factorguarantee',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='factorguarantee',
            name='department',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='guarantees', to='crm.department', verbose_name='responsible unit'),
        ),
        migrations.AddField(
            model_name='factorguarantee',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guarantees', to='crm.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='factorguarantee',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='factortemplate',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='factortemplate',
            name='department',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.department', verbose_name='responsible unit'),
        ),
        migrations.AddField(
            model_name='factortemplate',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='factorguarantee',
            name='template',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.factortemplate', verbose_name='line of the factor checklist'),
        ),
        migrations.AddConstraint(
            model_name='factortemplate',
            constraint=models.UniqueConstraint(fields=('stage', 'factor', 'name'), name='factor_template_once', violation_error_message='This line is already in the template.'),
        ),
        migrations.AddConstraint(
            model_name='factortemplate',
            constraint=models.CheckConstraint(condition=models.Q(('by_park', False), ('department', None), _connector='OR'), name='factor_template_one_unit', violation_error_message="Either a unit answers or the park's office."),
        ),
        migrations.AddConstraint(
            model_name='factortemplate',
            constraint=models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='factor_template_days_positive', violation_error_message='A time limit is at least one day.'),
        ),
        migrations.AddIndex(
            model_name='factorguarantee',
            index=models.Index(fields=['department', 'state', 'due_on'], name='guarantee_of_unit'),
        ),
        migrations.AddIndex(
            model_name='factorguarantee',
            index=models.Index(fields=['state', 'due_on'], name='guarantee_due'),
        ),
        migrations.AddConstraint(
            model_name='factorguarantee',
            constraint=models.UniqueConstraint(fields=('project', 'template'), name='guarantee_once_from_template', violation_error_message='This line is already in the checklist.'),
        ),
        migrations.AddConstraint(
            model_name='factorguarantee',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['not_started', 'under_way', 'secured', 'difficult', 'not_needed'])), name='guarantee_state_known', violation_error_message='This state does not exist.'),
        ),
        migrations.AddConstraint(
            model_name='factorguarantee',
            constraint=models.CheckConstraint(condition=models.Q(('by_park', False), ('department', None), _connector='OR'), name='guarantee_one_unit', violation_error_message="Either a unit answers or the park's office."),
        ),
        migrations.AddConstraint(
            model_name='factorguarantee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'secured'), _negated=True), ('settled_on__isnull', False), _connector='OR'), name='guarantee_secured_has_day', violation_error_message='What is secured has the day it was.'),
        ),
        migrations.AddConstraint(
            model_name='factorguarantee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['difficult', 'not_needed']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='guarantee_explained', violation_error_message='Say what is difficult, or why it is not needed.'),
        ),
    ]
