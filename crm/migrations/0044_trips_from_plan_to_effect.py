import crm.models.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0043_erasures_blacken_histories'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('reason', models.CharField(help_text='with neither trip nor event: credited to none', max_length=200, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'attribution by hand',
                'verbose_name_plural': 'attributions by hand',
            },
        ),
        migrations.CreateModel(
            name='AttributionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('sequence', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('is_disabled', models.BooleanField(default=False, verbose_name='disabled')),
                ('meeting', models.CharField(choices=[('first', 'the first meeting with the firm'), ('last', 'the last meeting before the signing'), ('by_hand', 'only what the bureau chose by hand')], default='first', max_length=8, verbose_name='a signing is credited to')),
                ('days', models.PositiveSmallIntegerField(blank=True, help_text='empty: however long before', null=True, verbose_name='within (days) before the signing')),
                ('signing_event_first', models.BooleanField(default=False, verbose_name='a deal signed at an event is credited to that event')),
                ('is_only', models.BooleanField(default=True, editable=False)),
            ],
            options={
                'verbose_name': 'rule of attribution',
                'verbose_name_plural': 'rule of attribution',
                'ordering': ['sequence', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('guest', models.CharField(blank=True, help_text='name and position, or a body', max_length=120, verbose_name='guest')),
                ('people_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='number of people')),
                ('state', models.CharField(choices=[('invited', 'invited'), ('confirmed', 'confirmed'), ('declined', 'sent regrets'), ('came', 'came'), ('absent', 'did not come')], default='invited', max_length=10, verbose_name='attendance')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations and attendance',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PlannedMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('planned_on', models.DateField(blank=True, null=True, verbose_name='planned for')),
                ('purpose', models.CharField(blank=True, max_length=200, verbose_name='what for')),
            ],
            options={
                'verbose_name': 'planned meeting',
                'verbose_name_plural': 'target firms and itinerary',
                'ordering': ['planned_on', 'id'],
            },
        ),
        migrations.AddField(
            model_name='event',
            name='cost_yuan',
            field=crm.models.fields.YuanField(blank=True, high='1000000000000', low=0, null=True, places=2, verbose_name='cost'),
        ),
        migrations.AddField(
            model_name='event',
            name='our_people',
            field=models.ManyToManyField(blank=True, related_name='events', to=settings.AUTH_USER_MODEL, verbose_name='our people'),
        ),
        migrations.AddField(
            model_name='event',
            name='our_people_text',
            field=models.CharField(blank=True, max_length=200, verbose_name='others on our side'),
        ),
        migrations.AddField(
            model_name='event',
            name='purpose',
            field=models.CharField(blank=True, max_length=300, verbose_name='purpose of the event'),
        ),
        migrations.AddField(
            model_name='trip',
            name='cost_yuan',
            field=crm.models.fields.YuanField(blank=True, high='1000000000000', low=0, null=True, places=2, verbose_name='cost'),
        ),
        migrations.AddField(
            model_name='trip',
            name='our_people',
            field=models.ManyToManyField(blank=True, related_name='trips', to=settings.AUTH_USER_MODEL, verbose_name='our people'),
        ),
        migrations.AddField(
            model_name='trip',
            name='our_people_text',
            field=models.CharField(blank=True, max_length=200, verbose_name='others on our side'),
        ),
        migrations.AddField(
            model_name='attribution',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='attribution',
            name='deal',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='attribution', to='crm.deal', verbose_name='deal'),
        ),
        migrations.AddField(
            model_name='attribution',
            name='event',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to='crm.event', verbose_name='event'),
        ),
        migrations.AddField(
            model_name='attribution',
            name='trip',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to='crm.trip', verbose_name='trip'),
        ),
        migrations.AddField(
            model_name='attribution',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='attributionrule',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='attributionrule',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='company',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='crm.company', verbose_name='company'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='event',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='crm.event', verbose_name='event'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='task_force',
            field=models.ForeignKey(blank=True, help_text='empty: by the bureau', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='crm.taskforce', verbose_name='invited by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='trip',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='crm.trip', verbose_name='trip'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='plannedmeeting',
            name='city',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.region', verbose_name='city'),
        ),
        migrations.AddField(
            model_name='plannedmeeting',
            name='company',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_meetings', to='crm.company', verbose_name='target firm'),
        ),
        migrations.AddField(
            model_name='plannedmeeting',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='plannedmeeting',
            name='trip',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned_meetings', to='crm.trip', verbose_name='trip'),
        ),
        migrations.AddField(
            model_name='plannedmeeting',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddConstraint(
            model_name='attribution',
            constraint=models.CheckConstraint(condition=models.Q(('trip', None), ('event', None), _connector='OR'), name='attribution_to_one', violation_error_message='A deal is credited to a trip or to an event, not both.'),
        ),
        migrations.AddConstraint(
            model_name='attribution',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='attribution_has_reason', violation_error_message='A choice by hand needs its reason.'),
        ),
        migrations.AddConstraint(
            model_name='attributionrule',
            constraint=models.UniqueConstraint(fields=('is_only',), name='attribution_rule_is_one', violation_error_message='There is one rule only; change that one.'),
        ),
        migrations.AddConstraint(
            model_name='attributionrule',
            constraint=models.CheckConstraint(condition=models.Q(('is_only', True)), name='attribution_rule_is_only', violation_error_message='There is one rule only; change that one.'),
        ),
        migrations.AddConstraint(
            model_name='attributionrule',
            constraint=models.CheckConstraint(condition=models.Q(('days', None), ('days__gt', 0), _connector='OR'), name='attribution_days_positive', violation_error_message='The days are more than 0; without a limit leave empty.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event__isnull', False), ('trip__isnull', True)), models.Q(('event__isnull', True), ('trip__isnull', False)), _connector='OR'), name='invitation_to_one', violation_error_message='An invitation is to one event or one trip.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('company__isnull', False), models.Q(('guest', ''), _negated=True), _connector='OR'), name='invitation_names_guest', violation_error_message='A guest is a firm or a name.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None), ('event__isnull', False)), fields=('event', 'company', 'guest'), name='invitation_once_to_event', violation_error_message='This guest is already on the list.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None), ('trip__isnull', False)), fields=('trip', 'company', 'guest'), name='invitation_once_to_trip', violation_error_message='This guest is already on the list.'),
        ),
        migrations.AddConstraint(
            model_name='plannedmeeting',
            constraint=models.UniqueConstraint(fields=('trip', 'company'), name='planned_meeting_once', violation_error_message='This firm is already planned for.'),
        ),
    ]
