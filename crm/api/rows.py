"""Reading rows of a kind, as far as the account sees them and masked as at every other door."""

from datetime import UTC

from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_filters import DateFilter, ModelChoiceFilter, MultipleChoiceFilter
from rest_framework import exceptions, filters, serializers
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from crm.auditing import audit
from crm.filters import FOR_MODEL, ScopedFilterSet
from crm.filters.base import FlagFilter
from crm.models import ApiUse, ExportRule
from crm.models.audit import Action

from .fields import OF_COLUMNS, Link, StrictChoice, StrictWhole, of_column

# What every row tells of itself, closed or open.
ALWAYS = ("id", "version", "is_open", "is_sample", "created_at", "updated_at", "archived_at")


class RowSerializer(serializers.ModelSerializer):
    """A row: ``public`` names what a closed one shows too, ``ledger`` whose export rules hold.

    ``columns`` maps fields to columns of that ledger where the names differ.
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        **OF_COLUMNS,
    }
    serializer_choice_field = StrictChoice
    serializer_related_field = Link
    public: frozenset[str] = frozenset()
    ledgers: tuple[str, ...] = ()
    columns: dict[str, str] = {}

    version = StrictWhole(required=False, min_value=1)
    is_open = serializers.BooleanField(read_only=True)
    withheld = serializers.SerializerMethodField()

    def build_standard_field(self, field_name, model_field):
        built = super().build_standard_field(field_name, model_field)
        return of_column(model_field, *built)

    def get_withheld(self, row) -> list[str]:
        """Fields that are empty here because they stay in the house."""
        return self.staying

    @property
    def staying(self) -> list[str]:
        """Fields that this account's role may not take out, by the rules of the exports."""
        rules = self.context["withheld"]
        return sorted(
            name
            for name in self.fields
            if any(f"{ledger}.{self.columns.get(name, name)}" in rules for ledger in self.ledgers)
        )

    def to_representation(self, row):
        values = super().to_representation(row)
        if not row.is_open:
            shown = self.public | {*ALWAYS, "withheld"}
            values = {name: value if name in shown else None for name, value in values.items()}
            values |= self.closed_values(row)
        return values | dict.fromkeys(self.staying)

    def closed_values(self, row) -> dict:
        """What stands in place of a name that is closed."""
        return {}


class SameFilters(filters.BaseFilterBackend):
    """The filters of the list page, with their rule for closed rows; unknown names are refused."""

    ours = frozenset({"limit", "cursor", "updated_since"})

    def filter_queryset(self, request, queryset, view):
        given = request.query_params
        refuse_unknown(given, {*view.filters, *self.ours})
        self._check_flags(given, view)
        data = given.copy()
        for name in self.ours:
            data.pop(name, None)
        found = view.filter_set(data, queryset, user=request.user)
        if not found.form.is_valid():
            raise exceptions.ValidationError(found.form.errors)
        return self._since(found.qs, given)

    def _check_flags(self, given, view) -> None:
        for name, item in view.filters.items():
            if isinstance(item, FlagFilter) and given.get(name, "true") not in ("true", "false"):
                raise exceptions.ValidationError({name: [_("Write true or false.")]})

    def _since(self, queryset, given):
        if "updated_since" not in given:
            return queryset
        try:
            moment = parse_datetime(given["updated_since"].replace(" ", "+"))
            if moment is not None and timezone.is_naive(moment):
                moment = timezone.make_aware(moment)
            moment = moment and moment.astimezone(UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            message = _("Write a moment as 2024-05-12T08:30:00+08:00.")
            raise exceptions.ValidationError({"updated_since": [message]})
        return queryset.filter(updated_at__gte=moment)

    def get_schema_operation_parameters(self, view):
        since = {
            "name": "updated_since", "in": "query",
            "description": _("Rows changed at this moment or later."),
            "schema": {"type": "string", "format": "date-time"},
        }  # fmt: skip
        return [since, *(parameter(name, item) for name, item in view.filters.items())]


def refuse_unknown(given, known: set[str]) -> None:
    """A filter that is misspelt would else let everything through."""
    if unknown := sorted(given.keys() - known):
        message = _("There is no such parameter.")
        raise exceptions.ValidationError({name: [message] for name in unknown})


def parameter(name: str, item) -> dict:
    """A filter in the words of the specification."""
    described = {"name": name, "in": "query", "description": str(item.label or name)}
    if isinstance(item, MultipleChoiceFilter):
        codes = [code for code, _label in item.extra["choices"]]
        array = {"type": "array", "items": {"type": "string", "enum": codes}}
        return {**described, "schema": array, "style": "form", "explode": True}
    return {**described, "schema": _schema_of(item)}


def _schema_of(item) -> dict:
    if isinstance(item, FlagFilter):
        return {"type": "boolean"}
    if isinstance(item, ModelChoiceFilter):
        return {"type": "integer", "minimum": 1}
    if isinstance(item, DateFilter):
        return {"type": "string", "format": "date"}
    return {"type": "string"}


class RowViewSet(GenericViewSet):
    """Rows of one kind, for reading."""

    kind: str
    filtered_by: tuple[str, ...] = ()
    filter_backends = (SameFilters,)
    # Rows of other tables that the serializer needs.
    selected: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()

    @property
    def model(self):
        return self.serializer_class.Meta.model

    @property
    def permission(self) -> str:
        """What the account's role needs for reading."""
        return f"view_{self.model._meta.model_name}"

    @property
    def filter_set(self):
        meta = type("Meta", (), {"model": self.model, "fields": []})
        return FOR_MODEL.get(self.model) or type("Filters", (ScopedFilterSet,), {"Meta": meta})

    @property
    def filters(self) -> dict:
        offered = self.filter_set.base_filters
        return {name: offered[name] for name in (*self.filtered_by, "archived")}

    def get_queryset(self):
        rows = self.model.objects.visible_to(self.request.user)
        return rows.select_related(*self.selected).prefetch_related(*self.prefetched)

    def get_serializer_context(self):
        context = super().get_serializer_context()
        role = getattr(self.request.user, "role", "") if self.request else ""
        return context | {"withheld": ExportRule.objects.withheld_anywhere(role)}

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get_object(self):
        return self.row(self.kwargs["pk"])

    def row(self, pk: int):
        row = self.get_queryset().filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def shown(self, row, *, status: int = 200) -> Response:
        """One row with its version as ETag."""
        values = self.get_serializer(row).data
        self.note_reading(1)
        tag = {"ETag": f'"{row.version}"'} if hasattr(row, "version") else {}
        return Response(values, status=status, headers=tag)

    def note_reading(self, rows: int) -> None:
        """Count what goes out; the first time of a day is in the audit trail like an export."""
        if ApiUse.objects.add(self.request.auth, self.kind, rows):
            audit(self.request, Action.EXPORTED, format="api", kind=str(self.kind))

    def list(self, request):
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        self.note_reading(len(rows))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request, pk: int):
        return self.shown(self.get_object())
