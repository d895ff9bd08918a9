"""To the single sign-on and back; without one configured there are no such pages."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm import single_sign_on
from crm.models import AuditEntry, User
from crm.models.audit import Action
from crm.throttling import address_of

NEXT = "sso_next"


@never_cache
@require_safe
def start(request):
    """Send the browser to the provider, with a state, a nonce and a challenge of its own."""
    _only_where_on()
    request.session[NEXT] = request.GET.get("next", "")
    back = request.build_absolute_uri(reverse("crm_sso_callback"))
    try:
        return single_sign_on.client().authorize_redirect(request, back)
    except single_sign_on.REFUSED as error:
        return _refused(request, type(error).__name__)


@never_cache
@require_safe
def callback(request):
    """Sign in the account that the provider's token names; whatever is wrong ends here."""
    _only_where_on()
    try:
        claims = single_sign_on.claims_of(request)
    except single_sign_on.REFUSED as error:
        return _refused(request, type(error).__name__)
    user = single_sign_on.account_of(claims)
    if user is None:
        return _refused(request, "account", claims)
    target = request.session.pop(NEXT, "")
    request.sign_in_way = "sso"
    login(request, user, backend=single_sign_on.BACKEND)
    request.session["way"] = "sso"
    return redirect(_own(request, target))


def _only_where_on() -> None:
    if not single_sign_on.is_on():
        raise Http404


def _own(request, target: str) -> str:
    hosts = {request.get_host()}
    good = url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure())
    return target if target and good else reverse("admin:index")


def _refused(request, why: str, claims: dict | None = None):
    """The same words whatever was wrong; the audit trail says which check failed."""
    name = str((claims or {}).get(single_sign_on.settings.OIDC_CLAIM, ""))
    known = name if User.objects.filter(username=name).exists() else "?"
    AuditEntry.objects.record(
        Action.SIGN_IN_FAILED, name=known, address=address_of(request), way="sso", why=why
    )
    text = _("Signing in failed. If you have an account here, ask the system administrator.")
    messages.error(request, text)
    return redirect("admin:login")
