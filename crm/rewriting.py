"""Changes many rows at once: looks first, then writes row by row under the rules, and takes back.

Every row goes through ``save_as``: what one may not change singly, one may not change in bulk.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import AuditEntry, ChangedRow, ChangeSet, FieldChange, StaleRecord
from crm.models.audit import Action

MOST_ROWS = 5_000
ARCHIVE = "archived_at"
KEPT_REASONS = 200


@dataclass(frozen=True)
class Change:
    """A row with its new values set, not yet saved; ``before`` and ``after`` by attname."""

    row: models.Model
    before: dict
    after: dict


@dataclass
class Plan:
    """What a change would do: rows that change, rows left out and why, rows as they are already."""

    model: type[models.Model]
    changes: list[Change] = field(default_factory=list)
    left_out: list[dict] = field(default_factory=list)
    unchanged: int = 0

    def leave_out(self, row, reason: str, *, is_open: bool = True) -> None:
        name = str(row) if is_open else str(row.closed_label)
        self.left_out.append({"name": name[:120], "reason": reason})

    def steps(self, name: str) -> list[dict]:
        """How often each old value of a column goes to each new one, the most frequent first."""
        column = self.model._meta.get_field(name)
        pairs = (
            (change.before[column.attname], change.after[column.attname])
            for change in self.changes
            if column.attname in change.after
        )
        return [
            {"label": column.verbose_name, "before": shown(column, before),
             "after": shown(column, after), "count": count}
            for (before, after), count in Counter(pairs).most_common()
        ]  # fmt: skip


def shown(column, value) -> str:
    """A stored value as people read it."""
    if value in (None, ""):
        return "—"
    if column.name == ARCHIVE:
        return _("archived")
    if column.related_model is not None:
        return _name(column.related_model, value)
    return str(dict(column.flatchoices).get(value, value))


def _name(model, pk) -> str:
    row = model._base_manager.filter(pk=pk).first()
    return str(row) if row is not None else "—"


def plan(rows, values: dict, *, by) -> Plan:
    """What setting these values (by field name) would do to the rows, checked row by row."""
    made = Plan(rows.model)
    mine = set(rows.model.objects.filter(pk__in=rows.values("pk")).editable_by(by)
               .values_list("pk", flat=True))  # fmt: skip
    for row in rows:
        if row.pk not in mine:
            made.leave_out(row, _("not yours to change"), is_open=row.is_open)
        elif change := _set(row, values):
            _check(made, change, by)
        else:
            made.unchanged += 1
    return made


def _set(row, values: dict) -> Change | None:
    """The row with the values set; None when it has them already."""
    columns = {row._meta.get_field(name).attname: _stored(value) for name, value in values.items()}
    row.__dict__["_stored"] = {f.attname: getattr(row, f.attname) for f in _columns(row)}
    before = {name: getattr(row, name) for name in columns}
    if ARCHIVE in columns and before[ARCHIVE] is not None:
        return None
    if before == columns:
        return None
    for name, value in columns.items():
        if name != ARCHIVE:
            _put(row, name, value)
    return Change(row, before, columns)


def _stored(value):
    return value.pk if isinstance(value, models.Model) else value


def _put(row, attname: str, value) -> None:
    column = next(f for f in _columns(row) if f.attname == attname)
    if column.is_relation:
        row._state.fields_cache.pop(column.name, None)
    setattr(row, attname, value)


def _columns(row):
    return row._meta.concrete_fields


def _check(made: Plan, change: Change, by) -> None:
    try:
        change.row.validate_for(by)
    except ValidationError as error:
        made.leave_out(change.row, " ".join(error.messages))
    else:
        made.changes.append(change)


def fingerprint(plans: list[Plan]) -> str:
    """Changes as soon as other rows, or other versions of them, would be written."""
    state = hashlib.sha256()
    for made in plans:
        for change in made.changes:
            state.update(f"{made.model.__name__} {change.row.pk} {change.row.version}\n".encode())
    return state.hexdigest()


def carry_out(plans: list[Plan], *, by, kind: str, label: str, back_to: str) -> ChangeSet:
    """Write the planned changes, all in one transaction; what is refused is left out and told."""
    with transaction.atomic():
        done = ChangeSet.objects.create(
            kind=kind, label=label[:300], back_to=back_to[:500], made_by=by, is_sample=by.is_sample
        )
        written = []
        for made in plans:
            written += [_record(done, change) for change in made.changes if _save(made, change, by)]
        ChangedRow.objects.bulk_create(written, batch_size=500)
        done.left_out = [left for made in plans for left in made.left_out][:KEPT_REASONS]
        done.save(update_fields=["left_out"])
        AuditEntry.objects.record(
            Action.BULK_CHANGED, by=by, about=done, kind=kind, rows=len(written),
            left_out=len(done.left_out),
        )  # fmt: skip
    return done


def _save(made: Plan, change: Change, by) -> bool:
    reason = _refused(change.row, change.after, by, FieldChange.Source.BULK)
    if reason:
        made.leave_out(change.row, reason)
    return not reason


def _refused(row, values: dict, by, source: str) -> str:
    """Save one row on behalf of a user; why it could not be, else nothing."""
    try:
        with transaction.atomic():
            if ARCHIVE not in values:
                row.save_as(by, source=source)
            else:
                row.set_archived(values[ARCHIVE] and timezone.now(), by, source)
    except PermissionDenied:
        return _("not yours to change")
    except ValidationError as error:
        return " ".join(error.messages)
    except (StaleRecord, IntegrityError):
        return _("changed by somebody else meanwhile")
    return ""


def _record(done: ChangeSet, change: Change) -> ChangedRow:
    after = {name: getattr(change.row, name) for name in change.after}
    name = change.row._meta.model_name
    return ChangedRow(
        change_set=done, model=name, row_id=change.row.pk, before=change.before, after=after
    )


def undo(done: ChangeSet, *, by) -> int:
    """Put the old values back where nobody changed them since; how many rows are as before.

    Raises PermissionDenied when the change is not the user's, or no longer to be taken back.
    """
    with transaction.atomic():
        held = ChangeSet.objects.select_for_update().filter(pk=done.pk).editable_by(by).first()
        if held is None or not held.may_be_undone:
            raise PermissionDenied
        outcomes = [_take_back(changed, by) for changed in held.rows.order_by("id")]
        held.not_undone = [left for left in outcomes if left][:KEPT_REASONS]
        held.undone_at = timezone.now()
        held.save(update_fields=["not_undone", "undone_at"])
        count = sum(not left for left in outcomes)
        AuditEntry.objects.record(
            Action.BULK_UNDONE, by=by, about=held, rows=count, left=len(outcomes) - count
        )
    return count


def _is_still(row, column: str, value) -> bool:
    now = getattr(row, column)
    # Archived is archived: the moment loses its microseconds on the way through JSON.
    return (now is None) == (value is None) if column == ARCHIVE else now == value


def _take_back(changed: ChangedRow, by) -> dict | None:
    """None when the row is as it was before, else its name and why it is not."""
    model = apps.get_model("crm", changed.model)
    row = model.objects.filter(pk=changed.row_id).marked_for(by).first()
    if row is None:
        return {"name": str(changed), "reason": _("no longer there")}
    columns = {f.attname: f for f in model._meta.concrete_fields}
    after = {name: columns[name].to_python(value) for name, value in changed.after.items()}
    name = str(row) if row.is_open else str(row.closed_label)
    if any(not _is_still(row, column, value) for column, value in after.items()):
        return {"name": name, "reason": _("changed by somebody else meanwhile")}
    before = {name: columns[name].to_python(value) for name, value in changed.before.items()}
    for column, value in before.items():
        if column != ARCHIVE:
            _put(row, column, value)
    reason = _refused(row, before, by, FieldChange.Source.UNDO)
    return {"name": name, "reason": reason} if reason else None
