"""A plan between its check and its commit: kept in the database, so that any node can write it.

Kept is what would be written, never what was read of others: rows to add by their values, changes
with the version they were made from, and a digest of every table the plan was made from. While that
digest is the same the plan is what a new reading of the file would give.
"""

import hashlib
import json
import zlib
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Max, Model, Sum

from crm.models import ImportPlan, Membership
from crm.periods import today

from .directory import chunks
from .entry import Verdict
from .workspace import Workspace

TEXTS = {"CharField", "TextField"}
WRITTEN = {Verdict.NEW, Verdict.CHANGED}
_QUICK = 1  # zlib's level: a tenth of the size for little time


class PlanChanged(Exception):
    """The data is no longer as it was when the ledger was checked."""


@dataclass(slots=True)
class Written:
    """A row of the file that is written: its record, and what its history line says."""

    number: int
    verdict: str
    is_new: bool
    instance: Model
    name: str
    labels: str


@dataclass
class Writing:
    """What a commit writes."""

    space: Workspace = field(default_factory=Workspace)
    lines: list[Written] = field(default_factory=list)
    proposals: list[tuple[str, str, int]] = field(default_factory=list)


def digest(watched, user) -> str:
    """Changes with every change to the tables a plan is made from, and to what the user may do."""
    told = [str(today()), user.role, sorted(user.team_ids)]
    for model in (Membership, *watched):
        told.append(_state_of(model))
        told += [_state_of(link.remote_field.through) for link in model._meta.many_to_many]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _state_of(model) -> list:
    asked = {"count": Count("pk"), "last": Max("pk")}
    try:
        model._meta.get_field("version")
    except FieldDoesNotExist:
        pass
    else:
        asked |= {"versions": Sum("version"), "moment": Max("updated_at")}
    return sorted(model._base_manager.order_by().aggregate(**asked).items())


def keep(job, seen: str, plan) -> str:
    """Keep a plan for its commit; returns what is equal for plans that would write the same."""
    content = pack(plan)
    kept = {"seen": seen, "content": zlib.compress(content, _QUICK)}
    ImportPlan.objects.update_or_create(job=job, defaults=kept)
    return key_of(content)


def key_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# -- in --------------------------------------------------------------------------------------------


