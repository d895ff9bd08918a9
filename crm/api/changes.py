"""What happened since a cursor: so that a copy elsewhere stays true without reading everything."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.cursors import sealed
from crm.following import GONE, MODELS, kinds_told, told_since
from crm.models import FeedEntry
from crm.models.feed import FeedGone

from .paging import MOST, USUAL, limit_of, numbers_of
from .rows import refuse_unknown

ACTIONS = [*FeedEntry.Action.values[:-1], GONE]


class CursorGone(exceptions.APIException):
    status_code = 410
    default_code = "cursor_gone"
    default_detail = gettext_lazy(
        "This place in the feed is no longer kept. Take a new cursor and read the lists anew."
    )


class NewsSerializer(serializers.Serializer):
    """One change: where to read the row, not what is in it."""

    cursor = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in MODELS])
    id = serializers.IntegerField(source="record_id")
    action = serializers.ChoiceField(choices=ACTIONS)
    at = serializers.DateTimeField()
    version = serializers.IntegerField(allow_null=True)


class ChangesSerializer(serializers.Serializer):
    changes = NewsSerializer(many=True)
    cursor = serializers.CharField(help_text="send it as “since” next time")
    has_more = serializers.BooleanField(help_text="ask again at once")


WHERE = gettext_lazy("The cursor of the answer before; without it: only the cursor of now.")
KINDS = [kind.value for kind in MODELS]
LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
PARAMETERS = [
    OpenApiParameter("since", str, description=WHERE),
    OpenApiParameter("kind", str, many=True, enum=KINDS, description=gettext_lazy("Only these.")),
    OpenApiParameter("limit", LIMIT, description=gettext_lazy("Lines an answer.")),
]


class ChangesView(APIView):
    """Changes of the rows that the account sees."""

    @extend_schema(responses=ChangesSerializer, parameters=PARAMETERS)
    def get(self, request):
        given = request.query_params
        refuse_unknown(given, {"since", "kind", "limit"})
        kinds, limit = self._kinds(given.getlist("kind")), limit_of(request)
        if "since" not in given:
            cursor = sealed(*FeedEntry.objects.place_of_end())
            return self._answer({"changes": [], "cursor": cursor, "has_more": False})
        position, stamp = numbers_of(given["since"], 2, name="since")
        try:
            told = told_since(position, stamp, request.auth, kinds=kinds, limit=limit)
        except FeedGone:
            raise CursorGone from None
        return self._answer(
            {"changes": told.news, "cursor": told.cursor, "has_more": told.has_more}
        )

    def _answer(self, values: dict) -> Response:
        data = ChangesSerializer(values).data
        return Response(data, headers={"Cache-Control": "no-store"})

    def _kinds(self, wanted: list[str]) -> list[str]:
        if set(wanted) - set(MODELS):
            raise exceptions.ValidationError({"kind": [_("There is no such kind.")]})
        return kinds_told(self.request.auth, wanted)
