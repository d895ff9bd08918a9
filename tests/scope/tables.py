"""How a table of rights is written and read, and the tables that several models share.

v = listed (perhaps by its public part or code name only), o = open, e = editable, - = not there
at all. A line begins with the name of the row, then one column for each of ``READERS``.
"""

READERS = ("officer", "team_lead", "bureau", "statistician", "leader", "park", "department")

PART_TABLE = """
    own                           voe      voe       voe     vo            vo      -     -
    joint                         voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        -        -         voe     -             -       -     -
    secret, told                  voe      -         voe     -             -       -     -
    in the park                   -        -         voe     vo            vo      vo    -
    asked of the unit             -        -         voe     vo            vo      -     vo
"""
KEPT_BY_PARK = """
    own                           voe      voe       voe     vo            vo      -     -
    joint                         voe      voe       voe     vo            vo      -     -
    of others                     -        -         voe     vo            vo      -     -
    secret                        -        -         voe     -             -       -     -
    secret, told                  voe      -         voe     -             -       -     -
    in the park                   -        -         voe     vo            vo      voe   -
    asked of the unit             -        -         voe     vo            vo      -     vo
"""
READ_ONLY = """
    own                           vo       vo        vo      vo            vo      -     -
    joint                         vo       vo        vo      vo            vo      -     -
    of others                     -        -         vo      vo            vo      -     -
    secret                        -        -         vo      -             -       -     -
    secret, told                  vo       -         vo      -             -       -     -
    in the park                   -        -         vo      vo            vo      vo    -
    asked of the unit             -        -         vo      vo            vo      -     vo
"""
REFERENCE_TABLE = """
    any                           vo       vo        voe     vo            vo      vo    vo
"""
NOBODY_TABLE = """
    any                           -        -         -       -             -       -     -
"""


def lines(table):
    """name → rights per role, as written in a table."""
    rows = [line.strip().rsplit(maxsplit=len(READERS)) for line in table.strip().splitlines()]
    return {row[0]: dict(zip(READERS, row[1:], strict=True)) for row in rows if row}
