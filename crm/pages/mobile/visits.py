"""Log a visit: the form, and where a phone sends what it has kept."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm import searching
from crm.access import permissions_of
from crm.models import Company, StaleRecord
from crm.periods import today
from crm.visit_log import check_photos, log, sent_before

from .firms import asked
from .follow_ups import SOON
from .frame import in_phone, phone_page, wants_json
from .suggesting import current_trips, suggested_firms
from .visit_form import VisitForm, projects_of

LIKELY_STEPS = (
    gettext_lazy("Call again"), gettext_lazy("Send the papers"), gettext_lazy("Arrange a meeting"),
    gettext_lazy("Invite to Xining"),
)  # fmt: skip


def blank_entry(request) -> dict:
    """What an empty form needs; nothing for those who do not log visits."""
    if "add_visit" not in permissions_of(request.user.role):
        return {}
    return {"entry": _entry(request, VisitForm(user=request.user))}


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def new_visit(request):
    if "add_visit" not in permissions_of(request.user.role):
        raise PermissionDenied
    if request.method == "POST":
        return _receive(request)
    form = VisitForm(user=request.user, initial={"company": request.GET.get("company", "")})
    return in_phone(request, "new_visit.html", {"entry": _entry(request, form)}, tab="log")


def _entry(request, form) -> dict:
    user = request.user
    chosen = form.chosen_firm()
    firms = suggested_firms(user)
    if chosen and chosen not in firms:
        firms.insert(0, chosen)
    return {
        "form": form,
        "token": form.data.get("token") or str(uuid.uuid4()),
        "firms": firms,
        "chosen": chosen,
        "projects": projects_of(chosen, user) if chosen else [],
        "trip": current_trips(user, today()).order_by("id").first(),
        "picks": SOON,
        "steps": LIKELY_STEPS,
    }


def _receive(request):
    """One entry. Sent for the second time it answers as it did the first time."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        token = uuid.uuid4()
    if sent := sent_before(token, request.user):
        return _saved(request, sent.url)
    photos = request.FILES.getlist("photos")
    form = VisitForm(request.POST, user=request.user)
    try:
        check_photos(photos)
    except ValidationError as error:
        form.add_error("photos", error)
    if form.is_valid() and (url := _log(request, form, photos, token)):
        return _saved(request, url)
    # The same entry may have arrived while this one was looked at: then it is its own double.
    if sent := sent_before(token, request.user):
        return _saved(request, sent.url)
    return _refused(request, form)


def _log(request, form, photos, token) -> str | None:
    """The address of the visit; None with an error on the form."""
    try:
        url = log(form.instance, photos, token=token, by=request.user, url_of=_address)
    except (ValidationError, StaleRecord) as error:
        form.add_error(None, error if isinstance(error, ValidationError) else _("Try again."))
        return None
    messages.success(request, _("Visit to %(firm)s logged.") % {"firm": form.instance.company})
    return url


def _address(visit) -> str:
    return reverse("admin:crm_visit_change", args=[visit.pk])


def _saved(request, url):
    if wants_json(request):
        return JsonResponse({"url": url})
    return HttpResponseRedirect(reverse("crm_m_today"))


def _refused(request, form):
    if wants_json(request):
        return JsonResponse({"errors": form.errors}, status=422)
    return in_phone(
        request, "new_visit.html", {"entry": _entry(request, form)}, tab="log", status=422
    )


@require_safe
@phone_page
def pick_firm(request):
    """Firms for the form, as one types."""
    firms = searching.best(request.user, "company", asked(request))
    context = {"firms": [firm for firm in firms if firm.archived_at is None], "q": asked(request)}
    return in_phone(request, "pick_firm.html", context)


@require_safe
@phone_page
def firm_projects(request, pk: int):
    """The projects of a firm that a visit may belong to, for the form."""
    firm = get_object_or_404(Company.objects.live().open_to(request.user), pk=pk)
    context = {"projects": projects_of(firm, request.user)}
    return in_phone(request, "pick_project.html", context)
