"""Who sees, opens and edits firms, their names, marks, signals and contacts, and their alliance."""

from crm import models
from tests import make

from .world import SECRET, in_park

TABLES = {
    models.Company: (
        {
            "own": lambda w: make.company(owning_team=w.team),
            "free": lambda w: make.company(),
            "of others": lambda w: make.company(owning_team=make.team()),
            "in the park": lambda w: (
                in_park(w, lead_investor=make.company(owning_team=make.team())).lead_investor
            ),
            "in the park, secret": lambda w: (
                in_park(
                    w, lead_investor=make.company(owning_team=make.team()), **SECRET
                ).lead_investor
            ),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    free                          voe      voe       voe     vo            vo      -     -
    of others                     v        v         voe     vo            vo      -     -
    in the park                   v        v         voe     vo            vo      v     -
    in the park, secret           v        v         voe     vo            vo      -     -
""",
    ),
    models.CompanyName: (
        {
            "own": lambda w: make.company_name(company=make.company(owning_team=w.team)),
            "of others": lambda w: make.company_name(company=make.company(owning_team=make.team())),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    of others                     v        v         voe     vo            vo      -     -
""",
    ),
    models.CompanyMark: (
        {
            "own": lambda w: make.company_mark(company=make.company(owning_team=w.team)),
            "of others": lambda w: make.company_mark(company=make.company(owning_team=make.team())),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    of others                     v        v         voe     vo            vo      -     -
""",
    ),
    models.Signal: (
        {
            "own": lambda w: make.signal(company=make.company(owning_team=w.team)),
            "free": lambda w: make.signal(),
            "of others": lambda w: make.signal(company=make.company(owning_team=make.team())),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    free                          voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
""",
    ),
    models.AllianceMembership: (
        {
            "own": lambda w: make.alliance_membership(company=make.company(owning_team=w.team)),
            "of others": lambda w: make.alliance_membership(
                company=make.company(owning_team=make.team())
            ),
        },
        """
    own                           vo       vo        voe     vo            vo      -     -
    of others                     v        v         voe     vo            vo      -     -
""",
    ),
    models.Contact: (
        {
            "own": lambda w: make.contact(company=make.company(owning_team=w.team)),
            "free": lambda w: make.contact(),
            "of others": lambda w: make.contact(company=make.company(owning_team=make.team())),
        },
        """
    own                           voe      voe       voe     vo            vo      -     -
    free                          voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
""",
    ),
}
