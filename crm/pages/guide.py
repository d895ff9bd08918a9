"""The guide of five minutes with the keys, the promises, and what fields and figures mean."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import indicators, stages
from crm.definitions import DEFINITIONS

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


@require_safe
def definitions(request):
    """Every field that has a definition, by kind of record, and how each figure is counted."""
    if not admin.site.has_permission(request):
        return redirect_to_login(request.get_full_path())
    figures = [(indicators.LABELS[key], meaning) for key, meaning in indicators.DEFINITIONS.items()]
    context = {"title": _("Definitions"), "figures": figures,
               "kinds": [_kind(name, fields) for name, fields in DEFINITIONS.items()]}  # fmt: skip
    return in_frame(request, "crm/help/definitions.html", context)


def _kind(name: str, fields: dict) -> dict:
    model = apps.get_model("crm", name)
    rows = [(model._meta.get_field(key), meaning) for key, meaning in fields.items()]
    return {
        "key": name,
        "label": model._meta.verbose_name,
        "fields": [
            {"label": field.verbose_name, "meaning": meaning, "stage": _needed_from(name, key),
             "choices": [label for value, label in field.flatchoices if value != ""]}
            for (field, meaning), key in zip(rows, fields, strict=True)
        ],
    }  # fmt: skip


def _needed_from(name: str, field: str) -> str:
    """The stage from which a project must have the field, "" when none asks for it."""
    asked = [r.stage for r in stages.REQUIREMENTS if name == "project" and r.link == field]
    return str(stages.Stage(asked[0]).label) if asked else ""
