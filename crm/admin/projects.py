"""Projects: the list, the record page with what is missing, and the pages that move it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, F, When
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from crm import stages
from crm.access import TEAM_ROLES, permissions_of
from crm.auditing import audit
from crm.filters import ProjectFilter
from crm.models import (
    Arrival,
    Assessment,
    Commitment,
    Company,
    ComputeCapacity,
    Conflict,
    CreditShare,
    Deal,
    FactorGuarantee,
    FactorNeeds,
    FollowUp,
    Milestone,
    PeopleNeed,
    Phase,
    Project,
    ProjectInvestor,
    Request,
    StageProposal,
    TimeLimit,
    Visit,
)
from crm.models.audit import Action
from crm.pages.taking_out import taken_out
from crm.periods import today
from crm.reports import pipeline, xlsx

from .base import ScopedAdmin, ScopedInline, closed_text
from .claims import claim_of_project
from .columns import amount, badge, late, open_rows_by, sample_mark
from .deals import described
from .moving import MovingPages, choices_for, requirement_rows
from .outreach import AttachmentInline

BY_STAGE = Case(*(When(stage=stage, then=place) for place, stage in enumerate(stages.ORDER)))


class InvestorInline(ScopedInline):
    model = ProjectInvestor
    fields = ("company", "share")
    autocomplete_fields = ("company",)


class CreditShareInline(ScopedInline):
    model = CreditShare
    fields = ("task_force", "part", "percent")
    autocomplete_fields = ("task_force",)


class AssessmentInline(ScopedInline):
    model = Assessment
    fields = ("held_on", "result", "note")


class PhaseInline(ScopedInline):
    model = Phase
    fields = ("name", "planned_yuan", "compute_p", "planned_start_on", "started_on",
              "planned_live_on", "live_on")  # fmt: skip


class ComputeInline(ScopedInline):
    model = ComputeCapacity
    fields = ("kind", "precision", "planned_p", "online_p", "racks", "it_load_mw", "pue",
              "planned_live_on", "live_on")  # fmt: skip


class MilestoneInline(ScopedInline):
    model = Milestone
    fields = ("kind", "title", "planned_on", "actual_on", "department", "document_no",
              "is_not_applicable")  # fmt: skip
    autocomplete_fields = ("department",)


class FactorNeedsInline(ScopedInline):
    model = FactorNeeds
    fields = ("land_mu", "floor_m2", "load_mw", "energy_kwh", "green_power_share",
              "bandwidth_gbps", "people", "institutions", "note")  # fmt: skip
    autocomplete_fields = ("institutions",)
    max_num = 1


class GuaranteeInline(ScopedInline):
    model = FactorGuarantee
    fields = ("factor", "title", "stage", "department", "by_park", "due_on", "state", "note",
              "settled_on")  # fmt: skip
    autocomplete_fields = ("department",)


class PeopleNeedInline(ScopedInline):
    model = PeopleNeed
    fields = ("field", "year", "people")


class ConflictInline(ScopedInline):
    model = Conflict
    fk_name = "project"
    fields = ("note", "level", "decision", "decision_reason")
    readonly_fields = ("decision", "decision_reason")  # decided on a page of its own


def _promises(project):
    """What both sides promised in the project's deals, the next to fall due first."""
    rows = Commitment.objects.standing().filter(deal__project=project)
    return rows.select_related("deal").order_by(
        F("fulfilled_on").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk"
    )


