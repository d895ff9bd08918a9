"""What reading a ledger would add and change; nothing here is written to the database."""

from collections import defaultdict


class Workspace:
    """Rows to add, changes to stored rows, links and moves; a bad row's part can be taken back."""

    def __init__(self):
        self.added = defaultdict(list)
        self.changed: dict[tuple, object] = {}
        self.fields = defaultdict(set)
        self.links: list[tuple] = []
        self.entries_to_stage: list[tuple] = []
        self._trail: list = []

    # -- taking back ---------------------------------------------------------------------------

    def mark(self) -> int:
        return len(self._trail)

    def back_to(self, mark: int) -> None:
        while len(self._trail) > mark:
            act, *arguments = self._trail.pop()
            act(*arguments)

    def remember(self, index: dict, key, value) -> None:
        """Put a row into an index of known rows, until its ledger row is taken back."""
        index[key] = value
        self._trail.append((index.pop, key, None))

    # -- doing ---------------------------------------------------------------------------------

    def add(self, row):
        rows = self.added[type(row)]
        rows.append(row)
        self._trail.append((rows.pop,))
        return row

    def put(self, row, field, value) -> None:
        """Set a field (a model's, or its name) of a row."""
        if field.__class__ is str:
            field = row._meta.get_field(field)
        name, attname = field.name, field.attname
        # A link that was not read yet is not read for the trail alone.
        before = None
        if not field.is_relation or field.is_cached(row):
            before = getattr(row, name)
        key_before = getattr(row, attname)
        if row._state.adding is False:
            self._track(row, name)
        setattr(row, name, value)
        self._trail.append((_put_back, row, field, before, key_before))

    def _track(self, row, field: str) -> None:
        key = (type(row), row.pk)
        if key not in self.changed:
            stored = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
            row.__dict__["_stored"] = stored
            self.changed[key] = row
            self._trail.append((self.changed.pop, key, None))
        if field not in self.fields[key]:
            self.fields[key].add(field)
            self._trail.append((self.fields[key].discard, field))

    def link(self, row, field: str, other) -> None:
        """Add ``other`` to a many-to-many field of ``row``."""
        self.links.append((row, field, other))
        self._trail.append((self.links.pop,))

    def enter(self, project, stage: str, on) -> None:
        """Move the project to the stage once everything is written."""
        if not project._state.adding:
            self._track(project, "stage")
            self._track(project, "stage_since")
        self.entries_to_stage.append((project, stage, on))
        self._trail.append((self.entries_to_stage.pop,))

    # -- asking --------------------------------------------------------------------------------

    def changed_of(self, model) -> list:
        return [row for (kind, _pk), row in self.changed.items() if kind is model]

    def fields_of(self, model) -> set[str]:
        return {f for (kind, _pk), names in self.fields.items() if kind is model for f in names}


def _put_back(row, field, before, key_before) -> None:
    if before is not None or not field.is_relation:
        setattr(row, field.name, before)
    else:
        setattr(row, field.attname, key_before)
