"""Taking an import back: every row nobody touched since is as before, the others are listed."""

import time

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import AuditEntry, ImportJob, Project, StageMove
from crm.models.audit import Action

from .committing import ORDER, TELL_SECONDS, alone
from .directory import chunks


def undo(job: ImportJob) -> None:
    """Take back what the job's journal lists; the job is then ``undone``, with what was left."""
    with transaction.atomic():
        alone()
        left = _Undo(job).run()
        job.finish(ImportJob.State.UNDONE, left=left, undone_at=timezone.now())
        AuditEntry.objects.record(
            Action.IMPORT_UNDONE, by=job.owner, about=job, kind=job.kind, left=len(left)
        )


class _Undo:
    def __init__(self, job):
        self.job, self.journal, self.left = job, job.journal, []
        self.moves = self.journal.get("moves", [])
        added = sum(map(len, self.journal.get("added", {}).values()))
        self.total = added + len(self.journal.get("changed", []))
        self.done, self.told_at = 0, time.monotonic()

    def run(self) -> list[dict]:
        restored = self._restorable()
        self._delete_links()
        kept_projects = self._touched_projects()
        self._delete_moves(kept_projects)
        for row, values in restored:
            self._restore(row, values)
            self._tell(1)
        for model in reversed(ORDER):
            self._delete_added(model)
        return self.left

    # -- changed rows --------------------------------------------------------------------------

    def _restorable(self) -> list[tuple]:
        """Rows that are as the import left them, each with its former values."""
        found = []
        by_model: dict[str, list] = {}
        for label, *change in self.journal.get("changed", []):
            by_model.setdefault(label, []).append(change)
        for label, changes in by_model.items():
            model = apps.get_model(label)
            for part in chunks(changes):
                held = model._base_manager.select_for_update()
                rows = held.in_bulk([pk for pk, _version, _values in part])
                for pk, version, values in part:
                    row = rows.get(pk)
                    if row is None or row.version != version:
                        self._leave(model, row, pk)
                    else:
                        found.append((row, values))
        return found

    def _restore(self, row, values) -> None:
        columns = {f.attname: f for f in row._meta.concrete_fields}
        for attname, value in values.items():
            setattr(row, attname, columns[attname].to_python(value))
        row.updated_by = self.job.owner
        row.save()

    def _tell(self, count: int) -> None:
        self.done += count
        if time.monotonic() - self.told_at > TELL_SECONDS:
            self.told_at = time.monotonic()
            self.job.tell(min(self.done, self.total), self.total)

    def _leave(self, model, row, pk) -> None:
        self.left.append({
            "model": model._meta.model_name, "kind": str(model._meta.verbose_name), "id": pk,
            "label": str(row) if row is not None else str(pk),
            "reason": _("changed since the import") if row is not None else _("gone since"),
        })  # fmt: skip

    # -- added rows ----------------------------------------------------------------------------

    def _delete_links(self) -> None:
        for label, keys in self.journal.get("links", {}).items():
            for part in chunks(keys):
                apps.get_model(label)._base_manager.filter(pk__in=part).delete()

    def _touched_projects(self) -> set[int]:
        """Projects that somebody worked on since: their history stays."""
        then = dict(self.journal.get("added", {}).get(Project._meta.label, []))
        then |= {pk: v for label, pk, v, _values in self.journal.get("changed", [])
                 if label == Project._meta.label}  # fmt: skip
        touched = set()
        for part in chunks(then):
            now = Project._base_manager.filter(pk__in=part).values_list("pk", "version")
            touched |= {pk for pk, version in now if version != then[pk]}
        return touched | self._used_projects(then)

    def _used_projects(self, keys) -> set[int]:
        """Projects of this import that newer rows refer to."""
        return {pk for pk in self._referred(Project, keys) if pk in dict.fromkeys(keys)}

    def _delete_moves(self, kept: set[int]) -> None:
        for part in chunks(self.moves):
            moves = StageMove.objects.filter(pk__in=part).exclude(project__in=kept)
            moves._raw_delete(moves.db)

    def _delete_added(self, model) -> None:
        then = dict(self.journal.get("added", {}).get(model._meta.label, []))
        for part in chunks(then):
            rows = model._base_manager.select_for_update().filter(pk__in=part)
            now = dict(rows.values_list("pk", "version"))
            kept = {pk for pk in now if now[pk] != then[pk]}
            kept |= self._referred(model, [pk for pk in now if pk not in kept])
            for row in model._base_manager.filter(pk__in=kept):
                self._leave(model, row, row.pk)
            gone = model._base_manager.filter(pk__in=now.keys() - kept)
            gone._raw_delete(gone.db)
            self._tell(len(part))

    def _referred(self, model, keys) -> set[int]:
        """Which of these rows others still refer to."""
        found: set[int] = set()
        for relation in model._meta.related_objects:
            if relation.many_to_many:
                through, name = relation.through, relation.field.m2m_reverse_field_name()
            else:
                through, name = relation.related_model, relation.field.name
            found |= self._from(through, name, keys)
        for field in model._meta.many_to_many:
            through = field.remote_field.through
            found |= self._from(through, field.m2m_field_name(), keys)
        return found

    def _from(self, model, name: str, keys) -> set[int]:
        """Keys that rows of ``model`` refer to, other than rows of this very import."""
        own = {pk for pk, _v in self.journal.get("added", {}).get(model._meta.label, [])}
        own |= set(self.moves) if model is StageMove else set()
        attname = model._meta.get_field(name).attname
        found = set()
        for part in chunks(keys):
            rows = model._base_manager.filter(**{f"{name}__in": part})
            found |= {target for pk, target in rows.values_list("pk", attname) if pk not in own}
        return found
