"""Who sees, opens and edits deals and what they promise, money that arrived, targets and months."""

from django.utils import timezone

from crm import models
from tests import make

from .world import PARTS, PROJECTS, in_park, of_deal, of_project

KEPT_BY_BUREAU = """
    own                           vo       vo        voe     vo            vo      -     -
    joint                         vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        -        -         voe     -             -       -     -
    secret, told                  vo       -         voe     -             -       -     -
    in the park                   -        -         voe     vo            vo      vo    -
    asked of the unit             -        -         voe     vo            vo      -     vo
"""
DEAL_PART_TABLE = """
    own                           voe      voe       voe     vo            vo      -     -
    joint                         vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        -        -         voe     -             -       -     -
    secret, told                  voe      -         voe     -             -       -     -
    in the park                   -        -         voe     vo            vo      vo    -
    asked of the unit             -        -         voe     vo            vo      -     vo
"""


def confirmed_money(world, **values):
    return make.arrival(state="confirmed", **values)


TABLES = {
    models.Deal: (
        of_project(make.deal, *PARTS)
        | {
            "own, confirmed": lambda w: make.deal(
                project=PROJECTS["own"](w), confirmed_at=timezone.now()
            )
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    own, confirmed                vo       vo        voe     vo            vo      -     -
    joint                         vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        v        v         voe     v             v       -     -
    secret, told                  voe      v         voe     v             v       -     -
    in the park                   -        -         voe     vo            vo      vo    -
    asked of the unit             -        -         voe     vo            vo      -     vo
""",
    ),
    models.DealParty: (
        of_deal(make.deal_party),
        DEAL_PART_TABLE,
    ),
    models.Commitment: (
        of_deal(make.commitment)
        | {
            "of a confirmed deal": lambda w: make.commitment(
                deal=make.deal(project=PROJECTS["own"](w), confirmed_at=timezone.now())
            ),
            "owed by the unit": lambda w: make.commitment(department=w.unit),
            "owed by the unit, secret": lambda w: make.commitment(
                department=w.unit, deal=make.deal(project=PROJECTS["secret"](w))
            ),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    joint                         vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        -        -         voe     -             -       -     -
    secret, told                  voe      -         voe     -             -       -     -
    in the park                   -        -         voe     vo            vo      vo    -
    asked of the unit             -        -         voe     vo            vo      -     -
    of a confirmed deal           voe      voe       voe     vo            vo      -     -
    owed by the unit              -        -         voe     vo            vo      -     voe
    owed by the unit, secret      -        -         voe     -             -       -     -
""",
    ),
    models.Arrival: (
        of_project(make.arrival, "own", "joint", "of others", "secret", "in the park")
        | {
            "own, confirmed": lambda w: confirmed_money(w, project=PROJECTS["own"](w)),
            "in the park, confirmed": lambda w: confirmed_money(w, project=in_park(w)),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    own, confirmed                vo       vo        voe     vo            vo      -     -
    joint                         voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        v        v         voe     v             v       -     -
    in the park                   -        -         voe     vo            vo      voe   -
    in the park, confirmed        -        -         voe     vo            vo      vo    -
""",
    ),
    models.Attribution: (
        of_deal(make.attribution),
        KEPT_BY_BUREAU,
    ),
    models.ScoreAdjustment: (
        {
            "own": lambda w: make.score_adjustment(task_force=w.team),
            "of others": lambda w: make.score_adjustment(task_force=make.team()),
        },
        """
    own                           vo       vo        voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
""",
    ),
    models.Target: (
        {
            "of the city": lambda w: make.target(),
            "own": lambda w: make.target(task_force=w.team),
            "of others": lambda w: make.target(task_force=make.team()),
            "own park": lambda w: make.target(park=w.park),
            "another park": lambda w: make.target(park=make.park()),
        },
        """
    of the city                   vo       vo        voe     vo            vo      vo    vo
    own                           vo       voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    own park                      -        -         voe     vo            vo      vo    -
    another park                  -        -         voe     vo            vo      -     -
""",
    ),
    models.TargetChange: (
        {
            "own": lambda w: make.target_change(target=make.target(task_force=w.team)),
            "of others": lambda w: make.target_change(target=make.target(task_force=make.team())),
        },
        """
    own                           vo       vo        vo      vo            vo      -     -
    of others                     -        -         vo      vo            vo      -     -
""",
    ),
    models.FrozenMonth: (
        {"any": lambda w: make.frozen_month()},
        """
    any                           -        -         vo      vo            vo      -     -
""",
    ),
    models.FrozenRow: (
        {"any": lambda w: make.frozen_row()},
        """
    any                           -        -         vo      vo            vo      -     -
""",
    ),
}
