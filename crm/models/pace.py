"""How a project keeps going: stale, without a next step, past its lead clock."""

from datetime import date, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from crm import clock
from crm.clock import RUNNING_STAGES, Facts, Limits, Step
from crm.stages import ProjectStatus, Stage

from .base import ScopedQuerySet
from .organisation import StageRule, TimeLimit


def _rows(name: str):
    return apps.get_model("crm", name)._base_manager.filter(archived_at=None)


def _changes():
    rows = apps.get_model("crm", "FieldChange").objects
    return rows.filter(model="project", record_id=OuterRef("pk"))


def _between(field: str, first: date, last: date) -> dict:
    """Lookups of a day within both bounds, for a date field or a moment."""
    return {f"{field}__gte": first, f"{field}__lte": last}


class PaceQuerySet(ScopedQuerySet):
    """Questions about many projects; ``on`` is the day they are asked for."""

    def without_sign_of_life(self, since: date, until: date):
        """Neither visited, noted nor changed from ``since`` to ``until``, both days included."""
        visited = _rows("Visit").filter(project=OuterRef("pk"), **_between("held_on", since, until))
        noted = _rows("Note").filter(
            project=OuterRef("pk"), **_between("created_at__date", since, until)
        )
        changed = _changes().filter(**_between("at__date", since, until))
        return self.filter(~Exists(visited), ~Exists(noted), ~Exists(changed))

    def stale(self, on: date):
        """Active projects without move, visit, note or change for longer than their stage has."""
        late = Q(pk__in=[])
        for stage, days in StageRule.stale_days_by_stage().items():
            last = on - timedelta(days=days)
            moved = self.model.objects.filter(stage=stage, stage_since__lt=last)
            late |= Q(pk__in=moved.without_sign_of_life(last, on).values("pk"))
        return self.filter(status=ProjectStatus.ACTIVE).filter(late)

    def without_next_step(self):
        """Active projects before production with nothing planned: no next step, no follow-up."""
        waiting = _rows("FollowUp").filter(project=OuterRef("pk"), done_on=None)
        planned = Q(next_step_on__isnull=False) & ~Q(next_step="")
        open_ones = self.filter(status=ProjectStatus.ACTIVE).exclude(stage=Stage.PRODUCING)
        return open_ones.exclude(planned).filter(~Exists(waiting))

    # -- the lead clock ------------------------------------------------------------------------

    def on_the_clock(self):
        """Projects whose lead clock runs."""
        return self.filter(status=ProjectStatus.ACTIVE, stage__in=RUNNING_STAGES)

    def late_on_the_clock(self, on: date, limits: Limits | None = None):
        """Projects with a step of the lead clock past its day."""
        limits = limits or TimeLimit.current_limits()
        late = (
            (Q(owner=None) & _reported_before(Step.RESPOND, limits, on))
            | (~_assessed() & _reported_before(Step.ASSESS, limits, on))
            | (~_contacted() & _reported_before(Step.FEED_BACK, limits, on))
            | (_silent(limits, on) & _reported_before(Step.REPORT, limits, on))
        )
        return self.on_the_clock().filter(late)

    def with_clock(self):
        """Adds what ``Project.clock`` reads: assessed, contacted, last sign of life."""
        note = _rows("Note").filter(project=OuterRef("pk")).order_by("-created_at")
        visit = _rows("Visit").filter(project=OuterRef("pk")).order_by("-held_on")
        change = _changes().order_by("-at")
        return self.annotate(
            clock_assessed=_assessed(),
            clock_contacted=_contacted(),
            clock_note=TruncDate(Subquery(note.values("created_at")[:1])),
            clock_visit=Subquery(visit.values("held_on")[:1]),
            clock_change=TruncDate(Subquery(change.values("at")[:1])),
        )


def _assessed():
    return Exists(_rows("Assessment").filter(project=OuterRef("pk")))


def _contacted():
    """Somebody spoke with the firm about this project since it was reported."""
    visits = _rows("Visit").filter(project=OuterRef("pk"), held_on__gte=OuterRef("reported_on"))
    return Exists(visits)


def _reported_before(step: str, limits: Limits, on: date) -> Q:
    """Reported longer ago than the step allows for the size of the project."""
    condition = Q(pk__in=[])
    for low, up, days in limits.sizes(step):
        size = Q(planned_yuan__gte=low) if low else Q()
        if up is not None:
            size = size & (Q(planned_yuan__lt=up) | Q(planned_yuan=None))
        elif not low:
            size = Q(pk__isnull=False)
        condition |= size & Q(reported_on__lt=on - timedelta(days=days))
    return condition


def _silent(limits: Limits, on: date) -> Q:
    """No sign of life within the fortnight of the report (its days do not depend on the size)."""
    since = on - timedelta(days=limits.days(Step.REPORT))
    visited = _rows("Visit").filter(project=OuterRef("pk"), held_on__gte=since)
    noted = _rows("Note").filter(project=OuterRef("pk"), created_at__date__gte=since)
    changed = _changes().filter(at__date__gte=since)
    return Q(stage_since__lt=since) & ~Exists(visited) & ~Exists(noted) & ~Exists(changed)


class Paced(models.Model):
    """The part of ``Project`` that says how it keeps going."""

    class Meta:
        abstract = True

    def clock(self, on: date, limits: Limits) -> list[clock.Tick]:
        """The lead clock of a row from ``with_clock``; empty when it does not run."""
        if self.status != ProjectStatus.ACTIVE or self.stage not in RUNNING_STAGES:
            return []
        signs = [self.reported_on, self.stage_since, self.clock_note, self.clock_visit,
                 self.clock_change]  # fmt: skip
        facts = Facts(
            reported_on=self.reported_on, planned_yuan=self.planned_yuan,
            is_named=self.owner_id is not None, is_assessed=self.clock_assessed,
            was_contacted=self.clock_contacted, active_on=max(filter(None, signs)),
        )  # fmt: skip
        return clock.ticks(facts, limits, on)

    def lacks_next_step(self) -> bool:
        return type(self).objects.filter(pk=self.pk).without_next_step().exists()
