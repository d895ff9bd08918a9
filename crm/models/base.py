"""What every record shares: who wrote it and when, its version, its row scope and its write rule.

Every door (admin form, inline, action, import, command, API) writes through ``save_as(user)``.
"""

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import Role, permissions_of


class StaleRecord(Exception):
    """Somebody else changed the row after it was read; nothing was written."""


def where(at: str, **lookups) -> Q:
    """Q of lookups that start at a relation path, e.g. ``where("project__", stage="lead")``."""
    return Q(**{f"{at}{key}": value for key, value in lookups.items()})


def nothing(at: str = "") -> Q:
    """A condition that no row meets: the default of every scope."""
    return where(at, pk__in=[])


def everything(at: str = "") -> Q:
    """A condition that every row meets. Never an empty Q: ``Q() | other`` would be ``other``."""
    return where(at, pk__isnull=False)


class ScopedQuerySet(models.QuerySet):
    """The one door for visibility. Subclasses override the three ``*_q``; the default denies.

    visible: the row may stand in a list (perhaps only with its public part or its code name).
    open: everything in it may be read. editable: it may be written.
    ``at`` is a relation path with its trailing ``__``, so that children re-use a parent's rule.
    """

    @classmethod
    def visible_q(cls, user, at: str = "") -> Q:
        return nothing(at)

    @classmethod
    def open_q(cls, user, at: str = "") -> Q:
        return cls.visible_q(user, at)

    @classmethod
    def editable_q(cls, user, at: str = "") -> Q:
        return nothing(at)

    def visible_to(self, user):
        """Rows the user may list; each carries ``is_open``: may everything in it be shown?"""
        seen = self.visible_q(user) if user.is_active else nothing()
        rows = self.filter(seen)
        if self._all_open():
            return rows.annotate(is_open=models.Value(True))
        return rows.marked_for(user)

    def marked_for(self, user):
        """Adds ``is_open`` without narrowing the rows: the caller decides which ones there are."""
        opened = self.open_q(user) if user.is_active else nothing()
        return self.annotate(
            is_open=models.Case(
                models.When(opened, then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )

    def open_to(self, user):
        """Rows the user may read in full; asked as a condition, which an index can serve."""
        if not user.is_active:
            return self.visible_to(user)
        rows = self.filter(self.visible_q(user))
        rows = rows if self._all_open() else rows.filter(self.open_q(user))
        return rows.annotate(is_open=models.Value(True))

    @classmethod
    def _all_open(cls) -> bool:
        """Has the kind no rows that are listed but closed?"""
        return cls.open_q.__func__ is ScopedQuerySet.open_q.__func__

    def editable_by(self, user):
        """Rows the user may write."""
        if not user.is_active:
            return self.none()
        return self.filter(self.visible_q(user) & self.open_q(user) & self.editable_q(user))

    def live(self):
        """Rows that were not archived: what lists, figures and reports use."""
        return self.filter(archived_at=None)


class ReferenceQuerySet(ScopedQuerySet):
    """Reference data: everybody who works here reads it, the bureau keeps it."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return everything(at) if user.role == "bureau" else nothing(at)

    def current(self):
        """Values still offered in new records; disabled ones stay on old records."""
        return self.filter(is_disabled=False)


class SecurityAdminsQuerySet(ScopedQuerySet):
    """For the security administrator alone."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role == Role.SECURITY_ADMIN else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return cls.visible_q(user, at)


class Record(models.Model):
    """A row people write: version for lost-update protection, authorship, sample mark, archive."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True, editable=False)
    created_by = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="+", null=True, blank=True, editable=False,
        verbose_name=_("created by"),
    )  # fmt: skip
    updated_by = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="+", null=True, blank=True, editable=False,
        verbose_name=_("changed by"),
    )  # fmt: skip
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    # Links for which it is enough that the linked row may be listed.
    links_by_public_part: frozenset[str] = frozenset()

    # -- writing -------------------------------------------------------------------------------

    def save_as(self, user, *, reason: str = "", source: str = "form"):
        """Save on behalf of a user, or write nothing at all.

        ``reason`` and ``source`` (a ``FieldChange.Source``) go into the history.

        Raises PermissionDenied (the row is or would be outside the user's scope), ValidationError
        (what was touched breaks a rule) or StaleRecord (somebody else was faster).
        """
        with transaction.atomic():
            adding = self._state.adding
            self.check_write_by(user)
            self.validate_for(user)
            self.sign(user)
            before = self.stored()
            self.save()
            self.keep_changes({} if adding else before, by=user, reason=reason, source=source)
            for row in self.rows_added_with(user) if adding else ():
                row.save()
            self.after_save_as(user, adding=adding)
            if not self.is_editable_by(user):
                raise PermissionDenied

    def keep_changes(self, before: dict, *, by, reason: str = "", source: str = "form") -> None:
        """Add what differs from ``before`` to the field history."""
        history = apps.get_model("crm", "FieldChange").objects
        history.record_changes([self], {self.pk: before}, by=by, reason=reason, source=source)

    def sign(self, user) -> None:
        """Note who writes. What a sample account enters is sample data, and goes with it."""
        self.updated_by = user
        if self._state.adding:
            self.created_by = user
            self.is_sample = self.is_sample or user.is_sample

    def derive(self) -> None:
        """Hook: fill the columns that follow from others, before the row is written."""

    @classmethod
    def derived_from(cls) -> frozenset[str]:
        """Hook: the columns that ``derive`` reads."""
        return frozenset()

    @classmethod
    def derived_fields(cls) -> set[str]:
        """The columns that ``derive`` fills."""
        names = {f.name for f in cls._meta.concrete_fields if not f.editable}
        return {name for name in names if name.endswith("_key") or name == "search_text"}

    def is_derived(self) -> bool:
        """Whether a new row has its derived columns: those of an empty text are empty too."""
        written = any(getattr(self, name) for name in self.derived_from())
        return not written or all(getattr(self, name) for name in self.derived_fields())

    def rows_added_with(self, user) -> list:
        """Hook: unsaved rows that a new record brings along, e.g. a project's first history row."""
        return []

    def after_save_as(self, user, *, adding: bool) -> None:
        """Hook for what else belongs to the same transaction."""

    def check_write_by(self, user) -> None:
        """Raise PermissionDenied unless the user's role and row scope allow this write."""
        action = "add" if self._state.adding else "change"
        if f"{action}_{self._meta.model_name}" not in permissions_of(user.role):
            raise PermissionDenied
        if not self._state.adding and not self.is_editable_by(user):
            raise PermissionDenied

    def check_delete_by(self, user) -> None:
        """Raise PermissionDenied unless this part may be taken out by the user."""
        if f"delete_{self._meta.model_name}" not in permissions_of(user.role):
            raise PermissionDenied
        if not self.is_editable_by(user):
            raise PermissionDenied

    def is_editable_by(self, user) -> bool:
        return type(self).objects.filter(pk=self.pk).editable_by(user).exists()

    def validate_for(self, user, *, without: frozenset[str] = frozenset()) -> None:
        """Check what was touched: links inside the user's scope, fields, rules, constraints.

        ``without`` names links that are filled later (a part whose record is being created).

        Fields nobody touched are left alone, so that an imported record with an old fault can
        still be repaired piece by piece. Raises ValidationError.
        """
        touched = self.touched_fields() - without
        errors = self._links_out_of_scope(user, touched)
        if errors:
            raise ValidationError(errors)
        untouched = {f.name for f in self._meta.concrete_fields} - touched
        self.clean_fields(exclude=untouched | self._not_checked())
        self.clean()
        self.validate_unique(exclude=untouched)
        # All of them: the database holds every stored row to its constraints, and excluding the
        # untouched fields would skip each constraint that compares one of them with a touched one.
        self.validate_constraints(exclude=without)

    # What no person writes.
    never_judged = frozenset({"id", "version", "created_by", "updated_by"})
    # Fields with more to say than Django's checks: an own ``clean_fields`` must see them.
    cleaned_by_itself: frozenset[str] = frozenset()

    def _not_checked(self) -> set[str]:
        return set(self.never_judged)

    def _links_out_of_scope(self, user, touched: set[str]) -> dict:
        errors = {}
        for field in self._meta.concrete_fields:
            manager = getattr(field.related_model, "objects", None) if field.is_relation else None
            value = getattr(self, field.attname)
            if field.name not in touched or value is None or not hasattr(manager, "visible_to"):
                continue
            rows = manager.filter(pk=value)
            public = field.name in self.links_by_public_part
            usable = rows.visible_to(user) if public else rows.open_to(user)
            if field.name not in self._not_checked() and not usable.exists():
                errors[field.name] = ValidationError(
                    _("This %(what)s does not exist or is not yours to use."),
                    code="out_of_scope",
                    params={"what": field.verbose_name},
                )
        return errors

    def save(self, *args, **kwargs):
        """Save and raise the version; raises StaleRecord when the row changed since it was read."""
        with transaction.atomic():
            self.derive()
            if not self._state.adding:
                read = type(self)._base_manager.filter(pk=self.pk, version=self.version)
                if not read.update(version=F("version") + 1):
                    raise StaleRecord(str(self.pk))
                self.version += 1
                if (names := kwargs.get("update_fields")) is not None:
                    more = self.derived_fields() if self.derived_from() & set(names) else ()
                    kwargs["update_fields"] = {*names, *more, "version", "updated_at"}
            super().save(*args, **kwargs)
        self.__dict__.pop("_stored", None)

    # -- naming --------------------------------------------------------------------------------

    @property
    def closed_label(self) -> str:
        """What stands for the row where it is linked but closed to the reader."""
        return str(_("confidential"))

    # -- what changed --------------------------------------------------------------------------

    def stored(self) -> dict:
        """The row as it stands in the database now, by attname; empty for a new one."""
        if self._state.adding:
            return {}
        if "_stored" not in self.__dict__:
            row = type(self)._base_manager.filter(pk=self.pk).values().first()
            self.__dict__["_stored"] = row or {}
        return self.__dict__["_stored"]

    def touched_fields(self) -> set[str]:
        """Names of the fields that differ from the stored row; all of them for a new one."""
        if self._state.adding:
            return {f.name for f in self._meta.concrete_fields}
        before = self.stored()
        return {
            f.name
            for f in self._meta.concrete_fields
            if before.get(f.attname) != getattr(self, f.attname)
        }

    def touches(self, *names: str) -> bool:
        return bool(self.touched_fields() & set(names))

    # -- archive -------------------------------------------------------------------------------

    def archive(self, *, by, source: str = "form") -> None:
        """Take the record out of the lists and figures; it can be brought back."""
        with transaction.atomic():
            self.set_archived(timezone.now(), by, source)
            self._note("archived", by)

    def restore(self, *, by) -> None:
        with transaction.atomic():
            self.set_archived(None, by)
            self._note("restored", by)

    def _note(self, action: str, by, **detail) -> None:
        apps.get_model("crm", "AuditEntry").objects.record(action, by=by, about=self, **detail)

    def set_archived(self, moment, by, source: str = "form") -> None:
        """Archive or bring back without a word in the audit trail: whoever does many notes once."""
        if "archive_record" not in permissions_of(by.role):
            raise PermissionDenied
        self.check_write_by(by)
        before = {"archived_at": self.archived_at}
        self.archived_at, self.updated_by = moment, by
        with transaction.atomic():
            self.save(update_fields=["archived_at", "updated_by"])
            self.keep_changes(before, by=by, source=source)


class Reference(Record):
    """A row of reference data; never deleted, only disabled."""

    name = models.CharField(_("name"), max_length=120)
    sequence = models.PositiveSmallIntegerField(_("order"), default=0)
    is_disabled = models.BooleanField(_("disabled"), default=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["sequence", "id"]

    def __str__(self):
        return self.name


class PartQuerySet(ScopedQuerySet):
    """Rows that are part of another record and follow its scope."""

    parent = ""
    parent_model = ""

    @classmethod
    def _parent(cls):
        return apps.get_model("crm", cls.parent_model)._default_manager._queryset_class

    @classmethod
    def visible_q(cls, user, at=""):
        return cls._parent().visible_q(user, f"{at}{cls.parent}__")

    @classmethod
    def open_q(cls, user, at=""):
        return cls._parent().open_q(user, f"{at}{cls.parent}__")

    @classmethod
    def editable_q(cls, user, at=""):
        return cls._parent().editable_q(user, f"{at}{cls.parent}__")
