"""The field history of a record in words, for one reader."""

from datetime import date

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.access import PHONE_READERS, permissions_of
from crm.models import FieldChange
from crm.models.fields import YuanField
from crm.money import format_yuan
from crm.names import mask_phone

PAGE = 50
PHONES = {"mobile", "phone", "office_phone"}
# What is part of a record: its changes are shown with the record's own.
PARTS = {
    "company": "companyname companymark contact signal alliancemembership",
    "project": "projectinvestor creditshare phase factorneeds computecapacity milestone assessment "
    "factorguarantee peopleneed conflict deal arrival",
    "deal": "dealparty commitment attribution",
    "trip": "plannedmeeting invitation",
    "event": "invitation",
    "alliancemeeting": "meetingattendance",
    "alliancemembership": "alliancecommitment",
    "programme": "trainingyear",
    "taskforce": "membership",
    "park": "parksupply entryrule",
    "datacentre": "datacentrecompute",
}
PARENT_LINK = {
    "taskforce": "task_force", "datacentre": "data_centre", "alliancemeeting": "meeting",
    "alliancemembership": "membership",
}  # fmt: skip


def changes_of(record, user):
    """Changes of a record and of its parts, as far as each is open to the reader, newest first."""
    name = record._meta.model_name
    opened = type(record).objects.filter(pk=record.pk).open_to(user)
    condition = Q(model=name, record_id=record.pk, record_id__in=opened.values("pk"))
    for part in PARTS.get(name, "").split():
        if f"view_{part}" in permissions_of(user.role):
            rows = apps.get_model("crm", part).objects.open_to(user)
            rows = rows.filter(**{PARENT_LINK.get(name, name): record.pk})
            condition |= Q(model=part, record_id__in=rows.values("pk"))
    changes = FieldChange.objects.filter(condition).select_related("by", "import_job")
    return changes.order_by("-at", "-id")


def page_of(changes, before: str) -> tuple[list, int | None]:
    """A page of changes older than the one with the key ``before``, and the key for the next."""
    if before.isascii() and before.isdigit() and len(before) < 19:
        last = FieldChange.objects.filter(pk=int(before)).first()
        if last is not None:
            changes = changes.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    rows = list(changes[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def described(changes, user) -> list[dict]:
    """Each change as who, when, record, field, from, to, why; what is closed stays unnamed."""
    rows = in_words(changes, user)
    for row, change in zip(rows, changes, strict=True):
        row |= {"at": change.at, "who": change.by, "why": change.reason, "source": _source(change)}
    return rows


def in_words(changes, user) -> list[dict]:
    """Record, field, from and to of each change as this reader may see them."""
    labels = _linked_labels(changes, user)
    return [_in_words_of(change, user, labels) for change in changes]


def _in_words_of(change: FieldChange, user, labels: dict) -> dict:
    model = apps.get_model("crm", change.model)
    field = _field(model, change.field)
    before, after = (_in_words(field, text, user, labels) for text in (change.before, change.after))
    return {
        "record": capfirst(model._meta.verbose_name), "field": _label(field, change.field),
        "before": before, "after": after,
    }  # fmt: skip


def _source(change) -> str:
    if change.source == FieldChange.Source.FORM:
        return ""
    name = change.import_job.file_name if change.import_job else ""
    return f"{change.get_source_display()} {name}".strip()


def _field(model, name: str):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:  # a part that was taken out is recorded by its accessor
        accessors = {r.get_accessor_name(): r for r in model._meta.related_objects}
        return accessors.get(name)


def _label(field, name: str) -> str:
    if field is None:
        return name
    if hasattr(field, "verbose_name"):
        return str(field.verbose_name)
    return str(field.related_model._meta.verbose_name)


def _in_words(field, text: str, user, labels: dict) -> str:
    """A stored text as the reader may see it; "" for unknown."""
    if not text or field is None or not hasattr(field, "verbose_name"):
        return text
    if field.is_relation:
        keys = [key for key in text.split(",") if key]
        return "、".join(labels.get((field.related_model, key), _("gone")) for key in keys)
    if field.name in PHONES and user.role not in PHONE_READERS:
        return mask_phone(text)
    return _value_in_words(field, text)


def _value_in_words(field, text: str) -> str:
    if field.choices:
        return str(dict(field.flatchoices).get(text, text))
    if isinstance(field, YuanField):
        return format_yuan(field.to_python(text))
    if isinstance(field, models.BooleanField):
        return _("yes") if text == "True" else _("no")
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(field.to_python(text)):%Y-%m-%d %H:%M}"
    if isinstance(field, models.DateField):
        return str(date.fromisoformat(text))
    return text


def _linked_labels(changes, user) -> dict:
    """Names of all linked rows by (model, key as text), one query a model; closed ones unnamed."""
    wanted: dict = {}
    for change in changes:
        field = _field(apps.get_model("crm", change.model), change.field)
        if field is not None and hasattr(field, "verbose_name") and field.is_relation:
            keys = {*change.before.split(","), *change.after.split(",")}
            wanted.setdefault(field.related_model, set()).update(filter(str.isdigit, keys))
    return {
        (model, str(row.pk)): _name(row)
        for model, keys in wanted.items()
        for row in model.objects.filter(pk__in=keys).marked_for(user)
    }


def _name(row) -> str:
    if row.is_open:
        return str(row)
    return str(getattr(row, "closed_label", _("confidential")))
