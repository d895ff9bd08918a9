"""Two records that are one: values chosen, children moved, the loser kept, all of it undoable."""

import json

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.models import (
    AuditEntry,
    Company,
    CompanyName,
    Contact,
    FieldChange,
    Merge,
    Project,
    StaleRecord,
)
from crm.models.audit import Action
from crm.models.changes import recorded_fields
from crm.periods import today
from crm.stages import ProjectStatus

# What refers to a record, one by one: MOVED goes to the kept record, where that record has none of
# the kind already; KEPT stays with the merged one, because it is its history or its own claim.
MOVED, KEPT = "moved", "kept"
RELATIONS = {
    Company: {
        "alliancemembership.company": MOVED, "attachment.company": MOVED,
        "claimrequest.company": MOVED, "company.parent": MOVED, "company_segments.company": MOVED,
        "companymark.company": MOVED, "companyname.company": MOVED, "contact.company": MOVED,
        "datacentre.company": MOVED, "dealparty.company": MOVED, "directive.company": MOVED,
        "followup.company": MOVED, "introduction.company": MOVED, "invitation.company": MOVED,
        "plannedmeeting.company": MOVED, "programme.company": MOVED,
        "trainingagreement.company": MOVED,
        "note.company": MOVED, "project.lead_investor": MOVED, "project.project_company": MOVED,
        "projectinvestor.company": MOVED, "request.company": MOVED, "signal.company": MOVED,
        "visit.company": MOVED,
    },
    Contact: {
        "note.contact": MOVED, "project.contact": MOVED, "visit_their_people.contact": MOVED,
    },
    Project: {
        "arrival.project": MOVED, "assessment.project": MOVED, "attachment.project": MOVED,
        "claimrequest.project": MOVED, "computecapacity.project": MOVED,
        "conflict.other_project": KEPT, "conflict.project": KEPT, "creditshare.project": KEPT,
        "datacentre.project": MOVED, "deal.project": MOVED, "directive.project": MOVED,
        "factorguarantee.project": MOVED, "factorneeds.project": MOVED,
        "followup.project": MOVED, "frozenrow.project": KEPT, "introduction.project": MOVED,
        "peopleneed.project": MOVED, "milestone.project": MOVED,
        "note.project": MOVED, "phase.project": MOVED, "project_confidants.project": MOVED,
        "projectinvestor.project": MOVED, "request.project": MOVED, "stagemove.project": KEPT,
        "stageproposal.project": KEPT, "statuschange.project": KEPT, "visit.project": MOVED,
    },
}  # fmt: skip
# Only moving and deciding change these; they are not offered for choice.
NOT_CHOSEN = {
    "archived_at", "owning_team", "lead_team", "lead_investor", "company", "contact", "pooled_on",
    "is_primary", "is_confidential", "code_name", "parent",
}  # fmt: skip


def relations_of(model) -> dict[str, object]:
    """Every relation that refers to a model, hidden ones and tables of links included."""
    return {
        f"{field.related_model._meta.model_name}.{field.field.name}": field
        for field in model._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)
    }


def unlisted(model) -> set[str]:
    """Relations nobody has decided about: a merge would leave their rows behind."""
    return relations_of(model).keys() ^ RELATIONS[model].keys()


def choices(keeper, loser) -> list:
    """Fields in which the two differ and whose value may be chosen."""
    return [
        field
        for field in recorded_fields(type(keeper))
        if field.name not in NOT_CHOSEN
        and getattr(keeper, field.attname) != getattr(loser, field.attname)
    ]


def children(record) -> list[tuple[str, int]]:
    """How many rows of each kind refer to a record and would move; kinds without any left out."""
    counted = []
    for key, relation in sorted(relations_of(type(record)).items()):
        if RELATIONS[type(record)][key] == MOVED:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
            if count := rows.count():
                counted.append((relation.related_model._meta.verbose_name_plural, count))
    return counted


def merge(loser, *, into, by, reason: str, take=frozenset()) -> Merge:
    """Merge ``loser`` into another record of its kind; ``take`` names fields whose value it gives.

    Raises PermissionDenied, ValidationError, StaleRecord (one of them changed meanwhile), or
    ImproperlyConfigured when a relation is not listed in RELATIONS.
    """
    keeper = into
    if "merge_records" not in permissions_of(by.role):
        raise PermissionDenied
    if missing := unlisted(type(keeper)):
        raise ImproperlyConfigured(f"crm.merging.RELATIONS does not list {sorted(missing)}")
    with transaction.atomic():
        _hold(keeper, loser)
        _check(keeper, loser, reason)
        journal = _Merging(keeper, loser, by, reason).run(take)
        done = Merge.objects.create(
            kind=keeper._meta.model_name, keeper_id=keeper.pk, keeper_name=str(keeper)[:200],
            loser_id=loser.pk, loser_name=journal["name"][:200], reason=reason, by=by,
            journal=journal, is_sample=keeper.is_sample or loser.is_sample,
        )  # fmt: skip
        AuditEntry.objects.record(Action.MERGED, by=by, about=keeper, loser=loser.pk)
        return done


