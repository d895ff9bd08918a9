"""Files kept with a record; they follow the record's scope and are served by a scoped view only."""

import secrets
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .base import Record, ScopedQuerySet, nothing, where
from .commitments import Commitment
from .companies import Company
from .deals import Deal
from .outreach import Trip, Visit
from .projects import Project
from .tasks import Request

MAX_BYTES = 20 * 1024 * 1024
# Extension → what the file must begin with. No HTML or SVG: a browser would run them.
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".docx": (ZIP,),
    ".xlsx": (ZIP,),
    ".pptx": (ZIP,),
    ".doc": (OLE,),
    ".xls": (OLE,),
    ".ppt": (OLE,),
    ".wps": (OLE, ZIP),
    ".et": (OLE, ZIP),
    ".ofd": (ZIP,),
    ".zip": (ZIP,),
}
OWNERS = {"company": Company, "project": Project, "visit": Visit, "deal": Deal,
          "request": Request, "trip": Trip, "commitment": Commitment}  # fmt: skip


def exactly_one(names) -> Q:
    """Condition: of these links one is set and the others are empty."""
    condition = Q()
    for chosen in names:
        one = Q()
        for name in names:
            one &= Q(**{f"{name}__isnull": name != chosen})
        condition |= one
    return condition


def random_path(instance, filename: str) -> str:
    """A stored name nobody can guess; the name the user gave is kept in the row."""
    token = secrets.token_hex(16)
    return f"attachments/{token[:2]}/{token}{PurePath(filename).suffix.lower()}"


def check_file(file) -> None:
    """Raise ValidationError unless extension, content and size are allowed."""
    suffix = PurePath(file.name).suffix.lower()
    if suffix not in SIGNATURES:
        allowed = " ".join(sorted(SIGNATURES))
        message = _("Files of type “%(suffix)s” are not accepted; allowed: %(allowed)s")
        raise ValidationError(message, params={"suffix": suffix, "allowed": allowed})
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)s MB."), params={"limit": MAX_BYTES // 1024**2}
        )
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    if not head.startswith(SIGNATURES[suffix]):
        raise ValidationError(
            _("The content is not that of a “%(suffix)s” file."), params={"suffix": suffix}
        )


class AttachmentQuerySet(ScopedQuerySet):
    """A file is seen by whoever may open its record and changed by whoever may change that."""

    @classmethod
    def visible_q(cls, user, at=""):
        return cls._through_owners("open_q", user, at)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == "park":
            return cls._through_owners("open_q", user, at)
        return cls._through_owners("editable_q", user, at)

    @staticmethod
    def _through_owners(rule, user, at):
        scope = nothing(at)
        for name, model in OWNERS.items():
            allowed = getattr(model.objects.all(), rule)(user, f"{at}{name}__")
            scope |= ~where(at, **{name: None}) & allowed
        return scope


class Attachment(Record):
    """A file of exactly one record."""

    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="attachments",
        verbose_name=_("company"),
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="attachments",
        verbose_name=_("project"),
    )  # fmt: skip
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="attachments",
        verbose_name=_("visit"),
    )  # fmt: skip
    deal = models.ForeignKey(
        Deal, models.PROTECT, null=True, blank=True, related_name="attachments",
        verbose_name=_("deal"),
    )  # fmt: skip
    request = models.ForeignKey(
        Request, models.PROTECT, null=True, blank=True, related_name="attachments",
        verbose_name=_("request"),
    )  # fmt: skip
    trip = models.ForeignKey(
        Trip, models.PROTECT, null=True, blank=True, related_name="attachments",
        verbose_name=_("trip"),
    )  # fmt: skip
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="attachments",
        verbose_name=_("commitment"),
    )  # fmt: skip
    file = models.FileField(_("file"), upload_to=random_path, validators=[check_file])
    filename = models.CharField(_("file name"), max_length=200, editable=False)
    title = models.CharField(_("title"), max_length=120, blank=True)
    taken_on = models.DateField(_("date"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="attachment_of_one_record",
                condition=exactly_one(OWNERS),
                violation_error_message=_("A file belongs to exactly one record."),
            )
        ]

    def __str__(self):
        return self.title or self.filename

    def save(self, *args, **kwargs):
        if not self.filename:
            self.filename = PurePath(self.file.name).name[:200]
        super().save(*args, **kwargs)
