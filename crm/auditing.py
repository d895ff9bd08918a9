"""What the doors write into the audit trail, and what Django tells us about signing in."""

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction

from crm.models import AuditEntry, ExportLog, User
from crm.models.audit import Action
from crm.throttling import address_of

LONGEST = 300


def audit(request, action: str, about=None, **detail) -> None:
    """Note what the person behind a request did."""
    user = request.user if request.user.is_authenticated else None
    if (token := getattr(request, "auth", None)) is not None:
        detail["system"] = token.name
    AuditEntry.objects.record(
        action, by=user, address=address_of(request), about=about, **detail
    )  # fmt: skip


def audit_export(request, *, file_format: str, rows: int, query: str, **what) -> None:
    """Note a file that somebody takes out, in the list of exports and in the audit trail.

    ``what`` is the kind of ledger with its columns, or the name of a report.
    """
    with transaction.atomic():
        ExportLog.objects.create(
            user=request.user, format=file_format, row_count=rows, query=query,
            is_sample=request.user.is_sample, **what,
        )  # fmt: skip
        audit(request, Action.EXPORTED, format=file_format, rows=rows, query=query, **what)


def audit_denial(request) -> None:
    audit(request, Action.DENIED, method=request.method, path=request.path[:LONGEST])


def connect() -> None:
    """Listen to Django's own words about signing in: they come from every door."""
    user_logged_in.connect(_signed_in, dispatch_uid="crm.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="crm.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="crm.failed")
    user_locked_out.connect(_locked, dispatch_uid="crm.locked")


def _signed_in(sender, request, user, **kwargs):
    way = getattr(request, "sign_in_way", "")
    detail = {"way": way} if way else {}
    AuditEntry.objects.record(Action.SIGNED_IN, by=user, address=_address(request), **detail)


def _signed_out(sender, request, user, **kwargs):
    if user is not None:
        AuditEntry.objects.record(Action.SIGNED_OUT, by=user, address=_address(request))


def _failed(sender, credentials, request=None, **kwargs):
    name = _known(credentials.get("username"))
    AuditEntry.objects.record(Action.SIGN_IN_FAILED, name=name, address=_address(request))


def _locked(sender, request, username, ip_address, **kwargs):
    AuditEntry.objects.record(Action.LOCKED, name=_known(username), address=ip_address or "")


def _known(username) -> str:
    """Only names of accounts are kept: people type passwords into the wrong box."""
    known = User.objects.filter(username=str(username or "")).exists()
    return username if known else "?"


def _address(request) -> str:
    return address_of(request) if request is not None else ""
