"""First reports and what comes of two of them: conflicts, requests to join or take over, terms."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import CITY_READERS, TEAM_ROLES, Role
from crm.conflicts import Claimed, Level, Terms, level_of
from crm.names import match_key
from crm.stages import ProjectStatus

from .accounts import User
from .base import Record, Reference, ScopedQuerySet, everything, nothing, where
from .fields import PercentField
from .notices import Notice
from .project_parts import ProjectPartQuerySet, project_of
from .projects import Project

CHUNK = 500
LIVE = (ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD)


class ProtectionRule(Reference):
    """The days of protection, as the bureau sets them; one row, without it the usual days."""

    protected_days = models.PositiveSmallIntegerField(
        _("protected for (days)"), default=90, help_text=_("from the report or the last meeting")
    )
    idle_days = models.PositiveSmallIntegerField(
        _("ends after (days) without activity"), default=30
    )
    notice_days = models.PositiveSmallIntegerField(_("told before the end (days)"), default=7)
    decision_days = models.PositiveSmallIntegerField(
        _("the bureau decides within (working days)"), default=3
    )
    is_only = models.BooleanField(default=True, editable=False)
    name = None

    class Meta(Reference.Meta):
        verbose_name = _("rule of first report")
        verbose_name_plural = _("rule of first report")
        constraints = [
            models.UniqueConstraint(
                name="protection_rule_is_one",
                fields=["is_only"],
                violation_error_message=_("There is one rule only; change that one."),
            ),
            models.CheckConstraint(
                name="protection_rule_is_only",
                condition=Q(is_only=True),
                violation_error_message=_("There is one rule only; change that one."),
            ),
            models.CheckConstraint(
                name="protection_days_in_order",
                condition=Q(idle_days__gt=F("notice_days")) & Q(protected_days__gte=F("idle_days")),
                violation_error_message=_(
                    "The notice comes before the end, and a whole period is no shorter than an "
                    "idle one."
                ),
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    @classmethod
    def terms(cls) -> Terms:
        names = ("protected_days", "idle_days", "notice_days", "decision_days")
        row = cls.objects.values(*names).first()
        return Terms(**row) if row else Terms()


class ConflictQuerySet(ProjectPartQuerySet):
    @classmethod
    def editable_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)

    def open(self):
        return self.filter(decision="")

    def between(self, project, other):
        """Conflicts of these two, whichever was reported first."""
        one = Q(project=project, other_project=other)
        return self.filter(one | Q(project=other, other_project=project))

    def raise_for(self, projects: list[Project], *, by) -> list["Conflict"]:
        """Open conflicts for what blocks among these saved projects; returns the new ones.

        For levels that block, and for a team that reports a project of another team's firm. What
        was found once, decided or not, is not raised again. Call it in the write's transaction.
        """
        rivals = rivals_of(projects)
        found = [c for p in projects for c in clashes_of(p, rivals_near(p, rivals), by=by)]
        asked = [c.project_id for c in found]
        known = set()
        for start in range(0, len(asked), CHUNK):
            rows = self.filter(project__in=asked[start : start + CHUNK])
            known |= set(rows.values_list("project", "other_project"))
        new = {
            pair: conflict
            for conflict in found
            if (pair := (conflict.project_id, conflict.other_project_id)) not in known
        }
        raised = self.bulk_create(new.values())
        _tell_of(raised, by)
        return raised


class Conflict(Record):
    """Two teams on the same firm's project (撞单); the bureau decides.

    ``project`` was reported later, or is the one that the bureau looked at; its note never tells
    its readers more of the other than who reported first and how far that is.
    """

    class Decision(models.TextChoices):
        OPEN = "", _("not decided")
        MERGE = "merge", _("merge")
        SEPARATE = "separate", _("separate projects")
        JOINT = "joint", _("joint")
        TRANSFER = "transfer", _("hand over")

    project = project_of("conflicts")
    other_project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="conflicts_as_first",
        verbose_name=_("other project"),
    )  # fmt: skip
    level = models.PositiveSmallIntegerField(
        _("level"), choices=[(1, "L1"), (2, "L2"), (3, "L3"), (4, "L4")], default=3
    )
    note = models.CharField(_("what clashes"), max_length=300)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, blank=True, default=""
    )
    decision_reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    reporter_percent = PercentField(_("share of the later reporter (%)"), null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        constraints = [
            models.CheckConstraint(
                name="conflict_decision_has_reason",
                condition=Q(decision="") | ~Q(decision_reason=""),
                violation_error_message=_("A decision needs its reason."),
            )
        ]

    def __str__(self):
        return self.note

    @property
    def is_undecided(self) -> bool:
        return self.decision == ""

    def decide(self, decision: str, *, by, reason: str, percent=None) -> None:
        """Write the decision down; what follows from it is done by ``crm.claims``."""
        self.decision, self.decision_reason, self.reporter_percent = decision, reason, percent
        self.decided_by, self.decided_at = by, timezone.now()
        self.save_as(by, reason=reason)


def _tell_of(conflicts, by) -> None:
    """The bureau hears of each conflict, and who is responsible for the first report."""
    bureau = list(User.objects.working().filter(role=Role.BUREAU)) if conflicts else []
    for conflict in conflicts:
        first, key = conflict.other_project, f"conflict-{conflict.pk}"
        tell = Notice.objects.tell
        tell(bureau, Notice.Kind.CONFLICT, conflict.project, key=key, by=by)
        if first is not None and first.owner_id:
            tell([first.owner], Notice.Kind.CONFLICT, first, key=key, by=by)


def claimed(project: Project) -> Claimed:
    """What of a project is compared with others."""
    firm = project.lead_investor
    return Claimed(
        project.name, firm=project.lead_investor_id, group=firm and firm.parent_id,
        code=project.filing_code, site=project.site_text or str(project.park_id or ""),
        yuan=project.planned_yuan,
    )  # fmt: skip


def rivals_of(projects: list[Project]) -> dict:
    """Projects with one of the same investors or filing codes, whoever's they are, by either.

    Not for showing: they may be closed to whoever asks.
    """
    firms = {p.lead_investor_id for p in projects} - {None}
    codes = {p.filing_code for p in projects} - {""}
    rows = Project.objects.live().filter(status__in=LIVE, pooled_on=None)
    rows = rows.select_related("lead_investor", "lead_team")
    rivals: dict = {}
    for name, values in (("lead_investor", sorted(firms)), ("filing_code", sorted(codes))):
        for start in range(0, len(values), CHUNK):
            for row in rows.filter(**{f"{name}__in": values[start : start + CHUNK]}):
                key = (
                    row.lead_investor_id if name == "lead_investor" else match_key(row.filing_code)
                )
                rivals.setdefault(key, []).append(row)
    return rivals


def rivals_near(project, rivals: dict) -> list[Project]:
    """Those of ``rivals_of`` that have to do with this project."""
    near = [*rivals.get(project.lead_investor_id, ())]
    near += rivals.get(match_key(project.filing_code), ()) if project.filing_code else ()
    return [row for row in {row.pk: row for row in near}.values() if row.pk != project.pk]


def clashes_of(project, rivals, *, by) -> list[Conflict]:
    """Unsaved conflicts that a project has, or would have once it is saved, with its rivals."""
    others = [rival for rival in rivals if _of_another_team(rival, project)]
    levels = [(level_of(claimed(project), claimed(rival)), rival) for rival in others]
    blocking = [(level, rival) for level, rival in levels if level and level.blocks]
    if blocking:
        return [_conflict(project, level, rival, by) for level, rival in blocking]
    if _enters_foreign_firm(project, by):
        first = min(others, key=lambda rival: rival.pk, default=None)
        return [_conflict(project, Level.LIKELY, first, by)]
    return []


def _of_another_team(rival, project) -> bool:
    teams = (rival.lead_team_id, project.lead_team_id)
    return None not in teams and teams[0] != teams[1]


def _enters_foreign_firm(project, by) -> bool:
    """Whether a task force reports a project of a firm that another one works with."""
    firm = project.lead_investor
    owner = firm and firm.owning_team_id
    return by.role in TEAM_ROLES and owner is not None and owner != project.lead_team_id


def _conflict(project, level, rival, by) -> Conflict:
    """Of the two, the one that was entered later has the conflict."""
    later, first = project, rival
    if rival is not None and project.pk is not None and rival.pk > project.pk:
        later, first = rival, project
    return Conflict(
        project=later, other_project=first, level=level, note=_note(later, first)[:300],
        created_by=by, updated_by=by, is_sample=later.is_sample,
    )  # fmt: skip


def _note(project, rival) -> str:
    """What the later reporter may know: who was first and how far that is; of a secret nothing."""
    firm = project.lead_investor or ""
    if rival is not None and rival.is_confidential:
        return str(_("%(firm)s: the bureau decides who leads.") % {"firm": firm})
    if rival is None:
        team = firm.owning_team
        return str(_("%(firm)s is with %(team)s.") % {"firm": firm, "team": team})
    return str(
        _("%(firm)s: first reported by %(team)s, now “%(stage)s”.")
        % {"firm": firm, "team": rival.lead_team, "stage": rival.get_stage_display()}
    )


class ClaimRequestQuerySet(ScopedQuerySet):
    """Read by the asking team, the team that is asked about, and the city readers.

    What is said about a confidential project stays with those to whom the project is open.
    """

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role not in CITY_READERS | TEAM_ROLES:
            return nothing(at)
        about = where(at, project=None) | Project.objects.all().open_q(user, f"{at}project__")
        if user.role in CITY_READERS:
            return about
        asked = where(at, project__lead_team__in=user.team_ids)
        asked |= where(at, company__owning_team__in=user.team_ids)
        return where(at, task_force__in=user.team_ids) | (asked & about)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        return where(at, task_force__in=user.team_ids) if user.role in TEAM_ROLES else nothing(at)

    def open(self):
        return self.filter(state=ClaimRequest.State.OPEN)


class ClaimRequest(Record):
    """A task force asks to join in a project, or to take over a project or a firm."""

    class Kind(models.TextChoices):
        JOIN = "join", _("join in")
        TAKE_OVER = "take_over", _("take over")

    class State(models.TextChoices):
        OPEN = "open", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="claim_requests",
        verbose_name=_("project"),
    )  # fmt: skip
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="claim_requests",
        verbose_name=_("company"),
    )  # fmt: skip
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, related_name="+", verbose_name=_("asking task force")
    )
    asked_by = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    kind = models.CharField(_("asks to"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=300)
    percent = PercentField(_("share asked for (%)"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN, editable=False
    )
    decided_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decision_reason = models.CharField(_("reason of the decision"), max_length=300, blank=True)

    objects = ClaimRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join or take over")
        verbose_name_plural = _("requests to join or take over")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="claim_is_about_one",
                condition=Q(project=None, company__isnull=False)
                | Q(project__isnull=False, company=None),
                violation_error_message=_("A request is about one project or one firm."),
            ),
            models.CheckConstraint(
                name="claim_of_a_firm_takes_over",
                condition=Q(company=None) | Q(kind="take_over"),
                violation_error_message=_("One joins in a project, not in a firm."),
            ),
            models.CheckConstraint(
                name="claim_decision_has_reason",
                condition=~Q(state__in=["accepted", "declined"]) | ~Q(decision_reason=""),
                violation_error_message=_("A decision needs its reason."),
            ),
            models.UniqueConstraint(
                name="claim_of_project_open_once",
                fields=["project", "task_force"],
                condition=Q(state="open", company=None),
                violation_error_message=_("Your task force has asked already."),
            ),
            models.UniqueConstraint(
                name="claim_of_firm_open_once",
                fields=["company", "task_force"],
                condition=Q(state="open", project=None),
                violation_error_message=_("Your task force has asked already."),
            ),
        ]

    def __str__(self):
        return f"{self.task_force} {self.get_kind_display()}"

    @property
    def is_open_request(self) -> bool:
        return self.state == self.State.OPEN
