"""The pages that move a project: next stage, back, jump, status, and the bureau's decision."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import modelform_factory
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import stages
from crm.access import permissions_of
from crm.forms import DateInput, RecordForm
from crm.models import Project, StageProposal, StaleRecord
from crm.periods import today
from crm.stages import ProjectStatus, Stage

# A requirement is filled on the move page itself when it is one of these fields.
FIELDS_OF = {
    "lead_investor": ("lead_investor",),
    "source": ("source",),
    "summary": ("summary",),
    "contact": ("contact",),
    "segment": ("segment",),
    "planned_yuan": ("planned_yuan", "planned_precision"),
    "park": ("park", "site_text"),
    "planned_signing_on": ("planned_signing_on",),
    "owner": ("owner",),
    "next_step": ("next_step", "next_step_on"),
    "project_company": ("project_company", "filing_code", "site_secured_on"),
    "started_on": ("started_on",),
    "start_evidence": ("start_evidence", "start_note"),
    "produced_on": ("produced_on",),
    "production_note": ("production_note",),
}
# Where the others are filled: an inline of the project page, or a page of their own.
INLINES = ("assessments", "credit_shares", "conflicts")
PAGES = {"visits": "visit", "deals": "deal"}


class MoveForm(RecordForm):
    """The date and reason of a move, and the fields that were missing for it."""

    on = forms.DateField(
        label=_("date of the event"), widget=DateInput, initial=today,
        help_text=_("the day it really happened; statistics use it"),
    )  # fmt: skip
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)


class StatusForm(forms.Form):
    """A change of status, its date and its reason."""

    status = forms.ChoiceField(label=_("status"), choices=ProjectStatus.choices)
    on = forms.DateField(label=_("date of the event"), widget=DateInput, initial=today)
    reason = forms.CharField(label=_("reason"), max_length=300)


def requirement_rows(project, stage: str) -> list[dict]:
    """What is missing for a stage, each with the address where it is filled in."""
    return [
        {"label": requirement.label, "url": _place(project, requirement.link)}
        for requirement in project.missing_for(stage)
    ]


def _place(project, link: str) -> str:
    page = reverse("admin:crm_project_change", args=[project.pk])
    if link in PAGES:
        query = f"project={project.pk}&company={project.lead_investor_id or ''}"
        return f"{reverse(f'admin:crm_{PAGES[link]}_add')}?{query}"
    return f"{page}#{link}-group" if link in INLINES else f"{page}#id_{link}"


def choices_for(project, user) -> dict:
    """The moves this user may make or ask for now, for the buttons of the project page."""
    onward, back = stages.following(project.stage), stages.preceding(project.stage)
    if project.status != ProjectStatus.ACTIVE or not project.is_editable_by(user):
        return {}
    codes = permissions_of(user.role)
    may_move = onward and project.may_move_to(onward, by=user)
    return {
        "onward": onward if may_move else None,
        "propose": onward if onward and not may_move and "propose_stage" in codes else None,
        "back": back if back and project.may_move_to(back, by=user) else None,
        "jump": "jump_stage" in codes,
    }


class MovingPages:
    """Mixed into the project pages; every change goes through ``Project``'s own methods."""

    def move_page(self, request, object_id):
        project = self._project(request, object_id)
        target = request.GET.get("to") or stages.following(project.stage)
        if target not in stages.ORDER or target == project.stage:
            raise Http404
        proposing = not project.may_move_to(target, by=request.user)
        if proposing and "propose_stage" not in permissions_of(request.user.role):
            raise PermissionDenied
        form = self._move_form(request, project, target)
        sent = request.method == "POST" and form.is_valid()
        if sent and self._move(request, form, target, proposing):
            return self._back_to(project)
        context = {
            "form": form,
            "target": Stage(target),
            "proposing": proposing,
            "is_forward": stages.position(target) > stages.position(project.stage),
            "missing": requirement_rows(project, target),
            "may_override": "jump_stage" in permissions_of(request.user.role),
        }
        return self._page(request, "crm/move.html", project, context)

    def _move_form(self, request, project, target):
        lacking = {requirement.link for requirement in project.missing_for(target)}
        forward = stages.position(target) > stages.position(project.stage)
        asked = [names for link, names in FIELDS_OF.items() if forward and link in lacking]
        fields = [name for names in asked for name in names]
        form_class = modelform_factory(
            Project,
            form=type("Form", (MoveForm,), {"user": request.user}),
            fields=fields,
            formfield_callback=lambda field, **kw: self.formfield_for_dbfield(field, request, **kw),
        )
        return form_class(request.POST or None, instance=project)

    def _move(self, request, form, target, proposing) -> bool:
        """Save what was filled in and move, both or neither; False shows the form's errors."""
        values = {"by": request.user, "on": form.cleaned_data["on"]}
        values["reason"] = form.cleaned_data["reason"]
        project = form.instance
        try:
            with transaction.atomic():
                if project.touched_fields():
                    project.save_as(request.user)
                if proposing:
                    project.propose(target, **values)
                else:
                    project.move_to(target, **values)
        except ValidationError as error:
            _show(form, error)
        except StaleRecord:
            form.add_error(None, _("Somebody else moved this project meanwhile; look again."))
        else:
            text = _("Proposed to the bureau.") if proposing else _("Moved to “%(stage)s”.")
            self.message_user(request, text % {"stage": Stage(target).label}, messages.SUCCESS)
            return True
        project.refresh_from_db()
        return False

    def status_page(self, request, object_id):
        project = self._project(request, object_id)
        form = StatusForm(request.POST or None, initial={"status": project.status})
        if request.method == "POST" and form.is_valid():
            values = form.cleaned_data
            try:
                project.set_status(
                    values["status"], by=request.user, on=values["on"], reason=values["reason"]
                )
            except ValidationError as error:
                _show(form, error)
            except StaleRecord:
                form.add_error(None, _("Somebody else changed this project meanwhile."))
            else:
                self.message_user(request, _("Status changed."), messages.SUCCESS)
                return self._back_to(project)
        return self._page(request, "crm/status.html", project, {"form": form})

    def decide_page(self, request, object_id):
        """The bureau confirms or declines the open proposal of a project."""
        project = self._project(request, object_id)
        proposal = project.proposals.filter(state=StageProposal.State.OPEN).first()
        if request.method != "POST" or proposal is None:
            return self._back_to(project)
        try:
            if "confirm" in request.POST:
                proposal.confirm(by=request.user)
                text = _("Confirmed; the project is now “%(stage)s”.")
            else:
                proposal.decline(by=request.user, note=request.POST.get("note", "")[:300])
                text = _("Declined “%(stage)s”; the team can read why.")
        except (ValidationError, StaleRecord) as error:
            text = " ".join(getattr(error, "messages", [_("Changed meanwhile; look again.")]))
            self.message_user(request, text, messages.ERROR)
        else:
            stage = proposal.get_to_stage_display()
            self.message_user(request, text % {"stage": stage}, messages.SUCCESS)
        return self._back_to(project)

    def _project(self, request, object_id):
        """The project for writing; 404 outside the scope, 403 when it may only be read."""
        project = self.get_object(request, object_id)
        if project is None:
            raise Http404
        if not self.has_change_permission(request, project):
            raise PermissionDenied
        return project

    def _back_to(self, project):
        return HttpResponseRedirect(reverse("admin:crm_project_change", args=[project.pk]))

    def _page(self, request, template, project, context):
        common = {**self.admin_site.each_context(request), "opts": self.opts, "project": project}
        media = self.media + context["form"].media
        return TemplateResponse(request, template, {**common, "media": media, **context})


def _show(form, error):
    """Put a model's error where the person looks: at the field, else at the top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else None, found)