def pack(plan) -> bytes:
    """The good rows of a plan as JSON; unsaved rows are named by their place among the added."""
    space = plan.ledger.workspace
    places: dict[int, int] = {}
    for rows in space.added.values():
        for row in rows:
            places[id(row)] = len(places)
    kept = {
        "added": [_table(model, rows, places) for model, rows in space.added.items() if rows],
        "changed": [_change(space, key, row, places) for key, row in space.changed.items()],
        "links": [[_name(row, places), name, _name(other, places)]
                  for row, name, other in space.links],
        "stages": [[_name(row, places), stage, str(on)] for row, stage, on in
                   space.entries_to_stage],
        "lines": [_line(entry, places) for entry in plan.good if entry.verdict in WRITTEN],
        "proposals": [[*key, rows] for key, rows in plan.ledger.proposals.items()],
    }  # fmt: skip
    return json.dumps(kept, ensure_ascii=False, default=str, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _name(row, places: dict) -> list:
    """[place] of an unsaved row, [label, key] of a stored one."""
    place = places.get(id(row))
    return [place] if place is not None else [row._meta.label, row.pk]


def _table(model, rows: list, places: dict) -> dict:
    """Columns that say something, and the rows' values in them."""
    columns = {}
    for column in model._meta.concrete_fields:
        values = [_value(row, column, places) for row in rows]
        nothing = None if column.primary_key else column.get_default()
        if any(value != nothing for value in values):
            columns[column.attname] = values
    later = [place for place, row in enumerate(rows) if getattr(row, "enters_later", False)]
    return {"model": model._meta.label, "count": len(rows), "columns": columns, "later": later}


def _value(row, column, places: dict):
    """A value as it stands in the column; of a link to an unsaved row that row's place."""
    value = row.__dict__[column.attname]
    if value is None and column.is_relation and column.is_cached(row):
        other = getattr(row, column.name)
        return other and [places[id(other)]]
    return value


def _change(space, key: tuple, row, places: dict) -> list:
    model, pk = key
    names = sorted(space.fields[key])
    values = {name: _value(row, model._meta.get_field(name), places) for name in names}
    return [model._meta.label, pk, row.version, values]


def _line(entry, places: dict) -> list:
    labels = "、".join(dict.fromkeys(change["label"] for change in entry.changes))
    name = str(entry.instance)[:200]
    return [entry.number, str(entry.verdict), entry.is_record_new, _name(entry.instance, places),
            name, labels]  # fmt: skip


# -- out -------------------------------------------------------------------------------------------


def unpack(content: bytes) -> Writing:
    """What is to be written; raises PlanChanged when a row it changes is not as it was."""
    kept = json.loads(content.decode("utf-8", "surrogatepass"))
    added: list = []
    writing = Writing(proposals=[tuple(proposal) for proposal in kept["proposals"]])
    for table in kept["added"]:
        rows = _rows(table)
        writing.space.added[type(rows[0])] = rows
        added += rows
    for table in kept["added"]:
        _link(table, writing.space.added[apps.get_model(table["model"])], added)
    stored = _Stored(kept)
    for label, pk, version, values in kept["changed"]:
        _apply(writing.space, stored.row(label, pk, version), values, added)

    def named(name: list):
        return added[name[0]] if len(name) == 1 else stored.row(*name)

    writing.space.links = [(named(row), name, named(to)) for row, name, to in kept["links"]]
    writing.space.entries_to_stage = [
        (named(row), stage, date.fromisoformat(on)) for row, stage, on in kept["stages"]
    ]
    writing.lines = [
        Written(number, verdict, is_new, named(row), name, labels)
        for number, verdict, is_new, row, name, labels in kept["lines"]
    ]
    return writing


def _rows(table: dict) -> list:
    """Unsaved rows with the values of a kept table; links to other unsaved rows stay open."""
    model = apps.get_model(table["model"])
    columns = []
    for column in model._meta.concrete_fields:
        values = table["columns"].get(column.attname)
        if values is None:
            columns.append([_default(column)] * table["count"])
        elif column.is_relation:
            columns.append([None if value.__class__ is list else value for value in values])
        else:
            columns.append(_read(column, values))
    rows = [model(*values) for values in zip(*columns, strict=True)]
    for place in table["later"]:
        rows[place].enters_later = True
    return rows


def _default(column):
    return None if column.primary_key else column.get_default()


def _read(column, values: list) -> list:
    """Dates and decimals from their text; equal texts are read once."""
    if not any(value.__class__ is str for value in values) or column.get_internal_type() in TEXTS:
        return values
    known: dict = {}
    for value in values:
        if value not in known:
            known[value] = column.to_python(value)
    return [known[value] for value in values]


def _link(table: dict, rows: list, added: list) -> None:
    """Let unsaved rows lead to one another again."""
    model = apps.get_model(table["model"])
    for column in model._meta.concrete_fields:
        if not column.is_relation:
            continue
        for row, value in zip(rows, table["columns"].get(column.attname, ()), strict=False):
            if value.__class__ is list:
                setattr(row, column.name, added[value[0]])


def _apply(space, row, values: dict, added: list) -> None:
    model = type(row)
    key = (model, row.pk)
    row.__dict__["_stored"] = {f.attname: row.__dict__[f.attname] for f in
                               model._meta.concrete_fields}  # fmt: skip
    space.changed[key] = row
    for name, value in values.items():
        column = model._meta.get_field(name)
        space.fields[key].add(name)
        if value.__class__ is list and column.is_relation:
            setattr(row, name, added[value[0]])
        else:
            setattr(row, column.attname, column.to_python(value))


class _Stored:
    """The stored rows a plan names, read in a few queries."""

    def __init__(self, kept: dict):
        keys: dict[str, set] = {}
        for label, pk, *_rest in kept["changed"]:
            keys.setdefault(label, set()).add(pk)
        for name in self._names(kept):
            if len(name) == 2:
                keys.setdefault(name[0], set()).add(name[1])
        self._rows = {}
        for label, wanted in keys.items():
            manager = apps.get_model(label)._base_manager
            for part in chunks(wanted):
                self._rows |= {(label, pk): row for pk, row in manager.in_bulk(part).items()}

    @staticmethod
    def _names(kept: dict):
        for row, _name, other in kept["links"]:
            yield from (row, other)
        yield from (row for row, *_rest in kept["stages"])
        yield from (line[3] for line in kept["lines"])

    def row(self, label: str, pk: int, version: int | None = None):
        """The stored row, of that version if one is given; raises PlanChanged without it."""
        row = self._rows.get((label, pk))
        if row is None or (version is not None and row.version != version):
            raise PlanChanged
        return row
