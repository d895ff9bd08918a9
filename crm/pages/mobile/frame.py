"""What the phone pages share: who gets in, the frame, and answers for a script."""

from functools import wraps

from django.contrib import admin
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from crm.access import permissions_of
from crm.pages.frame import page

PERMISSION = "view_visit"


def phone_page(view):
    """For everybody who reads visits. A script is told 401 where a person is shown the sign-in."""
    shown = page(PERMISSION)(view)

    @wraps(view)
    def answer(request, *args, **kwargs):
        if wants_json(request) and not admin.site.has_permission(request):
            return JsonResponse({"message": _("Sign in again.")}, status=401)
        return shown(request, *args, **kwargs)

    return answer


def wants_json(request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def in_phone(request, template: str, context: dict, *, tab: str = "", status: int = 200):
    """The template with the bar of tabs below it."""
    may_log = "add_visit" in permissions_of(request.user.role)
    shared = {"tab": tab, "may_log": may_log}
    return TemplateResponse(request, f"m/{template}", {**shared, **context}, status=status)
