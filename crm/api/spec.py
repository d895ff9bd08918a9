"""The OpenAPI description, from the code itself: what is sent, what comes back, what is refused."""

import json
from functools import cache

from django.conf import settings
from django.http import Http404
from django.urls import include, path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from .once import KEY
from .rows import ALWAYS
from .versions import ETAG

REFUSALS = {
    400: gettext_lazy(
        "Something sent cannot be read or breaks a rule; “fields” says what and why."
    ),
    401: gettext_lazy("No token, or one that opens nothing any more."),
    403: gettext_lazy("The token or its account may not do this."),
    404: gettext_lazy("There is no such row, or the account does not see it."),
    406: gettext_lazy("Answers are JSON; ask for nothing else."),
    409: gettext_lazy("Somebody else was faster; “current” is the row as it stands."),
    410: gettext_lazy("The cursor is too old, or of a database since restored."),
    412: gettext_lazy("If-Match names another version; “current” is the row as it stands."),
    415: gettext_lazy("Send JSON."),
    422: gettext_lazy("The Idempotency-Key was used with another request."),
    428: gettext_lazy("Say which version you change."),
    429: gettext_lazy("Too many requests in this minute; Retry-After says when to come again."),
}
EVERYWHERE = (400, 401, 403, 406, 429)
IN_BODY = (409, 415)
WITH_VERSION = (404, 409, 412, 428)


class Described(AutoSchema):
    """An operation with its refusals and headers."""

    def get_operation_id(self):
        view, method = self.view, self.method.lower()
        name = getattr(view, "kind", "changes").replace("-", "_")
        action = getattr(view, "action", None) or method
        return f"{name}_{action}"

    def get_tags(self):
        kind = getattr(self.view, "kind", None)
        return [str(kind.label) if kind else _("changes")]

    def get_summary(self):
        return str(SUMMARIES.get(getattr(self.view, "action", ""), _("Changes since a cursor")))

    def get_description(self):
        return ""

    def get_auth(self):
        return [{"token": []}]

    def get_operation(self, *args):
        operation = super().get_operation(*args)
        if operation is None:
            return None
        operation["parameters"] = [*operation.get("parameters", []), *self._headers()]
        refused = {str(code): {"$ref": f"#/components/responses/{code}"} for code in self._codes()}
        operation["responses"] = dict(sorted({**operation["responses"], **refused}.items()))
        if not operation["parameters"]:
            del operation["parameters"]
        return operation

    def _codes(self) -> set[int]:
        codes = set(EVERYWHERE)
        if "{id}" in self.path:
            codes |= {404}
        if self.method in ("POST", "PATCH"):
            codes |= {*IN_BODY, *((422,) if self.method == "POST" else ())}
        if self._changes():
            codes |= set(WITH_VERSION)
        return codes | ({410} if not hasattr(self.view, "kind") else set())

    def _changes(self) -> bool:
        """Whether it changes a row that is there."""
        return self.method != "GET" and "{id}" in self.path

    def _headers(self) -> list[dict]:
        headers = []
        if self._changes():
            headers.append(_header("If-Match", _("The ETag that was read."), ETAG.pattern))
        if self.method == "POST":
            meaning = _("A mark of your own: the same request again is not carried out again.")
            headers.append(_header("Idempotency-Key", meaning, KEY.pattern))
        return headers


def _header(name: str, description: str, pattern: str) -> dict:
    schema = {"type": "string", "pattern": f"^{pattern}$"}
    return {"name": name, "in": "header", "description": description, "schema": schema}


SUMMARIES = {
    "list": gettext_lazy("List"), "retrieve": gettext_lazy("Read one"),
    "create": gettext_lazy("Create"), "partial_update": gettext_lazy("Change"),
    "destroy": gettext_lazy("Archive"), "move": gettext_lazy("Move to a stage"),
    "propose": gettext_lazy("Propose a stage to the bureau"),
    "set_status": gettext_lazy("Put on hold, end or reopen"),
}  # fmt: skip
# Never null, closed or open.
PLAIN = {*ALWAYS, "withheld", "results", "next_cursor", "next", "changes", "cursor", "has_more"}


def exact(result, generator, request, public):
    """After spectacular: what is closed is null, and refusals have one form."""
    result["info"]["title"] = _("Investment promotion: API for the city's systems")
    components = result["components"]
    for name, schema in components["schemas"].items():
        schema.pop("description", None)  # our own remarks on the code
        if name.endswith("Request"):
            schema["additionalProperties"] = False
        elif name not in ("Changes", "News"):
            _may_be_closed(schema)
    components["schemas"]["Refusal"] = _refusal()
    components["responses"] = {
        str(code): _refused(code, str(meaning)) for code, meaning in REFUSALS.items()
    }
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return result


def _may_be_closed(schema: dict) -> None:
    for name, field in schema["properties"].items():
        if name in PLAIN - {"archived_at"}:
            continue
        field["nullable"] = True
        if "enum" in field and None not in field["enum"]:
            field["enum"] = [*field["enum"], None]
    schema["required"] = list(schema["properties"])


def _refused(code: int, meaning: str) -> dict:
    answer = {
        "description": meaning,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
    }
    if code == 429:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    return answer


def _refusal() -> dict:
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "required": ["code", "detail"],
        "properties": {
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "fields": {
                "type": "object",
                "description": _("Messages by field; those of the row as a whole under “row”."),
                "additionalProperties": {"oneOf": [texts, {"type": "object"}]},
            },
            "current": {"type": "object", "description": _("The row as it stands now.")},
        },
    }


def specification() -> dict:
    """In the language of the reader; made once for each, and no caller's to change."""
    return json.loads(_written(translation.get_language() or settings.LANGUAGE_CODE))


@cache
def _written(language: str) -> str:
    with translation.override(language):
        generator = SchemaGenerator(patterns=[path("api/", include("crm.api.urls"))])
        return json.dumps(generator.get_schema(request=None, public=True), cls=JSONEncoder)


class SpecificationView(APIView):
    """The description itself, for programs."""

    @extend_schema(exclude=True)
    def get(self, request):
        return Response(specification())


class NowhereView(APIView):
    """Any other address: said as JSON, not as a page for people."""

    schema = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise Http404
