"""What a project is made of: investors, credit, phases, needs, compute, milestones, assessments."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.access import Role
from crm.periods import today

from .base import PartQuerySet, Record
from .fields import ExactField, PercentField, YuanField
from .projects import Project
from .reference import ComputeKind, ComputePrecision


class ProjectPartQuerySet(PartQuerySet):
    """Parts of a project stay unseen unless the project is open to the reader."""

    parent = "project"
    parent_model = "Project"

    @classmethod
    def visible_q(cls, user, at=""):
        return cls._parent().open_q(user, f"{at}project__")


class ParkEditedQuerySet(ProjectPartQuerySet):
    """Parts that the park office keeps for the projects in its park."""

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.PARK:
            return cls._parent().open_q(user, f"{at}project__")
        return super().editable_q(user, at)


def project_of(related_name: str, kind=models.ForeignKey):
    """The link of a part to its project."""
    return kind(Project, models.CASCADE, related_name=related_name, verbose_name=_("project"))


class ProjectInvestor(Record):
    """A further investor beside the lead investor, with its share where known."""

    project = project_of("investors")
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, related_name="investments", verbose_name=_("investor")
    )
    share = PercentField(_("share (%)"), null=True, blank=True)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("joint investor")
        verbose_name_plural = _("joint investors")
        constraints = [
            models.UniqueConstraint(
                name="investor_once_per_project",
                fields=["project", "company"],
                violation_error_message=_("This investor is already listed."),
            )
        ]

    def __str__(self):
        return str(self.company)


class CreditShare(Record):
    """A task force's share of the credit for a project; the shares add up to 100 %."""

    class Part(models.TextChoices):
        FIRST = "first", _("first talks")
        LANDING = "landing", _("landing")
        JOINT = "joint", _("joint")

    project = project_of("credit_shares")
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, related_name="credit_shares", verbose_name=_("task force")
    )
    part = models.CharField(_("part"), max_length=8, choices=Part.choices, default=Part.FIRST)
    percent = PercentField(_("share (%)"))

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit share")
        verbose_name_plural = _("credit shares")
        constraints = [
            models.UniqueConstraint(
                name="credit_once_per_team",
                fields=["project", "task_force"],
                violation_error_message=_("This task force already has a share."),
            ),
            models.CheckConstraint(
                name="credit_share_positive",
                condition=Q(percent__gt=0) & Q(percent__lte=100),
                violation_error_message=_("A share is more than 0 and at most 100 %%."),
            ),
        ]

    def __str__(self):
        return f"{self.task_force} {self.percent.normalize():f}%"

    def clean(self):
        if self.project_id is None or self.percent is None:
            return
        others = CreditShare.objects.filter(project=self.project_id).exclude(pk=self.pk)
        total = self.percent + (others.aggregate(total=models.Sum("percent"))["total"] or 0)
        if total > 100 and self.touches("percent"):
            raise ValidationError(
                {
                    "percent": ValidationError(
                        _("The shares add up to %(total)s %%, more than 100 %%."),
                        params={"total": total},
                    )
                }
            )


class Phase(Record):
    """A phase (一期, 二期 …) with its own amount and dates; totals count the project once."""

    project = project_of("phases")
    name = models.CharField(_("phase"), max_length=40)
    planned_yuan = YuanField(_("planned investment"), null=True, blank=True)
    compute_p = ExactField(_("compute (P)"), places=3, low=0, null=True, blank=True)
    planned_start_on = models.DateField(_("planned start"), null=True, blank=True)
    started_on = models.DateField(_("actual start"), null=True, blank=True)
    planned_live_on = models.DateField(_("planned go-live"), null=True, blank=True)
    live_on = models.DateField(_("actual go-live"), null=True, blank=True)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = [
            models.UniqueConstraint(
                name="phase_once_per_project",
                fields=["project", "name"],
                violation_error_message=_("This phase is already listed."),
            ),
            models.CheckConstraint(
                name="phase_dates_in_order",
                condition=Q(started_on=None) | Q(live_on=None) | Q(live_on__gte=F("started_on")),
                violation_error_message=_("Go-live lies before the start."),
            ),
        ]

    def __str__(self):
        return self.name


