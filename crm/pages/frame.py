"""What every page of its own shares: who gets in, and the frame around it."""

from functools import wraps

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse

from crm.access import permissions_of


def page(permission: str):
    """For signed-in people whose role has the permission: sign-in for strangers, 403 for others."""

    def guarded(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if not admin.site.has_permission(request):
                return redirect_to_login(request.get_full_path())
            if permission not in permissions_of(request.user.role):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return answer

    return guarded


def in_frame(request, template: str, context: dict, *, status: int = 200) -> TemplateResponse:
    """The template with rail, bar, messages and notices around it."""
    shared = admin.site.each_context(request)
    return TemplateResponse(request, template, {**shared, **context}, status=status)
