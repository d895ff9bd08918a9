"""Writing many records at once, held to the same rules as ``Record.save_as`` holds one to."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.access import permissions_of

from .base import Record, StaleRecord
from .changes import FieldChange
from .inserting import insert_all

CHUNK = 2_000


def add_all(model, rows: list, *, by, tell=lambda count: None) -> list:
    """Insert new rows on behalf of a user; returns the rows they bring along, not yet written.

    Raises PermissionDenied when the user may not add one of them; call it in a transaction.
    """
    if not rows:
        return []
    if issubclass(model, Record):
        _check_role(model, "add", by)
        for row in rows:
            row.sign(by)
            row.derive()
    if hasattr(model, "number_all"):
        model.number_all([row for row in rows if not row.number])
    for wave in _waves(model, rows):
        insert_all(model, wave, tell)
    if not issubclass(model, Record):
        return []
    _check_scope(model, rows, by)
    return [more for row in rows for more in row.rows_added_with(by)]


def _waves(model, rows):
    """Rows in an order in which those that others of them refer to come first."""
    own = [f.name for f in model._meta.concrete_fields if f.related_model is model]
    waiting = rows
    while waiting:
        ready = [row for row in waiting if not any(_is_unsaved(row, name) for name in own)]
        if not ready:
            raise ValueError(f"rows of {model._meta.label} refer to each other in a circle")
        yield ready
        waiting = [row for row in waiting if row.pk is None]


def _is_unsaved(row, name: str) -> bool:
    linked = getattr(row, name) if row._meta.get_field(name).is_cached(row) else None
    return linked is not None and linked.pk is None


def change_all(model, rows: list, fields: set[str], *, by, **origin) -> None:
    """Write these fields of rows that were read with their versions; call it in a transaction.

    ``origin`` (source, reason, job) goes into the field history: see ``FieldChangeQuerySet``.

    Raises StaleRecord when one of them changed meanwhile, PermissionDenied when one is not the
    user's to change, before or after.
    """
    if not rows:
        return
    _check_role(model, "change", by)
    _check_scope(model, rows, by)
    before = _hold(model, rows, fields)
    moment = timezone.now()
    for row in rows:
        row.sign(by)
        row.derive()
        row.version, row.updated_at = row.version + 1, moment
    columns = fields | {"version", "updated_at", "updated_by"} | _derived(model)
    model.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["id"],
        update_fields=sorted(columns),
    )  # fmt: skip
    FieldChange.objects.record_changes(rows, before, by=by, **({"source": "bulk"} | origin))
    _check_scope(model, rows, by)


def _derived(model) -> set[str]:
    return {f.name for f in model._meta.concrete_fields if f.name.endswith("_key")} | (
        {"search_text"} & {f.name for f in model._meta.concrete_fields}
    )


def _hold(model, rows, fields) -> dict:
    """Lock the rows and compare their versions with those that were read.

    Returns the stored values of the fields, by key and column name.
    """
    columns = {model._meta.get_field(name).attname for name in fields}
    before = {}
    for chunk in _chunks(rows):
        stored = model._base_manager.filter(pk__in=[row.pk for row in chunk])
        found = stored.select_for_update().values("pk", "version", *columns)
        before |= {values["pk"]: values for values in found}
        for row in chunk:
            if before.get(row.pk, {}).get("version") != row.version:
                raise StaleRecord(str(row.pk))
    return before


def _check_role(model, action: str, user) -> None:
    if f"{action}_{model._meta.model_name}" not in permissions_of(user.role):
        raise PermissionDenied


def _check_scope(model, rows, user) -> None:
    for chunk in _chunks(rows):
        mine = model.objects.filter(pk__in=[row.pk for row in chunk]).editable_by(user)
        if mine.count() != len(chunk):
            raise PermissionDenied


def _chunks(rows):
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
