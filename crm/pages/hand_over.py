"""People and their open work; handing it over to a successor in four clicks."""

from django import forms
from django.contrib import messages
from django.core import signing
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.access import TEAM_ROLES, Role
from crm.bequeathing import KINDS, hand_over_plans, work_of
from crm.models import ChangeSet, User
from crm.rewriting import carry_out, fingerprint

from .frame import in_frame, page

MAY_OWN = TEAM_ROLES | {Role.BUREAU}
SALT = "hand-over"


class HandOverForm(forms.Form):
    """To whom, and what."""

    successor = forms.ModelChoiceField(label=_("successor"), queryset=User.objects.none())
    kinds = forms.MultipleChoiceField(
        label=_("what"), choices=[(kind.key, kind.label) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
        initial=[kind.key for kind in KINDS if kind.is_personal],
        error_messages={"required": _("Choose what is handed over.")},
    )  # fmt: skip

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = people


def people_of(user):
    """Those whose work the user may hand over: the whole city's, or the own task force's."""
    people = User.objects.filter(role__in=MAY_OWN) | User.objects.filter(owned_projects__gt=0)
    if user.role != Role.BUREAU:
        people = people.filter(memberships__task_force__in=user.team_ids)
    return User.objects.filter(pk__in=people.values("pk"))


@page("assign_project")
def people(request):
    """Everybody with open work, those with most of it first."""
    rows = people_of(request.user).prefetch_related("memberships__task_force")
    for kind in KINDS:
        mine = kind.rows(OuterRef("pk")).filter(kind.seen_by(request.user))
        counted = mine.order_by().values(kind.person).annotate(n=Count("pk")).values("n")
        zero = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        rows = rows.annotate(**{f"count_{kind.key}": zero})
    rows = rows.order_by("-is_active", "-count_projects", "username")
    found = [
        {"user": row, "counts": [{"label": kind.label, "count": getattr(row, f"count_{kind.key}")}
                    for kind in KINDS],
         "teams": "、".join(str(m.task_force) for m in row.memberships.all() if not m.left_on)}
        for row in rows
    ]  # fmt: skip
    context = {"title": _("People and their work"), "people": found, "kinds": KINDS}
    return in_frame(request, "crm/people.html", context)


@page("assign_project")
def person(request, pk: int):
    """One person's open work; what a hand-over would do; and the hand-over itself."""
    who = get_object_or_404(people_of(request.user), pk=pk)
    others = people_of(request.user).working().exclude(pk=pk)
    sent = request.method == "POST"
    form = HandOverForm(request.POST if sent else None, people=others)
    context = {"title": str(who), "who": who, "form": form,
               "work": work_of(who, seen_by=request.user)}  # fmt: skip
    if sent and form.is_valid():
        return _look_or_do(request, who, form, context)
    return in_frame(request, "crm/person.html", context)


def _look_or_do(request, who, form, context):
    successor, keys = form.cleaned_data["successor"], form.cleaned_data["kinds"]
    plans = hand_over_plans(who, successor, keys, by=request.user)
    state = signing.Signer(salt=SALT).sign_object([who.pk, successor.pk, keys, fingerprint(plans)])
    if request.POST.get("confirmed") == state:
        label = _("%(who)s → %(successor)s") % {"who": who, "successor": successor}
        done = carry_out(
            plans, by=request.user, kind=ChangeSet.Kind.HAND_OVER, label=label,
            back_to=reverse("crm_person", args=[who.pk]),
        )  # fmt: skip
        return HttpResponseRedirect(reverse("crm_change", args=[done.pk]))
    if "confirmed" in request.POST:
        messages.warning(request, _("Something changed since you looked; check again."))
    context |= {"plans": plans, "successor": successor, "state": state,
                "total": sum(len(plan.changes) for plan in plans)}  # fmt: skip
    return in_frame(request, "crm/person.html", context)
