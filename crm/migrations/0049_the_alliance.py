import crm.periods
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0048_ledger_of_data_centres'),
    ]

    operations = [
        migrations.AddField(
            model_name='alliancemembership',
            name='brings',
            field=models.CharField(blank=True, help_text="e.g. customers, funds, technology, a trade's contacts", max_length=200, verbose_name='what it brings'),
        ),
        migrations.AlterField(
            model_name='alliancemembership',
            name='part',
            field=models.CharField(choices=[('lead', 'presiding unit'), ('vice', 'vice-presiding unit'), ('council', 'council member'), ('member', 'member unit')], default='member', max_length=8, verbose_name='role in the alliance'),
        ),
        migrations.AlterField(
            model_name='columnchoice',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('data_centres', 'data centre ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger'), ('chains', 'chain map ledger'), ('referrals', 'ledger of introductions')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='exportlog',
            name='kind',
            field=models.CharField(blank=True, choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('data_centres', 'data centre ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger'), ('chains', 'chain map ledger'), ('referrals', 'ledger of introductions')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='exportrule',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('data_centres', 'data centre ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger'), ('chains', 'chain map ledger'), ('referrals', 'ledger of introductions')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='headingmemory',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('data_centres', 'data centre ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger'), ('chains', 'chain map ledger'), ('referrals', 'ledger of introductions')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='importjob',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('data_centres', 'data centre ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger'), ('chains', 'chain map ledger'), ('referrals', 'ledger of introductions')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='ledgertemplate',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('data_centres', 'data centre ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger'), ('chains', 'chain map ledger'), ('referrals', 'ledger of introductions')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.CreateModel(
            name='AllianceMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('name', models.CharField(max_length=120, verbose_name='meeting')),
                ('held_on', models.DateField(verbose_name='date')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='place')),
                ('agenda', models.TextField(blank=True, verbose_name='agenda')),
                ('summary', models.TextField(blank=True, verbose_name='what was agreed')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'alliance meeting',
                'verbose_name_plural': 'alliance meetings',
                'ordering': ['-held_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Introduction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('introduced_on', models.DateField(default=crm.periods.today, verbose_name='introduced on')),
                ('person', models.CharField(blank=True, max_length=60, verbose_name='introduced by (person)')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='introductions', to='crm.company', verbose_name='firm introduced')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='introductions', to='crm.alliancemembership', verbose_name='alliance member')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='introductions', to='crm.project', verbose_name='project introduced')),
                ('task_force', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='introductions', to='crm.taskforce', verbose_name='taken up by')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'introduction',
                'verbose_name_plural': 'introductions',
                'ordering': ['-introduced_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='MeetingAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('state', models.CharField(choices=[('invited', 'invited'), ('came', 'came'), ('excused', 'sent regrets'), ('absent', 'did not come')], default='invited', max_length=8, verbose_name='attendance')),
                ('people', models.CharField(blank=True, max_length=200, verbose_name='who came')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='crm.alliancemeeting', verbose_name='meeting')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='crm.alliancemembership', verbose_name='alliance member')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'attendance of a member',
                'verbose_name_plural': 'attendance of members',
            },
        ),
        migrations.CreateModel(
            name='AllianceCommitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('content', models.CharField(max_length=300, verbose_name='commitment')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due')),
                ('fulfilled_on', models.DateField(blank=True, null=True, verbose_name='kept on')),
                ('result', models.CharField(blank=True, max_length=300, verbose_name='how it was kept')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='crm.alliancemembership', verbose_name='alliance member')),
                ('updated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
            ],
            options={
                'verbose_name': 'commitment of a member',
                'verbose_name_plural': 'commitments of members',
                'ordering': ['due_on', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('membership', 'content'), name='alliance_commitment_once', violation_error_message='This commitment is already listed.')],
            },
        ),
        migrations.AddConstraint(
            model_name='alliancemeeting',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('name', 'held_on'), name='alliance_meeting_once', violation_error_message='This meeting is already listed.'),
        ),
        migrations.AddConstraint(
            model_name='introduction',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('membership', 'company'), name='introduction_once', violation_error_message='This member already introduced this firm.'),
        ),
        migrations.AddConstraint(
            model_name='introduction',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None), ('project__isnull', False)), fields=('project',), name='introduction_of_project_once', violation_error_message='This project was already introduced by a member.'),
        ),
        migrations.AddConstraint(
            model_name='meetingattendance',
            constraint=models.UniqueConstraint(fields=('meeting', 'membership'), name='attendance_once', violation_error_message='This member is already listed.'),
        ),
    ]
