"""Visits, and what has to be done by a day: follow-ups and requests."""

from crm.models import FollowUp, Request, Visit
from crm.models.api_tokens import ApiKind

from .rows import ALWAYS, RowSerializer
from .writing import WritingViewSet


class VisitSerializer(RowSerializer):
    public = frozenset("held_on mode city task_force".split())
    ledgers = ("visits",)
    columns = {"task_force": "team"}

    class Meta:
        model = Visit
        fields = (
            *ALWAYS, "company", "mode", "held_on", "city", "task_force", "trip", "event", "project",
            "delegation_head", "our_people", "our_people_text", "their_people",
            "their_people_text", "guest_count", "content", "outcome", "wants", "next_step",
            "next_step_owner", "next_step_on", "withheld",
        )  # fmt: skip


class FollowUpSerializer(RowSerializer):
    public = frozenset("task_force owner due_on done_on".split())

    class Meta:
        model = FollowUp
        fields = (
            *ALWAYS, "company", "project", "visit", "task_force", "owner", "what", "due_on",
            "remind_on", "done_on", "result", "withheld",
        )  # fmt: skip


class MatterSerializer(RowSerializer):
    public = frozenset("raised_on category department due_on closed_on task_force".split())
    ledgers = ("requests",)
    columns = {"task_force": "team"}

    class Meta:
        model = Request
        fields = (
            *ALWAYS, "company", "project", "task_force", "raised_on", "source", "category",
            "content", "department", "co_departments", "due_on", "progress", "closed_on",
            "supervision", "withheld",
        )  # fmt: skip


class VisitViewSet(WritingViewSet):
    kind = ApiKind.VISITS
    serializer_class = VisitSerializer
    filtered_by = (
        "q", "year", "since", "until", "mode", "team", "outcome", "trip", "event", "company",
        "project", "city",
    )  # fmt: skip
    prefetched = ("our_people", "their_people")


class FollowUpViewSet(WritingViewSet):
    kind = ApiKind.FOLLOW_UPS
    serializer_class = FollowUpSerializer
    filtered_by = ("q", "waiting", "overdue", "due", "team", "company", "project")


class RequestViewSet(WritingViewSet):
    kind = ApiKind.REQUESTS
    serializer_class = MatterSerializer
    filtered_by = (
        "q", "waiting", "overdue", "category", "department", "team", "supervision", "company",
        "project",
    )  # fmt: skip
    prefetched = ("co_departments",)
