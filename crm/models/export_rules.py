"""Which columns a role may not take out of the house; asked by every export."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.access import NUMBERS, PERMISSIONS, PHONE_READERS, Role

from .base import Record, SecurityAdminsQuerySet
from .ledgers import LedgerKind

# Roles that take out ledgers or reports at all.
TAKERS = tuple(
    Role(role)
    for role, codes in PERMISSIONS.items()
    if {"export_ledger", "export_report"} & codes
)  # fmt: skip


class ExportRuleQuerySet(SecurityAdminsQuerySet):
    def withheld_from(self, role: str, kind: str) -> frozenset[str]:
        """Keys of the ledger's columns that stay in the house when this role takes rows out.

        Telephone numbers always do for whoever reads them masked.
        """
        lists = self.filter(role=role, kind=kind).values_list("withheld", flat=True)
        chosen = {key for keys in lists for key in keys}
        return frozenset(chosen | (set() if role in PHONE_READERS else NUMBERS))

    def withheld_anywhere(self, role: str) -> frozenset[str]:
        """The same for all ledgers at once, as ``kind.column``."""
        rows = self.filter(role=role).values_list("kind", "withheld")
        return frozenset(f"{kind}.{key}" for kind, keys in rows for key in keys)


class ExportRule(Record):
    """The columns of one kind of ledger that a role may read but not take out."""

    role = models.CharField(_("role"), max_length=20, choices=[(r.value, r.label) for r in TAKERS])
    kind = models.CharField(_("kind of ledger"), max_length=12, choices=LedgerKind.choices)
    withheld = models.JSONField(_("columns that stay"), default=list, blank=True)

    objects = ExportRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("export rule")
        verbose_name_plural = _("export rules")
        ordering = ["kind", "role"]
        constraints = [
            models.UniqueConstraint(
                name="export_rule_once",
                fields=["role", "kind"],
                violation_error_message=_("There is already a rule for this role and ledger."),
            )
        ]

    def __str__(self):
        return f"{self.get_role_display()} · {self.get_kind_display()}"
