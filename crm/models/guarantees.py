"""Factor guarantees (要素保障): what has to be secured for a project, by whom and by when."""

from datetime import date, timedelta

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.access import Role
from crm.clock import Step
from crm.factors import EXPLAINED, SETTLED, CountedFrom, Factor, FactorState
from crm.periods import today
from crm.stages import ProjectStatus, Stage, reached

from .base import Record, Reference, nothing, where
from .notices import Notice
from .organisation import TimeLimit
from .project_parts import FactorNeeds, ProjectPartQuerySet, project_of
from .projects import Project

NEEDS = [(f.name, f.verbose_name) for f in FactorNeeds._meta.concrete_fields
         if f.name in {"land_mu", "floor_m2", "load_mw", "bandwidth_gbps", "people"}]  # fmt: skip
# What the unit that answers may write; the rest of a line is the task force's and the bureau's.
ANSWER = frozenset({"state", "note", "document_no", "settled_on"})
UNIT_ROLES = (Role.DEPARTMENT, Role.PARK)
CHUNK = 500


class FactorTemplate(Reference):
    """A line of the checklist that every project gets when it enters the stage; the bureau's."""

    factor = models.CharField(
        pgettext_lazy("factor guarantee", "factor"), max_length=14, choices=Factor.choices
    )
    stage = models.CharField(_("from stage"), max_length=12, choices=Stage.choices)
    department = models.ForeignKey(
        "crm.Department", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    by_park = models.BooleanField(_("the park's office answers"), default=False)
    days = models.PositiveSmallIntegerField(_("days"))
    counted_from = models.CharField(
        _("counted from"), max_length=8, choices=CountedFrom.choices, default=CountedFrom.STAGE
    )
    only_where = models.CharField(
        _("only where the project needs"), max_length=20, choices=NEEDS, blank=True, default="",
        help_text=_("left out where 0 is entered; an unknown need keeps the line"),
    )  # fmt: skip

    class Meta(Reference.Meta):
        verbose_name = _("line of the factor checklist")
        verbose_name_plural = _("template of the factor checklist")
        constraints = [
            models.UniqueConstraint(
                name="factor_template_once",
                fields=["stage", "factor", "name"],
                violation_error_message=_("This line is already in the template."),
            ),
            models.CheckConstraint(
                name="factor_template_one_unit",
                condition=Q(by_park=False) | Q(department=None),
                violation_error_message=_("Either a unit answers or the park's office."),
            ),
            models.CheckConstraint(
                name="factor_template_days_positive",
                condition=Q(days__gt=0),
                violation_error_message=_("A time limit is at least one day."),
            ),
        ]

    def fits(self, project) -> bool:
        needs = getattr(project, "needs", None)
        return not self.only_where or needs is None or getattr(needs, self.only_where) != 0

    def due_on(self, project, since: date) -> date | None:
        """The deadline for a project; None where its planned go-live is not known."""
        if self.counted_from == CountedFrom.STAGE:
            return since + timedelta(days=self.days)
        live = planned_go_live(project)
        return live and live - timedelta(days=self.days)


def planned_go_live(project) -> date | None:
    """The first planned go-live among the project's phases, compute and milestones."""
    days = [part.planned_live_on for part in (*project.phases.all(), *project.compute.all())]
    days += [m.planned_on for m in project.milestones.all() if m.kind == "go_live"]
    return min(filter(None, days), default=None)


class GuaranteeQuerySet(ProjectPartQuerySet):
    """Lines go with their project; a unit reads and answers its own lines and no others."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role == Role.DEPARTMENT:
            unit = user.department_id
            return where(at, department=unit) if unit else nothing(at)
        return super().visible_q(user, at)

    @classmethod
    def open_q(cls, user, at=""):
        return cls.visible_q(user, at)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role in UNIT_ROLES:
            return cls.visible_q(user, at)
        return super().editable_q(user, at)

    def waiting(self):
        """Not settled, of projects that go on."""
        going = self.filter(project__status=ProjectStatus.ACTIVE, project__archived_at=None)
        return going.exclude(state__in=SETTLED)

    def overdue(self, on: date):
        return self.waiting().filter(due_on__lt=on)

    def due_soon(self, on: date):
        """Due from the day on, within the days that the bureau wants it told before."""
        last = TimeLimit.last_day_told(Step.BEFORE_FACTOR, on)
        return self.waiting().filter(due_on__gte=on, due_on__lte=last)

    def difficult(self):
        return self.waiting().filter(state=FactorState.DIFFICULT)

    def with_project_name(self, user):
        """Adds ``project_name`` (the code name where the project is closed) and ``is_named``."""
        told = Project.objects.filter(pk=OuterRef("project")).open_to(user)
        return self.annotate(is_named=Exists(told)).annotate(
            project_name=Case(
                When(is_named=True, then=F("project__name")),
                default=F("project__code_name"),
                output_field=models.CharField(),
            )
        )

    def owed_by(self, user):
        """What the person's own unit or park office has to answer."""
        if user.role == Role.DEPARTMENT:
            return self.filter(department=user.department_id)
        if user.role == Role.PARK:
            return self.filter(by_park=True)
        return self.filter(project__owner=user.pk)

    def tally(self, project, on: date) -> dict[str, int]:
        """How a project's checklist stands, in counts; one query."""
        settled = Q(state__in=SETTLED)
        return self.filter(project=project).aggregate(
            all=Count("pk"), settled=Count("pk", filter=settled),
            waiting=Count("pk", filter=~settled),
            late=Count("pk", filter=~settled & Q(due_on__lt=on)),
            difficult=Count("pk", filter=Q(state=FactorState.DIFFICULT)),
        )  # fmt: skip

    def complete(self, projects, *, since: date, by=None) -> int:
        """Add the template's lines that these projects lack in the stages they have reached.

        Deadlines that follow a stage are counted from ``since``. Returns how many were added.
        """
        lines = list(FactorTemplate.objects.live().current())
        links = ("phases", "compute", "milestones")
        rows = projects.select_related("needs").prefetch_related(*links)
        added = 0
        for line in lines:
            has = self.model.objects.filter(project=OuterRef("pk"), template=line)
            lacking = rows.filter(stage__in=reached(line.stage)).exclude(Exists(has))
            made = [
                self.model.from_template(line, project, since=since, by=by)
                for project in lacking
                if line.fits(project)
            ]
            added += len(self.bulk_create(made, batch_size=CHUNK, ignore_conflicts=True))
        return added


class FactorGuarantee(Record):
    """One thing that has to be secured for a project: who answers, by when, how it stands."""

    project = project_of("guarantees")
    template = models.ForeignKey(
        FactorTemplate, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("line of the factor checklist"),
    )  # fmt: skip
    factor = models.CharField(
        pgettext_lazy("factor guarantee", "factor"), max_length=14, choices=Factor.choices
    )
    title = models.CharField(_("what has to be secured"), max_length=120)
    stage = models.CharField(_("from stage"), max_length=12, choices=Stage.choices)
    department = models.ForeignKey(
        "crm.Department", models.PROTECT, null=True, blank=True, related_name="guarantees",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    by_park = models.BooleanField(_("the park's office answers"), default=False)
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=FactorState.choices, default=FactorState.NOT_STARTED
    )
    note = models.CharField(_("progress or difficulty"), max_length=300, blank=True)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)

    objects = GuaranteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("factor guarantee")
        verbose_name_plural = _("factor guarantees")
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(
                name="guarantee_once_from_template",
                fields=["project", "template"],
                violation_error_message=_("This line is already in the checklist."),
            ),
            models.CheckConstraint(
                name="guarantee_state_known",
                condition=Q(state__in=FactorState.values),
                violation_error_message=_("This state does not exist."),
            ),
            models.CheckConstraint(
                name="guarantee_one_unit",
                condition=Q(by_park=False) | Q(department=None),
                violation_error_message=_("Either a unit answers or the park's office."),
            ),
            models.CheckConstraint(
                name="guarantee_secured_has_day",
                condition=~Q(state=FactorState.SECURED.value) | Q(settled_on__isnull=False),
                violation_error_message=_("What is secured has the day it was."),
            ),
            models.CheckConstraint(
                name="guarantee_explained",
                condition=~Q(state__in=[state.value for state in EXPLAINED]) | ~Q(note=""),
                violation_error_message=_("Say what is difficult, or why it is not needed."),
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "due_on"], name="guarantee_of_unit"),
            models.Index(fields=["state", "due_on"], name="guarantee_due"),
        ]

    def __str__(self):
        return self.title

    @classmethod
    def from_template(cls, line, project, *, since: date, by=None):
        return cls(
            project=project, template=line, factor=line.factor, title=line.name, stage=line.stage,
            department_id=line.department_id, by_park=line.by_park,
            due_on=line.due_on(project, since), created_by=by, updated_by=by,
            is_sample=project.is_sample,
        )  # fmt: skip

    # -- questions -----------------------------------------------------------------------------

    @property
    def unit_name(self) -> str:
        """Who owes it, in words; "" where nobody was named."""
        if not self.by_park:
            return str(self.department or "")
        park = self.project.park
        return _("%(park)s office") % {"park": park} if park else str(_("the park's office"))

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    def is_late(self, on: date | None = None) -> bool:
        return not self.is_settled and self.due_on is not None and self.due_on < (on or today())

    def days_late(self, on: date | None = None) -> int:
        return ((on or today()) - self.due_on).days if self.is_late(on) else 0

    def involved(self) -> list:
        """The people of the unit that owes it, and the officer responsible for the project."""
        people = apps.get_model("crm", "User").objects.working()
        return list(people.filter(self._unit_q() | Q(pk=self.project.owner_id)))

    def _unit_q(self) -> Q:
        if self.by_park:
            park = self.project.park_id
            return Q(role=Role.PARK, park=park) if park else Q(pk__in=[])
        return Q(role=Role.DEPARTMENT, department=self.department_id, department__isnull=False)

    # -- changes -------------------------------------------------------------------------------

    def validate_for(self, user, *, without=frozenset()):
        written = {f.name for f in self._meta.concrete_fields if f.editable}
        beyond = self.touched_fields() & written - ANSWER
        if user.role in UNIT_ROLES and beyond and not self._state.adding:
            raise ValidationError(
                _("The unit that answers writes state, progress, document and day only.")
            )
        super().validate_for(user, without=without)

    def clean(self):
        if self.settled_on and self.settled_on > today() and self.touches("settled_on"):
            raise ValidationError({"settled_on": _("This date lies in the future.")})

    def answer(self, state: str, *, by, note: str = "", document_no: str = "", on=None) -> None:
        """How it stands now; the officer responsible and the unit hear of it.

        Raises PermissionDenied, ValidationError (a word or a day is missing) or StaleRecord.
        """
        self.state, self.note, self.document_no = state, note.strip(), document_no.strip()
        self.settled_on = (on or self.settled_on or today()) if state in SETTLED else None
        with transaction.atomic():
            if self.touches(*ANSWER):
                self.save_as(by, reason=self.note)
                key = f"factor-{self.pk}-{self.version}"
                Notice.objects.tell(self.involved(), "answer", self, by=by, key=key)

    def postpone(self, to: date, *, by, reason: str) -> None:
        """A later deadline, with the reason in the history."""
        if not reason.strip():
            raise ValidationError({"note": _("A later deadline needs a reason.")})
        if self.due_on is not None and to <= self.due_on:
            raise ValidationError({"due_on": _("The new deadline lies after the old one.")})
        self.due_on = to
        self.save_as(by, reason=reason.strip()[:300])


def complete_for(project, *, since: date, by=None) -> int:
    """The checklist of one project, up to the stage it stands in."""
    return FactorGuarantee.objects.complete(
        Project.objects.filter(pk=project.pk), since=since, by=by
    )
