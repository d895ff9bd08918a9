"""People: agreements and joint programmes with universities, and what projects need of them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .base import PartQuerySet, Record
from .outreach import EventQuerySet
from .project_parts import ParkEditedQuerySet, project_of
from .reference import Institution


class TrainingField(models.TextChoices):
    """What people are trained for, and needed for."""

    OPERATION = "operation", _("data centre operation")
    POWER = "power", _("power, cooling and storage")
    PLATFORM = "platform", _("compute platforms and networks")
    ALGORITHM = "algorithm", _("AI models and applications")
    DATA = "data", _("data labelling and governance")
    MANUFACTURING = "manufacturing", _("manufacturing and installation")
    OTHER = "other", _("other")


class TrainingAgreement(Record):
    """An agreement with a university or institute, perhaps with a firm as third party."""

    name = models.CharField(_("agreement"), max_length=160)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="agreements",
        verbose_name=_("partner institution"),
    )  # fmt: skip
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="training_agreements",
        verbose_name=_("firm that takes part"),
    )  # fmt: skip
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    content = models.TextField(_("what was agreed"), blank=True)
    source = models.TextField(_("source sentence"), blank=True)

    objects = EventQuerySet.as_manager()

    links_by_public_part = frozenset({"company"})

    class Meta:
        verbose_name = _("training agreement")
        verbose_name_plural = _("training agreements")
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="agreement_dates_in_order",
                condition=Q(valid_until=None)
                | Q(signed_on=None)
                | Q(valid_until__gte=F("signed_on")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return self.name


class Programme(Record):
    """A joint programme: what people are trained for, where, together with which firm."""

    class Level(models.TextChoices):
        MASTER = "master", _("postgraduate")
        BACHELOR = "bachelor", _("undergraduate")
        VOCATIONAL = "vocational", _("vocational")
        COURSE = "course", _("short course")

    name = models.CharField(_("programme"), max_length=120)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="programmes",
        verbose_name=_("partner institution"),
    )  # fmt: skip
    agreement = models.ForeignKey(
        TrainingAgreement, models.PROTECT, null=True, blank=True, related_name="programmes",
        verbose_name=_("training agreement"),
    )  # fmt: skip
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="programmes",
        verbose_name=_("firm that takes part"),
    )  # fmt: skip
    field = models.CharField(_("field of training"), max_length=14, choices=TrainingField.choices)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.TextField(_("source sentence"), blank=True)

    objects = EventQuerySet.as_manager()

    links_by_public_part = frozenset({"company"})

    class Meta:
        verbose_name = _("joint programme")
        verbose_name_plural = _("joint programmes")
        ordering = ["institution", "id"]
        constraints = [
            models.UniqueConstraint(
                name="programme_once",
                fields=["institution", "name"],
                condition=Q(archived_at=None),
                violation_error_message=_("This programme is already listed."),
            )
        ]

    def __str__(self):
        return self.name

    def clean(self):
        other = self.agreement_id and self.agreement.institution_id != self.institution_id
        if other:
            raise ValidationError({"agreement": _("The agreement is with another institution.")})


class TrainingYearQuerySet(PartQuerySet):
    parent = "programme"
    parent_model = "Programme"


class TrainingYear(Record):
    """How many are in training in a programme in a year, finish in it, and stay in the city."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="years", verbose_name=_("joint programme")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    in_training = models.PositiveIntegerField(_("in training"), null=True, blank=True)
    finished = models.PositiveIntegerField(_("finishing"), null=True, blank=True)
    stayed = models.PositiveIntegerField(_("of which stayed here"), null=True, blank=True)

    objects = TrainingYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("year of training")
        verbose_name_plural = _("years of training")
        ordering = ["year", "id"]
        constraints = [
            models.UniqueConstraint(
                name="training_year_once",
                fields=["programme", "year"],
                violation_error_message=_("This year is already listed."),
            ),
            models.CheckConstraint(
                name="training_year_plausible",
                condition=Q(year__gte=2000) & Q(year__lte=2100),
                violation_error_message=_("A year lies between 2000 and 2100."),
            ),
            models.CheckConstraint(
                name="training_stayed_within_finished",
                condition=Q(stayed=None) | Q(finished=None) | Q(stayed__lte=F("finished")),
                violation_error_message=_("More stayed than finished."),
            ),
        ]

    def __str__(self):
        return str(self.year)


class PeopleNeed(Record):
    """How many people of a field a project needs, and from which year."""

    project = project_of("people_needs")
    field = models.CharField(_("field of training"), max_length=14, choices=TrainingField.choices)
    year = models.PositiveSmallIntegerField(_("needed from the year"))
    people = models.PositiveIntegerField(_("people needed"))

    objects = ParkEditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need of people")
        verbose_name_plural = _("needs of people by field")
        ordering = ["year", "id"]
        constraints = [
            models.UniqueConstraint(
                name="people_need_once",
                fields=["project", "field", "year"],
                violation_error_message=_("This need is already listed."),
            ),
            models.CheckConstraint(
                name="people_need_plausible",
                condition=Q(people__gt=0) & Q(year__gte=2000) & Q(year__lte=2100),
                violation_error_message=_("A need is more than 0, in a year from 2000 to 2100."),
            ),
        ]

    def __str__(self):
        return f"{self.get_field_display()} {self.people}"
