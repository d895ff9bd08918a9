"""Task forces, their people, units, stage rules and targets."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crm.models import (
    Department,
    Membership,
    ScoreAdjustment,
    ScoreRule,
    StageRule,
    Target,
    TaskForce,
    TimeLimit,
)
from crm.money import format_yuan

from .base import ReferenceAdmin, ScopedInline


class MembershipInline(ScopedInline):
    model = Membership
    fields = ("user", "duty", "joined_on", "left_on")
    autocomplete_fields = ("user",)


@admin.register(TaskForce)
class TaskForceAdmin(ReferenceAdmin):
    list_display = ("name", "number", "remit", "sponsoring_leader", "home_unit")
    list_select_related = ("home_unit",)
    autocomplete_fields = ("target_regions", "chains", "home_unit")
    inlines = (MembershipInline,)


@admin.register(Membership)
class MembershipAdmin(ReferenceAdmin):
    list_display = ("user", "task_force", "duty", "joined_on", "left_on")
    list_select_related = ("user", "task_force")
    search_fields = ("user__full_name", "task_force__name")
    autocomplete_fields = ("user", "task_force")


@admin.register(Department)
class DepartmentAdmin(ReferenceAdmin):
    list_display = ("name", "short_name", "office_phone")
    search_fields = ("name", "short_name")


@admin.register(StageRule)
class StageRuleAdmin(ReferenceAdmin):
    list_display = ("stage", "likelihood", "stale_days", "claim")


@admin.register(TimeLimit)
class TimeLimitAdmin(ReferenceAdmin):
    list_display = ("step", "size", "days", "is_disabled")
    search_fields = ("step",)
    fields = ("step", "from_yuan", "days", "sequence", "is_disabled")

    @admin.display(description=_("for projects from"), ordering="from_yuan")
    def size(self, limit):
        return format_yuan(limit.from_yuan) if limit.from_yuan else "—"


@admin.register(Target)
class TargetAdmin(ReferenceAdmin):
    list_display = ("year", "indicator", "task_force", "value")
    list_select_related = ("task_force",)
    search_fields = ("task_force__name",)
    autocomplete_fields = ("task_force",)


@admin.register(ScoreRule)
class ScoreRuleAdmin(ReferenceAdmin):
    list_display = ("indicator", "weight", "cap", "valid_from", "valid_until", "is_disabled")
    search_fields = ()


@admin.register(ScoreAdjustment)
class ScoreAdjustmentAdmin(ReferenceAdmin):
    list_display = ("task_force", "on", "points", "reason")
    list_select_related = ("task_force",)
    search_fields = ("task_force__name", "reason")
    autocomplete_fields = ("task_force",)
