"""Who sees, opens and edits accounts, settings, ledgers, exports and the keys of other systems."""

from crm import models
from tests import make

from .tables import NOBODY_TABLE, REFERENCE_TABLE

TABLES = {
    models.User: (
        {"any": lambda w: make.user()},
        """
    any                           vo       vo        vo      vo            vo      vo    vo
""",
    ),
    models.Membership: ({"any": lambda w: make.membership()}, REFERENCE_TABLE),
    models.ImportJob: (
        {
            "own": lambda w: make.import_job(owner=w.officer),
            "of others": lambda w: make.import_job(),
        },
        """
    own                           voe      -         -       -             -       -     -
    of others                     -        -         -       -             -       -     -
""",
    ),
    models.ImportRow: (
        {
            "own": lambda w: make.import_row(job=make.import_job(owner=w.officer)),
            "of others": lambda w: make.import_row(),
        },
        """
    own                           voe      -         -       -             -       -     -
    of others                     -        -         -       -             -       -     -
""",
    ),
    models.ImportPlan: (
        {
            "own": lambda w: make.import_plan(job=make.import_job(owner=w.officer)),
            "of others": lambda w: make.import_plan(),
        },
        """
    own                           voe      -         -       -             -       -     -
    of others                     -        -         -       -             -       -     -
""",
    ),
    models.ExportLog: (
        {
            "own": lambda w: make.export_log(user=w.officer),
            "of others": lambda w: make.export_log(),
        },
        """
    own                           vo       -         vo      -             -       -     -
    of others                     -        -         vo      -             -       -     -
""",
    ),
    models.ExportRule: ({"any": lambda w: make.export_rule()}, NOBODY_TABLE),
    models.ColumnChoice: (
        {
            "own": lambda w: make.column_choice(user=w.officer),
            "of others": lambda w: make.column_choice(),
        },
        """
    own                           voe      -         -       -             -       -     -
    of others                     -        -         -       -             -       -     -
""",
    ),
    models.SavedView: (
        {
            "somebody's": lambda w: make.saved_view(),
            "of the team": lambda w: make.saved_view(audience="team", task_force=w.team),
            "of another team": lambda w: make.saved_view(audience="team", task_force=make.team()),
            "for everyone": lambda w: make.saved_view(audience="all"),
        },
        """
    somebody's                    -        -         -       -             -       -     -
    of the team                   vo       vo        -       -             -       -     -
    of another team               -        -         -       -             -       -     -
    for everyone                  vo       vo        voe     vo            vo      vo    vo
""",
    ),
    models.ListLayout: ({"any": lambda w: make.list_layout()}, NOBODY_TABLE),
    models.ChangeSet: ({"any": lambda w: make.change_set()}, NOBODY_TABLE),
    models.SignIn: ({"any": lambda w: make.sign_in()}, NOBODY_TABLE),
    models.AuditEntry: ({"any": lambda w: make.audit_entry()}, NOBODY_TABLE),
    models.Erasure: (
        {"any": lambda w: make.erasure()},
        """
    any                           -        -         vo      -             -       -     -
""",
    ),
    models.SecondFactorRule: ({"any": lambda w: make.second_factor_rule()}, NOBODY_TABLE),
    models.ApiToken: ({"any": lambda w: make.api_token()}, NOBODY_TABLE),
    models.Subscription: ({"any": lambda w: make.subscription()}, NOBODY_TABLE),
    models.PushHost: ({"any": lambda w: make.push_host()}, NOBODY_TABLE),
    models.Robot: (
        {"any": lambda w: make.robot()},
        """
    any                           -        -         -       -             -       -     -
""",
    ),
    models.WallToken: (
        {"any": lambda w: make.wall_token()},
        """
    any                           -        -         voe     -             -       -     -
""",
    ),
    models.ScreenSettings: (
        {"any": lambda w: make.screen_settings()},
        """
    any                           vo       vo        voe     vo            vo      vo    vo
""",
    ),
}
