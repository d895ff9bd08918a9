"""Pages by key: the hundredth costs what the first does, and nothing is skipped or told twice."""

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from crm.cursors import sealed, unsealed

MOST, USUAL = 200, 50


def numbers_of(cursor: str, count: int, name: str = "cursor") -> list[int]:
    """The numbers of a cursor; raises ValidationError, under its name, for one that is not ours."""
    try:
        return unsealed(cursor, count)
    except ValueError:
        raise exceptions.ValidationError({name: [_("This cursor cannot be read.")]}) from None


def limit_of(request) -> int:
    text = request.query_params.get("limit", str(USUAL))
    is_short = text.isascii() and text.isdigit() and len(text) <= 4
    if not (is_short and 1 <= int(text) <= MOST):
        message = _("Ask for 1 to %(most)s rows.") % {"most": MOST}
        raise exceptions.ValidationError({"limit": [message]})
    return int(text)


class ByKey(BasePagination):
    """Rows in the order of their keys; ``next`` is null on the last page."""

    def paginate_queryset(self, queryset, request, view=None):
        limit, cursor = limit_of(request), request.query_params.get("cursor")
        if cursor is not None:
            queryset = queryset.filter(pk__gt=numbers_of(cursor, 1)[0])
        rows = list(queryset.order_by("pk")[: limit + 1])
        self.cursor = sealed(rows[limit - 1].pk) if len(rows) > limit else None
        self.address = request.build_absolute_uri()
        return rows[:limit]

    def get_paginated_response(self, data):
        onward = self.cursor and replace_query_param(self.address, "cursor", self.cursor)
        return Response({"results": data, "next_cursor": self.cursor, "next": onward})

    def get_schema_operation_parameters(self, view):
        return [
            {"name": "limit", "in": "query", "description": _("Rows a page."),
             "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}},
            {"name": "cursor", "in": "query", "schema": {"type": "string"},
             "description": _("“next_cursor” of the page before.")},
        ]  # fmt: skip

    def get_paginated_response_schema(self, schema):
        return {
            "type": "object",
            "required": ["results", "next_cursor", "next"],
            "properties": {
                "results": schema,
                "next_cursor": {"type": "string", "nullable": True},
                "next": {"type": "string", "format": "uri", "nullable": True},
            },
        }