@admin.register(Project)
class ProjectAdmin(MovingPages, ScopedAdmin):
    ledgers = ("projects", "building")
    filterset_class = ProjectFilter
    change_form_template = "crm/project.html"
    change_list_template = "crm/project_list.html"
    list_display = ("name_shown", "stage_badge", "status_shown", "planned", "investor", "park_name",
                    "team", "days", "lead_clock", "next")  # fmt: skip
    list_select_related = ("lead_investor", "park", "lead_team")
    ordering = ("-reported_on", "-id")
    search_fields = ("name",)
    autocomplete_fields = ("lead_investor", "contact", "lead_team", "owner", "event", "segment",
                           "park", "project_company", "confidants")  # fmt: skip
    actions = ("move_onward", "archive", "bring_back")
    inlines = (AssessmentInline, CreditShareInline, InvestorInline, PhaseInline, ComputeInline,
               FactorNeedsInline, PeopleNeedInline, GuaranteeInline, MilestoneInline,
               ConflictInline, AttachmentInline)  # fmt: skip
    fieldsets = (
        (None, {"fields": ("name", ("lead_investor", "contact"), ("source", "reported_on"),
                           "summary", ("lead_team", "owner"))}),
        (_("Next step"), {"fields": (("next_step", "next_step_on"),)}),
        (_("Investment and site"), {"fields": (
            ("planned_yuan", "planned_precision"), ("fixed_assets_yuan", "planned_signing_on"),
            ("segment", "park"), "site_text", "content")}),
        (_("Landing, start, production"), {"fields": (
            ("project_company", "filing_code"), ("filed_on", "site_secured_on"),
            ("started_on", "start_evidence"), "start_note",
            ("produced_on", "production_note"))}),
        (_("Confidentiality and origin"), {"fields": (
            ("is_confidential", "code_name"), "confidants", ("sponsoring_leader", "event"),
            "source_sentence")}),
    )  # fmt: skip

    def save_related(self, request, form, formsets, change):
        """Whom a confidential project is open to is a permission: its changes are audited."""
        super().save_related(request, form, formsets, change)
        if "confidants" in form.changed_data:
            people = sorted(form.instance.confidants.values_list("pk", flat=True))
            audit(request, Action.CIRCLE_CHANGED, form.instance, people=people)

    # -- list ----------------------------------------------------------------------------------

    @admin.display(description=_("project"), ordering=open_rows_by("name_key"))
    def name_shown(self, project):
        return sample_mark(project, project.name if project.is_open else project.code_name)

    @admin.display(description=_("stage"), ordering=BY_STAGE)
    def stage_badge(self, project):
        return badge("stage", project.stage, project.get_stage_display())

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, project):
        return badge("status", project.status, project.get_status_display())

    @admin.display(description=_("planned investment"), ordering="planned_yuan")
    def planned(self, project):
        return amount(project.planned_yuan, project.planned_precision)

    @admin.display(description=_("lead investor"))
    def investor(self, project):
        return (project.lead_investor or "—") if project.is_open else closed_text()

    @admin.display(description=_("park"))
    def park_name(self, project):
        return (project.park or "—") if project.is_open else closed_text()

    @admin.display(description=_("task force"))
    def team(self, project):
        return (project.lead_team or "—") if project.is_open else closed_text()

    @admin.display(description=_("days in stage"), ordering="stage_since")
    def days(self, project):
        return project.days_in_stage()

    def fill_rows(self, projects):
        """The lead clocks of a page of projects; two queries for all of them."""
        clocked = Project.objects.with_clock().on_the_clock().in_bulk([p.pk for p in projects])
        limits = TimeLimit.current_limits()
        for project in projects:
            row = clocked.get(project.pk) if project.is_open else None
            project.ticks = row.clock(today(), limits) if row else []

    @admin.display(description=_("Lead clock"))
    def lead_clock(self, project):
        """The first step that is late, else the next one that falls due."""
        ticks = getattr(project, "ticks", [])
        late = [tick for tick in ticks if tick.is_late]
        running = [tick for tick in ticks if tick.state == "running"]
        if not late and not running:
            return "—"
        tick = min(late or running, key=lambda one: one.due_on)
        tone = "bad" if tick.is_late else "good"
        return badge("mood", tone, f"{tick.label} {tick.due_on:%m-%d}")

    @admin.display(description=_("next step"), ordering=open_rows_by("next_step_on"))
    def next(self, project):
        if not project.is_open:
            return closed_text()
        return late(project.next_step_on, today())

    def get_list_display_links(self, request, list_display):
        return ("name_shown",)

    @admin.action(description=_("Move to the next stage"))
    def move_onward(self, request, queryset):
        def onward(project):
            target = stages.following(project.stage)
            if target is None:
                raise ValidationError(_("There is no stage after this one."))
            project.move_to(target, by=request.user, on=today())

        self._each(request, queryset, onward, _("moved"))

    # -- record --------------------------------------------------------------------------------

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        if request.user.role in TEAM_ROLES:
            initial.setdefault("owner", request.user.pk)
            if request.user.team:
                initial.setdefault("lead_team", request.user.team.pk)
        return initial

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "lead_investor":
            # The firm may be another task force's: the report then waits for the bureau.
            field.queryset = Company.objects.visible_to(request.user)
        if db_field.name == "lead_team" and request.user.role in TEAM_ROLES:
            field.queryset = field.queryset.filter(pk__in=request.user.team_ids)
        return field

    def get_inlines(self, request, obj):
        """A new lead is entered quickly; its parts come once it exists."""
        return self.inlines if obj is not None else ()

    def render_change_form(self, request, context, *args, **kwargs):
        project = kwargs.get("obj")
        if project is not None and project.pk:
            context["record"] = self._record(request, project)
        return super().render_change_form(request, context, *args, **kwargs)

    def _record(self, request, project) -> dict:
        """What the head of the page shows: steps, what is missing, the open proposal."""
        onward = stages.following(project.stage)
        proposal = project.proposals.filter(state=StageProposal.State.OPEN).first()
        standing = _standing(list(project.moves.all()))
        return {
            "steps": _steps(project, standing),
            "onward": onward and stages.Stage(onward).label,
            "missing": requirement_rows(project, onward) if onward else [],
            "pending": _pending(standing, project),
            "choices": choices_for(project, request.user),
            "proposal": proposal,
            "may_decide": _may_decide(proposal, request.user),
            "planned": amount(project.planned_yuan, project.planned_precision),
            "ticks": _ticks(project), "lacks_next_step": project.lacks_next_step(),
            "stage_options": stages.Stage.choices,
            "claim": claim_of_project(project, request.user),
            "factors": FactorGuarantee.objects.live().open_to(request.user).tally(
                project, today()
            ),
        }  # fmt: skip

    def panels(self, request, obj):
        query = f"project={obj.pk}"
        firm = f"&company={obj.lead_investor_id or ''}"
        visits = obj.visits.select_related("company").order_by("-held_on")
        return [
            self.panel(request, Visit, visits, title=_("Visits"), query=query + firm,
                       describe=lambda v: (f"{v.held_on} {v.company}", v.content[:40])),
            self.panel(request, Deal, obj.deals.order_by("-signed_on"), title=_("Deals"),
                       query=query, describe=lambda d: (
                           f"{d.get_kind_display()} {d.number}",
                           f"{d.signed_on or ''} {amount(d.amount_yuan)}")),
            self.panel(request, Commitment, _promises(obj), title=_("Commitments"), query=query,
                       describe=described),
            self.panel(request, Arrival, obj.arrivals.order_by("-month"), title=_("Money arrived"),
                       query=query, describe=lambda a: (f"{a.month:%Y-%m}", amount(a.amount_yuan))),
            self.panel(request, FollowUp, obj.follow_ups.order_by("due_on"), title=_("Follow-ups"),
                       query=query + firm, describe=lambda f: (f.what, str(f.due_on))),
            self.panel(request, Request, obj.requests.order_by("due_on"), title=_("Requests"),
                       query=query + firm, describe=lambda r: (str(r), str(r.due_on))),
        ]  # fmt: skip

    # -- pages of their own --------------------------------------------------------------------

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("export/", wrap(self.export_page), name="crm_project_export"),
            path("<int:object_id>/move/", wrap(self.move_page), name="crm_project_move"),
            path("<int:object_id>/status/", wrap(self.status_page), name="crm_project_status"),
            path("<int:object_id>/decide/", wrap(self.decide_page), name="crm_project_decide"),
        ]
        return own + super().get_urls()

    def export_page(self, request):
        """The pipeline report as a workbook: the list's filters, the reader's scope."""
        if "export_report" not in permissions_of(request.user.role):
            raise PermissionDenied
        rows = self.get_queryset(request)
        chosen = ProjectFilter(request.GET, queryset=rows, user=request.user)
        if not chosen.is_valid():
            text = _("A filter could not be read; nothing was exported.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:crm_project_changelist"))
        table = pipeline.build(chosen.qs, user=request.user, on=chosen.day)
        name = f"pipeline-{today():%Y%m%d}.xlsx"
        return taken_out(
            request, xlsx.render(table, by=request.user), report="pipeline", name=name,
            content_type=xlsx.CONTENT_TYPE, rows=len(table.rows),
        )  # fmt: skip


