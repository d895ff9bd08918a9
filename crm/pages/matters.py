"""Requests and leaders' directives: the lists, the thread of one, and what is done there."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm.access import Role, permissions_of
from crm.forms import DateInput
from crm.models import Department, Directive, Notice, Reply, Request, StaleRecord, TaskForce
from crm.periods import today

from .frame import in_frame, page

PAGE = 30


@dataclass(frozen=True)
class Kind:
    """One of the two kinds of matters and where its pages are."""

    model: type
    title: str
    list_url: str
    page_url: str
    act_url: str
    tabs: dict

    @property
    def name(self) -> str:
        return self.model._meta.model_name


REQUESTS = Kind(
    Request, gettext_lazy("Requests"), "crm_requests", "crm_request", "crm_request_act",
    {"open": gettext_lazy("under way"), "overdue": gettext_lazy("overdue"),
     "answered": gettext_lazy("replied"), "closed": gettext_lazy("closed")},
)  # fmt: skip
DIRECTIVES = Kind(
    Directive, gettext_lazy("Leaders' directives"), "crm_directives", "crm_directive",
    "crm_directive_act",
    {"open": gettext_lazy("under way"), "unassigned": gettext_lazy("to be assigned"),
     "overdue": gettext_lazy("overdue"), "answered": gettext_lazy("replied"),
     "closed": gettext_lazy("closed")},
)  # fmt: skip


class ReplyForm(forms.Form):
    """What is said, and for a later deadline the new day."""

    text = forms.CharField(
        label=gettext_lazy("text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(label=gettext_lazy("new deadline"), required=False, widget=DateInput)


class AssignForm(forms.Form):
    """Who does it, by when: a unit or a task force."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label=gettext_lazy("responsible unit"), required=False
    )
    task_force = forms.ModelChoiceField(
        TaskForce.objects.none(), label=gettext_lazy("task force"), required=False
    )
    due_on = forms.DateField(label=gettext_lazy("due"), required=False, widget=DateInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.current()
        self.fields["task_force"].queryset = TaskForce.objects.current()


# -- lists -----------------------------------------------------------------------------------------


def _of_tab(rows, tab: str):
    if tab == "closed":
        return rows.exclude(closed_on=None).order_by("-closed_on", "-id")
    rows = rows.waiting()
    if tab == "overdue":
        rows = rows.overdue(today())
    elif tab == "unassigned":
        rows = rows.unassigned()
    elif tab == "answered":
        rows = rows.filter(is_answered=True)
    return rows


def _rows(kind: Kind, user):
    """Rows this person may open, each with ``is_answered``."""
    answers = Reply.objects.filter(**{kind.name: OuterRef("pk")}, kind="answer")
    rows = kind.model.objects.live().open_to(user).annotate(is_answered=Exists(answers))
    links = ["project", "company", "department", "task_force"]
    return rows.select_related(*links).order_by(*kind.model._meta.ordering)


def _list(request, kind: Kind):
    rows = _rows(kind, request.user)
    tab = request.GET.get("tab", "open")
    tab = tab if tab in kind.tabs else "open"
    found = Paginator(_of_tab(rows, tab), PAGE).get_page(request.GET.get("p"))
    tabs = [
        {"key": key, "label": label, "count": _of_tab(rows, key).count(), "is_here": key == tab}
        for key, label in kind.tabs.items()
    ]  # fmt: skip
    context = {
        "title": kind.title, "kind": kind, "tabs": tabs, "found": found, "on": today(), "tab": tab,
        "may_add": f"add_{kind.name}" in permissions_of(request.user.role),
        "add_url": reverse("crm_directive_new") if kind is DIRECTIVES
        else reverse("admin:crm_request_add"),
    }  # fmt: skip
    return in_frame(request, "crm/flow/matters.html", context)


@page("view_request")
@require_safe
def requests(request):
    return _list(request, REQUESTS)


@page("view_directive")
@require_safe
def directives(request):
    return _list(request, DIRECTIVES)


# -- one matter ------------------------------------------------------------------------------------


def _matter(request, kind: Kind, pk: int):
    return get_object_or_404(kind.model.objects.live().open_to(request.user), pk=pk)


def _acts(kind: Kind, matter, user) -> list[str]:
    """What this person may do here now."""
    codes = permissions_of(user.role)
    may = [
        verb for verb in ("answer", "extend", "close")
        if f"{verb}_{kind.name}" in codes and matter.closed_on is None
        and (verb == "answer" or matter.is_editable_by(user))
    ]  # fmt: skip
    if f"close_{kind.name}" in codes and matter.closed_on and matter.is_editable_by(user):
        may.append("reopen")
    if kind is DIRECTIVES and matter.closed_on is None and "change_directive" in codes:
        may.insert(0, "assign")
    return may


def _show(request, kind: Kind, matter, sent=None, status: int = 200):
    here = {"recipient": request.user, "model": kind.name, "record_id": matter.pk}
    Notice.objects.unread().filter(**here).update(read_at=timezone.now())
    verbs = _acts(kind, matter, request.user)
    forms_ = [{"verb": v, "label": LABELS[v], "form": _form(v, matter, sent)} for v in verbs]
    context = {
        "title": str(matter), "kind": kind, "matter": matter, "acts": forms_, "on": today(),
        "replies": matter.replies.select_related("by"),
        "act_url": reverse(kind.act_url, args=[matter.pk]),
        "may_edit": kind is REQUESTS and request.user.role in (Role.BUREAU, Role.TEAM_LEAD,
                                                               Role.OFFICER),
    }  # fmt: skip
    return in_frame(request, "crm/flow/matter.html", context, status=status)


LABELS = {
    "assign": gettext_lazy("Assign"), "answer": gettext_lazy("Reply to it"),
    "extend": gettext_lazy("Later deadline"), "close": gettext_lazy("Close the matter"),
    "reopen": gettext_lazy("Open again"),
}  # fmt: skip


def _form(verb: str, matter, sent=None):
    if sent and sent[0] == verb:
        return sent[1]
    if verb == "assign":
        here = {"department": matter.department_id, "task_force": matter.task_force_id,
                "due_on": matter.due_on}  # fmt: skip
        return AssignForm(initial=here, prefix=verb)
    return _without_day(ReplyForm(prefix=verb), verb)


def _without_day(form, verb: str):
    if verb != "extend":
        form.fields.pop("due_on")
    else:
        form.fields["due_on"].required = True
    return form


def _act(request, kind: Kind, pk: int):
    matter, verb = _matter(request, kind, pk), request.POST.get("do", "")
    if verb not in _acts(kind, matter, request.user):
        raise PermissionDenied
    form = (
        AssignForm(request.POST, prefix=verb)
        if verb == "assign"
        else _without_day(ReplyForm(request.POST, prefix=verb), verb)
    )
    if form.is_valid() and _done(form, verb, matter, request.user):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse(kind.page_url, args=[pk]))
    matter.refresh_from_db()
    return _show(request, kind, matter, (verb, form), status=422)


