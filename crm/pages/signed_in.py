"""What holds for every request of somebody signed in: time limits, own password, second factor."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import second_factor
from crm.models import SecondFactorRule, SignIn
from crm.models.identity import password_is_too_old
from crm.throttling import address_of

# What may be opened before a password of one's own is set and the second factor given.
ALWAYS = {"logout", "set_language", "crm_alive", "crm_ready"}
FOR_PASSWORD = ALWAYS | {"password_change", "password_change_done"}
FOR_FACTOR = ALWAYS | {"crm_verify", "crm_second_factor"}
SEEN_EVERY_SECONDS = 60
# Requests that the page makes by itself carry this header: they are no sign of a person.
BY_ITSELF = "HTTP_X_BACKGROUND"


def turned_away(request):
    """Where the request goes instead of the page it asks for; None lets it through."""
    user = request.user
    if not user.is_authenticated:
        return None
    if ended := _ended(request):
        return ended
    name = _name(request)
    by_password = request.session.get("way") != "sso"
    if by_password and (user.must_change_password or password_is_too_old(user)):
        return None if name in FOR_PASSWORD else _to_own_password(request)
    if name in FOR_FACTOR or request.session.get("factor") == "given":
        return None
    return _to_second_factor(request)


def _name(request) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


# -- time limits -----------------------------------------------------------------------------------


def _ended(request):
    """A session that is too old or was left alone is closed; else it is noted as seen."""
    session, now = request.session, int(time.time())
    if "sign_in" not in session:
        _begin(request, now)
        return None
    if now - session["seen"] > settings.SESSION_IDLE_SECONDS:
        return _close(request, SignIn.End.IDLE)
    if now - session["since"] > settings.SESSION_COOKIE_AGE:
        return _close(request, SignIn.End.EXPIRED)
    if now - session["seen"] >= SEEN_EVERY_SECONDS and BY_ITSELF not in request.META:
        session["seen"] = now
        SignIn.objects.filter(pk=session["sign_in"]).update(
            last_seen_at=timezone.now(), session_key=session.session_key
        )
    return None


def _begin(request, now: int) -> None:
    """First request of a session: it gets its line in the list of sign-ins."""
    session = request.session
    if session.session_key is None:
        session.save()
    row, _made = SignIn.objects.get_or_create(
        session_key=session.session_key,
        defaults={
            "user": request.user, "address": address_of(request) or None,
            "program": request.headers.get("User-Agent", "")[:200],
        },
    )  # fmt: skip
    session["sign_in"], session["since"], session["seen"] = row.pk, now, now


def _close(request, end: str):
    SignIn.objects.filter(pk=request.session["sign_in"], ended_at=None).update(
        ended_at=timezone.now(), end=end
    )
    logout(request)
    messages.info(request, _("You were signed out for safety; please sign in again."))
    return redirect_to_login(request.get_full_path())


# -- before anything else --------------------------------------------------------------------------


def _to_own_password(request):
    if request.user.must_change_password:
        text = _("Set a password of your own first.")
    else:
        text = _("Your password is %(days)s days old; set a new one.")
        text %= {"days": settings.PASSWORD_DAYS}
    messages.warning(request, text)
    return redirect("admin:password_change")


def _to_second_factor(request):
    """Asked of accounts that set one up, and of roles that need one."""
    session, user = request.session, request.user
    required = user.role in SecondFactorRule.objects.roles()
    if "factor" not in session:
        session["factor"] = "asked" if second_factor.device_of(user) else "none"
    if session["factor"] == "asked":
        return redirect("crm_verify")
    return redirect("crm_second_factor") if required else None
