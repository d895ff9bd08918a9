"""A new directive: one line from the phone; the rest may wait for the bureau."""

import uuid
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.access import Role
from crm.forms import DateInput
from crm.models import Department, Directive, Project, Submission, TaskForce
from crm.names import clean_text
from crm.periods import today

from .frame import in_frame, page


class DirectiveForm(forms.Form):
    """Only the line is needed; who and until when are one tap each."""

    text = forms.CharField(
        label=gettext_lazy("directive"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": gettext_lazy(
            "One line: what is to be done?"), "autofocus": True}),
    )  # fmt: skip
    leader = forms.CharField(label=gettext_lazy("leader"), max_length=60)
    responsible = forms.ChoiceField(label=gettext_lazy("responsible unit"), required=False)
    due_on = forms.DateField(label=gettext_lazy("due"), required=False, widget=DateInput)
    project = forms.ModelChoiceField(
        Project.objects.none(), label=gettext_lazy("project"), required=False,
        widget=forms.HiddenInput,
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["responsible"].choices = _responsible()
        self.fields["project"].queryset = Project.objects.live().open_to(user)
        if user.role == Role.LEADER:
            self.fields["leader"].required = False
            self.fields["leader"].widget = forms.HiddenInput()

    def clean_text(self):
        return clean_text(self.cleaned_data["text"])

    def row(self, user) -> Directive:
        values = self.cleaned_data
        kind, _sep, key = values["responsible"].partition("-")
        return Directive(
            text=values["text"], leader=values["leader"] or str(user), due_on=values["due_on"],
            project=values["project"], department_id=key if kind == "unit" else None,
            task_force_id=key if kind == "team" else None,
        )  # fmt: skip


def _responsible() -> list:
    teams = [(f"team-{row.pk}", str(row)) for row in TaskForce.objects.current()]
    units = [(f"unit-{row.pk}", str(row)) for row in Department.objects.current()]
    return [
        ("", _("the bureau decides")),
        (_("task forces"), teams),
        (_("units"), units),
    ]


@page("add_directive")
@require_http_methods(["GET", "POST"])
def new_directive(request):
    start = {"due_on": today() + timedelta(days=7), "project": request.GET.get("project", "")}
    form = DirectiveForm(request.POST or None, initial=start, user=request.user)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, _("The directive is on its way."))
        return HttpResponseRedirect(reverse("crm_directives"))
    days = [
        (_("in 3 days"), 3),
        (_("in a week"), 7),
        (_("in two weeks"), 14),
        (_("in a month"), 30),
    ]
    context = {
        "title": _("New directive"), "form": form, "token": uuid.uuid4(),
        "days": [(label, today() + timedelta(days=count)) for label, count in days],
        "project": form["project"].value() and _project(request, form["project"].value()),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return in_frame(request, "crm/flow/directive_new.html", context, status=status)


def _project(request, key):
    if not str(key).isascii() or not str(key).isdigit():
        return None
    return Project.objects.live().open_to(request.user).filter(pk=key).first()


def _save(request, form) -> bool:
    """Once per form; False shows the form's errors."""
    try:
        token = uuid.UUID(request.POST.get("form_token", ""))
    except ValueError:
        token = None
    if token and Submission.objects.filter(token=token, user=request.user).exists():
        return True
    try:
        form.row(request.user).save_as(request.user)
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
        return False
    if token:
        Submission.objects.create(token=token, user=request.user, url=reverse("crm_directives"))
    return True
