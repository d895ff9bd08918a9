"""The wall screen: the workbench's figures for the whole city, for anybody in front of it.

Opened by a secret address, without signing in. It names no confidential project and no person.
"""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.home.wall import wall_for
from crm.models import WallToken


@require_safe
@never_cache
def wall(request, secret: str):
    """404 for every address that opens nothing, whatever the reason."""
    token = WallToken.objects.opened_by(secret)
    if token is None:
        raise Http404
    token.note_use()
    context = {"wall": wall_for(), "now": timezone.localtime()}
    response = render(request, "crm/wall.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
