"""Firms and the people there."""

from crm.models import Company, Contact
from crm.models.api_tokens import ApiKind

from .rows import ALWAYS, RowSerializer
from .writing import WritingViewSet


class CompanySerializer(RowSerializer):
    public = frozenset("name uscc region segments owning_team".split())
    ledgers = ("companies",)
    columns = {
        "segments": "segment", "revenue_yuan": "revenue", "owning_team": "team",
        "sponsoring_leader": "leader", "key_tier": "tier",
    }  # fmt: skip

    class Meta:
        model = Company
        fields = (
            *ALWAYS, "name", "uscc", "region", "industry", "segments", "ownership", "parent",
            "main_business", "revenue_yuan", "revenue_year", "registered_on", "owning_team",
            "key_tier", "sponsoring_leader", "contact_every_days", "note", "withheld",
        )  # fmt: skip


class ContactSerializer(RowSerializer):
    """Numbers are masked for whoever reads them masked on the screen."""

    ledgers = ("contacts",)

    class Meta:
        model = Contact
        fields = (
            *ALWAYS, "company", "name", "salutation", "position", "section", "mobile", "phone",
            "has_wechat", "is_primary", "has_left", "introduced_by", "note", "withheld",
        )  # fmt: skip

    def to_representation(self, row):
        values = super().to_representation(row)
        user = self.context["request"].user
        numbers = {"mobile": row.mobile_for(user), "phone": row.phone_for(user)}
        return values | {k: v for k, v in numbers.items() if values[k] is not None}


class CompanyViewSet(WritingViewSet):
    kind = ApiKind.COMPANIES
    serializer_class = CompanySerializer
    filtered_by = ("q", "team", "unclaimed", "region", "chain", "segment", "tier", "ownership")
    prefetched = ("segments",)


class ContactViewSet(WritingViewSet):
    kind = ApiKind.CONTACTS
    serializer_class = ContactSerializer
    filtered_by = ("q", "company", "primary")
