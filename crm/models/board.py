"""What the board asks of projects: the cards of a column, page by page, and whether it changed."""

from datetime import date

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from .base import ScopedQuerySet

UNREAD = ("content", "source_sentence", "search_text", "name_key")


class BoardQuerySet(ScopedQuerySet):
    def in_column(self, stage: str, *, after: tuple[date, int] | None = None):
        """Projects of a stage, those that came last first; from behind a place of that order on."""
        rows = self.filter(stage=stage).order_by("-stage_since", "-id")
        if after is None:
            return rows
        since, pk = after
        return rows.filter(Q(stage_since__lt=since) | Q(stage_since=since, pk__lt=pk))

    def as_cards(self, user):
        """Adds ``is_mine``: may the user write it, and ``awaits``: does a proposal wait?"""
        proposals = self.model._meta.get_field("proposals").related_model.objects
        waiting = proposals.live().waiting().filter(project=OuterRef("pk"))
        mine = models.Case(
            models.When(self.editable_q(user), then=models.F("is_open")),
            default=False,
            output_field=models.BooleanField(),
        )
        rows = self.select_related("owner", "lead_team").defer(*UNREAD)
        return rows.annotate(is_mine=mine, awaits=Exists(waiting))

    def stamps_by_stage(self) -> dict[str, str]:
        """A text per stage that changes when a card of it comes, goes or changes; two queries."""
        rows = self.order_by().values("stage").annotate(n=Count("pk"), v=Sum("version"))
        proposals = self.model._meta.get_field("proposals").related_model.objects
        waiting = proposals.live().waiting().filter(project__in=self.order_by().values("pk"))
        asked = waiting.order_by().values_list("project__stage").annotate(
            Count("pk"), Max("pk")
        )  # fmt: skip
        open_of = {stage: f"{count}.{newest}" for stage, count, newest in asked}
        return {
            row["stage"]: f"{row['n']}.{row['v']}.{open_of.get(row['stage'], '')}" for row in rows
        }
