"""Hands a person's open work over to a successor: what there is, and what the successor may take.

A row that the successor could not open stays where it is: nobody learns of a confidential project
by inheriting it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import Company, FollowUp, Project, Request, Trip, User, Visit
from crm.models.base import everything
from crm.models.outreach import project_is_open
from crm.periods import today
from crm.rewriting import Plan, plan
from crm.stages import ProjectStatus

CLOSED_STATES = (ProjectStatus.LOST, ProjectStatus.TERMINATED, ProjectStatus.MERGED)


@dataclass(frozen=True)
class Kind:
    """Rows that lie with one person: whose they are, which are open work, what a successor gets.

    ``person`` is the link that says whose a row is, ``link`` the one that is rewritten. Firms,
    requests and trips belong to a task force: within it they stay what they are, a successor of
    another one takes those along that the person entered, if that is chosen.
    """

    key: str
    label: str
    model: type
    is_open_work: Callable[[], Q]
    open_to: Callable[[User], Q]  # which rows a successor may take over
    person: str = "owner"
    link: str = "owner"

    @property
    def is_personal(self) -> bool:
        return self.person == self.link

    def heir(self, successor: User):
        """What stands in the link afterwards, None when the successor is in no task force."""
        return successor if self.is_personal else successor.team

    def rows(self, person) -> QuerySet:
        """Open work of a person, or of whoever an outer query is at."""
        return self.model.objects.filter(self.is_open_work(), **{self.person: person}).live()

    def of(self, person: User) -> QuerySet:
        return self.rows(person.pk).order_by("pk")

    def seen_by(self, user: User) -> Q:
        return self.model.objects.all().visible_q(user)


def _of_open_projects(user: User) -> Q:
    return project_is_open(user, "")


KINDS = (
    Kind("projects", gettext_lazy("projects"), Project, lambda: ~Q(status__in=CLOSED_STATES),
         lambda user: Project.objects.all().open_q(user)),
    Kind("follow_ups", gettext_lazy("follow-ups"), FollowUp, lambda: Q(done_on=None),
         _of_open_projects),
    Kind("next_steps", gettext_lazy("next steps of visits"), Visit,
         lambda: ~Q(next_step="") & Q(next_step_on__gte=today()), _of_open_projects,
         "next_step_owner", "next_step_owner"),
    Kind("firms", gettext_lazy("firms"), Company, lambda: ~Q(owning_team=None),
         lambda user: everything(), "created_by", "owning_team"),
    Kind("requests", gettext_lazy("requests"), Request, lambda: Q(closed_on=None),
         _of_open_projects, "created_by", "task_force"),
    Kind("trips", gettext_lazy("trips to come"), Trip, lambda: Q(started_on__gt=today()),
         lambda user: everything(), "created_by", "task_force"),
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
    heir = kind.heir(successor)
    if heir is None:
        return Plan(kind.model)
    rows = kind.of(person).filter(kind.seen_by(by)).marked_for(by)
    made = plan(rows, {kind.link: heir}, by=by)
    may_open = set(
        kind.model.objects.filter(pk__in=[change.row.pk for change in made.changes])
        .filter(kind.open_to(successor))
        .values_list("pk", flat=True)
    )
    for change in [c for c in made.changes if c.row.pk not in may_open]:
        made.changes.remove(change)
        made.leave_out(change.row, _("%(who)s may not open it") % {"who": successor})
    return made
