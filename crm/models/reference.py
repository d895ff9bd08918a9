"""Reference data: regions, industries, chains, the 1+3+X layout, parks, data centres, facts."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm import strength
from crm.codes import clean_region_code

from .base import Reference
from .fields import ExactField, YuanField


class Named(models.Model):
    """Values that ledgers write in several ways."""

    aliases = models.CharField(
        _("other names"), max_length=300, blank=True, help_text=_("separated by 、")
    )

    class Meta:
        abstract = True

    def spellings(self) -> list[str]:
        """Every way this value is known to be written."""
        names = [self.name, getattr(self, "short_name", ""), *self.aliases.split("、")]
        return [name for name in names if name]

    def add_alias(self, text: str) -> None:
        if text not in self.spellings():
            self.aliases = "、".join([*filter(None, self.aliases.split("、")), text])


class ComputeKind(models.TextChoices):
    GENERAL = "general", _("general compute")
    INTELLIGENT = "intelligent", _("intelligent compute")
    SUPER = "super", _("supercomputing")
    EDGE = "edge", _("edge compute")


class ComputePrecision(models.TextChoices):
    """P of different precisions are never added together."""

    UNKNOWN = "", _("not stated")
    FP64 = "fp64", "FP64"
    FP32 = "fp32", "FP32"
    FP16 = "fp16", "FP16"
    INT8 = "int8", "INT8"


class Region(Reference):
    """Administrative division by GB/T 2260: provinces, prefecture cities and Xining's districts."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("province")
        CITY = "city", _("prefecture city")
        DISTRICT = "district", _("district")
        ABROAD = "abroad", _("outside the mainland")

    code = models.CharField(_("code"), max_length=6, unique=True, validators=[clean_region_code])
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("belongs to")
    )

    class Meta(Reference.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    @property
    def is_in_province(self) -> bool:
        """Inside 青海 (63): decides between inside and outside money."""
        return self.code.startswith("63")


class Industry(Reference):
    """GB/T 4754-2017, sections (letter) and divisions (two digits)."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("industry section")
    )

    class Meta(Reference.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.name}"


class Chain(Reference):
    """An industry chain such as 光, 电, 储, 算."""

    key = models.SlugField(_("key"), max_length=20, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    source = models.TextField(_("source sentence"), blank=True)
    weak_from = models.PositiveSmallIntegerField(
        _("a segment is there from"), default=strength.WEAK_FROM,
        help_text=_("projects signed or later and firms at home here; with fewer it is missing"),
    )  # fmt: skip
    strong_from = models.PositiveSmallIntegerField(
        _("a segment is strong from"), default=strength.STRONG_FROM
    )
    strong_yuan = YuanField(
        _("or with this much signed"), null=True, blank=True, default=strength.STRONG_YUAN,
        help_text=_("empty: money alone makes no segment strong"),
    )  # fmt: skip
    counts_home_firms = models.BooleanField(_("firms at home here count"), default=True)

    class Meta(Reference.Meta):
        verbose_name = _("industry chain")
        verbose_name_plural = _("industry chains")
        constraints = [
            models.CheckConstraint(
                name="chain_thresholds_in_order",
                condition=models.Q(weak_from__gte=1) & models.Q(strong_from__gt=F("weak_from")),
                violation_error_message=_(
                    "A segment is there from at least one, and strong from more than that."
                ),
            )
        ]

    @property
    def thresholds(self) -> strength.Thresholds:
        return strength.Thresholds(
            self.weak_from, self.strong_from, self.strong_yuan, self.counts_home_firms
        )


class Segment(Named, Reference):
    """A link of a chain, from upstream to downstream."""

    class Position(models.TextChoices):
        UPSTREAM = "upstream", _("upstream")
        MIDSTREAM = "midstream", _("midstream")
        DOWNSTREAM = "downstream", _("downstream")

    chain = models.ForeignKey(
        Chain, models.PROTECT, related_name="segments", verbose_name=_("industry chain")
    )
    position = models.CharField(_("place in the chain"), max_length=10, choices=Position.choices)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="leads_to",
        verbose_name=_("comes after"),
    )  # fmt: skip
    description = models.CharField(_("description"), max_length=300, blank=True)
    source = models.TextField(_("source sentence"), blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("chain segment")
        verbose_name_plural = _("chain segments")
        ordering = ["chain__sequence", "sequence", "id"]
        constraints = [
            models.UniqueConstraint(
                name="segment_once_in_chain",
                fields=["chain", "name"],
                violation_error_message=_("This chain already has a segment of this name."),
            )
        ]

    def __str__(self):
        return f"{self.chain} · {self.name}"


class DistrictArea(Reference):
    """An area of the city's 1+3+X layout."""

    class Kind(models.TextChoices):
        CLUSTER = "cluster", _("core cluster (1)")
        AREA = "area", _("area (3)")
        APPLICATION = "application", _("application (X)")

    kind = models.CharField(_("part of the layout"), max_length=12, choices=Kind.choices)
    focus = models.CharField(_("focus"), max_length=200, blank=True)
    source = models.TextField(_("source sentence"), blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("layout area")
        verbose_name_plural = _("layout areas (1+3+X)")


class Park(Named, Reference):
    """A park. Parks have no GB/T 2260 code of their own."""

    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    district_area = models.ForeignKey(
        DistrictArea, models.PROTECT, null=True, blank=True, related_name="parks",
        verbose_name=_("layout area"),
    )  # fmt: skip
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    focus = models.CharField(_("focus"), max_length=200, blank=True)
    is_core = models.BooleanField(_("one of the three cores"), default=False)
    source = models.TextField(_("source sentence"), blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        constraints = [
            models.UniqueConstraint(
                name="park_name_once",
                fields=["name"],
                violation_error_message=_("This park is already listed."),
            )
        ]

    def __str__(self):
        return self.short_name or self.name


class ReferenceFact(Reference):
    """A citable fact about the city: what the source says, word for word, with its date."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    value_text = models.CharField(_("as written"), max_length=120)
    number = ExactField(_("figure"), places=3, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    basis = models.CharField(_("what it refers to"), max_length=120, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    source = models.TextField(_("source sentence"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("citable fact")
        verbose_name_plural = _("citable facts")


class Institution(Reference):
    """A university or institute that trains people with the firms."""

    kind = models.CharField(_("kind"), max_length=40, blank=True)
    source = models.TextField(_("source sentence"), blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("partner institution")
        verbose_name_plural = _("partner institutions")
