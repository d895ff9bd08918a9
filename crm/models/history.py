"""What happened to a project: append-only stage moves and status changes, and open proposals."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import stages
from crm.access import permissions_of
from crm.stages import ProjectStatus, Stage

from .base import PartQuerySet, Record, nothing
from .notices import Notice
from .projects import Project


class HistoryQuerySet(PartQuerySet):
    """History is read by whoever may read the project, and written by nobody but the project."""

    parent = "project"
    parent_model = "Project"

    @classmethod
    def visible_q(cls, user, at=""):
        return cls._parent().open_q(user, f"{at}project__")

    @classmethod
    def editable_q(cls, user, at=""):
        return nothing(at)


class StageMoveQuerySet(HistoryQuerySet):
    def standing(self):
        """Moves that hold: neither taken back nor the taking back of another."""
        return self.filter(undoes=None, undone_by=None)


class StageProposalQuerySet(HistoryQuerySet):
    def waiting(self):
        return self.filter(state="open")

    def confirmed_by_move(self, move):
        """Proposals that this very move fulfilled: decided together, by the same person."""
        return self.filter(
            state="confirmed",
            to_stage=move.to_stage,
            decided_by=move.by_id,
            decided_at__gte=move.recorded_at,
        )


class History(models.Model):
    """Append-only: the database refuses UPDATE and DELETE.

    Only sample rows may be deleted, and rows of an import while that import is being undone.
    """

    effective_on = models.DateField(_("date of the event"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    by = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    import_job = models.ForeignKey(
        "crm.ImportJob", models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("import"),
    )  # fmt: skip
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        abstract = True


class StageMove(History):
    """One move of a project; the first row has no ``from_stage``."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="moves", verbose_name=_("project")
    )
    from_stage = models.CharField(_("from"), max_length=12, choices=Stage.choices, blank=True)
    to_stage = models.CharField(_("to"), max_length=12, choices=Stage.choices)
    overridden = models.JSONField(_("entered without"), default=list, blank=True)
    # Both rows stay in the history; CASCADE only so that sample rows can be cleared together.
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by",
        verbose_name=_("takes back"),
    )  # fmt: skip

    objects = StageMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage move")
        verbose_name_plural = _("stage moves")
        ordering = ["effective_on", "id"]
        indexes = [
            models.Index(fields=["project", "effective_on", "id"], name="move_of_project"),
            models.Index(fields=["to_stage", "effective_on"], name="move_into_stage"),
        ]
        constraints = [
            models.CheckConstraint(
                name="move_changes_stage",
                condition=~Q(from_stage=F("to_stage")),
                violation_error_message=_("The project already stands in this stage."),
            ),
        ]

    def __str__(self):
        origin = self.get_from_stage_display() if self.from_stage else "–"
        return f"{origin} → {self.get_to_stage_display()}"

    def overridden_labels(self) -> list[str]:
        """What the project entered the stage without, in words."""
        known = [stages.BY_KEY[key].label for key in self.overridden if key in stages.BY_KEY]
        second = (
            [_("confirmation by a second person")] if "second_person" in self.overridden else []
        )
        return [str(label) for label in [*known, *second]]


