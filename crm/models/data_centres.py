"""The register of data centres: where, whose, how efficient, and their compute by kind."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.periods import today

from .base import PartQuerySet, Record, Reference, where
from .fields import ExactField, PercentField
from .places import ParkKeptQuerySet
from .reference import ComputeKind, ComputePrecision, Park


def _projects():
    return apps.get_model("crm", "Project")._default_manager._queryset_class


class DataCentreQuerySet(ParkKeptQuerySet):
    """Reference data, but for the centre of a confidential project, which goes with its project."""

    @classmethod
    def visible_q(cls, user, at=""):
        known = super().visible_q(user, at)
        return known & (cls._open_to_all(at) | _projects().visible_q(user, f"{at}project__"))

    @classmethod
    def open_q(cls, user, at=""):
        known = super().visible_q(user, at)
        return known & (cls._open_to_all(at) | _projects().open_q(user, f"{at}project__"))

    @staticmethod
    def _open_to_all(at: str) -> Q:
        return where(at, project=None) | where(at, project__is_confidential=False)

    def found_by(self, text: str):
        return self.filter(is_open=True).filter(
            Q(name__icontains=text.strip()) | Q(operator__icontains=text.strip())
        )

    def late(self, on):
        """Centres with compute that should be online by its plan and is not."""
        late = apps.get_model("crm", "DataCentreCompute").objects.late(on)
        return self.filter(pk__in=late.values("data_centre"))


class DataCentre(Reference):
    """A data centre of the city; what the sources do not say stays empty."""

    class State(models.TextChoices):
        ONLINE = "online", _("online")
        BUILDING = "building", _("under construction")
        PLANNED = "planned", _("planned")

    park = models.ForeignKey(
        Park, models.PROTECT, null=True, blank=True, related_name="data_centres",
        verbose_name=_("park"),
    )  # fmt: skip
    operator = models.CharField(_("operator"), max_length=120, blank=True)
    company = models.ForeignKey(
        "crm.Company", models.PROTECT, null=True, blank=True, related_name="data_centres",
        verbose_name=_("firm that runs it"),
    )  # fmt: skip
    project = models.ForeignKey(
        "crm.Project", models.PROTECT, null=True, blank=True, related_name="data_centres",
        verbose_name=_("project"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    pue = ExactField("PUE", places=3, low=1, high=3, null=True, blank=True)
    green_power_share = PercentField(_("green power share (%)"), null=True, blank=True)
    racks = models.PositiveIntegerField(_("racks"), null=True, blank=True)
    it_load_mw = ExactField(_("IT load (MW)"), places=3, low=0, null=True, blank=True)
    floor_m2 = ExactField(_("floor space (m²)"), places=2, low=0, null=True, blank=True)
    planned_live_on = models.DateField(_("planned go-live"), null=True, blank=True)
    live_on = models.DateField(_("actual go-live"), null=True, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    source = models.TextField(_("source sentence"), blank=True)

    objects = DataCentreQuerySet.as_manager()
    # A firm of another task force is named by its public part.
    links_by_public_part = frozenset({"company"})

    class Meta(Reference.Meta):
        verbose_name = _("data centre")
        verbose_name_plural = _("data centres")
        constraints = [
            models.CheckConstraint(
                name="data_centre_state_known",
                condition=Q(state__in=["online", "building", "planned"]),
                violation_error_message=_("This state does not exist."),
            ),
            models.CheckConstraint(
                name="data_centre_pue_plausible",
                condition=Q(pue=None) | (Q(pue__gte=1) & Q(pue__lte=3)),
                violation_error_message=_("A PUE lies between 1 and 3."),
            ),
        ]

    @property
    def closed_label(self) -> str:
        return self.project.code_name if self.project_id else super().closed_label

    def clean(self):
        if self.live_on and self.live_on > today() and self.touches("live_on"):
            raise ValidationError({"live_on": _("This date lies in the future.")})


class CentreComputeQuerySet(PartQuerySet):
    """Compute is read where its data centre is open, and written where that may be written."""

    parent, parent_model = "data_centre", "DataCentre"

    @classmethod
    def visible_q(cls, user, at=""):
        return cls._parent().open_q(user, f"{at}data_centre__")

    def late(self, on):
        """Past the planned go-live with something still under construction or not begun."""
        return self.filter(planned_live_on__lt=on, live_on=None)


class DataCentreCompute(Record):
    """Compute of one kind and precision in a data centre, or in one of its phases.

    P of different kinds or precisions are never added together. What is planned and neither
    online, under construction nor reserved has not begun.
    """

    data_centre = models.ForeignKey(
        DataCentre, models.CASCADE, related_name="compute", verbose_name=_("data centre")
    )
    phase = models.CharField(_("phase"), max_length=40, blank=True, default="")
    kind = models.CharField(_("kind of compute"), max_length=12, choices=ComputeKind.choices)
    precision = models.CharField(
        _("precision"), max_length=4, choices=ComputePrecision.choices, blank=True, default=""
    )
    planned_p = ExactField(_("planned (P)"), places=3, low=0, null=True, blank=True)
    online_p = ExactField(_("online (P)"), places=3, low=0, null=True, blank=True)
    building_p = ExactField(_("under construction (P)"), places=3, low=0, null=True, blank=True)
    reserved_p = ExactField(_("reserved (P)"), places=3, low=0, null=True, blank=True)
    planned_live_on = models.DateField(_("planned go-live"), null=True, blank=True)
    live_on = models.DateField(_("actual go-live"), null=True, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    source = models.TextField(_("source"), blank=True)

    objects = CentreComputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("compute of a data centre")
        verbose_name_plural = _("compute of data centres")
        ordering = ["data_centre", "id"]
        constraints = [
            models.UniqueConstraint(
                name="centre_compute_once",
                fields=["data_centre", "phase", "kind", "precision"],
                violation_error_message=_("This kind of compute is already listed."),
            ),
            models.CheckConstraint(
                name="centre_compute_kind_known",
                condition=Q(kind__in=ComputeKind.values),
                violation_error_message=_("This kind of compute does not exist."),
            ),
            models.CheckConstraint(
                name="centre_compute_online_within_plan",
                condition=Q(planned_p=None) | Q(online_p=None) | Q(online_p__lte=F("planned_p")),
                violation_error_message=_("More is online than was planned; mend the plan first."),
            ),
        ]

    def __str__(self):
        precision = f" {self.get_precision_display()}" if self.precision else ""
        return f"{self.get_kind_display()}{precision}"

    def clean(self):
        if self.live_on and self.live_on > today() and self.touches("live_on"):
            raise ValidationError({"live_on": _("This date lies in the future.")})
        begun = [p for p in (self.online_p, self.building_p, self.reserved_p) if p is not None]
        too_much = self.planned_p is not None and sum(begun) > self.planned_p
        if too_much and self.touches("planned_p", "online_p", "building_p", "reserved_p"):
            text = _("Online, under construction and reserved are %(sum)s P, more than planned.")
            error = ValidationError(text, params={"sum": f"{sum(begun).normalize():f}"})
            raise ValidationError({"planned_p": error})
