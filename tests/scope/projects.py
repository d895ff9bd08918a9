"""Who sees, opens and edits projects, their parts, their history and the reports that clash."""

from crm import models
from crm.periods import today
from tests import make

from .tables import KEPT_BY_PARK, PART_TABLE, READ_ONLY
from .world import PARTS, PROJECTS, SECRET, of_project

TABLES = {
    models.Project: (
        PROJECTS,
        """
    own                           voe      voe       voe     vo            vo      -     -
    own, archived                 voe      voe       voe     vo            vo      -     -
    joint                         voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        v        v         voe     v             v       -     -
    secret, told                  voe      v         voe     v             v       -     -
    secret, owned                 voe      v         voe     v             v       -     -
    joint secret, told            v        v         voe     v             v       -     -
    secret of others, told        -        -         voe     v             v       -     -
    in the park, too early        -        -         voe     vo            vo      -     -
    in the park                   -        -         voe     vo            vo      vo    -
    in the park, secret           -        -         voe     v             v       v     -
    in another park               -        -         voe     vo            vo      -     -
    asked of the unit             -        -         voe     vo            vo      -     vo
    asked of the unit, secret     -        -         voe     v             v       -     v
    asked of the unit in support  -        -         voe     vo            vo      -     vo
""",
    ),
    models.ProjectInvestor: (of_project(make.project_investor, *PARTS), PART_TABLE),
    models.Phase: (of_project(make.phase, *PARTS), PART_TABLE),
    models.ComputeCapacity: (of_project(make.compute_capacity, *PARTS), PART_TABLE),
    models.Assessment: (of_project(make.assessment, *PARTS), PART_TABLE),
    models.CreditShare: (of_project(make.credit_share, *PARTS, percent=40), PART_TABLE),
    models.FactorNeeds: (of_project(make.factor_needs, *PARTS), KEPT_BY_PARK),
    models.Milestone: (of_project(make.milestone, *PARTS), KEPT_BY_PARK),
    models.StageMove: (
        {name: lambda w, project=PROJECTS[name]: project(w).moves.last() for name in PARTS},
        READ_ONLY,
    ),
    models.StatusChange: (
        {
            name: lambda w, project=PROJECTS[name]: project(w).set_status(
                "on_hold", by=w.bureau, on=today(), reason="等待"
            )
            for name in PARTS
        },
        READ_ONLY,
    ),
    models.StageProposal: (of_project(make.proposal, *PARTS), READ_ONLY),
    models.Conflict: (
        of_project(make.conflict, "own", "joint", "of others", "secret", "in the park"),
        """
    own                           vo       vo        voe     vo            vo      -     -
    joint                         vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        -        -         voe     -             -       -     -
    in the park                   -        -         voe     vo            vo      vo    -
""",
    ),
    models.ClaimRequest: (
        {
            "asked by the own team": lambda w: make.claim_request(task_force=w.team),
            "asked of the own team": lambda w: make.claim_request(
                project=make.project(team=w.team)
            ),
            "of others": lambda w: make.claim_request(),
            "asked of the own team, secret": lambda w: make.claim_request(
                project=make.project(team=w.team, **SECRET)
            ),
            "of others, secret": lambda w: make.claim_request(project=make.project(**SECRET)),
        },
        """
    asked by the own team         voe      voe       voe     vo            vo      -     -
    asked of the own team         vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    asked of the own team, secret -        -         voe     -             -       -     -
    of others, secret             -        -         voe     -             -       -     -
""",
    ),
    models.Merge: (
        {"any": lambda w: make.merge()},
        """
    any                           -        -         vo      -             -       -     -
""",
    ),
}
