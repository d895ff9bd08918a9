"""Looking at a contact's numbers: noted each time, limited by the hour, for a short while."""

import time
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access import PHONE_READERS
from crm.auditing import audit
from crm.models import AuditEntry, Contact
from crm.models.audit import Action

from .frame import page

SHOWN_SECONDS = 10 * 60
SESSION_KEY = "phones"


@page("view_contact")
@require_POST
def reveal(request, pk: int):
    """Show the numbers of one contact to somebody who works with the firm."""
    contact = get_object_or_404(Contact.objects.live().open_to(request.user), pk=pk)
    if request.user.role not in PHONE_READERS:
        raise PermissionDenied
    if seen_this_hour(request.user) >= settings.PHONES_PER_HOUR:
        text = _("You looked at %(count)s numbers within an hour; try again later.")
        messages.error(request, text % {"count": settings.PHONES_PER_HOUR})
    elif not is_revealed(request, contact.pk):
        audit(request, Action.REVEALED, contact)
        shown = request.session.get(SESSION_KEY, {})
        request.session[SESSION_KEY] = shown | {str(contact.pk): int(time.time())}
    return redirect(_back(request, contact))


def is_revealed(request, pk: int) -> bool:
    """Were the numbers of this contact asked for in this session, a short while ago?"""
    asked = request.session.get(SESSION_KEY, {}).get(str(pk), 0)
    return time.time() - asked < SHOWN_SECONDS


def reveal_address(request, contact) -> str:
    """Where the button leads that shows the numbers, and back to this page."""
    back = urlencode({"next": request.get_full_path()})
    return f"{reverse('crm_reveal', args=[contact.pk])}?{back}"


def seen_this_hour(user) -> int:
    since = timezone.now() - timedelta(hours=1)
    return AuditEntry.objects.filter(action=Action.REVEALED, by=user, at__gte=since).count()


def _back(request, contact) -> str:
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return reverse("admin:crm_contact_change", args=[contact.pk])
