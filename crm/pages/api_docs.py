"""The API explained to people: how to ask, what every field means, from the description itself."""

import json

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from crm.api.spec import specification
from crm.models.api_tokens import WRITABLE, ApiKind

from .frame import in_frame, page

SHOWN_VALUES = 12
# What the columns of a table do not say of themselves.
WORDS = {
    "id": _("number of the row"),
    "version": _("version: rises with every change"),
    "is_open": _("whether everything in it may be read"),
    "withheld": _("fields that stay in the house"),
    "project_name": _("name of the project, or its code name"),
    "name": _("name"),
}


@require_safe
@page("view_apitoken")
def docs(request):
    """For whoever administers the API; programmers of other systems get it printed or as a file."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    context = {
        "title": _("API of other systems"), "text": f"crm/api/docs_{language}.html",
        "root": request.build_absolute_uri("/api/v1/"), "kinds": _kinds(specification()),
    }  # fmt: skip
    return in_frame(request, "crm/api/docs.html", context)


@require_safe
@page("view_apitoken")
def description(request):
    """The description as a file, to be handed on."""
    text = json.dumps(specification(), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="openapi.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


def _kinds(spec: dict) -> list[dict]:
    return [_kind(spec, kind) for kind in ApiKind]


def _kind(spec: dict, kind) -> dict:
    path = f"/api/v1/{kind}/"
    name = _component(spec, path)
    sent = spec["components"]["schemas"].get(f"{name}Request", {"properties": {}})
    fields = spec["components"]["schemas"][name]["properties"]
    return {
        "key": kind, "label": kind.label, "path": path, "is_written": kind in WRITABLE,
        "fields": [_field(key, field, sent) for key, field in fields.items()],
        "filters": [
            {"name": item["name"], "label": item["description"], "type": _type(item["schema"])}
            for item in spec["paths"][path]["get"]["parameters"]
        ],
        "acts": [
            {"path": address, "label": ways["post"]["summary"]}
            for address, ways in spec["paths"].items()
            if address.startswith(f"{path}{{id}}/") and "post" in ways
        ],
    }  # fmt: skip


def _component(spec: dict, path: str) -> str:
    """Name of the schema of one row of the list at an address."""
    one = spec["paths"][f"{path}{{id}}/"]["get"]["responses"]["200"]
    return one["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]


def _field(key: str, field: dict, sent: dict) -> dict:
    return {
        "name": key, "label": field.get("title") or WORDS.get(key, ""), "type": _type(field),
        "is_written": key in sent["properties"] and key != "version",
        "is_needed": key in sent.get("required", ()), "values": _values(field),
        "longest": field.get("maxLength"),
    }  # fmt: skip


def _values(field: dict) -> list[str]:
    values = field.get("enum") or field.get("items", {}).get("enum") or []
    return [str(value) for value in values if value not in ("", None)][:SHOWN_VALUES]


def _type(field: dict) -> str:
    """The type in a word that programmers of any language know."""
    if field["type"] == "array":
        return f"{_type(field['items'])}[]"
    if "pattern" in field:
        return "decimal"
    return field.get("format") or field["type"]
