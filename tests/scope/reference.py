"""Who sees, opens and edits reference data that the bureau keeps, and what is proposed for it."""

from crm import models
from tests import make

from .tables import REFERENCE_TABLE

TABLES = {
    models.ReferenceProposal: (
        {"any": lambda w: make.reference_proposal()},
        """
    any                           -        -         voe     -             -       -     -
""",
    ),
    models.LedgerTemplate: (
        {"any": lambda w: make.ledger_template()},
        """
    any                           vo       vo        voe     vo            -       -     -
""",
    ),
}
TABLES |= {
    model: ({"any": lambda w, maker=maker: maker()}, REFERENCE_TABLE)
    for model, maker in {
        models.Region: make.region,
        models.Industry: make.industry,
        models.Chain: make.chain,
        models.Segment: make.segment,
        models.DistrictArea: make.district_area,
        models.Park: make.park,
        models.EntryRule: make.entry_rule,
        models.FactorTemplate: make.factor_template,
        models.ReferenceFact: make.reference_fact,
        models.Institution: make.institution,
        models.Department: make.department,
        models.TaskForce: make.team,
        models.StageRule: make.stage_rule,
        models.TimeLimit: make.time_limit,
        models.ProtectionRule: make.protection_rule,
        models.AttributionRule: make.attribution_rule,
        models.AllianceMeeting: make.alliance_meeting,
        models.MeetingAttendance: make.meeting_attendance,
        models.AllianceCommitment: make.alliance_commitment,
        models.TrainingAgreement: make.training_agreement,
        models.Programme: make.programme,
        models.TrainingYear: make.training_year,
        models.ScoreRule: make.score_rule,
        models.TargetFactor: make.target_factor,
    }.items()
}