def _hold(*records) -> None:
    """Lock the rows in one order, and see that they are as they were read."""
    for record in sorted(records, key=lambda row: row.pk):
        row = type(record)._base_manager.select_for_update().get(pk=record.pk)
        if row.version != record.version:
            raise StaleRecord(str(record.pk))


def _check(keeper, loser, reason) -> None:
    if type(keeper) is not type(loser) or keeper.pk == loser.pk:
        raise ValidationError(_("Two different records of one kind are merged."))
    for record in (keeper, loser):
        status = getattr(record, "status", "")
        if record.archived_at is not None or status == ProjectStatus.MERGED:
            raise ValidationError(
                _("%(name)s is archived or merged already."), params={"name": record}
            )
    if not reason.strip():
        raise ValidationError({"reason": _("A merge needs its reason.")})
    if isinstance(keeper, Contact) and keeper.company_id != loser.company_id:
        raise ValidationError(_("Only people of one firm are merged; merge the firms first."))
    if isinstance(keeper, Project) and keeper.is_confidential != loser.is_confidential:
        raise ValidationError(_("A confidential project is merged with a confidential one only."))


class _Merging:
    """Writes one merge; ``run`` returns the journal."""

    def __init__(self, keeper, loser, by, reason):
        self.keeper, self.loser, self.by, self.reason = keeper, loser, by, reason
        self.model = type(keeper)

    def run(self, take) -> dict:
        before = {row.pk: _values(row) for row in (self.keeper, self.loser)}
        name = str(self.loser)
        status = self._retire()
        self._choose(take)
        moved, left = self._move_children()
        journal = {
            "name": name, "moved": moved, "left": left, "status": status,
            "keeper": [before[self.keeper.pk], _values(self.keeper)],
            "loser": [before[self.loser.pk], _values(self.loser)],
            "former_name": self._keep_name(),
        }  # fmt: skip
        self._tell(before)
        return json.loads(json.dumps(journal, cls=DjangoJSONEncoder))

    def _retire(self) -> str:
        """Take the loser out of use, and its unique values out of the keeper's way."""
        loser = self.loser
        loser.updated_by = self.by
        if isinstance(loser, Project):
            status = loser.status
            loser.set_status(ProjectStatus.MERGED, by=self.by, on=today(), reason=self.reason)
            return status
        if isinstance(loser, Company):
            self._code, loser.uscc = loser.uscc, None
        loser.archived_at = timezone.now()
        loser.save()
        return ""

    def _choose(self, take) -> None:
        """The keeper's values, and the loser's where they were chosen."""
        offered = {field.name: field for field in choices(self.keeper, self.loser)}
        if getattr(self, "_code", None):
            offered["uscc"] = self.model._meta.get_field("uscc")
        for name in take & offered.keys():
            value = self._code if name == "uscc" else getattr(self.loser, offered[name].attname)
            setattr(self.keeper, offered[name].attname, value)
        if getattr(self.keeper, "parent_id", None) == self.loser.pk:
            self.keeper.parent_id = None
        self.keeper.updated_by = self.by
        self.keeper.clean_fields(exclude=self.keeper._not_checked())
        self.keeper.save()

    def _move_children(self) -> tuple[list, list]:
        moved, left = [], []
        for key, relation in sorted(relations_of(self.model).items()):
            if RELATIONS[self.model][key] == MOVED:
                self._move(relation.related_model, relation.field, moved, left)
        return moved, left

    def _move(self, model, field, moved, left) -> None:
        """All rows of a relation; those that the keeper has already stay and are listed."""
        rows = model._base_manager.filter(**{field.name: self.loser.pk})
        for row in rows.exclude(pk=self.keeper.pk) if model is self.model else rows:
            values = {field.attname: self.keeper.pk}
            if model is Contact and row.is_primary and self._has_primary():
                values["is_primary"] = False
            before = {name: getattr(row, name) for name in values}
            version = _version(row)
            if version is not None:
                values["version"] = F("version") + 1
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**values)
            except IntegrityError:
                left.append(_named(row))
                continue
            after = None if version is None else version + 1
            moved.append([model._meta.label, row.pk, after, field.attname, before])
            self._tell_of_child(model, row, before)

    def _has_primary(self) -> bool:
        return Contact.objects.live().filter(
            company=self.keeper, is_primary=True, has_left=False
        ).exists()  # fmt: skip

    def _keep_name(self) -> list | None:
        """The firm that went answers to its name as a former name of the one that stays."""
        if self.model is not Company or self.loser.name_key == self.keeper.name_key:
            return None
        row, is_new = CompanyName.objects.get_or_create(
            company=self.keeper, name_key=self.loser.name_key, kind=CompanyName.Kind.FORMER,
            defaults={"name": self.loser.name, "created_by": self.by, "updated_by": self.by,
                      "is_sample": self.loser.is_sample},
        )  # fmt: skip
        return [row.pk, row.version] if is_new else None

    def _tell(self, before) -> None:
        for row in (self.keeper, self.loser):
            FieldChange.objects.record_changes(
                [row], before, by=self.by, source="merge", reason=self.reason
            )

    def _tell_of_child(self, model, row, before) -> None:
        if _version(row) is not None:
            row.refresh_from_db()
            FieldChange.objects.record_changes(
                [row], {row.pk: before}, by=self.by, source="merge", reason=self.reason
            )


