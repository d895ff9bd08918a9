"""Who sees, opens and edits factors, computing power and people that parks and units give."""

from crm import models
from tests import make

from .tables import KEPT_BY_PARK
from .world import PARTS, PROJECTS, SECRET, of_project

OF_PARK = """
    any                           vo       vo        voe     vo            vo      vo    vo
    of the own park               vo       vo        voe     vo            vo      voe   vo
"""

TABLES = {
    models.ParkSupply: (
        {
            "any": lambda w: make.park_supply(),
            "of the own park": lambda w: make.park_supply(park=w.park),
        },
        OF_PARK,
    ),
    models.DataCentre: (
        {
            "any": lambda w: make.data_centre(),
            "of the own park": lambda w: make.data_centre(park=w.park),
            "of somebody's project": lambda w: make.data_centre(project=make.project()),
            "of a secret project": lambda w: make.data_centre(
                park=w.park, project=make.project(**SECRET)
            ),
            "of a secret project, told": lambda w: make.data_centre(
                project=PROJECTS["secret, told"](w)
            ),
        },
        OF_PARK
        + """
    of somebody's project         vo       vo        voe     vo            vo      vo    vo
    of a secret project           -        -         voe     v             v       -     -
    of a secret project, told     vo       v         voe     v             v       -     -
""",
    ),
    models.DataCentreCompute: (
        {
            "any": lambda w: make.data_centre_compute(),
            "of the own park": lambda w: make.data_centre_compute(
                data_centre=make.data_centre(park=w.park)
            ),
            "of a secret project": lambda w: make.data_centre_compute(
                data_centre=make.data_centre(project=make.project(**SECRET))
            ),
        },
        OF_PARK
        + """
    of a secret project           -        -         voe     -             -       -     -
""",
    ),
    models.FactorGuarantee: (
        of_project(make.factor_guarantee, *PARTS)
        | {
            "to the unit": lambda w: make.factor_guarantee(department=w.unit),
            "to the unit, secret": lambda w: make.factor_guarantee(
                department=w.unit, project=make.project(**SECRET)
            ),
            "to another unit": lambda w: make.factor_guarantee(department=make.department()),
        },
        "".join(line for line in KEPT_BY_PARK.splitlines(keepends=True) if "asked of" not in line)
        + """
    asked of the unit             -        -         voe     vo            vo      -     -
    to the unit                   -        -         voe     vo            vo      -     voe
    to the unit, secret           -        -         voe     -             -       -     voe
    to another unit               -        -         voe     vo            vo      -     -
""",
    ),
    models.PeopleNeed: (of_project(make.people_need, *PARTS), KEPT_BY_PARK),
}
