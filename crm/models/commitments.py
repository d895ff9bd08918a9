"""What both sides promised in a deal, whether it was kept (履约), and disputes about it."""

from datetime import date

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from crm.access import TEAM_ROLES, Role
from crm.clock import Step
from crm.periods import today

from .base import Record, everything, nothing, where
from .deals import Deal, DealPartQuerySet
from .fields import YuanField
from .organisation import TimeLimit

# What is said about keeping a promise; everything else is the promise itself.
KEEPING = frozenset(
    {"fulfilled_on", "result", "disputed_on", "dispute", "settled_on", "settlement"}
)  # fmt: skip


class CommitmentQuerySet(DealPartQuerySet):
    """Read with the deal, and by the unit that answers for it; kept by the lead team and the unit.

    Of a confidential project the unit is told nothing: its promises are the bureau's to follow up.
    """

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role == Role.DEPARTMENT and user.department_id:
            public = where(at, deal__project__is_confidential=False)
            return where(at, department=user.department_id) & public
        return super().visible_q(user, at)

    @classmethod
    def open_q(cls, user, at=""):
        return cls.visible_q(user, at)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        if user.role == Role.DEPARTMENT and user.department_id:
            return where(at, department=user.department_id)
        if user.role not in TEAM_ROLES:
            return nothing(at)
        return where(at, deal__project__lead_team__in=user.team_ids)

    def binding(self):
        """Promises of deals in force: those of a void or replaced deal bind nobody."""
        return self.filter(deal__status=Deal.Status.IN_FORCE, deal__archived_at=None)

    def standing(self):
        """Promises that bind, of projects that are not archived."""
        return self.live().binding().filter(deal__project__archived_at=None)

    def with_state(self, on: date):
        """Adds ``state_then``: kept, under way, overdue or disputed at the end of a day."""
        disputed = Q(disputed_on__lte=on) & (Q(settled_on=None) | Q(settled_on__gt=on))
        states = Commitment.State
        return self.annotate(
            state_then=Case(
                When(disputed, then=Value(states.DISPUTED.value)),
                When(fulfilled_on__lte=on, then=Value(states.FULFILLED.value)),
                When(due_on__lt=on, then=Value(states.OVERDUE.value)),
                default=Value(states.UNDER_WAY.value),
                output_field=models.CharField(),
            )
        )

    def waiting(self):
        """Not kept yet."""
        return self.standing().filter(fulfilled_on=None)

    def overdue(self, on: date):
        return self.waiting().filter(due_on__lt=on)

    def due_soon(self, on: date):
        """Due from the day on, within the days that the bureau wants it told before."""
        last = TimeLimit.last_day_told(Step.BEFORE_PROMISE, on)
        return self.waiting().filter(due_on__gte=on, due_on__lte=last)

    def disputed(self):
        return self.standing().filter(disputed_on__isnull=False, settled_on=None)

    def due_by(self, on: date):
        """Promised for the day or before, kept or not."""
        return self.standing().filter(due_on__lte=on)


