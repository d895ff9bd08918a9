"""``Idempotency-Key``: a request that is sent again because its answer got lost is done once."""

import hashlib
import json
import re

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import exceptions

from crm.models import ApiAnswer

from .errors import KeyUsed

KEY = re.compile(r"[!-~]{1,100}")


def once(view, act):
    """Carry out ``act`` (a function that returns a row and a status) once for the request's key.

    A request that was refused has written nothing: its key is free again.
    """
    request = view.request
    key = request.headers.get("Idempotency-Key")
    with transaction.atomic():
        if key is None:
            row, status = _done(view, act)
            return view.shown(row, status=status)
        if not KEY.fullmatch(key):
            message = _("1 to 100 letters, digits and signs, without blanks.")
            raise exceptions.ValidationError({"Idempotency-Key": [message]})
        digest = _digest(request)
        answer, is_new = ApiAnswer.objects.claim(request.auth, key, digest)
        if is_new:
            row, status = _done(view, act)
            answer.keep(row.pk, status)
            return view.shown(row, status=status)
    if answer.digest != digest:
        raise KeyUsed
    response = view.shown(view.row(answer.record_id), status=answer.status)
    response["Idempotent-Replayed"] = "true"
    return response


def _done(view, act) -> tuple:
    """The row as the account sees it after the act, and the status of the answer."""
    row, status = act()
    return view.row(row.pk), status


def _digest(request) -> str:
    body = json.dumps(request.data, sort_keys=True)
    tag = request.headers.get("If-Match", "")
    text = "\n".join((request.method, request.path, tag, body))
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
