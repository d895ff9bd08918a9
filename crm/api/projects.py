"""Projects, and the one way to move them."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status

from crm.models import Project
from crm.models.api_tokens import ApiKind
from crm.stages import ProjectStatus, Stage

from .fields import StrictChoice, StrictDay, StrictText, StrictWhole
from .once import once
from .rows import ALWAYS, RowSerializer
from .versions import check_version, unless_stale
from .writing import WritingViewSet


class ProjectSerializer(RowSerializer):
    public = frozenset("name is_confidential stage status planned_yuan planned_precision".split())
    ledgers = ("projects", "building")
    columns = {
        "number": "code", "lead_investor": "investor", "lead_team": "team",
        "planned_yuan": "planned", "planned_upper_yuan": "planned", "planned_text": "planned",
        "fixed_assets_yuan": "fixed_assets", "planned_signing_on": "planned_signing",
        "segment_text": "segment", "site_text": "park", "sponsoring_leader": "leader",
        "summary": "content", "next_step_on": "next_step", "filing_code": "filing",
        "start_note": "progress",
    }  # fmt: skip

    class Meta:
        model = Project
        fields = (
            *ALWAYS, "number", "name", "is_confidential", "code_name", "lead_investor", "contact",
            "source", "summary", "content", "lead_team", "reported_on", "owner",
            "sponsoring_leader", "event", "stage", "stage_since", "status", "next_step",
            "next_step_on", "segment", "segment_text", "park", "site_text", "planned_yuan",
            "planned_precision", "planned_upper_yuan", "planned_text", "fixed_assets_yuan",
            "planned_signing_on", "project_company", "filing_code", "filed_on", "site_secured_on",
            "started_on", "start_evidence", "start_note", "produced_on", "production_note",
            "withheld",
        )  # fmt: skip
        # Who is in the know of a confidential project is decided by people.
        read_only_fields = ("is_confidential", "code_name")

    def closed_values(self, row):
        return {"name": row.code_name}


class ActSerializer(serializers.Serializer):
    """What every act on a project says: on which day it happened, why, on which version."""

    on = StrictDay(help_text="the day of the event itself, never in the future")
    reason = StrictText(required=False, allow_blank=True, max_length=300, default="")
    version = StrictWhole(required=False, min_value=1)


class MoveSerializer(ActSerializer):
    stage = StrictChoice(choices=Stage.choices)


class StatusSerializer(ActSerializer):
    status = StrictChoice(choices=ProjectStatus.choices)


class ProjectViewSet(WritingViewSet):
    kind = ApiKind.PROJECTS
    serializer_class = ProjectSerializer
    filtered_by = (
        "q", "stage", "status", "team", "park", "chain", "segment", "region", "planned_min",
        "planned_max", "reported", "signed", "overdue", "stale", "incomplete", "lead_investor",
    )  # fmt: skip

    @extend_schema(request=MoveSerializer, responses=ProjectSerializer)
    def move(self, request, pk: int):
        """Move to another stage; what is missing is said by name."""
        return self._act(pk, MoveSerializer, lambda row, said: row.move_to(
            said["stage"], by=request.user, on=said["on"], reason=said["reason"]))  # fmt: skip

    @extend_schema(request=MoveSerializer, responses=ProjectSerializer)
    def propose(self, request, pk: int):
        """Ask the bureau for a stage that a second person has to confirm."""
        return self._act(pk, MoveSerializer, lambda row, said: row.propose(
            said["stage"], by=request.user, on=said["on"], reason=said["reason"]))  # fmt: skip

    @extend_schema(request=StatusSerializer, responses=ProjectSerializer)
    def set_status(self, request, pk: int):
        """Put on hold, lose, terminate or reopen; the stage stays."""
        return self._act(pk, StatusSerializer, lambda row, said: row.set_status(
            said["status"], by=request.user, on=said["on"], reason=said["reason"]))  # fmt: skip

    def _act(self, pk: int, serializer_class, change):
        return once(self, lambda: self._acted(pk, serializer_class, change))

    def _acted(self, pk: int, serializer_class, change) -> tuple:
        row = self.row(pk)
        said = self.read_body(serializer_class)
        check_version(self, row, said)
        unless_stale(self, pk, lambda: change(row, said))
        return row, status.HTTP_200_OK
