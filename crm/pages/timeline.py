"""The timeline of a firm, a project or a person, and what is added to it right there."""

import uuid

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm.access import permissions_of
from crm.forms import DateInput, RecordForm
from crm.models import FollowUp, Membership, Note, Submission, User, Visit
from crm.models.notes import NOTED, may_open
from crm.timeline import CHIPS, timeline

from .events import shown
from .frame import in_frame, page

ANCHORS = ("company", "project", "contact", "user")
MOST_PEOPLE = 8
MOST_ASKED = 40


class NoteForm(forms.Form):
    """One text; who is named with @ hears of it."""

    text = forms.CharField(
        label=gettext_lazy("note"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "data-mention": "", "placeholder": gettext_lazy(
            "What happened? @name tells a colleague.")}),
    )  # fmt: skip
    corrects = forms.ModelChoiceField(
        queryset=Note.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, record, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = Note.objects.filter(created_by=user, corrected_by=None)
        self.fields["corrects"].queryset = own.filter(**{record._meta.model_name: record.pk})


class QuickVisitForm(RecordForm):
    class Meta:
        model = Visit
        fields = ("held_on", "mode", "content", "next_step", "next_step_on")
        widgets = {
            "held_on": DateInput,
            "next_step_on": DateInput,
            "content": forms.Textarea(attrs={"rows": 3}),
        }


class QuickFollowUpForm(RecordForm):
    class Meta:
        model = FollowUp
        fields = ("what", "due_on", "owner")
        widgets = {"due_on": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(self.instance.task_force_id, self.user)
        self.fields["owner"].initial = self.user.pk


KINDS = {"note": NoteForm, "visit": QuickVisitForm, "follow_up": QuickFollowUpForm}
LABELS = {
    "note": gettext_lazy("Note"),
    "visit": gettext_lazy("Visit"),
    "follow_up": gettext_lazy("Follow-up"),
}


def colleagues(task_force_id, user):
    """People of a task force, and oneself."""
    members = Membership.objects.filter(task_force=task_force_id, left_on=None).values("user")
    return User.objects.working().filter(Q(pk__in=members) | Q(pk=user.pk)).order_by("full_name")


def record_of(request, model: str, pk: int):
    """The record, if its timeline may be read; 404 otherwise."""
    kind = apps.get_model("crm", model) if model in ANCHORS else None
    code = "view_timeline" if model == "user" else f"view_{model}"
    if kind is None or code not in permissions_of(request.user.role):
        raise Http404
    record = kind.objects.open_to(request.user).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def part_for(record, request) -> dict:
    """What the timeline section of a page needs, its first events included."""
    model = record._meta.model_name
    chip = request.GET.get("kind", "")
    events, onward = timeline(record, request.user, chip=chip, after=request.GET.get("after", ""))
    url = reverse("crm_timeline", args=[model, record.pk])
    return {
        "record": record, "model": model, "record_kind": record._meta.verbose_name,
        "url": url, "chip": chip, "onward": onward,
        "rows": shown(events, request.user), "forms": forms_for(record, request.user),
        "chips": CHIPS.items(), "add_url": reverse("crm_timeline_add", args=[model, record.pk]),
        "people_url": reverse("crm_timeline_people", args=[model, record.pk]),
        "may_correct": may_add("note", record, request.user), "token": uuid.uuid4(),
    }  # fmt: skip


def forms_for(record, user, sent=None) -> list[dict]:
    """The forms this person may use here; ``sent`` is the one that came back with errors."""
    found = []
    for kind in KINDS:
        if may_add(kind, record, user):
            form = sent[1] if sent and sent[0] == kind else build(kind, record, user)
            found.append({"kind": kind, "label": LABELS[kind], "form": form,
                          "token": uuid.uuid4(), "is_open": bool(form.errors)})  # fmt: skip
    return found


def may_add(kind: str, record, user) -> bool:
    name = record._meta.model_name
    if f"add_{kind.replace('_', '')}" not in permissions_of(user.role):
        return False
    if kind == "note":
        return name in NOTED
    return name in ("company", "project") and record.is_editable_by(user)


def build(kind: str, record, user, data=None):
    if kind == "note":
        return NoteForm(data, prefix="note", record=record, user=user)
    form_class = type("Form", (KINDS[kind],), {"user": user})
    project = record if record._meta.model_name == "project" else None
    company = project.lead_investor if project else record
    team = user.team or (project.lead_team if project else record.owning_team)
    row = form_class.Meta.model(company=company, project=project, task_force=team)
    return form_class(data, instance=row, prefix=kind)


@page("view_timeline")
@require_safe
def show(request, model: str, pk: int):
    record = record_of(request, model, pk)
    context = {"timeline": part_for(record, request), "record": record, "title": str(record)}
    if "part" in request.GET:
        return TemplateResponse(request, "crm/flow/events.html", context)
    return in_frame(request, "crm/flow/timeline_page.html", context)


@page("view_timeline")
@require_POST
def add(request, model: str, pk: int):
    """Add a note, visit or follow-up; the answer is the timeline as it is now, or the form."""
    record, kind = record_of(request, model, pk), request.POST.get("what", "")
    if kind not in KINDS or not may_add(kind, record, request.user):
        raise PermissionDenied
    form = build(kind, record, request.user, request.POST)
    if form.is_valid() and _save(request, kind, form, record):
        if "part" in request.POST:
            return show_part(request, record)
        messages.success(request, _("Added."))
        return HttpResponseRedirect(f"{_page_of(record)}#timeline")
    part = part_for(record, request)
    part["forms"] = forms_for(record, request.user, (kind, form))
    context = {"timeline": part, "record": record, "title": str(record)}
    if "part" in request.POST:
        return TemplateResponse(request, "crm/flow/timeline.html", context, status=422)
    return in_frame(request, "crm/flow/timeline_page.html", context, status=422)


def show_part(request, record):
    context = {"timeline": part_for(record, request), "record": record, "added": True}
    return TemplateResponse(request, "crm/flow/timeline.html", context)


def _page_of(record) -> str:
    return reverse(f"admin:crm_{record._meta.model_name}_change", args=[record.pk])


def _save(request, kind, form, record) -> bool:
    """Write what was sent, once per form; False shows the form's errors."""
    try:
        with transaction.atomic():
            if not _is_first(request, record):
                return True
            if kind == "note":
                given = form.cleaned_data
                Note.write(record, given["text"], by=request.user, corrects=given["corrects"])
            else:
                form.instance.save_as(request.user)
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
    except IntegrityError:
        form.add_error(None, _("This was entered already."))
    else:
        return True
    return False


def _is_first(request, record) -> bool:
    try:
        token = uuid.UUID(request.POST.get("form_token", ""))
    except ValueError:
        return True
    _row, is_new = Submission.objects.get_or_create(
        token=token, defaults={"user": request.user, "url": _page_of(record)}
    )
    return is_new


@page("view_timeline")
@require_safe
def people(request, model: str, pk: int):
    """Colleagues who may open the record, for the choice after @."""
    record = record_of(request, model, pk)
    text = request.GET.get("q", "").strip()[:40]
    rows = User.objects.working().exclude(pk=request.user.pk).exclude(full_name="")
    found = rows.filter(full_name__icontains=text) if text else rows
    found = found.select_related("department").order_by("full_name")[:MOST_ASKED]
    readers = may_open(record, found)[:MOST_PEOPLE]
    return JsonResponse(
        {"people": [{"name": str(u), "role": str(u.get_role_display())} for u in readers]}
    )