# -- taking it back --------------------------------------------------------------------------------


def undo(done: Merge, *, by) -> list[dict]:
    """Take a merge back: every row nobody touched since is as before; returns what was left.

    Raises PermissionDenied, or ValidationError after 30 days, when it is taken back already, or
    when the merged record cannot come back because another one has its name.
    """
    if "merge_records" not in permissions_of(by.role):
        raise PermissionDenied
    with transaction.atomic():
        row = Merge.objects.select_for_update().get(pk=done.pk)
        if not row.may_be_undone():
            raise ValidationError(_("This merge can no longer be taken back."))
        try:
            with transaction.atomic():
                row.left = _Undoing(row, by).run()
        except IntegrityError as error:
            message = _("Another record has taken the name or code meanwhile; change that first.")
            raise ValidationError(message) from error
        row.undone_by, row.undone_at = by, timezone.now()
        row.save()
        AuditEntry.objects.record(Action.MERGE_UNDONE, by=by, about=row, left=len(row.left))
    return row.left


class _Undoing:
    def __init__(self, done, by):
        self.journal, self.by, self.left = done.journal, by, []
        self.model = apps.get_model("crm", done.kind)
        self.keeper = self.model._base_manager.select_for_update().get(pk=done.keeper_id)
        self.loser = self.model._base_manager.select_for_update().get(pk=done.loser_id)

    def run(self) -> list[dict]:
        self._remove_name()
        for label, pk, version, attname, before in self.journal["moved"]:
            self._move_back(apps.get_model(label), pk, version, attname, before)
        self._restore(self.keeper, *self.journal["keeper"])
        self._bring_back()
        return self.left

    def _remove_name(self) -> None:
        if self.journal["former_name"]:
            pk, version = self.journal["former_name"]
            CompanyName.objects.filter(pk=pk, version=version).delete()

    def _move_back(self, model, pk, version, attname, before) -> None:
        row = model._base_manager.select_for_update().filter(pk=pk).first()
        if row is None or getattr(row, attname) != self.keeper.pk or _version(row) != version:
            self.left.append(_named(row) if row else {"kind": str(model._meta.verbose_name)})
            return
        values = before if version is None else before | {"version": F("version") + 1}
        model._base_manager.filter(pk=pk).update(**values)

    def _bring_back(self) -> None:
        if isinstance(self.loser, Project):
            reason = str(_("the merge was taken back"))
            if self.loser.status == ProjectStatus.MERGED:
                self.loser.set_status(self.journal["status"], by=self.by, on=today(), reason=reason)
            return
        before, after = self.journal["loser"]
        self._restore(self.loser, before, after)

    def _restore(self, row, before, after) -> None:
        """The values of before the merge, where nobody has written another one since."""
        was = _values(row)
        for field in row._meta.concrete_fields:
            name = field.attname
            if name not in before or before[name] == after[name]:
                continue
            if _plain(getattr(row, name)) != after[name]:
                self.left.append(_named(row) | {"field": str(field.verbose_name)})
                continue
            setattr(row, name, field.to_python(before[name]))
        row.updated_by = self.by
        row.save()
        FieldChange.objects.record_changes([row], {row.pk: was}, by=self.by, source="undo")


def _values(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in recorded_fields(type(row))}


def _plain(value):
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _version(row) -> int | None:
    """None for a row of links, which has none."""
    return getattr(row, "version", None)


def _named(row) -> dict:
    return {"kind": str(row._meta.verbose_name), "id": row.pk, "label": str(row)[:120]}
