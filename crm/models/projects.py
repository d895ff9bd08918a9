"""Projects: who may see them, what stage they are in, and the one way to move them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from crm import stages
from crm.access import CITY_READERS, TEAM_ROLES, Role
from crm.money import AmountPrecision
from crm.names import match_key
from crm.periods import today
from crm.pinyin import search_text
from crm.stages import ProjectStatus, Stage

from .base import Record, everything, nothing, where
from .board import BoardQuerySet
from .fields import YuanField
from .finding import FindableQuerySet
from .moving import Moving
from .notices import Notice
from .pace import Paced, PaceQuerySet
from .protecting import EARLY, Protecting


def _rows_of(relation: str):
    """All rows of a model that a project is linked with (those modules build on this one)."""
    return Project._meta.get_field(relation).related_model.objects.all()


class ProjectQuerySet(BoardQuerySet, FindableQuerySet, PaceQuerySet):
    """Row scope of projects, and the questions the trade asks of many of them."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in CITY_READERS:
            return everything(at)
        if user.role in TEAM_ROLES:
            return cls.of_teams_q(user.team_ids, at)
        if user.role == Role.PARK and user.park_id:
            return where(at, park=user.park_id, stage__in=stages.reached(Stage.RESERVE))
        if user.role == Role.DEPARTMENT and user.department_id:
            asked = _rows_of("requests").asked_of(user.department_id).values("project")
            owed = _rows_of("guarantees").filter(department=user.department_id).values("project")
            return where(at, pk__in=asked) | where(at, pk__in=owed)
        return nothing(at)

    @classmethod
    def open_q(cls, user, at=""):
        seen = cls.visible_q(user, at)
        if user.role == Role.BUREAU:
            return seen
        told = Project.confidants.through.objects.filter(user=user.pk).values("project")
        named = where(at, pk__in=told) | where(at, owner=user.pk)
        of_lead_team = (
            where(at, lead_team__in=user.team_ids) if user.role in TEAM_ROLES else nothing(at)
        )
        return seen & (where(at, is_confidential=False) | (named & of_lead_team))

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        return cls.of_teams_q(user.team_ids, at) if user.role in TEAM_ROLES else nothing(at)

    @classmethod
    def of_teams_q(cls, team_ids, at=""):
        """Projects the teams lead or share in."""
        shared = _rows_of("credit_shares").filter(task_force__in=team_ids).values("project")
        return where(at, lead_team__in=team_ids) | where(at, pk__in=shared)

    def shown_to(self, user):
        """visible_to plus ``shown_name``: the code name where the project is closed to the user."""
        return self.visible_to(user).annotate(
            shown_name=models.Case(
                models.When(is_open=True, then=F("name")),
                default=F("code_name"),
                output_field=models.CharField(),
            )
        )

    found_in = ("name_key", "search_text", "number", "code_key")

    def answering(self, patterns: list[str]):
        """Search among rows from ``visible_to``: closed projects answer to their code name only."""
        codes = Q(pk__in=[])
        for pattern in patterns:
            codes |= Q(code_key__contains=pattern.strip())
        return super().answering(patterns).filter(Q(is_open=True) | codes)

    def by_own_names(self, pattern: str):
        known = Q(is_open=True) | Q(code_key__contains=pattern.strip())
        return super().by_own_names(pattern).filter(known)

    def answers_to(self, pattern: str) -> list:
        """Projects by name, its sound, number or code name, and by the names of their investor."""
        firms = _rows_of("lead_investor").answers_to(pattern)
        led = [Project.objects.filter(lead_investor__in=keys).values("pk") for keys in firms]
        return [*super().answers_to(pattern), *led]

    def active(self):
        return self.filter(status=ProjectStatus.ACTIVE)

    def in_stage(self, *wanted):
        return self.filter(stage__in=wanted)

    def at(self, cut: date):
        """Adds ``stage_then`` and ``status_then``: where each project stood at the end of a day."""
        until = {"project": OuterRef("pk"), "effective_on__lte": cut}
        moved = _rows_of("moves").standing().filter(**until)
        changed = _rows_of("status_changes").filter(**until)
        return self.annotate(
            stage_then=Subquery(moved.order_by("-effective_on", "-id").values("to_stage")[:1]),
            status_then=models.functions.Coalesce(
                Subquery(changed.order_by("-effective_on", "-id").values("to_status")[:1]),
                models.Value(ProjectStatus.ACTIVE.value),
            ),
        )

    def standing_in(self, stage: str, cut: date):
        """Projects that stood in the stage, active, at the end of the day ``cut``, by history."""
        return self.at(cut).filter(stage_then=stage, status_then=ProjectStatus.ACTIVE)

    def with_activity(self):
        """Adds the days of the last meeting with content, of any contact, of a done follow-up."""
        visits = _rows_of("visits").live()
        met = visits.exclude(mode="call").exclude(content="")
        return self.annotate(
            last_meeting_on=_newest(met, "held_on"),
            last_contact_on=_newest(visits, "held_on"),
            last_done_on=_newest(_rows_of("follow_ups"), "done_on"),
        )

    def protectable(self):
        """Projects whose first report may be protected, with their activity."""
        return self.live().active().filter(stage__in=EARLY, pooled_on=None).with_activity()

    def pooled(self):
        """The open pool: unprotected projects for whoever takes them; never a confidential one."""
        return self.live().active().exclude(pooled_on=None).filter(is_confidential=False)

    def overdue(self, on: date):
        """Active projects whose next step lies before the day."""
        return self.active().filter(next_step_on__lt=on)

    def with_incomplete_stage(self):
        """Projects that entered a stage with something missing (待补), by the recorded move."""
        moves = _rows_of("moves").standing()
        last = moves.filter(project=OuterRef("pk"), to_stage=OuterRef("stage"))
        return self.filter(Exists(last.exclude(overridden=[])))


