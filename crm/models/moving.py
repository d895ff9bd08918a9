"""Moving a project: the only code that changes its stage or its status."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import stages
from crm.access import permissions_of
from crm.periods import today
from crm.stages import ProjectStatus, Stage

from .audit import Action, AuditEntry
from .base import StaleRecord

# The screen offers it for ten seconds; the rest is for slow networks and readers.
UNDO_WITHIN = timedelta(minutes=2)


class Moving(models.Model):
    """The part of ``Project`` that moves it; every move leaves one append-only history row."""

    class Meta:
        abstract = True

    def missing_for(self, stage: str) -> list[stages.Requirement]:
        return stages.missing(self, stage)

    def days_in_stage(self, on: date | None = None) -> int:
        """Days since the effective date of the last move."""
        return ((on or today()) - self.stage_since).days

    def evidence_day(self, stage: str) -> date | None:
        """The day the papers say the stage was reached; None where no paper dates it."""
        contract, firm = self.contract(), self.project_company
        registered = firm.registered_on if firm and self.is_registered() else None
        return {
            Stage.SIGNED: contract and contract.signed_on,
            Stage.LANDED: registered or self.site_secured_on,
            Stage.BUILDING: self.started_on,
            Stage.PRODUCING: self.produced_on,
        }.get(stage)

    def may_move_to(self, stage: str, *, by) -> bool:
        """Whether this user has the permission for this move (not: whether anything is missing)."""
        if stage not in stages.ORDER or stage == self.stage:
            return False
        code = stages.permission_for(self.stage, stage)
        return code in permissions_of(by.role) and self.is_editable_by(by)

    def move_to(self, stage: str, *, by, on: date, reason: str = "", proposal=None):
        """Move to another stage: the only way the stage ever changes.

        ``on`` is the date of the event itself. Returns the history row, or None when the project
        already stands there. Raises ValidationError (unknown stage, bad date, something missing, a
        reason or a second person needed), PermissionDenied, StaleRecord (moved meanwhile).
        """
        if stage not in stages.ORDER:
            raise ValidationError(_("There is no stage “%(stage)s”."), params={"stage": stage})
        with transaction.atomic():
            self._lock()
            if stage == self.stage:
                return None
            if not self.is_editable_by(by):
                raise PermissionDenied
            move = self.take_move(stage, by=by, on=on, reason=reason, proposal=proposal)
            move.save()
            self.save(update_fields=["stage", "stage_since", "updated_by"])
            self._complete_factors(by, on)
            if move.overridden:
                AuditEntry.objects.record(
                    Action.OVERRIDDEN, by=by, about=self, stage=stage, without=move.overridden
                )
        return move

    def _complete_factors(self, by, on: date) -> None:
        """The stage brings its lines of the factor checklist."""
        lines = self._meta.get_field("guarantees").related_model.objects
        lines.complete(type(self).objects.filter(pk=self.pk), since=on, by=by)

    def take_move(self, stage: str, *, by, on: date, reason: str = "", proposal=None):
        """The rules of ``move_to`` without its lock and its writing, for moves of many at once.

        Whoever calls it holds the row, knows that ``by`` may edit it, and writes both the returned
        history row and the stage set here.
        """
        if stages.permission_for(self.stage, stage) not in permissions_of(by.role):
            raise PermissionDenied
        overridden = self._check_move(stage, by=by, on=on, reason=reason, proposal=proposal)
        move = self._meta.get_field("moves").related_model(
            project=self, from_stage=self.stage, to_stage=stage, effective_on=on, by=by,
            reason=reason, overridden=overridden, is_sample=self.is_sample,
        )  # fmt: skip
        self.stage, self.stage_since, self.updated_by = stage, on, by
        return move

    def undo_move(self, move, *, by):
        """Take back one's own move while it is fresh; returns the row that records it.

        The history keeps both rows, and neither counts any more. A proposal that the move
        confirmed waits for the bureau again. Raises PermissionDenied, ValidationError (not the
        last move, somebody else's, too long ago) or StaleRecord.
        """
        with transaction.atomic():
            self._lock()
            if not self.is_editable_by(by):
                raise PermissionDenied
            self._check_undo(move, by)
            earlier = self.moves.standing().exclude(pk=move.pk).order_by("effective_on", "id")
            since = earlier.last().effective_on
            undoing = self.moves.create(
                from_stage=move.to_stage, to_stage=move.from_stage, effective_on=move.effective_on,
                by=by, reason=_("taken back"), undoes=move, is_sample=self.is_sample,
            )  # fmt: skip
            self.stage, self.stage_since, self.updated_by = move.from_stage, since, by
            self.save(update_fields=["stage", "stage_since", "updated_by"])
            for proposal in self.proposals.confirmed_by_move(move):
                proposal.reopen(by=by)
        return undoing

    def _check_undo(self, move, by) -> None:
        last = self.moves.order_by("-id").first()
        is_own_act = move.by_id == by.pk and move.import_job_id is None and move.from_stage
        if last is None or move.pk != last.pk or move.undoes_id or not is_own_act:
            raise ValidationError(
                _("Only your own last move can be taken back."), code="not_own_last"
            )
        if timezone.now() - move.recorded_at > UNDO_WITHIN:
            raise ValidationError(
                _("This move is too long ago to be taken back; move the project instead."),
                code="too_late",
            )

    def _lock(self) -> None:
        """Hold the row and read it afresh; StaleRecord when it moved since this object was read.

        The rules then judge what is stored, not what a form has put into this object.
        """
        row = type(self)._base_manager.select_for_update().get(pk=self.pk)
        if (row.stage, row.version) != (self.stage, self.version):
            raise StaleRecord(str(self.pk))
        self.refresh_from_db()

    def _check_move(self, stage, *, by, on, reason, proposal) -> list[str]:
        """Keys of what is missing and was overridden; raises ValidationError when it may not be."""
        self._check_moving_status()
        self._check_effective_date(on)
        kind = stages.step(self.stage, stage)
        if kind is not stages.Step.FORWARD and not reason.strip():
            raise ValidationError({"reason": _("This move needs a reason.")}, code="reason")
        if stages.position(stage) < stages.position(self.stage):
            return []
        lacking = self.missing_for(stage)
        may_override = "jump_stage" in permissions_of(by.role) and bool(reason.strip())
        if lacking and not may_override:
            raise self._missing_error(stage, lacking)
        overridden = [requirement.key for requirement in lacking]
        return overridden + self._check_second_person(stage, by, may_override, proposal)

    def check_ready_for(self, stage: str, *, on: date) -> None:
        """Raise ValidationError unless nothing is missing and the date fits (for a proposal)."""
        self._check_moving_status()
        self._check_effective_date(on)
        if lacking := self.missing_for(stage):
            raise self._missing_error(stage, lacking)

    def _missing_error(self, stage, lacking) -> ValidationError:
        labels = "、".join(str(requirement.label) for requirement in lacking)
        return ValidationError(
            _("To enter “%(stage)s” still missing: %(missing)s."),
            code="missing",
            params={"stage": Stage(stage).label, "missing": labels},
        )

    def _check_second_person(self, stage, by, may_override, proposal) -> list[str]:
        if not stages.CONFIRMED_STAGES.intersection(stages.entered(self.stage, stage)):
            return []
        if proposal is not None and proposal.allows(self, stage, by=by):
            return []
        if may_override:
            return ["second_person"]
        raise ValidationError(
            _("“%(stage)s” has to be proposed by one person and confirmed by another."),
            code="second_person",
            params={"stage": Stage(stage).label},
        )

    def _check_moving_status(self) -> None:
        if self.status != ProjectStatus.ACTIVE:
            raise ValidationError(
                _("The project is “%(status)s”; reopen it first."),
                code="status",
                params={"status": self.get_status_display()},
            )

    def _check_effective_date(self, on: date) -> None:
        if on > today():
            message = _("The date of the move lies in the future: %(on)s.")
            raise ValidationError({"on": ValidationError(message, params={"on": on})})
        if on < self.stage_since:
            raise ValidationError(
                {
                    "on": ValidationError(
                        _("The date of the move %(on)s lies before the previous one, %(since)s."),
                        params={"on": on, "since": self.stage_since},
                    )
                }
            )

    def propose(self, stage: str, *, by, on: date, reason: str = ""):
        """Ask the bureau for a move; returns the open proposal. Nothing may be missing."""
        return self.proposals.model.open_for(self, stage, by=by, on=on, reason=reason)

    def set_status(self, status: str, *, by, on: date, reason: str):
        """Put on hold, lose, terminate or reopen; the stage stays. Returns the history row."""
        with transaction.atomic():
            self._lock()
            if status == self.status:
                return None
            if not self.is_editable_by(by) or "change_project" not in permissions_of(by.role):
                raise PermissionDenied
            self._check_status(status, on=on, reason=reason)
            change = self.status_changes.create(
                from_status=self.status, to_status=status, effective_on=on, by=by,
                reason=reason, is_sample=self.is_sample,
            )  # fmt: skip
            self.status, self.updated_by = status, by
            self.save(update_fields=["status", "updated_by"])
        return change

    def _check_status(self, status, *, on, reason) -> None:
        if status not in ProjectStatus.values:
            raise ValidationError(_("This status does not exist."))
        if not reason.strip():
            raise ValidationError({"reason": _("A change of status needs a reason.")})
        self._check_status_date(on)
        is_signed = stages.position(self.stage) >= stages.position(Stage.SIGNED)
        if status == ProjectStatus.LOST and is_signed:
            raise ValidationError(_("A signed project is terminated, not lost."))
        if status == ProjectStatus.TERMINATED and not is_signed:
            raise ValidationError(_("A project that is not signed is lost, not terminated."))

    def _check_status_date(self, on: date) -> None:
        if on > today():
            raise ValidationError({"on": _("This date lies in the future.")})
        last = self.status_changes.aggregate(on=models.Max("effective_on"))["on"]
        if on < (last or self.reported_on):
            raise ValidationError({"on": _("This date lies before the previous change.")})
