"""The guide of five minutes with the keys, and the promises, in the reader's language."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .frame import in_frame


@require_safe
def guide(request):
    return _page(request, _("Help"), "guide", "crm/help/page.html")


@require_safe
def promises(request):
    """What this system promises, the test of each promise, and what it does not promise."""
    return _page(request, _("Promises"), "promises", "crm/help/promises.html")


def _page(request, title: str, text: str, template: str):
    if not admin.site.has_permission(request):
        return redirect_to_login(request.get_full_path())
    language = "en" if (get_language() or "").startswith("en") else "zh"
    context = {"title": title, "text": f"crm/help/{text}_{language}.html"}
    return in_frame(request, template, context)
