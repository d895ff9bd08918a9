"""Hands a person's open work over to a successor: what there is, and what the successor may take.

A row that the successor could not open stays where it is: nobody learns of a confidential project
by inheriting it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import FollowUp, Project, User
from crm.models.outreach import project_is_open
from crm.rewriting import Plan, plan
from crm.stages import ProjectStatus

CLOSED_STATES = (ProjectStatus.LOST, ProjectStatus.TERMINATED, ProjectStatus.MERGED)


@dataclass(frozen=True)
class Kind:
    """Rows that lie with one person: their model, the link, and which of them are open work."""

    key: str
    label: str
    model: type
    link: str
    is_open_work: Q
    open_to: Callable[[User], Q]  # which rows a successor may take over

    def of(self, person: User) -> QuerySet:
        rows = self.model.objects.filter(self.is_open_work, **{self.link: person.pk}).live()
        return rows.order_by("pk")

    def seen_by(self, user: User) -> Q:
        return self.model.objects.all().visible_q(user)


KINDS = (
    Kind("projects", gettext_lazy("projects"), Project, "owner", ~Q(status__in=CLOSED_STATES),
         lambda user: Project.objects.all().open_q(user)),
    Kind("follow_ups", gettext_lazy("follow-ups"), FollowUp, "owner", Q(done_on=None),
         lambda user: project_is_open(user, "")),
)  # fmt: skip


def work_of(person: User, *, seen_by: User) -> list[dict]:
    """How much open work of each kind lies with a person, as far as the reader may see it."""
    return [
        {"kind": kind, "count": kind.of(person).filter(kind.seen_by(seen_by)).count()}
        for kind in KINDS
    ]


def hand_over_plans(person: User, successor: User, keys, *, by: User) -> list[Plan]:
    """One plan for each chosen kind; rows that the successor may not open are left out."""
    return [_plan(kind, person, successor, by) for kind in KINDS if kind.key in keys]


def _plan(kind: Kind, person: User, successor: User, by: User) -> Plan:
    rows = kind.of(person).filter(kind.seen_by(by)).marked_for(by)
    made = plan(rows, {kind.link: successor}, by=by)
    may_open = set(
        kind.model.objects.filter(pk__in=[change.row.pk for change in made.changes])
        .filter(kind.open_to(successor))
        .values_list("pk", flat=True)
    )
    for change in [c for c in made.changes if c.row.pk not in may_open]:
        made.changes.remove(change)
        made.leave_out(change.row, _("%(who)s may not open it") % {"who": successor})
    return made
