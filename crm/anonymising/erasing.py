"""The writes of an erasure: rows, histories, what imports kept, and the record itself."""

from collections import Counter

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.models import ChangedRow, Contact, FieldChange, ImportJob, ImportPlan, ImportRow, Merge
from crm.models.ledgers import LedgerKind

from .places import LEFT_ALONE, naming, texts_of, tie_of
from .words import Words

# What a contact says about a person; the firm, the marks and the dates stay.
PERSONAL = (
    "name", "salutation", "position", "section", "mobile", "phone", "introduced_by", "note",
    "source",
)  # fmt: skip


class Erasing:
    """One erasure; ``run`` returns how many rows of each kind named the person."""

    def __init__(self, people: list[Contact], words: Words, by):
        self.people, self.words, self.by = people, words, by
        self.keys = [person.pk for person in people]
        self.firms = {person.company_id for person in people}
        self.found: Counter[str] = Counter()
        self.jobs: set[int] = set()

    def run(self) -> Counter:
        self._empty_journals()
        for model in _models():
            if model._meta.model_name not in LEFT_ALONE and texts_of(model):
                self._blacken(model)
        self._blacken_history()
        self._close_imports()
        for person in self.people:
            self._empty(person)
        kind = ContentType.objects.get_for_model(Contact)
        entries = LogEntry.objects.filter(content_type=kind, object_id__in=map(str, self.keys))
        entries.update(object_repr=self.words.stand_in)
        return self.found

    # -- rows that name the person -------------------------------------------------------------

    def _blacken(self, model) -> None:
        """First what is tied to the person, then the numbers wherever else they stand."""
        tie = tie_of(model, self.firms, self.keys)
        for where, words in self._passes(tie):
            for row in naming(model, where, words):
                if model is not Contact or row.pk not in self.keys:
                    self._write(row, _changed(row, words))

    def _passes(self, tie: Q | None) -> list[tuple[Q | None, Words]]:
        if tie is None:
            return [(None, self.words)]
        return [(tie, self.words), (None, self.words.numbers_only())]

    def _write(self, row, changed: dict) -> None:
        """Past ``save``: histories have none, and a field history would keep the old text."""
        model = type(row)
        if not changed:
            return
        for name, value in changed.items():
            setattr(row, name, value)
        if hasattr(row, "derive"):
            row.derive()
            changed |= {name: getattr(row, name) for name in model.derived_fields()}
        if hasattr(row, "version"):  # a form that is open still holds the old text
            changed["version"] = F("version") + 1
        model._base_manager.filter(pk=row.pk).update(**changed)
        self.found[model._meta.model_name] += 1
        if model in (ImportRow, ImportJob):
            self.jobs.add(row.job_id if model is ImportRow else row.pk)

    # -- what could bring the person back ------------------------------------------------------

    def _empty_journals(self) -> None:
        """Former values kept for taking something back: of this person nothing is taken back."""
        ours = Q(loser_id__in=self.keys) | Q(keeper_id__in=self.keys)
        merges = Merge.objects.filter(ours, kind=Merge.Kind.CONTACT)
        gone = {"keeper_name": self.words.stand_in, "loser_name": self.words.stand_in}
        merges.update(journal={}, **gone)
        for row in ChangedRow.objects.filter(model="contact", row_id__in=self.keys):
            row.before, row.after = _impersonal(row.before), _impersonal(row.after)
            row.save(update_fields=["before", "after"])
        own = ImportRow.objects.filter(object_id__in=self.keys, job__kind=LedgerKind.CONTACTS)
        self.jobs |= set(own.values_list("job", flat=True)) | self._imported()
        own.update(label=self.words.stand_in, changes=[])
        for job in ImportJob.objects.filter(pk__in=self.jobs):
            changes = job.journal.get("changed", [])
            kept = [each for each in changes if not self._is_own(each)]
            if len(kept) < len(changes):
                job.journal["changed"] = kept
                job.save(update_fields=["journal"])

    def _is_own(self, change: list) -> bool:
        return change[0] == Contact._meta.label and change[1] in self.keys

    def _imported(self) -> set[int]:
        """Imports that wrote this contact, as its history knows."""
        rows = FieldChange.objects.filter(model="contact", record_id__in=self.keys)
        return set(rows.exclude(import_job=None).values_list("import_job", flat=True))

    # -- histories -----------------------------------------------------------------------------

    def _blacken_history(self) -> None:
        """Whatever a personal field of the contact ever said; of other rows what names them."""
        own = Q(model="contact", record_id__in=self.keys, field__in=PERSONAL)
        for change in FieldChange.objects.filter(own):
            said = {name: getattr(change, name) for name in ("before", "after")}
            gone = {name: text and self.words.stand_in for name, text in said.items()}
            self._rewrite(change, gone, self.words)
        for where, words in self._passes(self._tied_changes()):
            for change in naming(FieldChange, where, words):
                said = {name: getattr(change, name) for name in ("before", "after")}
                self._rewrite(change, {k: words.without(v) for k, v in said.items()}, words)

    def _rewrite(self, change: FieldChange, texts: dict, words: Words) -> None:
        texts["reason"] = words.without(change.reason)[:300]
        if any(getattr(change, name) != text for name, text in texts.items()):
            FieldChange.objects.filter(pk=change.pk).update(**texts)
            self.found["fieldchange"] += 1

    def _tied_changes(self) -> Q:
        tied = Q(model="contact", record_id__in=self.keys)
        for model in _models():
            tie = tie_of(model, self.firms, self.keys)
            if tie is not None and hasattr(model, "version"):
                keys = model._base_manager.filter(tie).values("pk")
                tied |= Q(model=model._meta.model_name, record_id__in=keys)
        return tied

    # -- imports -------------------------------------------------------------------------------

    def _close_imports(self) -> None:
        """Files that named the person go; what was checked of them is not written any more."""
        for job in ImportJob.objects.filter(pk__in=self.jobs).exclude(file=""):
            name, storage = job.file.name, job.file.storage
            transaction.on_commit(lambda name=name, storage=storage: storage.delete(name))
            job.file = ""
            if job.state in {ImportJob.State.UPLOADED, ImportJob.State.CHECKED}:
                job.state, job.message = ImportJob.State.FAILED, _(
                    "The file was deleted because it named a person who asked to be forgotten."
                )  # fmt: skip
            job.save(update_fields=["file", "state", "message"])
            self.found["importjob"] += 1
        ImportPlan.objects.filter(job__in=self.jobs).delete()

    # -- the record itself ---------------------------------------------------------------------

    def _empty(self, person: Contact) -> None:
        for name in PERSONAL:
            setattr(person, name, "")
        person.name, person.has_wechat = self.words.stand_in, False
        person.updated_by = self.by
        person.save()
        FieldChange.objects.create(
            model="contact", record_id=person.pk, field="name", after=person.name, by=self.by,
            reason=_("anonymised on request"), is_sample=person.is_sample,
        )  # fmt: skip


def _models():
    return apps.get_app_config("crm").get_models()


def _impersonal(values: dict) -> dict:
    return {name: value for name, value in values.items() if name not in PERSONAL}


def _changed(row, words: Words) -> dict:
    """The texts of a row that say one of the words, freed of them."""
    texts = {field: getattr(row, field.attname) for field in texts_of(type(row))}
    freed = {field: words.out_of(text) for field, text in texts.items()}
    return {f.attname: _fitting(f, freed[f]) for f, text in texts.items() if freed[f] != text}


def _fitting(field, value):
    """A stand-in may be longer than the name that it stands for."""
    longest = getattr(field, "max_length", None)
    return value[:longest] if longest and isinstance(value, str) else value
