import crm.models.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0044_trips_from_plan_to_effect'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='attachment',
            name='attachment_of_one_record',
        ),
        migrations.AddField(
            model_name='attachment',
            name='commitment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='crm.commitment', verbose_name='commitment'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='amount_yuan',
            field=crm.models.fields.YuanField(blank=True, high='1000000000000', low=0, null=True, places=2, verbose_name='amount promised'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='department',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='crm.department', verbose_name='responsible unit'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='dispute',
            field=models.CharField(blank=True, max_length=300, verbose_name='what is disputed'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='disputed_on',
            field=models.DateField(blank=True, null=True, verbose_name='disputed since'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='kind',
            field=models.CharField(choices=[('policy', 'policy'), ('land_price', 'land and its price'), ('power_price', 'power and its price'), ('subsidy', 'subsidy or reward'), ('investment', 'investment and progress'), ('output', 'output, taxes, jobs'), ('other', 'other')], default='other', max_length=12, verbose_name='kind of commitment'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='result',
            field=models.CharField(blank=True, max_length=300, verbose_name='how it was kept'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='settled_on',
            field=models.DateField(blank=True, null=True, verbose_name='dispute settled on'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='settlement',
            field=models.CharField(blank=True, max_length=300, verbose_name='how it was settled'),
        ),
        migrations.AlterField(
            model_name='columnchoice',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='exportlog',
            name='kind',
            field=models.CharField(blank=True, choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='exportrule',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='headingmemory',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='importjob',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='ledgertemplate',
            name='kind',
            field=models.CharField(choices=[('companies', 'firm list'), ('contacts', 'contact list'), ('visits', 'visit ledger'), ('projects', 'reserve project ledger'), ('deals', 'signed project ledger'), ('building', 'construction and production ledger'), ('arrivals', 'ledger of money arrived'), ('trips', 'trip ledger'), ('events', 'event ledger'), ('requests', 'request ledger'), ('invitations', 'invitation list'), ('commitments', 'commitment ledger')], max_length=12, verbose_name='kind of ledger'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('mention', 'mentioned you'), ('assigned', 'assigned to you'), ('proposal', 'proposal waiting'), ('decided', 'proposal decided'), ('request', 'request to your unit'), ('answer', 'answered'), ('overdue', 'past its deadline'), ('directive', "leader's directive"), ('conflict', 'conflict'), ('protection', 'protection ends soon'), ('follow_up', 'follow-up due'), ('commitment', 'commitment due'), ('key_firm', 'key firm to be contacted')], max_length=12, verbose_name='kind'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['fulfilled_on', 'due_on'], name='commitment_due'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', False), ('project__isnull', True), ('visit__isnull', True), ('deal__isnull', True), ('request__isnull', True), ('trip__isnull', True), ('commitment__isnull', True)), models.Q(('company__isnull', True), ('project__isnull', False), ('visit__isnull', True), ('deal__isnull', True), ('request__isnull', True), ('trip__isnull', True), ('commitment__isnull', True)), models.Q(('company__isnull', True), ('project__isnull', True), ('visit__isnull', False), ('deal__isnull', True), ('request__isnull', True), ('trip__isnull', True), ('commitment__isnull', True)), models.Q(('company__isnull', True), ('project__isnull', True), ('visit__isnull', True), ('deal__isnull', False), ('request__isnull', True), ('trip__isnull', True), ('commitment__isnull', True)), models.Q(('company__isnull', True), ('project__isnull', True), ('visit__isnull', True), ('deal__isnull', True), ('request__isnull', False), ('trip__isnull', True), ('commitment__isnull', True)), models.Q(('company__isnull', True), ('project__isnull', True), ('visit__isnull', True), ('deal__isnull', True), ('request__isnull', True), ('trip__isnull', False), ('commitment__isnull', True)), models.Q(('company__isnull', True), ('project__isnull', True), ('visit__isnull', True), ('deal__isnull', True), ('request__isnull', True), ('trip__isnull', True), ('commitment__isnull', False)), _connector='OR'), name='attachment_of_one_record', violation_error_message='A file belongs to exactly one record.'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('disputed_on', None), models.Q(('dispute', ''), _negated=True), _connector='OR'), name='commitment_dispute_is_told', violation_error_message='A dispute needs what it is about.'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('settled_on', None), ('settled_on__gte', models.F('disputed_on')), _connector='OR'), name='commitment_settled_after_dispute', violation_error_message='A dispute is settled after it arose.'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('settled_on', None), ('disputed_on__isnull', False), _connector='OR'), name='commitment_settlement_has_dispute', violation_error_message='There is no dispute to settle.'),
        ),
        migrations.AlterField(
            model_name='commitment',
            name='side',
            field=models.CharField(choices=[('city', "city's side"), ('investor', "investor's side")], max_length=8, verbose_name='promised by'),
        ),
    ]
