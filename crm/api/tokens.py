"""Who asks: the token names the system, its account the rows. And how often it may ask."""

import time

from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions, permissions, throttling

from crm.access import permissions_of
from crm.auditing import audit_denial
from crm.models import ApiToken

SCHEME = "Bearer"


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer crm_…``; nothing else signs anybody in here."""

    def authenticate(self, request):
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower() or not secret.strip():
            return None
        token = ApiToken.objects.with_secret(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is not known."))
        if not token.is_valid():
            request._request.user, request._request.auth = token.account, token
            audit_denial(request._request)
            raise exceptions.AuthenticationFailed(_("This token has expired or was revoked."))
        return token.account, token

    def authenticate_header(self, request):
        return f'{SCHEME} realm="api"'


class MayUseKind(permissions.BasePermission):
    """The token has the kind, and the account's role the permission; rows are another matter."""

    message = _("This token, or the account it acts as, may not do this.")

    def has_permission(self, request, view):
        if request.auth is None:
            return False
        reads = request.method in permissions.SAFE_METHODS
        granted = request.auth.reads if reads else request.auth.writes
        kind = getattr(view, "kind", None)
        return kind is None or (kind in granted and self._role_reads(request, view))

    def _role_reads(self, request, view) -> bool:
        needed = view.permission
        return not needed or needed in permissions_of(request.user.role)


class PerMinute(throttling.BaseThrottle):
    """Counted in the database, so that several nodes count together."""

    def allow_request(self, request, view):
        if request.auth is None:
            return True
        return request.auth.count_request() <= request.auth.per_minute

    def wait(self):
        return 60 - int(time.time()) % 60
