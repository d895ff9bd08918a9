"""A contact anonymised on request: the record and every count stay, the person goes, for good.

Names are taken out of whatever belongs to the person's firms and projects, telephone numbers out of
everything, former values included. Kept texts of imports lose both; an uploaded file that named the
person is deleted, because a workbook cannot be blackened. What is inside attachments is for people
to look at: ``attachments_of`` lists them.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access import permissions_of
from crm.models import Attachment, AuditEntry, Contact, Erasure, Merge
from crm.models.audit import Action

from .erasing import Erasing
from .words import words_of


def anonymise(contact: Contact, *, by, reason: str) -> Erasure:
    """Take the person out of the record and of all that is kept about it; cannot be undone.

    Raises PermissionDenied, or ValidationError without a reason or the second time.
    """
    if "anonymise_contact" not in permissions_of(by.role) or not contact.is_editable_by(by):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("Say who asked for it and when.")})
    with transaction.atomic():
        people = same_person(contact)
        if Erasure.objects.of(contact).exists():
            raise ValidationError(_("This contact is anonymised already."))
        words = words_of(people, stand_in(contact))
        said = words.without(reason.strip())[:300]
        rows = [
            Erasure(contact_key=each.pk, reason=said, by=by, is_sample=each.is_sample)
            for each in people
        ]
        Erasure.objects.bulk_create(rows)
        found = dict(Erasing(people, words, by).run())
        mine = Erasure.objects.filter(contact_key__in=[each.pk for each in people])
        mine.update(found=found, finished_at=timezone.now())
        AuditEntry.objects.record(
            Action.ANONYMISED, by=by, about=contact, reason=said, found=found
        )  # fmt: skip
    return mine.get(contact_key=contact.pk)


def stand_in(contact: Contact) -> str:
    """What is read instead of the name."""
    return _("anonymised contact %(number)s") % {"number": contact.pk}


def same_person(contact: Contact) -> list[Contact]:
    """The contact, what was merged into it, and what it was merged into; held until the end."""
    keys, wanted = set(), {contact.pk}
    while wanted - keys:
        keys |= wanted
        merges = Merge.objects.filter(kind=Merge.Kind.CONTACT)
        merges = merges.filter(Q(keeper_id__in=keys) | Q(loser_id__in=keys))
        pairs = merges.values_list("keeper_id", "loser_id")
        wanted = {key for pair in pairs for key in pair}
    return list(Contact.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def attachments_of(contact: Contact):
    """Files that may show the person: of the firm, its visits and its projects."""
    firm = contact.company_id
    of_firm = Q(company=firm) | Q(visit__company=firm) | Q(project__lead_investor=firm)
    return Attachment.objects.live().filter(of_firm)
