"""Every refusal as JSON: what was wrong, field by field, in the language that was asked for."""

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from crm.models import StaleRecord


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "stale"
    default_detail = gettext_lazy(
        "Somebody else changed this at the same moment; nothing was saved."
    )


class Stale(exceptions.APIException):
    """The row is not the one that was read; the answer carries the row as it stands now."""

    default_code = "stale"
    default_detail = gettext_lazy(
        "The row was changed since you read it; nothing was saved. “current” is how it stands now."
    )

    def __init__(self, current: dict, status_code: int):
        super().__init__()
        self.current, self.status_code = current, status_code


class VersionNeeded(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_needed"
    default_detail = gettext_lazy(
        "Say which version you change: If-Match with the ETag you read, or “version” in the body."
    )


class KeyUsed(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_used"
    default_detail = gettext_lazy("This Idempotency-Key was used with another request.")


def answered(error, context) -> Response | None:
    """The answer to an exception; None leaves it to Django, which answers 500."""
    error = _known(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _body(error, response.data)
    return response


def _known(error):
    """What the models and the database say, as an exception of the API."""
    if isinstance(error, ValidationError):
        return exceptions.ValidationError(in_fields(error))
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, StaleRecord | IntegrityError):
        return Conflict()
    if isinstance(error, DataError):
        return exceptions.ParseError(_("A value is too large for its field."))
    return error


def in_fields(error: ValidationError) -> dict:
    """Messages by field; those of the row as a whole stand under ``row``."""
    if not hasattr(error, "error_dict"):
        return {"row": error.messages}
    named = error.message_dict.items()
    return {("row" if name == NON_FIELD_ERRORS else name): texts for name, texts in named}


def _body(error, data) -> dict:
    if isinstance(error, exceptions.ValidationError):
        fields = data if isinstance(data, dict) else {"row": data}
        return {"code": "invalid", "detail": _("Please mend what is said."), "fields": fields}
    body = {"code": error.default_code, "detail": str(data["detail"])}
    if isinstance(error, Stale):
        body["current"] = error.current
    return body
