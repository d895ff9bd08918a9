"""The investment alliance (绿色算力招商联盟): members, introductions, meetings, and promises."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.access import Role
from crm.periods import Period, today

from .base import PartQuerySet, Record, everything, nothing
from .commitments import Commitment
from .companies import Company, CompanyPartQuerySet
from .outreach import EventQuerySet, TeamQuerySet, project_is_open
from .projects import Project


class AllianceMembershipQuerySet(CompanyPartQuerySet):
    @classmethod
    def editable_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)


class AllianceMembership(Record):
    """Membership in the green-compute investment alliance (绿色算力招商联盟)."""

    class Part(models.TextChoices):
        LEAD = "lead", _("presiding unit")
        VICE = "vice", _("vice-presiding unit")
        COUNCIL = "council", _("council member")
        MEMBER = "member", _("member unit")

    company = models.OneToOneField(
        Company, models.CASCADE, related_name="alliance", verbose_name=_("company")
    )
    part = models.CharField(
        _("role in the alliance"), max_length=8, choices=Part.choices, default=Part.MEMBER
    )
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    brings = models.CharField(
        _("what it brings"), max_length=200, blank=True,
        help_text=_("e.g. customers, funds, technology, a trade's contacts"),
    )  # fmt: skip

    objects = AllianceMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("alliance member")
        verbose_name_plural = _("alliance members")
        constraints = [
            models.CheckConstraint(
                name="alliance_dates_in_order",
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return str(self.company)


class IntroductionQuerySet(TeamQuerySet):
    """Read by the city and the task force that took it up, which also writes it."""

    @classmethod
    def open_q(cls, user, at=""):
        return cls.visible_q(user, at) & project_is_open(user, at)

    def made_in(self, period: Period):
        return self.filter(introduced_on__gte=period.start, introduced_on__lt=period.end)


class Introduction(Record):
    """A member brings us together with a firm, perhaps with a definite project."""

    membership = models.ForeignKey(
        AllianceMembership, models.PROTECT, related_name="introductions",
        verbose_name=_("alliance member"),
    )  # fmt: skip
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, related_name="introductions",
        verbose_name=_("firm introduced"),
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="introductions",
        verbose_name=_("project introduced"),
    )  # fmt: skip
    introduced_on = models.DateField(_("introduced on"), default=today)
    person = models.CharField(_("introduced by (person)"), max_length=60, blank=True)
    task_force = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, related_name="introductions",
        verbose_name=_("taken up by"),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = IntroductionQuerySet.as_manager()

    # Who is a member, and which firm it is, is public in the register.
    links_by_public_part = frozenset({"company", "membership"})

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        ordering = ["-introduced_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="introduction_once",
                fields=["membership", "company"],
                condition=Q(archived_at=None),
                violation_error_message=_("This member already introduced this firm."),
            ),
            models.UniqueConstraint(
                name="introduction_of_project_once",
                fields=["project"],
                condition=Q(project__isnull=False, archived_at=None),
                violation_error_message=_("This project was already introduced by a member."),
            ),
        ]

    def __str__(self):
        return f"{self.membership} → {self.company}"

    def clean(self):
        errors = {}
        if self.introduced_on and self.introduced_on > today() and self.touches("introduced_on"):
            errors["introduced_on"] = _("This date lies in the future.")
        member = self.membership_id and self.membership.company_id
        if member and member == self.company_id:
            errors["company"] = _("A member does not introduce itself.")
        if errors:
            raise ValidationError(errors)


class AllianceMeeting(Record):
    """A meeting of the alliance."""

    name = models.CharField(_("meeting"), max_length=120)
    held_on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    summary = models.TextField(_("what was agreed"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("alliance meeting")
        verbose_name_plural = _("alliance meetings")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="alliance_meeting_once",
                fields=["name", "held_on"],
                condition=Q(archived_at=None),
                violation_error_message=_("This meeting is already listed."),
            )
        ]

    def __str__(self):
        return self.name


class MeetingAttendanceQuerySet(PartQuerySet):
    parent = "meeting"
    parent_model = "AllianceMeeting"


class MeetingAttendance(Record):
    """A member at a meeting: invited, came, sent regrets."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        CAME = "came", _("came")
        EXCUSED = "excused", _("sent regrets")
        ABSENT = "absent", _("did not come")

    meeting = models.ForeignKey(
        AllianceMeeting, models.CASCADE, related_name="attendance", verbose_name=_("meeting")
    )
    membership = models.ForeignKey(
        AllianceMembership, models.PROTECT, related_name="attendance",
        verbose_name=_("alliance member"),
    )  # fmt: skip
    state = models.CharField(
        _("attendance"), max_length=8, choices=State.choices, default=State.INVITED
    )
    people = models.CharField(_("who came"), max_length=200, blank=True)

    objects = MeetingAttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance of a member")
        verbose_name_plural = _("attendance of members")
        constraints = [
            models.UniqueConstraint(
                name="attendance_once",
                fields=["meeting", "membership"],
                violation_error_message=_("This member is already listed."),
            )
        ]

    def __str__(self):
        return f"{self.membership} {self.get_state_display()}"


class AllianceCommitmentQuerySet(EventQuerySet):
    def waiting(self):
        return self.live().filter(fulfilled_on=None)

    def overdue(self, on):
        return self.waiting().filter(due_on__lt=on)


class AllianceCommitment(Record):
    """What a member promised to do for the alliance, and whether it did."""

    membership = models.ForeignKey(
        AllianceMembership, models.PROTECT, related_name="promises",
        verbose_name=_("alliance member"),
    )  # fmt: skip
    content = models.CharField(_("commitment"), max_length=300)
    due_on = models.DateField(_("due"), null=True, blank=True)
    fulfilled_on = models.DateField(_("kept on"), null=True, blank=True)
    result = models.CharField(_("how it was kept"), max_length=300, blank=True)

    objects = AllianceCommitmentQuerySet.as_manager()

    links_by_public_part = frozenset({"membership"})

    class Meta:
        verbose_name = _("commitment of a member")
        verbose_name_plural = _("commitments of members")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="alliance_commitment_once",
                fields=["membership", "content"],
                condition=Q(archived_at=None),
                violation_error_message=_("This commitment is already listed."),
            )
        ]

    def __str__(self):
        return self.content

    @property
    def state(self) -> str:
        """In the words of a deal's commitment, without disputes."""
        if self.fulfilled_on:
            return Commitment.State.FULFILLED
        late = self.due_on and self.due_on < today()
        return Commitment.State.OVERDUE if late else Commitment.State.UNDER_WAY

    @property
    def state_label(self) -> str:
        return str(Commitment.State(self.state).label)

    def clean(self):
        if self.fulfilled_on and self.fulfilled_on > today() and self.touches("fulfilled_on"):
            raise ValidationError({"fulfilled_on": _("This date lies in the future.")})
