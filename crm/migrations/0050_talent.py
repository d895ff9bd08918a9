import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0049_the_alliance'),
    ]

    operations = [
        migrations.CreateModel(
            name='PeopleNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('field', models.CharField(choices=[('operation', 'data centre operation'), ('power', 'power, cooling and storage'), ('platform', 'compute platforms and networks'), ('algorithm', 'AI models and applications'), ('data', 'data labelling and governance'), ('manufacturing', 'manufacturing and installation'), ('other', 'other')], max_length=14, verbose_name='field of training')),
                ('year', models.PositiveSmallIntegerField(verbose_name='needed from the year')),
                ('people', models.PositiveIntegerField(verbose_name='people needed')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people_needs', to='crm.project', verbose_name='project')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'need of people',
                'verbose_name_plural': 'needs of people by field',
                'ordering': ['year', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TrainingAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('name', models.CharField(max_length=160, verbose_name='agreement')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='signed on')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('content', models.TextField(blank=True, verbose_name='what was agreed')),
                ('source', models.TextField(blank=True, verbose_name='source sentence')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='training_agreements', to='crm.company', verbose_name='firm that takes part')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='crm.institution', verbose_name='partner institution')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'training agreement',
                'verbose_name_plural': 'training agreements',
                'ordering': ['-signed_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('name', models.CharField(max_length=120, verbose_name='programme')),
                ('field', models.CharField(choices=[('operation', 'data centre operation'), ('power', 'power, cooling and storage'), ('platform', 'compute platforms and networks'), ('algorithm', 'AI models and applications'), ('data', 'data labelling and governance'), ('manufacturing', 'manufacturing and installation'), ('other', 'other')], max_length=14, verbose_name='field of training')),
                ('level', models.CharField(choices=[('master', 'postgraduate'), ('bachelor', 'undergraduate'), ('vocational', 'vocational'), ('course', 'short course')], max_length=10, verbose_name='level')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('source', models.TextField(blank=True, verbose_name='source sentence')),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='crm.company', verbose_name='firm that takes part')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='crm.institution', verbose_name='partner institution')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='crm.trainingagreement', verbose_name='training agreement')),
            ],
            options={
                'verbose_name': 'joint programme',
                'verbose_name_plural': 'joint programmes',
                'ordering': ['institution', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TrainingYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('in_training', models.PositiveIntegerField(blank=True, null=True, verbose_name='in training')),
                ('finished', models.PositiveIntegerField(blank=True, null=True, verbose_name='finishing')),
                ('stayed', models.PositiveIntegerField(blank=True, null=True, verbose_name='of which stayed here')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='years', to='crm.programme', verbose_name='joint programme')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'year of training',
                'verbose_name_plural': 'years of training',
                'ordering': ['year', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='peopleneed',
            constraint=models.UniqueConstraint(fields=('project', 'field', 'year'), name='people_need_once', violation_error_message='This need is already listed.'),
        ),
        migrations.AddConstraint(
            model_name='peopleneed',
            constraint=models.CheckConstraint(condition=models.Q(('people__gt', 0), ('year__gte', 2000), ('year__lte', 2100)), name='people_need_plausible', violation_error_message='A need is more than 0, in a year from 2000 to 2100.'),
        ),
        migrations.AddConstraint(
            model_name='trainingagreement',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('signed_on', None), ('valid_until__gte', models.F('signed_on')), _connector='OR'), name='agreement_dates_in_order', violation_error_message='The last day lies before the first.'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('institution', 'name'), name='programme_once', violation_error_message='This programme is already listed.'),
        ),
        migrations.AddConstraint(
            model_name='trainingyear',
            constraint=models.UniqueConstraint(fields=('programme', 'year'), name='training_year_once', violation_error_message='This year is already listed.'),
        ),
        migrations.AddConstraint(
            model_name='trainingyear',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2100)), name='training_year_plausible', violation_error_message='A year lies between 2000 and 2100.'),
        ),
        migrations.AddConstraint(
            model_name='trainingyear',
            constraint=models.CheckConstraint(condition=models.Q(('stayed', None), ('finished', None), ('stayed__lte', models.F('finished')), _connector='OR'), name='training_stayed_within_finished', violation_error_message='More stayed than finished.'),
        ),
    ]
