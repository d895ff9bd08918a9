"""Notes on a firm, a project or a person at a firm: written once, corrected by another note."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.access import Role, permissions_of

from .accounts import User
from .attachments import exactly_one
from .base import Record, ScopedQuerySet, nothing, where
from .companies import Company, Contact
from .notices import Notice
from .projects import Project

NOTED = {"company": Company, "project": Project, "contact": Contact}


class NoteQuerySet(ScopedQuerySet):
    """A note is read by whoever may open its record; requests are what the units talk in."""

    @classmethod
    def visible_q(cls, user, at=""):
        scope = nothing(at)
        if user.role == Role.DEPARTMENT:
            return scope
        for name, model in NOTED.items():
            allowed = model.objects.all().open_q(user, f"{at}{name}__")
            scope |= ~where(at, **{name: None}) & allowed
        return scope

    @classmethod
    def editable_q(cls, user, at=""):
        return where(at, created_by=user.pk)


class Note(Record):
    """What somebody wrote down. The database keeps text and author as they were written."""

    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="notes",
        verbose_name=_("company"),
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="notes",
        verbose_name=_("project"),
    )  # fmt: skip
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="notes",
        verbose_name=_("contact"),
    )  # fmt: skip
    text = models.TextField(_("note"), max_length=4000)
    mentions = models.ManyToManyField(
        "crm.User", blank=True, related_name="+", verbose_name=_("mentioned")
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by",
        verbose_name=_("corrects"),
    )  # fmt: skip

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["project", "created_at"], name="note_of_project"),
            models.Index(fields=["company", "created_at"], name="note_of_company"),
        ]
        constraints = [
            models.CheckConstraint(
                name="note_of_one_record",
                condition=exactly_one(NOTED),
                violation_error_message=_("A note belongs to exactly one record."),
            ),
            models.CheckConstraint(
                name="note_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write something first."),
            ),
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def record(self):
        return self.project or self.company or self.contact

    def clean(self):
        old = self.corrects
        if old is not None and self._state.adding and old.created_by_id != self.created_by_id:
            raise ValidationError(_("Only the author corrects a note."))

    def sign(self, user):
        super().sign(user)
        self.is_sample = self.is_sample or self.record.is_sample

    @classmethod
    def write(cls, record, text: str, *, by, corrects=None):
        """Note something on a record; whoever is named with @ and may open it hears of it."""
        note = cls(**{record._meta.model_name: record}, text=text.strip(), corrects=corrects)
        note.created_by = by
        with transaction.atomic():
            note.save_as(by)
            people = mentioned_in(note.text, record, by=by)
            note.mentions.set(people)
            Notice.objects.tell(people, "mention", record, by=by, key=f"note-{note.pk}")
        return note


def may_open(record, users) -> list:
    """Those of the users whose role works with such records and who may read this one."""
    rows = type(record).objects.filter(pk=record.pk)
    code = f"view_{record._meta.model_name}"
    return [
        user for user in users if code in permissions_of(user.role) and rows.open_to(user).exists()
    ]


def mentioned_in(text: str, record, *, by) -> list:
    """Colleagues named as @name in a text, as far as they may open the record."""
    if "@" not in text:
        return []
    people = User.objects.working().exclude(pk=by.pk).exclude(full_name="")
    named = [user for user in people if f"@{user.full_name}" in text]
    # @王强 inside @王强生 is the longer name.
    longer = {u.full_name for u in named}
    hit = [
        user for user in named
        if _without(text, [n for n in longer if n != user.full_name and user.full_name in n])
        .count(f"@{user.full_name}")
    ]  # fmt: skip
    return may_open(record, hit)


def _without(text: str, names: list[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(f"@{name}", "")
    return text
