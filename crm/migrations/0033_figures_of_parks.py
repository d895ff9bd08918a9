import crm.models.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0032_more_kinds_of_audit_entries"),
    ]

    operations = [
        migrations.CreateModel(
            name='EntryRule',
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
                ('kind', models.CharField(choices=[('investment', 'planned investment at least (10k yuan)'), ('intensity', 'investment per mu at least (10k yuan)'), ('pue', 'PUE at most'), ('green', 'green power share at least (%)'), ('chain', 'industry chain'), ('other', 'other; judged by people')], max_length=12, verbose_name='kind')),
                ('value', crm.models.fields.ExactField(blank=True, high=None, low=0, null=True, places=3, verbose_name='value')),
                ('as_of', models.DateField(blank=True, null=True, verbose_name='as of')),
                ('source', models.TextField(verbose_name='source')),
            ],
            options={
                'verbose_name': 'rule of entry',
                'verbose_name_plural': 'rules of entry',
                'ordering': ['sequence', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ParkSupply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived at')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample')),
                ('what', models.CharField(choices=[('land_mu', 'land (mu)'), ('floor_m2', 'floor space (m²)'), ('load_mw', 'power capacity (MW)'), ('bandwidth_gbps', 'bandwidth (Gbps)'), ('green_power_share', 'green power share (%)')], max_length=20, verbose_name='what')),
                ('amount', crm.models.fields.ExactField(high=None, low=0, places=3, verbose_name='amount')),
                ('as_of', models.DateField(blank=True, help_text='empty: the source gives no date', null=True, verbose_name='as of')),
                ('source', models.TextField(verbose_name='source')),
            ],
            options={
                'verbose_name': 'figure of a park',
                'verbose_name_plural': 'figures of parks',
                'ordering': ['park', 'what', '-as_of', '-id'],
            },
        ),
        migrations.AddField(
            model_name='stagerule',
            name='claim',
            field=models.CharField(blank=True, choices=[('', 'nothing'), ('wanted', 'wanted'), ('promised', 'promised'), ('taken', 'taken')], default='', help_text='what is promised or taken is no longer left for others', max_length=8, verbose_name='claim on its park'),
        ),
        migrations.AddField(
            model_name='entryrule',
            name='chain',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.chain', verbose_name='industry chain'),
        ),
        migrations.AddField(
            model_name='entryrule',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='entryrule',
            name='park',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entry_rules', to='crm.park', verbose_name='park'),
        ),
        migrations.AddField(
            model_name='entryrule',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='parksupply',
            name='created_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='parksupply',
            name='park',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='supplies', to='crm.park', verbose_name='park'),
        ),
        migrations.AddField(
            model_name='parksupply',
            name='updated_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddConstraint(
            model_name='entryrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['investment', 'intensity', 'pue', 'green']), ('value__isnull', False)), models.Q(('kind', 'chain'), ('chain__isnull', False)), ('kind', 'other'), _connector='OR'), name='entry_rule_has_what_it_checks', violation_error_message='Such a rule needs its value, or its industry chain.'),
        ),
        migrations.AddConstraint(
            model_name='parksupply',
            constraint=models.UniqueConstraint(fields=('park', 'what', 'as_of'), name='park_supply_once_a_day', violation_error_message='This park already has this figure as of that day.'),
        ),
        migrations.AddConstraint(
            model_name='parksupply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('what', 'green_power_share'), _negated=True), ('amount__lte', 100), _connector='OR'), name='park_supply_share_in_percent', violation_error_message='A share is at most 100 %%.'),
        ),
        migrations.AddConstraint(
            model_name='parksupply',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='park_supply_has_source', violation_error_message='Say where the figure comes from.'),
        ),
    ]
