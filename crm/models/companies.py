"""Firms, their names and marks, the alliance, and the people one talks to there."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.access import CITY_READERS, PHONE_READERS, TEAM_ROLES, Role
from crm.appeal import RHYTHMS
from crm.codes import clean_mobile, clean_phone, clean_uscc
from crm.names import core_name, mask_phone, match_key
from crm.periods import today
from crm.pinyin import search_text, sort_key

from .base import PartQuerySet, Record, everything, nothing, where
from .fields import YuanField
from .finding import FindableQuerySet


class CompanyQuerySet(FindableQuerySet):
    """Everybody in the business sees the register's public part; the rest is the owning team's."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in TEAM_ROLES or user.role in CITY_READERS:
            return everything(at)
        if user.role == Role.PARK and user.park_id:
            return where(at, pk__in=_investors_of_park(user))
        return nothing(at)

    @classmethod
    def open_q(cls, user, at=""):
        if user.role in TEAM_ROLES:
            own = where(at, owning_team__in=user.team_ids)
            shared = where(at, pk__in=_shared_by_decision(user))
            return own | where(at, owning_team=None) | shared
        return cls.visible_q(user, at) if user.role in CITY_READERS else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        if user.role == Role.BUREAU:
            return everything(at)
        return cls.open_q(user, at) if user.role in TEAM_ROLES else nothing(at)

    def named(self, text: str):
        """Firms with this name, now or formerly, however it is written."""
        key = match_key(text)
        return self.filter(Q(name_key=key) | Q(other_names__name_key=key)).distinct()

    found_in = ("name_key", "core_key", "search_text", "uscc")

    def by_other_names(self, pattern: str):
        """Firms that hold the pattern in a short, former or other name."""
        return self.filter(pk__in=CompanyName.objects.holding(pattern).values("company"))

    def answers_to(self, pattern: str) -> list:
        """Firms by their name, its sound or their code, and by their other names."""
        others = CompanyName.objects.holding(pattern)
        return [*super().answers_to(pattern), others.values("company")]

    def key_companies(self):
        return self.exclude(key_tier="")


def _shared_by_decision(user):
    """Firms of other teams with which the bureau lets the user's team work at a project of its own.

    The bureau decided of a conflict that these are separate projects.
    """
    conflicts = apps.get_model("crm", "Conflict").objects.filter(decision="separate")
    ours = conflicts.filter(project__lead_team__in=user.team_ids, project__archived_at=None)
    return ours.values("project__lead_investor")


def _investors_of_park(user):
    projects = Company._meta.get_field("led_projects").related_model.objects
    return projects.open_to(user).values("lead_investor")


