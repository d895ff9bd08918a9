"""Ledgers: their kinds, what was learned of their headings and names, what was taken out."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.access import TEAM_ROLES, Role

from .attachments import random_path
from .base import (
    Record,
    ScopedQuerySet,
    everything,
    nothing,
    where,
)
from .ledger_kinds import LedgerKind


class OwnedQuerySet(ScopedQuerySet):
    """Rows that belong to one person and to nobody else."""

    owner_field = "owner"

    @classmethod
    def visible_q(cls, user, at=""):
        return where(at, **{cls.owner_field: user.pk}) if user.pk and user.role else nothing(at)

    @classmethod
    def editable_q(cls, user, at=""):
        return cls.visible_q(user, at)


class HeadingMemory(models.Model):
    """Columns that somebody assigned by hand, for the next file with the same headings."""

    kind = models.CharField(_("kind of ledger"), max_length=12, choices=LedgerKind.choices)
    fingerprint = models.CharField(_("shape"), max_length=64)
    mapping = models.JSONField(_("columns"), default=dict)
    saved_by = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="+", verbose_name=_("who")
    )
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered heading")
        verbose_name_plural = _("remembered headings")
        constraints = [
            models.UniqueConstraint(
                name="headings_once",
                fields=["kind", "fingerprint"],
                violation_error_message=_("These headings are remembered already."),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.fingerprint[:8]}"


class KeptByBureau(ScopedQuerySet):
    @classmethod
    def editable_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)


class ProposalQuerySet(KeptByBureau):
    """Names that ledgers use and the reference data does not know; the bureau decides."""

    @classmethod
    def visible_q(cls, user, at=""):
        return everything(at) if user.role == Role.BUREAU else nothing(at)

    def waiting(self):
        return self.filter(state=ReferenceProposal.State.OPEN)


class ReferenceProposal(Record):
    """A park or segment named in a ledger that is not in the reference data yet."""

    class Target(models.TextChoices):
        PARK = "park", _("park")
        SEGMENT = "segment", _("chain segment")

    class State(models.TextChoices):
        OPEN = "open", _("waiting")
        ALIAS = "alias", _("another name of a known value")
        ADDED = "added", _("added as a new value")
        DECLINED = "declined", _("declined")

    target = models.CharField(_("kind of value"), max_length=8, choices=Target.choices)
    text = models.CharField(_("as written"), max_length=120)
    text_key = models.CharField(max_length=120, editable=False)
    seen_in = models.CharField(_("seen in the file"), max_length=200)
    seen_rows = models.PositiveIntegerField(_("rows"), default=1)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    park = models.ForeignKey(
        "crm.Park", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("park")
    )
    segment = models.ForeignKey(
        "crm.Segment", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("chain segment"),
    )  # fmt: skip

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed reference value")
        verbose_name_plural = _("proposed reference values")
        ordering = ["state", "-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="proposed_value_once",
                fields=["target", "text_key"],
                violation_error_message=_("This value is already proposed."),
            )
        ]

    def __str__(self):
        return self.text

    def take_as_alias(self, of, *, by) -> None:
        """Ledgers may write ``of`` this way from now on; ``of`` is a park or a segment."""
        with transaction.atomic():
            of.add_alias(self.text)
            of.save_as(by)
            setattr(self, self.target, of)
            self.state = self.State.ALIAS
            self.save_as(by)

    def decline(self, *, by) -> None:
        self.state = self.State.DECLINED
        self.save_as(by)


class ExportQuerySet(ScopedQuerySet):
    """The bureau and the auditor see what left the house; everybody sees their own."""

    @classmethod
    def visible_q(cls, user, at=""):
        if user.role in {Role.BUREAU, Role.AUDITOR}:
            return everything(at)
        return where(at, user=user.pk) if user.pk and user.role else nothing(at)


REPORT_NAMES = {
    "pipeline": _("Project pipeline"),
    "targets": _("Targets and completion"),
    "frozen_month": _("Frozen month"),
    "visit_brief": _("Visit brief"),
    "weekly": _("Weekly report"),
    "monthly": _("Monthly report"),
}


class ExportLog(models.Model):
    """A ledger or report that was taken out: by whom, with which filter, how many rows."""

    user = models.ForeignKey(
        "crm.User", models.PROTECT, related_name="exports", verbose_name=_("who")
    )
    kind = models.CharField(
        _("kind of ledger"), max_length=12, choices=LedgerKind.choices, blank=True
    )
    report = models.CharField(_("report"), max_length=40, blank=True, default="")
    format = models.CharField(_("format"), max_length=8)
    query = models.TextField(_("filter"), blank=True)
    columns = models.TextField(_("columns"), blank=True)
    row_count = models.PositiveIntegerField(_("rows"))
    exported_at = models.DateTimeField(_("exported at"), auto_now_add=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-exported_at", "-id"]
        indexes = [models.Index(fields=["user", "-exported_at"], name="export_of_user")]

    @property
    def report_name(self) -> str:
        """The report in words; one that has no words here by its code."""
        return str(REPORT_NAMES.get(self.report, self.report))

    def __str__(self):
        return f"{self.get_kind_display() or self.report_name} {self.row_count}"


class ColumnChoiceQuerySet(OwnedQuerySet):
    owner_field = "user"


class ColumnChoice(models.Model):
    """The columns somebody wants in an export of a kind, in their order."""

    user = models.ForeignKey("crm.User", models.CASCADE, related_name="+", verbose_name=_("who"))
    kind = models.CharField(_("kind of ledger"), max_length=12, choices=LedgerKind.choices)
    columns = models.JSONField(_("columns"), default=list)

    objects = ColumnChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("chosen columns")
        verbose_name_plural = _("chosen columns")
        constraints = [
            models.UniqueConstraint(
                name="columns_once",
                fields=["user", "kind"],
                violation_error_message=_("The columns of this ledger are chosen already."),
            )
        ]

    def __str__(self):
        return self.get_kind_display()


class LedgerTemplateQuerySet(KeptByBureau):
    @classmethod
    def visible_q(cls, user, at=""):
        readers = TEAM_ROLES | {Role.BUREAU, Role.STATISTICIAN}
        return everything(at) if user.role in readers else nothing(at)


class LedgerTemplate(Record):
    """A bureau's own workbook with placeholders, filled on export."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind of ledger"), max_length=12, choices=LedgerKind.choices)
    file = models.FileField(_("file"), upload_to=random_path)
    is_disabled = models.BooleanField(_("disabled"), default=False)

    objects = LedgerTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger template")
        verbose_name_plural = _("ledger templates")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                name="template_name_once",
                fields=["kind", "name"],
                violation_error_message=_("There is already a template of this name."),
            )
        ]

    def __str__(self):
        return self.name
