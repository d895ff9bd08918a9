"""How long the first report of a project is protected, and how it ends in the open pool."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from crm.access import TEAM_ROLES
from crm.conflicts import Terms, protected_until
from crm.stages import ProjectStatus, Stage

EARLY = (Stage.LEAD, Stage.NEGOTIATING, Stage.RESERVE)


class Protecting(models.Model):
    """The part of ``Project`` that knows its protection.

    ``last_meeting_on``, ``last_contact_on`` and ``last_done_on`` come from
    ``ProjectQuerySet.with_activity``.
    """

    class Meta:
        abstract = True

    def is_protectable(self) -> bool:
        """Before signing, with a firm, somebody to talk to or a logged contact: a name is none."""
        early = self.stage in EARLY and self.status == ProjectStatus.ACTIVE
        known = self.lead_investor_id is not None and self.lead_team_id is not None
        evidence = self.contact_id is not None or self.last_contact_on is not None
        return early and known and evidence and self.pooled_on is None

    def protected_until(self, terms: Terms) -> date:
        """The last protected day; it may lie in the past."""
        met = filter(None, [self.last_meeting_on])
        active = filter(None, [self.last_contact_on, self.last_done_on, self.stage_since])
        return protected_until(localdate(self.reported_at), met, active, terms)

    def release(self, *, by, on: date, reason: str) -> None:
        """Give the project to whoever takes it first; the team keeps it until then."""
        self._put_pooled(on, by, reason)

    def _put_pooled(self, on, by, reason) -> None:
        with transaction.atomic():
            before = self.stored()
            self.pooled_on, self.updated_by = on, by
            self.save(update_fields=["pooled_on", "updated_by"])
            self.keep_changes(before, by=by, reason=reason)

    def take_from_pool(self, *, by) -> None:
        """A task force takes the project; raises ValidationError when another was faster."""
        with transaction.atomic():
            row = type(self)._base_manager.select_for_update().get(pk=self.pk)
            if row.pooled_on is None or row.archived_at is not None:
                raise ValidationError(_("This project is not in the open pool any more."))
            if by.role not in TEAM_ROLES or by.team is None:
                raise ValidationError(_("Only a task force takes a project."))
            row.hand_to(by.team, owner=by, by=by, reason=str(_("taken from the open pool")))

    def hand_to(self, team, *, owner, by, reason: str) -> None:
        """Another task force leads from now on; its report starts today. Call in a transaction."""
        before = self.stored()
        self.lead_team, self.owner, self.pooled_on, self.updated_by = team, owner, None, by
        self.save()
        self.keep_changes(before, by=by, reason=reason)