class Company(Record):
    """A firm (or institution) that may invest."""

    class Ownership(models.TextChoices):
        CENTRAL = "central", _("central state enterprise")
        STATE = "state", _("state enterprise")
        PRIVATE = "private", _("private enterprise")
        FOREIGN = "foreign", _("foreign enterprise")
        MIXED = "mixed", _("mixed ownership")
        PUBLIC = "public", _("public institution")

    class Tier(models.TextChoices):
        NONE = "", _("not on the list")
        A = "A", _("tier A")
        B = "B", _("tier B")
        C = "C", _("tier C")

    name = models.CharField(_("company name"), max_length=120)
    uscc = models.CharField(
        _("unified social credit code"), max_length=18, null=True, blank=True, unique=True,
        error_messages={"unique": _("Another firm already has this code.")},
    )  # fmt: skip
    registration_no = models.CharField(_("old registration number"), max_length=15, blank=True)
    region = models.ForeignKey(
        "crm.Region", models.PROTECT, null=True, blank=True, related_name="companies",
        verbose_name=_("home region"),
    )  # fmt: skip
    industry = models.ForeignKey(
        "crm.Industry", models.PROTECT, null=True, blank=True, verbose_name=_("industry")
    )
    segments = models.ManyToManyField(
        "crm.Segment", blank=True, related_name="companies", verbose_name=_("chain segments")
    )
    ownership = models.CharField(
        _("ownership"), max_length=10, choices=Ownership.choices, blank=True
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subsidiaries",
        verbose_name=_("group parent"),
    )  # fmt: skip
    main_business = models.CharField(_("main business"), max_length=300, blank=True)
    revenue_yuan = YuanField(_("last year's revenue"), null=True, blank=True)
    revenue_year = models.PositiveSmallIntegerField(_("revenue of year"), null=True, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    owning_team = models.ForeignKey(
        "crm.TaskForce", models.PROTECT, null=True, blank=True, related_name="companies",
        verbose_name=_("owning task force"), help_text=_("empty: free to claim"),
    )  # fmt: skip
    key_tier = models.CharField(
        _("key-firm tier"), max_length=1, choices=Tier.choices, blank=True, default=""
    )
    sponsoring_leader = models.CharField(_("sponsoring leader"), max_length=60, blank=True)
    contact_every_days = models.PositiveSmallIntegerField(
        _("contact rhythm"), choices=RHYTHMS, null=True, blank=True,
        help_text=_("empty: as usual for its tier (A 30, B 60, C 90 days)"),
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True)
    source = models.TextField(_("source sentence"), blank=True)

    # Derived from the name on every save; never shown, only compared and searched.
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    core_key = models.CharField(max_length=120, editable=False, db_index=True)
    search_text = models.CharField(max_length=1000, editable=False)
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                name="company_name_once",
                fields=["name_key"],
                condition=Q(archived_at=None),
                violation_error_message=_("A firm of this name is already in the register."),
            ),
            models.CheckConstraint(
                name="company_uscc_not_blank",
                condition=~Q(uscc=""),
                violation_error_message=_("An unknown code is left empty."),
            ),
            models.CheckConstraint(
                name="company_not_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("id")),
                violation_error_message=_("A firm is not its own parent."),
            ),
            models.CheckConstraint(
                name="company_rhythm_known",
                condition=Q(contact_every_days=None) | Q(contact_every_days__in=[*RHYTHMS]),
                violation_error_message=_("Choose one of the rhythms offered."),
            ),
        ]
        indexes = [
            models.Index(fields=["owning_team", "sort_key"], name="company_of_team"),
            models.Index(fields=["key_tier", "sort_key"], name="company_key_tier"),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def derived_from(cls):
        return frozenset({"name"})

    @property
    def closed_label(self):
        """The name belongs to the register's public part."""
        return self.name

    cleaned_by_itself = frozenset({"uscc"})

    def clean_fields(self, exclude=None):
        self.set_name_keys()
        if self.uscc and "uscc" not in (exclude or ()):
            try:
                self.uscc = clean_uscc(self.uscc)
            except ValidationError as error:
                raise ValidationError({"uscc": error}) from error
        self.uscc = self.uscc or None
        super().clean_fields(exclude=exclude)

    def clean(self):
        if self.touches("registered_on") and self.registered_on and self.registered_on > today():
            raise ValidationError({"registered_on": _("This date lies in the future.")})

    def set_name_keys(self):
        """Keep the compared forms of the name in step with the name; ``derive`` does the rest."""
        self.name_key = match_key(self.name)[:120]
        self.core_key = core_name(self.name)[:120]

    def derive(self):
        self.set_name_keys()
        self.search_text = search_text(self.name)[:1000]
        self.sort_key = sort_key(self.name)[:300]

    def sign(self, user):
        """A firm that a team enters is the team's."""
        super().sign(user)
        adding = self._state.adding and self.owning_team_id is None
        if adding and user.role in TEAM_ROLES and user.team:
            self.owning_team = user.team

    @property
    def short_name(self) -> str:
        """The first short name on file, else the full name."""
        names = [n.name for n in self.other_names.all() if n.kind == CompanyName.Kind.SHORT]
        return names[0] if names else self.name


class CompanyPartQuerySet(PartQuerySet):
    parent = "company"
    parent_model = "Company"


class ClosedCompanyPartQuerySet(CompanyPartQuerySet):
    """Parts that stay unseen unless the firm is open to the reader (contacts)."""

    @classmethod
    def visible_q(cls, user, at=""):
        return cls._parent().open_q(user, f"{at}company__")


class CompanyNameQuerySet(CompanyPartQuerySet, FindableQuerySet):
    found_in = ("name_key", "search_text")


class CompanyName(Record):
    """Another name of a firm: short, former, brand."""

    class Kind(models.TextChoices):
        SHORT = "short", _("short name")
        FORMER = "former", _("former name")
        ALIAS = "alias", _("other name")

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="other_names", verbose_name=_("company")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SHORT)
    name = models.CharField(_("name"), max_length=120)
    until = models.DateField(_("used until"), null=True, blank=True)
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    search_text = models.CharField(max_length=1000, editable=False)

    objects = CompanyNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            models.UniqueConstraint(
                name="company_name_listed_once",
                fields=["company", "name_key", "kind"],
                violation_error_message=_("This name is already listed."),
            )
        ]

    def __str__(self):
        return self.name

    @classmethod
    def derived_from(cls):
        return frozenset({"name"})

    def derive(self):
        self.name_key = match_key(self.name)[:120]
        self.search_text = search_text(self.name)[:1000]


