"""Whose rows a figure is made of."""

from dataclasses import dataclass

from crm.access import Role


@dataclass(frozen=True)
class Scope:
    """The rows that one reader may list; archived rows are never among them."""

    reader: object

    def rows(self, model):
        return model.objects.live().visible_to(self.reader)


class City:
    """The city itself as a reader: sees what the bureau sees, and is nobody who can log in."""

    pk = 0
    is_active = True
    role = Role.BUREAU
    team_ids = frozenset()

    def __str__(self):
        return ""


def whole_city() -> Scope:
    """Everything, for commands on the server that name no user: the one scope without a person."""
    return Scope(City())
