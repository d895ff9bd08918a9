"""What tests of figures share: a year, what is signed in it, and a figure of the whole city."""

from datetime import date
from decimal import Decimal

from crm import indicators as ind
from crm.indicators import whole_city
from crm.periods import Period

from . import make

T = Period.year(2024)
MAY, YUAN = date(2024, 5, 1), Decimal


def city(key, period=T):
    return ind.REGISTRY[key](whole_city(), period)


def signed(on=MAY, amount=make.PLANNED, **given):
    """A project with one formal contract of this amount, signed and in its stage on the day."""
    project = make.project(stage="signed", on=on, **given)
    project.deals.update(amount_yuan=amount, signed_on=on)
    return project


def rows(team_rows):
    return {row.team: row.value for row in team_rows}


def joint(amount, *shares, **given):
    project = signed(amount=amount, **given)
    project.credit_shares.all().delete()
    for team, percent in shares:
        make.credit_share(project=project, task_force=team, percent=YUAN(percent))
    return project
