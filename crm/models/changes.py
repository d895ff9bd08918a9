"""What was changed in which field, by whom, when, from what to what: append-only."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import ScopedQuerySet

CHUNK = 2_000
# Written by the machinery of every save; not something a person changed.
NOT_RECORDED = {"version", "created_at", "updated_at", "created_by", "updated_by", "is_sample"}


def recorded_fields(model) -> list:
    """The columns whose changes are kept: what people fill in, and the archive."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in NOT_RECORDED
        and (field.editable or field.name == "archived_at")
        and not field.primary_key
    ]


def raw(value) -> str:
    """A stored value as text; unknown is empty, equal values give equal texts."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


class FieldChangeQuerySet(ScopedQuerySet):
    """Nobody lists changes by themselves; they are read with their record (``field_history``)."""

    def record_changes(self, rows, before: dict, *, by, source="form", reason="", job=None) -> None:
        """Keep what differs between the rows and ``before``; one insert for all of them.

        ``rows`` are of one model and already written; ``before`` maps a key to the stored values by
        column name (``attname``), as ``queryset.values()`` gives them. What is not in ``before`` is
        not compared. Call it in the transaction of the write.
        """
        rows = list(rows)
        fields = recorded_fields(type(rows[0])) if rows else []
        found = [
            self.model(
                model=row._meta.model_name, record_id=row.pk, field=field.name,
                before=old, after=new, by=by, source=source, reason=reason, import_job=job,
                is_sample=by.is_sample or row.is_sample,
            )
            for row in rows
            for field, old, new in _differences(row, fields, before.get(row.pk, {}))
        ]  # fmt: skip
        self.bulk_create(found, batch_size=CHUNK)

    def record_links(self, row, name: str, before: set, *, by) -> None:
        """Keep a change of a many-to-many field; ``before`` are the keys it held."""
        after = set(getattr(row, name).values_list("pk", flat=True))
        if after != before:
            self._record(row, name, by, before=_keys(before), after=_keys(after))

    def record_removal(self, part, *, of, name: str, by) -> None:
        """Keep that a part (an investor line, a milestone) is taken out of its record."""
        self._record(of, name, by, before=str(part)[:500])

    def _record(self, row, name, by, **texts) -> None:
        self.create(
            model=row._meta.model_name, record_id=row.pk, field=name, by=by,
            is_sample=by.is_sample or row.is_sample, **texts,
        )  # fmt: skip


def _differences(row, fields, stored: dict):
    """The fields of the stored values that the row now holds otherwise, as texts."""
    for field in fields:
        if field.attname in stored:
            old, new = raw(stored[field.attname]), raw(getattr(row, field.attname))
            if old != new:
                yield field, old, new


def _keys(keys) -> str:
    return ",".join(map(str, sorted(keys)))


class FieldChange(models.Model):
    """One field of one record, before and after.

    ``before`` and ``after`` are kept as they are stored (keys of linked rows, codes of choices) and
    turned into words when somebody reads them: what a linked row is called depends on the reader.
    There is no foreign key to the record, so that the history outlives what is taken out again.
    """

    class Source(models.TextChoices):
        FORM = "form", _("form")
        BULK = "bulk", _("changed with others")
        IMPORT = "import", _("ledger")
        UNDO = "undo", _("taken back")
        MERGE = "merge", _("merged")
        API = "api", _("other system")

    model = models.CharField(_("kind of record"), max_length=40)
    record_id = models.BigIntegerField(_("record"))
    field = models.CharField(_("field"), max_length=60)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    by = models.ForeignKey("crm.User", models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    source = models.CharField(
        _("source"), max_length=8, choices=Source.choices, default=Source.FORM
    )
    import_job = models.ForeignKey(
        "crm.ImportJob", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("import"),
    )  # fmt: skip
    is_sample = models.BooleanField(_("sample"), default=False)

    objects = FieldChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("field change")
        verbose_name_plural = _("field changes")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["model", "record_id", "-at"], name="change_of_record")]

    def __str__(self):
        return f"{self.model} {self.record_id} {self.field}"
