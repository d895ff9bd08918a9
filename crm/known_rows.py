"""Which rows the fixtures' rows became: people may have renamed them, or taken parts away."""

from django.db.models import Q

from crm.models import FieldChange


class Known:
    """The rows of these names, by the name they have, else by one they had; archived ones too."""

    def __init__(self, rows, names, column: str = "name"):
        renamed = FieldChange.objects.filter(
            model=rows.model._meta.model_name, field=column, before__in=list(names)
        )
        earlier = list(renamed.order_by("at", "pk").values_list("before", "record_id"))
        keys = [pk for _name, pk in earlier]
        found = rows.filter(Q(**{f"{column}__in": list(names)}) | Q(pk__in=keys)).in_bulk()
        self.rows = {before: found[pk] for before, pk in earlier if pk in found}
        self.rows |= {getattr(row, column): row for row in found.values()}

    def get(self, name: str | None):
        return self.rows.get(name)

    def add(self, name: str, row):
        self.rows[name] = row
        return row


def may_add(parent, accessor: str) -> bool:
    """Whether parts may be added: not to what was put away, nor where people took some away."""
    if getattr(parent, "archived_at", None) is not None:
        return False
    taken = FieldChange.objects.filter(
        model=parent._meta.model_name, record_id=parent.pk, field=accessor
    )
    return not taken.exists()
