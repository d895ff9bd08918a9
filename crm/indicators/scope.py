"""Whose rows a figure is made of."""

from dataclasses import dataclass, replace

from django.db.models import Q

from crm.access import Role
from crm.models import Company, Project, TaskForce, Trip

# Rows that belong to a task force themselves; the parts of a project go with the project.
OF_ITS_OWN = {Company: "owning_team", TaskForce: "pk"}


@dataclass(frozen=True)
class Scope:
    """The rows that one reader may list; archived rows are never among them.

    With a ``team``: of these, the rows of that task force (projects it leads or shares in, with
    their deals and money; trips it leads or joined; its visits; the firms it owns).
    """

    reader: object
    team: object = None

    def rows(self, model):
        rows = model.objects.live().visible_to(self.reader)
        return rows if self.team is None else rows.filter(_of_team(model, self.team.pk))

    def of(self, team) -> "Scope":
        """The same reader, narrowed to one task force; with None to none."""
        return replace(self, team=team)


def _of_team(model, team_id: int) -> Q:
    if model is Project:
        return Project.objects.all().of_teams_q([team_id])
    if model is Trip:
        joint = Trip.joint_teams.through.objects.filter(taskforce=team_id)
        return Q(task_force=team_id) | Q(pk__in=joint.values("trip"))
    if model in OF_ITS_OWN:
        return Q(**{OF_ITS_OWN[model]: team_id})
    names = {field.name for field in model._meta.concrete_fields}
    if "task_force" in names:
        return Q(task_force=team_id)
    return Project.objects.all().of_teams_q([team_id], "project__")


class City:
    """The city itself as a reader: sees what the bureau sees, and is nobody who can log in."""

    pk = 0
    is_active = True
    role = Role.BUREAU
    team_ids = frozenset()

    def __str__(self):
        return ""


class Publisher(City):
    """Who reads the city's papers: every row counts, a confidential project is a code name."""

    role = Role.STATISTICIAN


def whole_city() -> Scope:
    """Everything, for what the server itself counts and keeps: figures, frozen months."""
    return Scope(City())


def as_published() -> Scope:
    """The whole city as it may be printed, for commands on the server that name no user."""
    return Scope(Publisher())
