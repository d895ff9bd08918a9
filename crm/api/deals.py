"""Deals and the money that arrives. Nobody confirms by machine: that is a second person's act."""

from rest_framework import serializers

from crm.models import Arrival, Deal
from crm.models.api_tokens import ApiKind

from .rows import ALWAYS, RowSerializer
from .writing import WritingViewSet


class OfProjectSerializer(RowSerializer):
    """Rows that a closed project lists under its code name."""

    project_name = serializers.SerializerMethodField()

    def get_project_name(self, row) -> str | None:
        """The code name where the project is closed to the account."""
        return row.project.name if row.is_open else row.project.code_name


class DealSerializer(OfProjectSerializer):
    public = frozenset("project project_name amount_yuan amount_precision".split())
    ledgers = ("deals",)
    columns = {"amount_yuan": "amount", "outside_yuan": "outside", "project_name": "project"}

    class Meta:
        model = Deal
        fields = (
            *ALWAYS, "project", "project_name", "number", "kind", "amount_yuan",
            "amount_precision", "amount_text", "outside_yuan", "currency", "original_amount",
            "exchange_rate", "rate_on", "signed_on", "event", "place", "status", "replaces",
            "has_support_clause", "fair_review_no", "fair_review_on", "recognition",
            "recognition_reason", "confirmed_at", "withheld",
        )  # fmt: skip
        read_only_fields = ("confirmed_at",)


class ArrivalSerializer(OfProjectSerializer):
    public = frozenset("project project_name amount_yuan".split())
    ledgers = ("arrivals",)
    columns = {"amount_yuan": "amount", "project_name": "project"}

    class Meta:
        model = Arrival
        fields = (
            *ALWAYS, "project", "project_name", "month", "origin", "amount_yuan", "evidence",
            "state", "withheld",
        )  # fmt: skip


class DealViewSet(WritingViewSet):
    kind = ApiKind.DEALS
    serializer_class = DealSerializer
    filtered_by = (
        "q", "year", "kind", "status", "recognition", "team", "event", "project", "amount_min",
        "amount_max",
    )  # fmt: skip
    selected = ("project",)


class ArrivalViewSet(WritingViewSet):
    kind = ApiKind.ARRIVALS
    serializer_class = ArrivalSerializer
    filtered_by = ("q", "year", "counting", "state", "origin", "team", "project")
    selected = ("project",)