class CompanyMark(Record):
    """A distinction of a firm, with year and list: 世界500强, 链主, 专精特新 …"""

    class Mark(models.TextChoices):
        GLOBAL_500 = "global_500", _("Fortune Global 500")
        CHINA_500 = "china_500", _("China top 500")
        PRIVATE_500 = "private_500", _("China private top 500")
        LISTED = "listed", _("listed company")
        CHAIN_LEADER = "chain_leader", _("chain leader")
        HEAD = "head", _("head enterprise")
        INDUSTRY_LEADER = "industry_leader", _("industry leader")
        SPECIALISED = "specialised", _("specialised and innovative")
        UNICORN = "unicorn", _("unicorn")

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="marks", verbose_name=_("company")
    )
    mark = models.CharField(_("mark"), max_length=16, choices=Mark.choices)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    list_name = models.CharField(_("published list"), max_length=80, blank=True)

    objects = CompanyPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(
                name="company_mark_once",
                fields=["company", "mark", "year"],
                violation_error_message=_("This mark is already listed."),
            )
        ]

    def __str__(self):
        return self.get_mark_display()


class ContactQuerySet(ClosedCompanyPartQuerySet, FindableQuerySet):
    found_in = ("name_key", "search_text")

    def answers_to(self, pattern: str) -> list:
        """People by name, and those of the firms found; never by their numbers."""
        return [*super().answers_to(pattern), *self._of_firms(pattern)]

    def _of_firms(self, pattern: str) -> list:
        firms = Company.objects.all().answers_to(pattern)
        return [Contact.objects.filter(company__in=keys).values("pk") for keys in firms]

    def with_number_ending(self, digits: str, *, reader):
        """People whose telephone number ends so; none for whoever reads numbers masked."""
        if reader.role not in PHONE_READERS:
            return self.none()
        return self.holding(f"{digits} ", within=("mobile", "phone"))


class Contact(Record):
    """A person at a firm. Phones are masked for whoever does not work with the firm."""

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="contacts", verbose_name=_("company")
    )
    name = models.CharField(_("full name"), max_length=60)
    salutation = models.CharField(_("form of address"), max_length=30, blank=True)
    position = models.CharField(_("position"), max_length=60, blank=True)
    section = models.CharField(_("section"), max_length=60, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    has_wechat = models.BooleanField(_("on WeChat"), default=False)
    is_primary = models.BooleanField(_("main contact"), default=False)
    has_left = models.BooleanField(_("has left the firm"), default=False)
    introduced_by = models.CharField(_("introduced by"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.TextField(_("source sentence"), blank=True)
    name_key = models.CharField(max_length=60, editable=False, default="")
    search_text = models.CharField(max_length=1000, editable=False, default="")

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["company", "-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(
                name="contact_one_primary",
                fields=["company"],
                condition=Q(is_primary=True, has_left=False, archived_at=None),
                violation_error_message=_("This firm already has a main contact."),
            )
        ]

    def __str__(self):
        return f"{self.name} {self.position}".strip()

    cleaned_by_itself = frozenset({"mobile", "phone"})

    @classmethod
    def derived_from(cls):
        return frozenset({"name"})

    def derive(self):
        self.name_key = match_key(self.name)[:60]
        self.search_text = search_text(self.name)

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude=exclude)
        errors = {}
        for field, cleaner in (("mobile", clean_mobile), ("phone", clean_phone)):
            value = getattr(self, field)
            if not value or field in (exclude or ()):
                continue
            try:
                setattr(self, field, cleaner(value))
            except ValidationError as error:
                errors[field] = error
        if errors:
            raise ValidationError(errors)

    def mobile_for(self, user) -> str:
        """The number as this reader may see it: in full or as 138****5678."""
        return self.mobile if user.role in PHONE_READERS else mask_phone(self.mobile)

    def phone_for(self, user) -> str:
        return self.phone if user.role in PHONE_READERS else mask_phone(self.phone)
