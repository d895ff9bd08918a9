"""The pages that move a project: next stage, back, jump, status, and the bureau's decision."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import stages
from crm.access import permissions_of
from crm.forms import DateInput
from crm.models import StageProposal, StaleRecord
from crm.pages.advancing import Advance
from crm.periods import today
from crm.stages import ProjectStatus, Stage

# Where the others are filled: an inline of the project page, or a page of their own.
INLINES = ("assessments", "credit_shares", "conflicts")
PAGES = {"visits": "visit", "deals": "deal"}


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
        ask = Advance(
            project, target, user=request.user, data=request.POST or None,
            field_for=lambda field, **kw: self.formfield_for_dbfield(field, request, **kw),
        )  # fmt: skip
        if not ask.is_allowed():
            raise PermissionDenied
        if request.method == "POST" and self._move(request, ask):
            return self._back_to(project)
        context = {
            "form": ask.form,
            "parts": ask.parts,
            "target": Stage(target),
            "proposing": ask.is_proposal,
            "is_forward": ask.is_forward,
            "missing": requirement_rows(project, target),
            "may_override": ask.may_override,
        }
        return self._page(request, "crm/move.html", project, context)

    def _move(self, request, ask) -> bool:
        """Whether it was done; False shows the form with its errors."""
        try:
            done = ask.carry_out()
        except StaleRecord:
            ask.form.add_error(None, _("Somebody else moved this project meanwhile; look again."))
            ask.project.refresh_from_db()
            return False
        if done is None:
            return False
        text = _("Proposed to the bureau.") if ask.is_proposal else _("Moved to “%(stage)s”.")
        self.message_user(request, text % {"stage": Stage(ask.target).label}, messages.SUCCESS)
        return True

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