def _ticks(project) -> list:
    """The lead clock of the project, empty once it has stopped."""
    row = Project.objects.filter(pk=project.pk).with_clock().get()
    return row.clock(today(), TimeLimit.current_limits())


def _standing(moves) -> list:
    """The moves that hold, of those already read: see ``StageMoveQuerySet.standing``."""
    undone = {move.undoes_id for move in moves if move.undoes_id}
    return [move for move in moves if not move.undoes_id and move.pk not in undone]


def _may_decide(proposal, user) -> bool:
    """The bureau decides what somebody else proposed."""
    may_confirm = "confirm_stage" in permissions_of(user.role)
    return proposal is not None and may_confirm and proposal.proposed_by_id != user.pk


def _steps(project, moves) -> list[dict]:
    """The seven stages with the date each was entered, for the bar across the page."""
    entered = {move.to_stage: move.effective_on for move in moves}
    here = stages.position(project.stage)
    return [
        {
            "stage": stage,
            "label": stages.Stage(stage).label,
            "state": "now" if place == here else "done" if place < here else "",
            "on": entered.get(stage) if place <= here else None,
        }
        for place, stage in enumerate(stages.ORDER)
    ]


def _pending(moves, project) -> list[str]:
    """待补: what the project entered its stage without and still lacks."""
    lacking = {requirement.key for requirement in project.missing_for(project.stage)}
    skipped = {key for move in moves for key in move.overridden}
    return [str(stages.BY_KEY[key].label) for key in stages.BY_KEY if key in skipped & lacking]


@admin.register(StageProposal)
class StageProposalAdmin(ScopedAdmin):
    """Proposals waiting for the bureau; each opens its project, where it is decided."""

    list_display = (
        "project",
        "to_stage",
        "effective_on",
        "proposed_by",
        "proposed_at",
        "state_badge",
    )
    list_select_related = ("project", "proposed_by")
    ordering = ("-proposed_at",)
    search_fields = ("project__name",)
    actions = None

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, proposal):
        return badge("state", proposal.state, proposal.get_state_display())

    def change_view(self, request, object_id, form_url="", extra_context=None):
        proposal = self.get_object(request, object_id)
        if proposal is None:
            return super().change_view(request, object_id, form_url, extra_context)
        page = reverse("admin:crm_project_change", args=[proposal.project_id])
        return HttpResponseRedirect(page)
