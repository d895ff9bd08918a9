"""Reference data and people, for reading: what the numbers in other rows stand for."""

from rest_framework import serializers

from crm.models import Chain, Department, Park, Region, Segment, TaskForce, User
from crm.models.api_tokens import ApiKind

from .rows import ALWAYS, RowSerializer, RowViewSet, refuse_unknown

NAMED = (*ALWAYS, "name", "sequence", "is_disabled")


class ParkSerializer(RowSerializer):
    class Meta:
        model = Park
        fields = (
            *NAMED, "short_name", "aliases", "district_area", "region", "focus", "is_core",
            "withheld",
        )  # fmt: skip


class ChainSerializer(RowSerializer):
    class Meta:
        model = Chain
        fields = (*NAMED, "key", "description", "withheld")


class SegmentSerializer(RowSerializer):
    class Meta:
        model = Segment
        fields = (*NAMED, "chain", "position", "follows", "aliases", "description", "withheld")


class TaskForceSerializer(RowSerializer):
    class Meta:
        model = TaskForce
        fields = (
            *NAMED, "number", "remit", "sponsoring_leader", "home_unit", "set_up_on",
            "dissolved_on", "withheld",
        )  # fmt: skip


class DepartmentSerializer(RowSerializer):
    class Meta:
        model = Department
        fields = (*NAMED, "short_name", "withheld")


class RegionSerializer(RowSerializer):
    class Meta:
        model = Region
        fields = (*NAMED, "code", "short_name", "level", "parent", "withheld")


class PersonSerializer(serializers.ModelSerializer):
    """A colleague as a name to choose from, no more."""

    name = serializers.CharField(source="get_full_name", read_only=True)

    class Meta:
        model = User
        fields = ("id", "name", "department", "park")
        read_only_fields = fields


class ParkViewSet(RowViewSet):
    kind = ApiKind.PARKS
    serializer_class = ParkSerializer


class ChainViewSet(RowViewSet):
    kind = ApiKind.CHAINS
    serializer_class = ChainSerializer


class SegmentViewSet(RowViewSet):
    kind = ApiKind.SEGMENTS
    serializer_class = SegmentSerializer


class TaskForceViewSet(RowViewSet):
    kind = ApiKind.TASK_FORCES
    serializer_class = TaskForceSerializer


class DepartmentViewSet(RowViewSet):
    kind = ApiKind.DEPARTMENTS
    serializer_class = DepartmentSerializer


class RegionViewSet(RowViewSet):
    kind = ApiKind.REGIONS
    serializer_class = RegionSerializer


class PersonViewSet(RowViewSet):
    """Working accounts, so that ``owner`` and the like can be read and written."""

    kind = ApiKind.PEOPLE
    serializer_class = PersonSerializer
    filter_backends = ()
    permission = ""

    def get_queryset(self):
        return User.objects.visible_to(self.request.user).working()

    def filter_queryset(self, queryset):
        refuse_unknown(self.request.query_params, {"limit", "cursor"})
        return queryset
