"""Who sees, opens and edits trips, events, visits and who was introduced or invited."""

from crm import models
from tests import make

from .tables import REFERENCE_TABLE
from .world import PROJECTS

TABLES = {
    models.Event: (
        {"any": lambda w: make.event()},
        REFERENCE_TABLE,
    ),
    models.Trip: (
        {
            "own": lambda w: make.trip(task_force=w.team),
            "joint": lambda w: make.trip(joint_teams=[w.team]),
            "of the city": lambda w: make.trip(task_force=None),
            "of others": lambda w: make.trip(),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    joint                         vo       vo        voe     vo            vo      -     -
    of the city                   vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
""",
    ),
    models.PlannedMeeting: (
        {
            "own": lambda w: make.planned_meeting(trip=make.trip(task_force=w.team)),
            "joint": lambda w: make.planned_meeting(trip=make.trip(joint_teams=[w.team])),
            "of others": lambda w: make.planned_meeting(),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    joint                         vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
""",
    ),
    models.Visit: (
        {
            "own": lambda w: make.visit(task_force=w.team),
            "of others": lambda w: make.visit(),
            "own, secret project": lambda w: make.visit(
                task_force=w.team, project=PROJECTS["secret, told"](w)
            ),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    own, secret project           voe      v         voe     v             v       -     -
""",
    ),
    models.Introduction: (
        {
            "own": lambda w: make.introduction(task_force=w.team),
            "of others": lambda w: make.introduction(),
            "own, secret project": lambda w: make.introduction(
                task_force=w.team, project=PROJECTS["secret"](w)
            ),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    own, secret project           v        v         voe     v             v       -     -
""",
    ),
    models.Invitation: (
        {
            "own": lambda w: make.invitation(task_force=w.team),
            "of the bureau": lambda w: make.invitation(),
            "of others": lambda w: make.invitation(task_force=make.team()),
            "to a trip of others": lambda w: make.invitation(trip=make.trip()),
            "of others, on the own trip": lambda w: make.invitation(
                trip=make.trip(task_force=w.team), task_force=make.team()
            ),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    of the bureau                 vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    to a trip of others           -        -         voe     vo            vo      -     -
    of others, on the own trip    vo       vo        voe     vo            vo      -     -
""",
    ),
}
