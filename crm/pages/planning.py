"""From chosen firms to a plan of visits, in one form."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from crm.access import TEAM_ROLES, permissions_of
from crm.forms import DateInput
from crm.models import Company, StaleRecord, Trip, User
from crm.periods import today
from crm.targeting import plan_visits

from .frame import page
from .timeline import colleagues

USUAL_DAYS = 14


class PlanForm(forms.Form):
    """Who goes where by when; the firms are ticked in the list above it."""

    due_on = forms.DateField(label=gettext_lazy("visit by"), widget=DateInput)
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("who goes"))
    trip = forms.ModelChoiceField(
        Trip.objects.none(), required=False, label=gettext_lazy("on the trip"),
        empty_label=gettext_lazy("no trip yet"),
    )  # fmt: skip
    purpose = forms.CharField(
        max_length=80, required=False, label=gettext_lazy("purpose of the visit")
    )

    def __init__(self, data=None, *, user, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["owner"].queryset = _people(user)
        trips = Trip.objects.live().editable_by(user).filter(ended_on__gte=today())
        self.fields["trip"].queryset = trips.order_by("started_on", "pk")

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < today():
            raise ValidationError(_("A visit is planned for today or later."))
        return day


def _people(user):
    if user.role in TEAM_ROLES:
        return colleagues(user.team and user.team.pk, user)
    return User.objects.working().filter(role__in=TEAM_ROLES).order_by("full_name", "username")


def plan_form(request, *, purpose: str = "") -> PlanForm | None:
    """The form below a list of firms; None for whoever plans no visits."""
    if "add_followup" not in permissions_of(request.user.role):
        return None
    usual = {"due_on": today() + timedelta(days=USUAL_DAYS), "purpose": purpose[:80]}
    if request.user.role in TEAM_ROLES:
        usual["owner"] = request.user.pk
    return PlanForm(user=request.user, initial=usual)


@page("add_followup")
@require_POST
def plan(request):
    """Write the plan: every firm that was ticked, or none of them."""
    form = PlanForm(request.POST, user=request.user)
    back = _back(request)
    if not form.is_valid():
        for name, errors in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            messages.error(request, f"{label}：{' '.join(errors)}")
        return HttpResponseRedirect(back)
    try:
        planned, waiting = plan_visits(
            _chosen(request), by=request.user, owner=form.cleaned_data["owner"],
            due_on=form.cleaned_data["due_on"], purpose=form.cleaned_data["purpose"],
            trip=form.cleaned_data["trip"],
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except (PermissionDenied, StaleRecord, IntegrityError):
        messages.error(request, _("Nothing was planned: not all of it is yours to write."))
    else:
        _tell(request, len(planned), len(waiting))
    return HttpResponseRedirect(back)


def _tell(request, planned: int, waiting: int) -> None:
    if planned:
        text = ngettext(
            "%(count)s visit planned; it stands under “To do”.",
            "%(count)s visits planned; they stand under “To do”.", planned,
        )  # fmt: skip
        messages.success(request, text % {"count": planned})
    if waiting:
        text = ngettext(
            "%(count)s firm was planned already.", "%(count)s firms were planned already.", waiting
        )
        messages.info(request, text % {"count": waiting})


def _chosen(request) -> list[Company]:
    """The ticked firms that are open to the planner; a forged one makes the whole plan fail."""
    keys = {key for key in request.POST.getlist("firm") if key.isascii() and key.isdigit()}
    keys = {int(key) for key in keys if len(key) < 18}
    firms = list(Company.objects.live().open_to(request.user).filter(pk__in=keys).order_by("pk"))
    if len(firms) != len(keys):
        raise ValidationError(_("One of the firms is not there or not yours to plan for."))
    return firms


def _back(request) -> str:
    """Where the form stood; never another site."""
    url = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith("/")
    return url if is_ours else reverse("crm_target_firms")