class Commitment(Record):
    """What one side promised in a deal, by when, and whether it was kept."""

    class Side(models.TextChoices):
        CITY = "city", _("city's side")
        INVESTOR = "investor", _("investor's side")

    class Kind(models.TextChoices):
        POLICY = "policy", _("policy")
        LAND_PRICE = "land_price", _("land and its price")
        POWER_PRICE = "power_price", _("power and its price")
        SUBSIDY = "subsidy", _("subsidy or reward")
        INVESTMENT = "investment", _("investment and progress")
        OUTPUT = "output", _("output, taxes, jobs")
        OTHER = "other", _("other")

    class State(models.TextChoices):
        FULFILLED = "fulfilled", _("promise kept")
        UNDER_WAY = "under_way", _("being kept")
        OVERDUE = "overdue", _("promise overdue")
        DISPUTED = "disputed", _("disputed")

    deal = models.ForeignKey(
        Deal, models.CASCADE, related_name="commitments", verbose_name=_("deal")
    )
    side = models.CharField(_("promised by"), max_length=8, choices=Side.choices)
    kind = models.CharField(
        _("kind of commitment"), max_length=12, choices=Kind.choices, default=Kind.OTHER
    )
    content = models.CharField(_("commitment"), max_length=300)
    amount_yuan = YuanField(_("amount promised"), null=True, blank=True)
    department = models.ForeignKey(
        "crm.Department", models.PROTECT, null=True, blank=True, related_name="commitments",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    due_on = models.DateField(_("due"), null=True, blank=True)
    fulfilled_on = models.DateField(_("kept on"), null=True, blank=True)
    result = models.CharField(_("how it was kept"), max_length=300, blank=True)
    disputed_on = models.DateField(_("disputed since"), null=True, blank=True)
    dispute = models.CharField(_("what is disputed"), max_length=300, blank=True)
    settled_on = models.DateField(_("dispute settled on"), null=True, blank=True)
    settlement = models.CharField(_("how it was settled"), max_length=300, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="commitment_dispute_is_told",
                condition=Q(disputed_on=None) | ~Q(dispute=""),
                violation_error_message=_("A dispute needs what it is about."),
            ),
            models.CheckConstraint(
                name="commitment_settled_after_dispute",
                condition=Q(settled_on=None) | Q(settled_on__gte=F("disputed_on")),
                violation_error_message=_("A dispute is settled after it arose."),
            ),
            models.CheckConstraint(
                name="commitment_settlement_has_dispute",
                condition=Q(settled_on=None) | Q(disputed_on__isnull=False),
                violation_error_message=_("There is no dispute to settle."),
            ),
        ]
        indexes = [models.Index(fields=["fulfilled_on", "due_on"], name="commitment_due")]

    def __str__(self):
        return self.content

    @property
    def project(self):
        return self.deal.project

    @property
    def state(self) -> str:
        return self.state_on(today())

    def state_on(self, on: date) -> str:
        """The same answer as ``with_state`` gives in SQL."""
        open_dispute = self.settled_on is None or self.settled_on > on
        if self.disputed_on and self.disputed_on <= on and open_dispute:
            return self.State.DISPUTED
        if self.fulfilled_on and self.fulfilled_on <= on:
            return self.State.FULFILLED
        late = self.due_on and self.due_on < on
        return self.State.OVERDUE if late else self.State.UNDER_WAY

    @property
    def state_label(self) -> str:
        return str(self.State(self.state).label)

    @property
    def days_late(self) -> int:
        """Days past the day it was due, until it was kept or until today."""
        if self.due_on is None:
            return 0
        return max(0, ((self.fulfilled_on or today()) - self.due_on).days)

    def clean(self):
        errors = {}
        for name in ("fulfilled_on", "disputed_on", "settled_on"):
            value = getattr(self, name)
            if value and value > today() and self.touches(name):
                errors[name] = _("This date lies in the future.")
        if errors:
            raise ValidationError(errors)

    # -- who may change the promise itself -----------------------------------------------------

    def is_bound_for(self, user) -> bool:
        """Whether this user may no longer change what was promised, only how it was kept."""
        if user.role == Role.DEPARTMENT:
            return True
        return user.role != Role.BUREAU and self.deal.confirmed_at is not None

    def check_write_by(self, user):
        super().check_write_by(user)
        if not self.is_bound_for(user):
            return
        unwritten = {"version", "created_at", "updated_at", "created_by", "updated_by"}
        if self._state.adding or self.touched_fields() - KEEPING - unwritten:
            raise PermissionDenied

    def check_delete_by(self, user):
        super().check_delete_by(user)
        if self.is_bound_for(user):
            raise PermissionDenied

    # -- what is done --------------------------------------------------------------------------

    def keep(self, *, by, on: date | None = None, result: str = "") -> None:
        """It was kept: on that day, in these words."""
        self.fulfilled_on, self.result = on or today(), result or self.result
        self.save_as(by)

    def reopen(self, *, by) -> None:
        """Take back that it was kept."""
        self.fulfilled_on = None
        self.save_as(by)

    def begin_dispute(self, text: str, *, by) -> None:
        """The sides disagree about it; an earlier dispute stays in the field history."""
        self.disputed_on, self.dispute = today(), text
        self.settled_on, self.settlement = None, ""
        self.save_as(by)

    def settle(self, text: str, *, by) -> None:
        if self.state != self.State.DISPUTED:
            raise ValidationError(_("There is no dispute to settle."), code="no_dispute")
        self.settled_on, self.settlement = today(), text
        self.save_as(by)

    def involved(self) -> list:
        """Who follows it up: the officer responsible, else the lead of the task force; the unit."""
        people = apps.get_model("crm", "User").objects.working()
        project = self.deal.project
        wanted = Q(pk=project.owner_id) if project.owner_id else _leads_of(project.lead_team_id)
        if self.department_id and not project.is_confidential:
            wanted |= Q(role=Role.DEPARTMENT, department=self.department_id)
        return list(people.filter(wanted).distinct())


def _leads_of(team_id: int | None) -> Q:
    """The leads of a task force; without one the bureau."""
    if team_id is None:
        return Q(role=Role.BUREAU)
    members = {"memberships__task_force": team_id, "memberships__left_on": None}
    return Q(role=Role.TEAM_LEAD, **members)
