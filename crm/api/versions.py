"""Nobody overwrites unseen: whoever changes a row says which version of it they read."""

import re

from django.utils.translation import gettext as _
from rest_framework import exceptions, status

from crm.models import StaleRecord

from .errors import Stale, VersionNeeded

ETAG = re.compile(r'(?:W/)?"([0-9]{1,18})"')


def check_version(view, row, body: dict) -> None:
    """Raise unless the request names the version of the row as it stands; takes it out of the body.

    412 where the header is behind, 409 where the body is; both show how the row stands now.
    """
    tag, version = view.request.headers.get("If-Match"), body.pop("version", None)
    if tag is not None:
        _compare(view, row, _read(tag), status.HTTP_412_PRECONDITION_FAILED)
    if version is not None:
        _compare(view, row, version, status.HTTP_409_CONFLICT)
    if tag is None and version is None:
        raise VersionNeeded


def _read(tag: str) -> int:
    found = ETAG.fullmatch(tag.strip())
    if not found:
        message = _('Send the ETag as you got it, e.g. If-Match: "3".')
        raise exceptions.ValidationError({"If-Match": [message]})
    return int(found[1])


def _compare(view, row, version: int, code: int) -> None:
    if version != row.version:
        raise Stale(view.get_serializer(row).data, code)


def unless_stale(view, pk: int, change):
    """Do it; where somebody else is faster, the answer shows what they left."""
    try:
        return change()
    except StaleRecord:
        current = view.get_serializer(view.row(pk)).data
        raise Stale(current, status.HTTP_409_CONFLICT) from None