def _newest(rows, day: str):
    """The latest day among a project's rows of a kind."""
    of_project = rows.filter(project=OuterRef("pk")).order_by().values("project")
    return Subquery(of_project.annotate(newest=models.Max(day)).values("newest"))


class Project(Moving, Paced, Protecting, Record):
    """A definite investment project, from lead to production."""

    class Source(models.TextChoices):
        VISIT = "visit", _("visit")
        EVENT = "event", _("event")
        ALLIANCE = "alliance", _("alliance")
        REFERRAL = "referral", _("referral by a firm")
        HIGHER = "higher", _("higher authority")
        INBOUND = "inbound", _("the firm came itself")
        PRESS = "press", _("press")
        LEDGER = "ledger", _("taken over from a ledger")
        OTHER = "other", _("other")

    class StartEvidence(models.TextChoices):
        NONE = "", _("none yet")
        PERMIT = "permit", _("construction permit")
        WORKS = "works", _("works contract")
        EQUIPMENT = "equipment", _("equipment contract (leased hall)")

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    name = models.CharField(_("project name"), max_length=160)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    code_name = models.CharField(_("code name"), max_length=60, blank=True)
    confidants = models.ManyToManyField(
        "crm.User", blank=True, related_name="+", verbose_name=_("people in the know")
    )

    lead_investor = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="led_projects",
        verbose_name=_("lead investor"),
    )  # fmt: skip
    contact = models.ForeignKey(
        "crm.Contact", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("contact"),
    )  # fmt: skip
    source = models.CharField(
        _("source of the lead"), max_length=10, choices=Source.choices, blank=True
    )
    summary = models.CharField(_("content in one line"), max_length=300, blank=True)
    content = models.TextField(_("content and scale"), blank=True)
    lead_team = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, null=True, blank=True, related_name="led_projects",
        verbose_name=_("lead task force"),
    )  # fmt: skip
    reported_on = models.DateField(_("reported on"), default=today)
    reported_at = models.DateTimeField(_("entered at"), auto_now_add=True, editable=False)
    owner = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="owned_projects",
        verbose_name=_("officer responsible"),
    )  # fmt: skip
    sponsoring_leader = models.CharField(_("sponsoring leader"), max_length=60, blank=True)
    event = models.ForeignKey(
        "crm.Event", models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name=_("came from the event"),
    )  # fmt: skip

    stage = models.CharField(
        _("stage"), max_length=12, choices=Stage.choices, default=Stage.LEAD, editable=False
    )
    stage_since = models.DateField(_("in this stage since"), default=today, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=ProjectStatus.choices,
        default=ProjectStatus.ACTIVE, editable=False,
    )  # fmt: skip
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("next step due"), null=True, blank=True)
    segment = models.ForeignKey(
        "crm.Segment", models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name=_("chain segment"),
    )  # fmt: skip
    segment_text = models.CharField(
        _("segment outside the chains"), max_length=120, blank=True, default=""
    )
    park = models.ForeignKey(
        "crm.Park", models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name=_("park"),
    )  # fmt: skip
    site_text = models.CharField(_("site outside the parks"), max_length=160, blank=True)

    planned_yuan = YuanField(_("planned investment"), null=True, blank=True)
    planned_precision = models.CharField(
        _("how exact"), max_length=12, choices=AmountPrecision.choices, blank=True, default=""
    )
    planned_upper_yuan = YuanField(_("upper end"), null=True, blank=True)
    planned_text = models.CharField(_("amount as written"), max_length=120, blank=True)
    fixed_assets_yuan = YuanField(_("of which fixed assets"), null=True, blank=True)
    planned_signing_on = models.DateField(_("planned signing month"), null=True, blank=True)
    project_company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="company_of_projects",
        verbose_name=_("project company"),
    )  # fmt: skip
    filing_code = models.CharField(_("filing code"), max_length=40, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    site_secured_on = models.DateField(_("site secured on"), null=True, blank=True)
    started_on = models.DateField(_("actual start"), null=True, blank=True)
    start_evidence = models.CharField(
        _("proof of the start"), max_length=10, choices=StartEvidence.choices, blank=True,
        default="",
    )  # fmt: skip
    start_note = models.CharField(_("note on the start"), max_length=200, blank=True)
    produced_on = models.DateField(_("production or go-live"), null=True, blank=True)
    production_note = models.CharField(_("evidence of production"), max_length=200, blank=True)
    source_sentence = models.TextField(_("source sentence"), blank=True)
    pooled_on = models.DateField(
        _("in the open pool since"), null=True, blank=True,
        help_text=_("nobody worked on it for too long: any task force may take it"),
    )  # fmt: skip

    name_key = models.CharField(max_length=160, editable=False, db_index=True)
    search_text = models.CharField(max_length=1000, editable=False)
    code_key = models.CharField(max_length=60, editable=False, default="")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-reported_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="project_name_once_per_investor",
                fields=["name_key", "lead_investor"],
                condition=Q(archived_at=None) & ~Q(status="merged"),
                violation_error_message=_("This investor already has a project of this name."),
            ),
            models.CheckConstraint(
                name="project_stage_known",
                condition=Q(stage__in=Stage.values),
                violation_error_message=_("This stage does not exist."),
            ),
            models.CheckConstraint(
                name="project_status_known",
                condition=Q(status__in=ProjectStatus.values),
                violation_error_message=_("This status does not exist."),
            ),
            models.CheckConstraint(
                name="project_confidential_has_code_name",
                condition=Q(is_confidential=False) | ~Q(code_name=""),
                violation_error_message=_("A confidential project needs a code name."),
            ),
            models.CheckConstraint(
                name="project_upper_end_above_planned",
                condition=Q(planned_upper_yuan=None) | Q(planned_upper_yuan__gte=F("planned_yuan")),
                violation_error_message=_("The upper end lies below the planned investment."),
            ),
            models.CheckConstraint(
                name="project_undetermined_has_no_amount",
                condition=~Q(planned_precision="undetermined") | Q(planned_yuan=None),
                violation_error_message=_("An undetermined investment has no amount."),
            ),
            models.CheckConstraint(
                name="project_produced_after_start",
                condition=Q(produced_on=None)
                | Q(started_on=None)
                | Q(produced_on__gte=F("started_on")),
                violation_error_message=_("Production lies before the start of works."),
            ),
        ]
        indexes = [
            models.Index(fields=["-reported_on", "-id"], name="project_in_order"),
            models.Index(fields=["stage", "-stage_since", "-id"], name="project_on_board"),
            models.Index(fields=["stage", "status", "-reported_on"], name="project_by_stage"),
            models.Index(fields=["lead_team", "-reported_on"], name="project_of_team"),
            models.Index(fields=["park", "stage"], name="project_in_park"),
            models.Index(fields=["owner", "status"], name="project_of_owner"),
            models.Index(fields=["status", "next_step_on"], name="project_next_step"),
            models.Index(fields=["is_sample"], condition=Q(is_sample=True), name="project_sample"),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def derived_from(cls):
        return frozenset({"name", "code_name"})

    def is_derived(self):
        return bool(self.search_text) and bool(self.code_key) == bool(self.code_name)

    @property
    def closed_label(self):
        return self.code_name or super().closed_label

    def name_for(self, user) -> str:
        """The name, or the code name for whoever the project is closed to."""
        if not self.is_confidential or self.is_open_to(user):
            return self.name
        return self.code_name

    def is_open_to(self, user) -> bool:
        if "is_open" in self.__dict__:
            return self.is_open
        return Project.objects.filter(pk=self.pk).open_to(user).exists()

    # Set by whoever may skip stages, for a project that is first heard of at a later one; what is
    # missing is recorded with its move there.
    enters_later = False
    # Set while a change of name, firm, code or team is checked: it may clash from now on.
    may_clash = False
    # The firm of a report may be another task force's: that is a conflict, not a refusal.
    links_by_public_part = frozenset({"lead_investor"})

    # -- rules on editing ----------------------------------------------------------------------

    def clean(self):
        errors = {}
        for field in ("reported_on", "started_on", "produced_on", "filed_on", "site_secured_on"):
            value = getattr(self, field)
            if value and value > today() and self.touches(field):
                errors[field] = _("This date lies in the future.")
        if self.touches("contact", "lead_investor") and not self._contact_is_of_an_investor():
            errors["contact"] = _("This person does not belong to the lead investor.")
        if self._state.adding and not self.enters_later:
            errors |= {link: _("A lead needs this.") for link in self._lacking_as_lead()}
        elif not self._state.adding and self.touches("stage", "stage_since", "status"):
            errors["__all__"] = _("Stage and status only change by moving the project.")
        if errors:
            raise ValidationError(errors)

    def _lacking_as_lead(self) -> list[str]:
        lacking = [requirement.link for requirement in stages.missing(self, Stage.LEAD)]
        return [link for link in lacking if not self._brings(link)]

    def _brings(self, name: str) -> bool:
        """Whether a linked row is entered together with the project and has no key yet."""
        field = self._meta.get_field(name)
        return field.is_relation and field.is_cached(self) and getattr(self, name) is not None

    def _contact_is_of_an_investor(self) -> bool:
        return self.contact_id is None or self.contact.company_id == self.lead_investor_id

    def clean_fields(self, exclude=None):
        self.set_name_keys()
        super().clean_fields(exclude=exclude)

    def set_name_keys(self):
        self.name_key = match_key(self.name)[:160]
        self.code_key = match_key(self.code_name)[:60]

    def validate_for(self, user, *, without=frozenset()):
        super().validate_for(user, without=without)
        self.may_clash = self.touches("name", "lead_investor", "filing_code", "lead_team")
        own = _rows_of("lead_team").own_of(user).filter(pk=self.lead_team_id)
        if self.lead_team_id and self.touches("lead_team") and not own.exists():
            message = _("You may only file a project under your own task force.")
            raise ValidationError({"lead_team": message}, code="out_of_scope")

    def derive(self):
        self.set_name_keys()
        self.search_text = search_text(self.name)[:1000]

    def sign(self, user):
        """A new project is a lead since the day it was reported."""
        super().sign(user)
        if self._state.adding:
            self.stage, self.stage_since = Stage.LEAD, self.reported_on

    def save(self, *args, **kwargs):
        if not self.number:
            self.number_all([self])
        super().save(*args, **kwargs)

    @staticmethod
    def number_all(projects) -> None:
        """XN-2024-0001: the year of the report and a running number within it."""
        last = {}
        for project in projects:
            prefix = f"XN-{project.reported_on.year}-"
            if prefix not in last:
                last[prefix] = _last_number(prefix)
            last[prefix] += 1
            project.number = f"{prefix}{last[prefix]:04d}"

    def rows_added_with(self, user):
        first = self._meta.get_field("moves").related_model(
            project=self, to_stage=Stage.LEAD, effective_on=self.reported_on, by=user,
            is_sample=self.is_sample,
        )  # fmt: skip
        return [first]

    def after_save_as(self, user, *, adding):
        """A second report is held until the bureau decides; whoever became responsible is told."""
        super().after_save_as(user, adding=adding)
        if adding or self.may_clash:
            _rows_of("conflicts").raise_for([self], by=user)
        if self.owner_id is not None:
            key = f"project-{self.pk}-{self.owner_id}"
            Notice.objects.tell([self.owner], "assigned", self, by=user, key=key)

    # -- questions the stage requirements ask ------------------------------------------------------

    def planned_is_stated(self) -> bool:
        undetermined = self.planned_precision == AmountPrecision.UNDETERMINED
        return self.planned_yuan is not None or undetermined

    def has_contact_record(self) -> bool:
        return any(visit.archived_at is None for visit in self.visits.all())

    def has_open_conflict(self) -> bool:
        return any(conflict.is_undecided for conflict in self.conflicts.all())

    def has_passed_assessment(self) -> bool:
        return any(assessment.counts() for assessment in self.assessments.all())

    def contract(self):
        """The latest formal contract in force, else None."""
        formal = [d for d in self.deals.all() if d.is_formal() and d.is_in_force()]
        return max(formal, key=lambda d: (d.signed_on or date.min, d.pk), default=None)

    def contract_is(self, attribute: str) -> bool:
        """Whether the contract in force has this attribute set (a method is asked)."""
        contract = self.contract()
        value = getattr(contract, attribute, None)
        return value() if callable(value) else value not in (None, "")

    def contract_has_parties(self) -> bool:
        contract = self.contract()
        return contract is not None and len(contract.parties.all()) > 0

    def credit_adds_up(self) -> bool:
        return sum(share.percent for share in self.credit_shares.all()) == 100

    def is_registered(self) -> bool:
        firm = self.project_company
        return bool(firm and firm.uscc and firm.registered_on)

    def has_filing_and_site(self) -> bool:
        return bool(self.filing_code) and self.site_secured_on is not None


def _last_number(prefix: str) -> int:
    taken = Project.objects.filter(number__startswith=prefix)
    last = taken.order_by(models.functions.Length("number").desc(), "-number").first()
    return int(last.number.removeprefix(prefix)) if last else 0


def sample_present() -> bool:
    """Whether sample rows are in the database; every page says so."""
    return Project.objects.filter(is_sample=True).exists()
