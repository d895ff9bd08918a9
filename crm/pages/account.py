"""My account: second factor, recovery codes, and where I am signed in."""

import segno
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from crm import second_factor
from crm.auditing import audit
from crm.models import SecondFactorRule, SignIn
from crm.models.audit import Action

from .frame import in_frame

SIGN_INS_SHOWN = 20


def own(view):
    """For whoever is signed in, whatever the role; nothing of it is kept by the browser."""

    def answer(request, *args, **kwargs):
        if not admin.site.has_permission(request):
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return never_cache(answer)


@own
@require_safe
def account(request):
    rows = list(SignIn.objects.of(request.user).still_open()[:SIGN_INS_SHOWN])
    here = request.session.session_key
    context = {
        "sign_ins": [(row, row.session_key == here) for row in rows],
        "device": second_factor.device_of(request.user),
        "codes_left": second_factor.recovery_codes_left(request.user),
        "is_required": _is_required(request),
    }
    return in_frame(request, "crm/account/account.html", context)


@own
@require_POST
def end_sign_in(request, pk: int):
    row = get_object_or_404(SignIn.objects.of(request.user).filter(ended_at=None), pk=pk)
    row.close(SignIn.End.ENDED)
    messages.success(request, _("Signed out there."))
    return redirect("crm_account")


# -- the second factor -----------------------------------------------------------------------------


@own
@sensitive_post_parameters("code")
def set_up(request):
    """Show the QR code until a right code proves that the app has it; then the recovery codes."""
    user, error = request.user, ""
    if second_factor.device_of(user) and request.session.get("factor") != "given":
        return redirect("crm_verify")  # whoever only knows the password changes nothing here
    if request.method == "POST":
        if codes := second_factor.confirm(user, request.POST.get("code", "")):
            request.session["factor"] = "given"
            _end_other_sign_ins(request)
            audit(request, Action.FACTOR_SET_UP, user)
            return in_frame(request, "crm/account/recovery.html", {"codes": codes})
        error = _("This code is wrong or too old; wait for the next one.")
    device = second_factor.device_to_confirm(user)
    picture = segno.make(device.config_url, error="m").svg_inline(scale=5, border=2)
    context = {
        "picture": mark_safe(picture),  # noqa: S308 - drawn from our own address by segno
        "secret": _in_groups(_base32(device)), "error": error, "is_required": _is_required(request),
    }  # fmt: skip
    return in_frame(
        request, "crm/account/second_factor.html", context, status=400 if error else 200
    )


@own
@sensitive_post_parameters("code")
def verify(request):
    """The second step of signing in."""
    if second_factor.device_of(request.user) is None or request.session.get("factor") == "given":
        return redirect("admin:index")
    error = ""
    if request.method == "POST":
        if second_factor.is_throttled(request.user):
            error = _("Too many wrong codes; wait a moment.")
        elif second_factor.verify(request.user, request.POST.get("code", "")):
            request.session.cycle_key()
            request.session["factor"] = "given"
            SignIn.objects.filter(pk=request.session["sign_in"]).update(
                session_key=request.session.session_key
            )
            return HttpResponseRedirect(reverse("admin:index"))
        else:
            error = _("This code is wrong or too old; wait for the next one.")
    context = {**admin.site.each_context(request), "error": error, "has_permission": False}
    status = 400 if error else 200
    return TemplateResponse(request, "crm/account/verify.html", context, status=status)


@own
@require_POST
@sensitive_post_parameters("code")
def renew_codes(request):
    if not second_factor.verify(request.user, request.POST.get("code", "")):
        messages.error(request, _("This code is wrong or too old; wait for the next one."))
        return redirect("crm_account")
    codes = second_factor.renew_recovery_codes(request.user)
    return in_frame(request, "crm/account/recovery.html", {"codes": codes})


@own
@require_POST
@sensitive_post_parameters("code")
def remove(request):
    """Only with a code, and only where the role does not need it."""
    if _is_required(request):
        raise PermissionDenied
    if second_factor.verify(request.user, request.POST.get("code", "")):
        second_factor.remove(request.user)
        request.session["factor"] = "none"
        audit(request, Action.FACTOR_REMOVED, request.user)
        messages.success(request, _("The second factor was removed."))
    else:
        messages.error(request, _("This code is wrong or too old; wait for the next one."))
    return redirect("crm_account")


def _is_required(request) -> bool:
    return request.user.role in SecondFactorRule.objects.roles()


def _end_other_sign_ins(request) -> None:
    others = SignIn.objects.of(request.user).still_open()
    for row in others.exclude(session_key=request.session.session_key):
        row.close(SignIn.End.ENDED)


def _base32(device) -> str:
    return device.config_url.partition("secret=")[2].partition("&")[0]


def _in_groups(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


# -- too many wrong passwords ----------------------------------------------------------------------


def locked_out(request, *args, **kwargs):
    """The sign-in page with the reason; the same whether the account exists or not."""
    context = {**admin.site.each_context(request), "has_permission": False}
    return render(request, "crm/account/locked.html", context, status=429)
