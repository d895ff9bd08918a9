"""The guide of five minutes, in the reader's language, and the keys."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .frame import in_frame


@require_safe
def guide(request):
    if not admin.site.has_permission(request):
        return redirect_to_login(request.get_full_path())
    language = "en" if (get_language() or "").startswith("en") else "zh"
    context = {"title": _("Help"), "text": f"crm/help/guide_{language}.html"}
    return in_frame(request, "crm/help/page.html", context)
