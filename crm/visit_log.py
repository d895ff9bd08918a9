"""Logging a visit on the road: firm, visit and photos in one piece, once however often it is sent.

A phone keeps what it could not send and sends it again, perhaps after the first try had arrived
after all. The token of the entry makes both one visit.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.models import Attachment, Submission, Visit
from crm.models.attachments import check_file

MOST_PHOTOS = 9


def sent_before(token, user) -> Submission | None:
    """What this entry became when it was sent the first time."""
    return Submission.objects.filter(token=token, user=user).first()


def check_photos(files) -> None:
    """Raise ValidationError unless each file may be kept with a visit."""
    if len(files) > MOST_PHOTOS:
        raise ValidationError(_("At most %(most)s photos a visit.") % {"most": MOST_PHOTOS})
    for file in files:
        check_file(file)


def log(visit: Visit, photos, *, token, by, url_of) -> str:
    """Save the visit as this user, with its photos and a firm that is new; returns its address.

    ``url_of`` makes the address from the saved visit. An entry that was sent before is not saved
    again. Raises what ``save_as`` raises, and ValidationError for a token that is somebody else's.
    """
    try:
        with transaction.atomic():
            sent = Submission.objects.create(token=token, user=by, url="")
            _save(visit, photos, by)
            sent.url = url_of(visit)
            sent.save()
    except IntegrityError as error:
        sent = sent_before(token, by)
        if sent is None:
            raise ValidationError(_("This entry could not be saved; log it anew.")) from error
    return sent.url


def _save(visit, photos, by) -> None:
    if visit.company.pk is None:
        visit.company.save_as(by)
        visit.company = visit.company
    visit.save_as(by)
    visit.our_people.add(by)
    for file in photos:
        Attachment(visit=visit, file=file, taken_on=visit.held_on).save_as(by)
