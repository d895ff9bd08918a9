"""Tokens of other systems: each reads and writes as one account, as far as its token goes."""

import time
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.access import BUSINESS_ROLES
from crm.periods import today

from .audit import Action
from .base import SecurityAdminsQuerySet
from .revocable import Revocable, digest_of

SHOWN = 10  # so many characters of the secret stay readable, to tell tokens apart
LONGEST_LIFE = timedelta(days=731)


class ApiKind(models.TextChoices):
    """Kinds of rows that other systems may read; the value stands in the address."""

    COMPANIES = "companies", _("companies")
    CONTACTS = "contacts", _("contacts")
    VISITS = "visits", _("visits")
    PROJECTS = "projects", _("projects")
    DEALS = "deals", _("deals")
    ARRIVALS = "arrivals", _("money arrived")
    FOLLOW_UPS = "follow-ups", _("follow-ups")
    REQUESTS = "requests", _("requests")
    PARKS = "parks", _("parks")
    CHAINS = "chains", _("industry chains")
    SEGMENTS = "segments", _("chain segments")
    TASK_FORCES = "task-forces", _("task forces")
    DEPARTMENTS = "departments", _("units")
    REGIONS = "regions", _("regions")
    PEOPLE = "people", _("colleagues")


# Reference data and accounts are kept by people alone.
WRITABLE = frozenset(
    "companies contacts visits projects deals arrivals follow-ups requests".split()
)


def in_a_year():
    return today() + timedelta(days=365)


class ApiTokenQuerySet(SecurityAdminsQuerySet):
    def with_secret(self, secret: str) -> "ApiToken | None":
        """The token of this secret, whether it still opens anything or not."""
        return self.filter(digest=digest_of(secret)).select_related("account").first()


class ApiToken(Revocable):
    """The right of one system to read and write as an account; only a digest of it is kept."""

    name = models.CharField(
        _("system"), max_length=60, help_text=_("e.g. government data platform")
    )
    account = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="api_tokens", verbose_name=_("acts as"),
        help_text=_("The system sees and writes what this account may: best an account of its own"),
    )  # fmt: skip
    reads = models.JSONField(_("reads"), default=list, blank=True)
    writes = models.JSONField(_("writes"), default=list, blank=True)
    per_minute = models.PositiveSmallIntegerField(_("requests a minute"), default=120)
    expires_on = models.DateField(_("valid until"), default=in_a_year)
    hint = models.CharField(_("begins with"), max_length=SHOWN, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    # The minute since 1970 in which requests were last counted, and how many there were.
    minute = models.BigIntegerField(default=0, editable=False)
    minute_count = models.PositiveIntegerField(default=0, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    prefix = "crm_"

    class Meta:
        verbose_name = _("token of a system")
        verbose_name_plural = _("tokens of systems")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="api_token_name_once",
                fields=["name"],
                condition=Q(revoked_at=None, archived_at=None),
                violation_error_message=_("This system already has a valid token."),
            ),
            models.CheckConstraint(
                name="api_token_has_a_limit",
                condition=Q(per_minute__gte=1) & Q(per_minute__lte=6000),
                violation_error_message=_("A system may ask 1 to 6,000 times a minute."),
            ),
        ]

    def __str__(self):
        return self.name

    never_judged = Revocable.never_judged | {"hint"}

    def sign(self, user):
        super().sign(user)
        if self.secret:
            self.hint = self.secret[:SHOWN]

    def clean(self):
        errors = {}
        if self.account_id and self.touches("account") and not self._account_works():
            errors["account"] = _("Choose a working account with a business role.")
        known = set(ApiKind.values)
        for field, offered in (("reads", known), ("writes", WRITABLE & set(self.reads or ()))):
            if not isinstance(getattr(self, field), list) or set(getattr(self, field)) - offered:
                errors[field] = _("A system writes what it reads, and no reference data.")
        if not self.reads:
            errors["reads"] = _("Choose what the system reads.")
        if self.expires_on and self.touches("expires_on"):
            errors |= self._bad_last_day()
        if errors:
            raise ValidationError(errors)

    def _account_works(self) -> bool:
        return self.account.is_active and self.account.role in BUSINESS_ROLES

    def _bad_last_day(self) -> dict:
        if self.expires_on < today():
            return {"expires_on": _("This day is past.")}
        if self.expires_on > today() + LONGEST_LIFE:
            return {"expires_on": _("A token lives two years at most.")}
        return {}

    def after_save_as(self, user, *, adding):
        super().after_save_as(user, adding=adding)
        action = Action.TOKEN_MADE if adding else Action.TOKEN_CHANGED
        self._note(
            Action.TOKEN_REVOKED if self.revoked_at else action, user, system=self.name,
            account=self.account_id, reads=self.reads, writes=self.writes,
            per_minute=self.per_minute, expires_on=self.expires_on,
        )  # fmt: skip

    def is_valid(self) -> bool:
        """Whether it still opens anything: it dies at once with its account."""
        is_kept = self.revoked_at is None and self.archived_at is None
        return is_kept and self.expires_on >= today() and self._account_works()

    def count_request(self) -> int:
        """Count a request, for all nodes together; returns how many this minute had with it."""
        now = int(time.time()) // 60
        rows = type(self).objects.filter(pk=self.pk)
        with transaction.atomic():
            counted = Case(When(minute=now, then=F("minute_count") + 1), default=Value(1))
            rows.update(minute=now, minute_count=counted, last_used_at=timezone.now())
            return rows.values_list("minute_count", flat=True).get()