class StatusChange(History):
    """One change of status of a project."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="status_changes", verbose_name=_("project")
    )
    from_status = models.CharField(_("from"), max_length=12, choices=ProjectStatus.choices)
    to_status = models.CharField(_("to"), max_length=12, choices=ProjectStatus.choices)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["effective_on", "id"]
        indexes = [
            models.Index(fields=["project", "effective_on", "id"], name="status_of_project"),
        ]

    def __str__(self):
        return f"{self.get_from_status_display()} → {self.get_to_status_display()}"


class StageProposal(Record):
    """A team's request to the bureau to move a project into a confirmed or later stage."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="proposals", verbose_name=_("project")
    )
    to_stage = models.CharField(_("to"), max_length=12, choices=Stage.choices)
    effective_on = models.DateField(_("date of the event"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_note = models.CharField(_("note on the decision"), max_length=300, blank=True)

    objects = StageProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage proposal")
        verbose_name_plural = _("stage proposals")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="proposal_one_open",
                fields=["project"],
                condition=Q(state="open"),
                violation_error_message=_("This project already has an open proposal."),
            ),
            models.CheckConstraint(
                name="proposal_decided_by_another",
                condition=Q(decided_by=None)
                | ~Q(decided_by=F("proposed_by"))
                | Q(state="declined"),
                violation_error_message=_("Nobody confirms their own proposal."),
            ),
        ]

    def __str__(self):
        return f"{self.project} → {self.get_to_stage_display()}"

    @classmethod
    def open_for(cls, project, stage: str, *, by, on: date, reason: str = ""):
        """Record a proposal; raises like ``Project.move_to`` when the move could not be made."""
        with transaction.atomic():
            project._lock()
            if "propose_stage" not in permissions_of(by.role) or not project.is_editable_by(by):
                raise PermissionDenied
            if (
                stage not in stages.ORDER
                or stages.step(project.stage, stage) is not stages.Step.FORWARD
            ):
                raise ValidationError(_("Only the next stage can be proposed."), code="step")
            if cls.objects.filter(project=project, state=cls.State.OPEN).exists():
                raise ValidationError(_("This project already has an open proposal."), code="open")
            project.check_ready_for(stage, on=on)
            proposal = cls.objects.create(
                project=project, to_stage=stage, effective_on=on, reason=reason, proposed_by=by,
                created_by=by, updated_by=by, is_sample=project.is_sample,
            )  # fmt: skip
            accounts = cls._meta.get_field("proposed_by").related_model.objects
            deciders = accounts.working().filter(role="bureau")
            key = f"proposal-{proposal.pk}"
            Notice.objects.tell(deciders, "proposal", proposal, by=by, key=key)
            return proposal

    def confirm(self, *, by):
        """Make the proposed move; ``by`` is of the bureau and not the proposer."""
        with transaction.atomic():
            self._take(by)
            move = self.project.move_to(
                self.to_stage, by=by, on=self.effective_on, reason=self.reason, proposal=self
            )
            self._decide(self.State.CONFIRMED, by, "")
        return move

    def allows(self, project, stage: str, *, by) -> bool:
        """Whether this proposal, confirmed by this person, is the second signature of the move."""
        asked = (self.project_id, self.to_stage, self.state)
        return asked == (project.pk, stage, self.State.OPEN) and self.proposed_by_id != by.pk

    def decline(self, *, by, note: str) -> None:
        if not note.strip():
            raise ValidationError({"note": _("Say why the proposal is declined.")})
        with transaction.atomic():
            self._take(by)
            self._decide(self.State.DECLINED, by, note)

    def withdraw(self, *, by) -> None:
        """The proposer takes an open proposal back."""
        with transaction.atomic():
            row = StageProposal.objects.select_for_update().get(pk=self.pk)
            if row.state != self.State.OPEN:
                raise ValidationError(_("This proposal is already decided."), code="decided")
            if row.proposed_by_id != by.pk:
                raise PermissionDenied
            self.refresh_from_db()
            self.state, self.decided_at, self.updated_by = (
                self.State.WITHDRAWN,
                timezone.now(),
                by,
            )
            self.save()

    def reopen(self, *, by) -> None:
        """The move this proposal led to was taken back: it waits for the bureau again."""
        self.state, self.decided_by, self.decided_at = self.State.OPEN, None, None
        self.updated_by = by
        self.save()

    def _take(self, by) -> None:
        """Lock the proposal; raises unless it is open and the user may decide it."""
        row = StageProposal.objects.select_for_update().get(pk=self.pk)
        if row.state != self.State.OPEN:
            raise ValidationError(_("This proposal is already decided."), code="decided")
        if "confirm_stage" not in permissions_of(by.role):
            raise PermissionDenied
        if row.proposed_by_id == by.pk:
            raise ValidationError(_("Nobody confirms their own proposal."), code="second_person")
        self.refresh_from_db()

    def _decide(self, state, by, note) -> None:
        self.state, self.decided_by, self.updated_by = state, by, by
        self.decided_at, self.decision_note = timezone.now(), note
        self.save()
        key = f"proposal-{self.pk}-{state}"
        Notice.objects.tell([self.proposed_by], "decided", self, by=by, key=key)
