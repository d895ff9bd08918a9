"""Ledgers on their way in: the staged job, the rows its check found, and the plan it keeps."""

import secrets
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import lifesigns
from .attachments import random_path
from .base import PartQuerySet, StaleRecord
from .ledger_kinds import LedgerKind
from .ledgers import OwnedQuerySet

# A step that shows no sign of life for so long is taken to be dead.
SILENCE = timedelta(seconds=30)


class ImportJobQuerySet(OwnedQuerySet):
    def stalled(self):
        """Jobs whose running step gave no sign of life for ``SILENCE``."""
        silent = Q(heartbeat_at__lt=timezone.now() - SILENCE)
        return self.filter(silent).exclude(runner="")

    def fail_stalled(self) -> int:
        """Mark interrupted steps: nothing of them was written, each can be started again."""
        count = 0
        silent = [job.pk for job in self.stalled() if job.is_stalled]
        for pk in silent:
            with transaction.atomic():
                rows = self.model.objects.stalled().filter(pk=pk)
                job = rows.select_for_update(skip_locked=_skips()).first()
                if job is not None and job.is_stalled:
                    job.interrupt()
                    count += 1
        return count


def _skips() -> bool:
    """SQLite has one writer at a time and no row locks to skip."""
    return transaction.get_connection().features.has_select_for_update_skip_locked


class ImportJob(models.Model):
    """A ledger on its way in: uploaded → checked → committing → done or failed → undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKED = "checked", _("checked")
        COMMITTING = "committing", _("being written")
        DONE = "done", _("imported")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    owner = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="imports", verbose_name=_("who")
    )
    kind = models.CharField(_("kind of ledger"), max_length=12, choices=LedgerKind.choices)
    file = models.FileField(_("file"), upload_to=random_path)
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size"), default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UPLOADED
    )
    message = models.TextField(_("what went wrong"), blank=True)
    # What the check says is kept in words: every step speaks the language of the upload.
    language = models.CharField(max_length=12, default="zh-hans", editable=False)

    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    mapping = models.JSONField(_("columns chosen by hand"), default=dict, blank=True)
    leaves_out_bad = models.BooleanField(_("leaves out bad rows"), default=False)
    layout = models.JSONField(_("what was found in the file"), default=dict, blank=True)
    plan_key = models.CharField(max_length=64, blank=True, editable=False)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    journal = models.JSONField(default=dict, blank=True, editable=False)
    left = models.JSONField(_("not undone"), default=list, blank=True)

    runner = models.CharField(max_length=32, blank=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    step_done = models.PositiveIntegerField(default=0, editable=False)
    step_total = models.PositiveIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    committed_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="import_of_owner")]

    def __str__(self):
        return self.file_name

    # -- steps ---------------------------------------------------------------------------------

    class Step(models.TextChoices):
        CHECK = "check", _("check")
        COMMIT = "commit", _("write")
        UNDO = "undo", _("undo")

    # Step → the states it starts from, and the state while it runs.
    STEPS = {
        Step.CHECK: ({State.UPLOADED, State.CHECKED, State.FAILED}, State.UPLOADED),
        Step.COMMIT: ({State.CHECKED}, State.COMMITTING),
        Step.UNDO: ({State.DONE}, State.UNDOING),
    }

    def begin(self, step: str, **values) -> bool:
        """Take the job for one step; False when its state does not allow it or it is taken.

        One of several clicks, nodes or replays wins. ``values`` are set with it.
        """
        states, during = self.STEPS[step]
        mine = {"state": during, "runner": secrets.token_hex(16), "heartbeat_at": timezone.now()}
        mine |= {"step_done": 0, "step_total": 0, "message": ""} | values
        rows = ImportJob.objects.filter(pk=self.pk, state__in=states, runner="")
        if not rows.update(**mine):
            return False
        self.refresh_from_db()
        return True

    def beat(self, done: int, total: int) -> None:
        """Say how far the step is; raises StaleRecord when the job was taken away meanwhile."""
        rows = ImportJob.objects.filter(pk=self.pk, runner=self.runner)
        if not rows.update(step_done=done, step_total=total, heartbeat_at=timezone.now()):
            raise StaleRecord(str(self.pk))

    def finish(self, state: str, **values) -> None:
        """End the step; within the transaction that wrote. Raises StaleRecord like ``beat``."""
        values |= {"state": state, "runner": "", "heartbeat_at": timezone.now()}
        if not ImportJob.objects.filter(pk=self.pk, runner=self.runner).update(**values):
            raise StaleRecord(str(self.pk))
        lifesigns.forget(self)
        self.refresh_from_db()

    @property
    def is_running(self) -> bool:
        return bool(self.runner)

    @property
    def progress(self) -> tuple[int, int]:
        """How many rows of how many the running step has done."""
        sign = lifesigns.heard(self) if self.is_running else None
        return sign[:2] if sign else (self.step_done, self.step_total)

    @property
    def is_stalled(self) -> bool:
        signs = [self.heartbeat_at]
        if self.is_running and (sign := lifesigns.heard(self)):
            signs.append(sign[2])
        last = max(filter(None, signs), default=None)
        return self.is_running and last is not None and timezone.now() - last > SILENCE

    def tell(self, done: int, total: int) -> None:
        """Like ``beat``, from within the step's transaction."""
        lifesigns.tell(self, done, total)

    def interrupt(self) -> None:
        """What a dead step leaves: a commit or check that failed, or an import still in place."""
        undoing = self.state == self.State.UNDOING
        self.state = self.State.DONE if undoing else self.State.FAILED
        self.message = str(
            _("The undo was interrupted; nothing was undone.")
            if undoing
            else _("The import was interrupted; nothing was written.")
        )
        self.runner = ""
        self.save(update_fields=["state", "message", "runner"])


class ImportRowQuerySet(PartQuerySet):
    parent = "job"
    parent_model = "ImportJob"


class ImportRow(models.Model):
    """What the check found in one row of the file."""

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        CONFLICT = "conflict", _("another team's")
        ERROR = "error", _("error")
        SKIPPED = "skipped", _("skipped")

    job = models.ForeignKey(
        ImportJob, models.CASCADE, related_name="rows", verbose_name=_("import")
    )
    number = models.PositiveIntegerField(_("row"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    label = models.CharField(_("what it is about"), max_length=200, blank=True)
    changes = models.JSONField(_("changes"), default=list, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    object_id = models.BigIntegerField(_("record"), null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["job", "number"]
        constraints = [
            models.UniqueConstraint(
                name="import_row_once",
                fields=["job", "number"],
                violation_error_message=_("A row of a file is checked once."),
            )
        ]
        indexes = [models.Index(fields=["job", "verdict", "number"], name="import_rows_by_verdict")]

    def __str__(self):
        return f"{self.number} {self.label}"

    def is_bad(self) -> bool:
        return self.verdict in {self.Verdict.ERROR, self.Verdict.CONFLICT}


class ImportPlan(models.Model):
    """What a check found to be written, until it is: see ``crm.ledgers.keeping``."""

    job = models.OneToOneField(
        ImportJob, models.CASCADE, primary_key=True, related_name="plan", verbose_name=_("import")
    )
    seen = models.CharField(max_length=64, editable=False)
    content = models.BinaryField()

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of an import")
        verbose_name_plural = _("plans of imports")

    def __str__(self):
        return str(self.job)