class FactorNeeds(Record):
    """What a project needs: land, power, green power, network, people."""

    project = project_of("needs", models.OneToOneField)
    land_mu = ExactField(_("land (mu)"), places=2, low=0, null=True, blank=True)
    floor_m2 = ExactField(_("floor space (m²)"), places=2, low=0, null=True, blank=True)
    load_mw = ExactField(_("power load (MW)"), places=3, low=0, null=True, blank=True)
    energy_kwh = ExactField(_("energy use (kWh a year)"), places=0, low=0, null=True, blank=True)
    green_power_share = PercentField(_("green power share (%)"), null=True, blank=True)
    bandwidth_gbps = ExactField(_("bandwidth (Gbps)"), places=2, low=0, null=True, blank=True)
    people = models.PositiveIntegerField(_("people needed"), null=True, blank=True)
    institutions = models.ManyToManyField(
        "crm.Institution", blank=True, related_name="+", verbose_name=_("partner universities")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ParkEditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("factor needs")
        verbose_name_plural = _("factor needs")

    def __str__(self):
        return str(_("factor needs"))


class ComputeCapacity(Record):
    """Compute of one kind in a project; P of different precisions are never added together."""

    project = project_of("compute")
    kind = models.CharField(_("kind of compute"), max_length=12, choices=ComputeKind.choices)
    precision = models.CharField(
        _("precision"), max_length=4, choices=ComputePrecision.choices, blank=True, default=""
    )
    planned_p = ExactField(_("planned (P)"), places=3, low=0, null=True, blank=True)
    online_p = ExactField(_("online (P)"), places=3, low=0, null=True, blank=True)
    racks = models.PositiveIntegerField(_("racks"), null=True, blank=True)
    it_load_mw = ExactField(_("IT load (MW)"), places=3, low=0, null=True, blank=True)
    pue = ExactField("PUE", places=3, low=1, high=3, null=True, blank=True)
    planned_live_on = models.DateField(_("planned go-live"), null=True, blank=True)
    live_on = models.DateField(_("actual go-live"), null=True, blank=True)

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("compute")
        verbose_name_plural = _("compute")
        constraints = [
            models.UniqueConstraint(
                name="compute_once_per_kind",
                fields=["project", "kind", "precision"],
                violation_error_message=_("This kind of compute is already listed."),
            ),
            models.CheckConstraint(
                name="compute_pue_plausible",
                condition=Q(pue=None) | (Q(pue__gte=1) & Q(pue__lte=3)),
                violation_error_message=_("A PUE lies between 1 and 3."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class Milestone(Record):
    """A planned and an actual date of one step towards production."""

    class Kind(models.TextChoices):
        FILING = "filing", _("filing")
        LAND = "land", _("land")
        ENVIRONMENT = "environment", _("environment review")
        ENERGY = "energy", _("energy-saving review")
        POWER = "power", _("power supply")
        PERMIT = "permit", _("construction permit")
        START = "start", _("start of works")
        COMPLETION = "completion", _("completion")
        GO_LIVE = "go_live", _("production or go-live")
        FULL = "full", _("full capacity")
        OTHER = "other", _("other")

    project = project_of("milestones")
    kind = models.CharField(_("milestone"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=80, blank=True)
    planned_on = models.DateField(_("planned date"), null=True, blank=True)
    actual_on = models.DateField(_("actual date"), null=True, blank=True)
    department = models.ForeignKey(
        "crm.Department", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    is_not_applicable = models.BooleanField(_("not applicable"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ParkEditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["planned_on", "id"]

    def __str__(self):
        return self.title or self.get_kind_display()

    def clean(self):
        if self.actual_on and self.actual_on > today() and self.touches("actual_on"):
            raise ValidationError({"actual_on": _("This date lies in the future.")})


class Assessment(Record):
    """A vetting (研判) of a project by the departments."""

    class Result(models.TextChoices):
        PASSED = "passed", _("passed")
        CONDITIONAL = "conditional", _("passed with conditions")
        FAILED = "failed", _("not passed")

    project = project_of("assessments")
    held_on = models.DateField(_("date"))
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    document = models.ForeignKey(
        "crm.Attachment", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("file"),
    )  # fmt: skip

    objects = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-held_on", "-id"]

    def __str__(self):
        return f"{self.held_on} {self.get_result_display()}"

    def counts(self) -> bool:
        """Passed (perhaps with conditions) and backed by a note or a file."""
        return self.result != self.Result.FAILED and bool(self.note or self.document_id)

    def clean(self):
        if self.held_on and self.held_on > today() and self.touches("held_on"):
            raise ValidationError({"held_on": _("This date lies in the future.")})