def _done(form, verb: str, matter, user) -> bool:
    values = form.cleaned_data
    try:
        if verb == "assign":
            matter.assign(by=user, **values)
        elif verb == "answer":
            matter.answer(values["text"], by=user)
        elif verb == "extend":
            matter.extend(values["due_on"], by=user, reason=values["text"])
        elif verb == "close":
            matter.close(by=user, result=values["text"])
        else:
            matter.reopen(by=user, reason=values["text"])
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
    except StaleRecord:
        form.add_error(None, _("Somebody else changed this at the same moment."))
    else:
        return True
    return False


@page("view_request")
@require_safe
def show_request(request, pk: int):
    return _show(request, REQUESTS, _matter(request, REQUESTS, pk))


@page("view_request")
@require_POST
def act_request(request, pk: int):
    return _act(request, REQUESTS, pk)


@page("view_directive")
@require_safe
def show_directive(request, pk: int):
    return _show(request, DIRECTIVES, _matter(request, DIRECTIVES, pk))


@page("view_directive")
@require_POST
def act_directive(request, pk: int):
    return _act(request, DIRECTIVES, pk)


def answered_url(model: str, pk: int) -> str:
    """The page of a request or directive."""
    for kind in (REQUESTS, DIRECTIVES):
        if kind.name == model:
            return reverse(kind.page_url, args=[pk])
    raise Http404
