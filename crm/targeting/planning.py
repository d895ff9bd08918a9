"""From a list of firms to a plan of visits: a follow-up for each, all or none."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.access import TEAM_ROLES
from crm.models import Company, FollowUp, Trip

MOST = 60


def plan_visits(
    firms: list[Company], *, by, owner, due_on: date, purpose: str = "", trip: Trip | None = None
) -> tuple[list[FollowUp], list[Company]]:
    """Follow-ups to visit the firms, and the firms for which the same is waiting already.

    Raises ValidationError or PermissionDenied, and writes nothing, when one of them may not be.
    """
    if not firms:
        raise ValidationError(_("Choose at least one firm."))
    if len(firms) > MOST:
        raise ValidationError(_("At most %(most)s firms at a time.") % {"most": MOST})
    planned, waiting = [], []
    with transaction.atomic():
        for firm in firms:
            what = _what(firm, purpose, trip)
            same = FollowUp.objects.live().waiting().filter(company=firm, owner=owner)
            if same.filter(what=what).exists():
                waiting.append(firm)
                continue
            row = FollowUp(company=firm, owner=owner, task_force=_team(firm, owner, by),
                           what=what, due_on=due_on)  # fmt: skip
            row.save_as(by)
            planned.append(row)
    return planned, waiting


def _what(firm: Company, purpose: str, trip: Trip | None) -> str:
    text = _("Visit %(firm)s") % {"firm": firm.name}
    more = "；".join(filter(None, [purpose.strip(), str(trip) if trip else ""]))
    return (f"{text}（{more}）" if more else text)[:200]


def _team(firm: Company, owner, by):
    """The task force whose plan it is: the planner's own, else the owner's, else the firm's."""
    own = by.team if by.role in TEAM_ROLES else None
    team = own or owner.team or firm.owning_team
    if team is None:
        raise ValidationError(
            _("%(firm)s has no task force; choose a person of one.") % {"firm": firm.name}
        )
    return team
