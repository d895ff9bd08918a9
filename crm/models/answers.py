"""Matters that a unit has to answer by a day: requests and directives share how that is done."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.periods import today

from .notices import Notice


class Answered(models.Model):
    """A matter with a deadline and a thread of replies; ``due_on`` and ``closed_on`` are fields."""

    class Meta:
        abstract = True

    # -- questions -----------------------------------------------------------------------------

    def is_overdue(self, on: date | None = None) -> bool:
        return self.closed_on is None and self.due_on is not None and self.due_on < (on or today())

    def days_overdue(self, on: date | None = None) -> int:
        return ((on or today()) - self.due_on).days if self.is_overdue(on) else 0

    def involved(self) -> list:
        """Everybody who is to hear of an answer."""
        raise NotImplementedError

    # -- changes -------------------------------------------------------------------------------

    def answer(self, text: str, *, by):
        """Add an answer to the thread; whoever may read the matter and answers in it may do so."""
        if not text.strip():
            raise ValidationError({"text": _("Write something first.")})
        with transaction.atomic():
            self._lock_open(by, f"answer_{self._meta.model_name}")
            return self._reply("answer", text, by)

    def extend(self, to: date, *, by, reason: str):
        """Move the deadline; the old one and the reason stay in the thread."""
        if not reason.strip():
            raise ValidationError({"text": _("A later deadline needs a reason.")})
        with transaction.atomic():
            self._lock_open(by, f"extend_{self._meta.model_name}")
            if self.due_on is not None and to <= self.due_on:
                raise ValidationError({"due_on": _("The new deadline lies after the old one.")})
            reply = self._reply("extended", reason, by, due_from=self.due_on, due_to=to)
            self.due_on = to
            self.save_as(by, reason=reason)
        return reply

    def close(self, *, by, result: str):
        """Close the matter (办结、销号) with its result."""
        if not result.strip():
            raise ValidationError({"text": _("Say what came of it.")})
        with transaction.atomic():
            self._lock_open(by, f"close_{self._meta.model_name}")
            self.closed_on = today()
            self.save_as(by, reason=result[:300])
            return self._reply("closed", result, by)

    def reopen(self, *, by, reason: str):
        if not reason.strip():
            raise ValidationError({"text": _("Say why it is opened again.")})
        with transaction.atomic():
            self._lock(by, f"close_{self._meta.model_name}")
            if self.closed_on is None:
                raise ValidationError(_("It is not closed."))
            self.closed_on = None
            self.save_as(by, reason=reason[:300])
            return self._reply("reopened", reason, by)

    def _lock_open(self, by, permission: str) -> None:
        self._lock(by, permission)
        if self.closed_on is not None:
            raise ValidationError(_("It is closed already; open it again first."))

    def _lock(self, by, permission: str) -> None:
        """Hold the row, read it afresh, and make sure that this person may do this."""
        rows = type(self).objects.filter(pk=self.pk)
        if permission not in permissions_of(by.role) or not rows.open_to(by).exists():
            raise PermissionDenied
        type(self)._base_manager.select_for_update().get(pk=self.pk)
        self.refresh_from_db()

    def _reply(self, kind: str, text: str, by, **values):
        reply = self.replies.create(kind=kind, text=text.strip(), by=by, is_sample=self._sample(by),
                                    **values)  # fmt: skip
        told = "overdue" if kind == "escalated" else "answer"
        Notice.objects.tell(self.involved(), told, self, by=by, key=f"reply-{reply.pk}")
        return reply

    def _sample(self, by) -> bool:
        return self.is_sample or bool(by and by.is_sample)
