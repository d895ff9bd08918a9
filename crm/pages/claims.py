"""首报与撞单: open conflicts, requests and the open pool; evidence side by side; decisions."""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import claims
from crm.access import TEAM_ROLES, permissions_of
from crm.models import ClaimRequest, Company, Conflict, Project, ProtectionRule
from crm.models.conflicts import claimed
from crm.periods import today

from .frame import in_frame, page

SHOWN = 100
MEETINGS = 6
TABS = ("conflicts", "requests", "pool")


@require_safe
@page("view_claimrequest")
def overview(request):
    """What waits for a decision, and what is free to take."""
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "conflicts"
    rows = {
        "conflicts": _conflicts(request.user).open().order_by("level", "id"),
        "requests": ClaimRequest.objects.open_to(request.user).open().order_by("id"),
        "pool": Project.objects.pooled().order_by("pooled_on", "id"),
    }
    labels = {
        "conflicts": _("Conflicts"),
        "requests": _("Requests to join or take over"),
        "pool": _("Open pool"),
    }
    tabs = [{"key": key, "label": labels[key], "count": rows[key].count()} for key in TABS]
    context = {
        "title": _("First reports and conflicts"), "tab": tab, "tabs": tabs,
        "rows": _LISTED[tab](rows[tab], request.user)[:SHOWN],
        "may_take": request.user.role in TEAM_ROLES, "terms": ProtectionRule.terms(),
    }  # fmt: skip
    return in_frame(request, "crm/claims.html", context)


def _conflicts(user):
    """Conflicts of own projects, and for the bureau all; a reader of the city sees open ones."""
    return Conflict.objects.open_to(user).live()


def _listed_conflicts(rows, user):
    linked = ("project__lead_team", "project__lead_investor", "other_project__lead_team")
    return rows.select_related(*linked)


def _listed_requests(rows, user):
    return rows.select_related(
        "project__lead_investor", "company__owning_team", "task_force", "asked_by"
    )


def _listed_pool(rows, user):
    return rows.select_related("lead_investor", "lead_team")


_LISTED = {
    "conflicts": _listed_conflicts, "requests": _listed_requests, "pool": _listed_pool,
}  # fmt: skip


# -- one conflict ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page("view_claimrequest")
def conflict(request, pk: int):
    """Both projects side by side for the bureau; for the later team, what it may know and ask."""
    rows = _listed_conflicts(_conflicts(request.user), request.user)
    row = get_object_or_404(rows.select_related("decided_by"), pk=pk)
    may_decide = "change_conflict" in permissions_of(request.user.role)
    errors = []
    if request.method == "POST":
        done, errors = _decide(request, row) if may_decide else _ask_about(request, row)
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("crm_claims"))
    context = {
        "title": _("Conflict"), "conflict": row, "may_decide": may_decide and row.is_undecided,
        "may_ask": _may_ask(request.user, row), "errors": errors, "post": request.POST,
        "sides": _sides(row, request.user), "options": _options(row),
    }  # fmt: skip
    return in_frame(request, "crm/claim_conflict.html", context, status=422 if errors else 200)


def _decide(request, row) -> tuple[str, list]:
    post = request.POST
    try:
        claims.decide(
            row, post.get("decision", ""), by=request.user, reason=post.get("reason", "")[:300],
            percent=_percent(post.get("percent", "")),
        )  # fmt: skip
    except ValidationError as error:
        return "", error.messages
    return _("Decided. The history keeps who, when and why."), []


def _ask_about(request, row) -> tuple[str, list]:
    post = request.POST
    try:
        claims.ask(
            kind=post.get("kind", ""), project=row.other_project, by=request.user,
            reason=post.get("reason", "")[:300], percent=_percent(post.get("percent", "")),
        )  # fmt: skip
    except ValidationError as error:
        return "", error.messages
    return _("Asked. The bureau decides."), []


def _percent(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip().rstrip("%％"))
    except InvalidOperation as error:
        raise ValidationError(_("A share is a number like 50.")) from error
    if not 0 < value < 100:
        raise ValidationError(_("A share lies between 0 and 100 %."))
    return value.quantize(Decimal("0.01"))


def _may_ask(user, row) -> bool:
    own = user.role in TEAM_ROLES and row.project.lead_team_id in user.team_ids
    return own and row.is_undecided and row.other_project is not None


def _options(row) -> list[dict]:
    """The decisions that make sense here, each with what follows."""
    both = row.other_project is not None
    follows = {
        "merge": _("the later one goes into the first; the first task force leads"),
        "joint": _("one project, both task forces, shares as below"),
        "transfer": _("the later reporter leads from now on"),
        "separate": _("both go on; both may work with the firm"),
    }
    labels = dict(Conflict.Decision.choices)
    return [
        {"value": value, "label": labels[value], "follows": text}
        for value, text in follows.items() if both or value != "merge"
    ]  # fmt: skip


def _sides(row, user) -> list[dict]:
    """First report on the left, the later one on the right; closed ones without their content."""
    first = row.other_project
    opened = first is not None and Project.objects.filter(pk=first.pk).open_to(user).exists()
    left = _evidence(first) if opened else {"heading": _("first report"), "closed": row.note}
    if first is None:
        left = {"heading": _("firm"), "closed": row.note}
    return [left, _evidence(row.project) | {"heading": _("later report")}]


def _evidence(project) -> dict:
    """What speaks for a report: when, by whom, with whom, what was talked about."""
    linked = ("created_by", "owner", "contact", "park", "lead_team", "lead_investor")
    row = Project.objects.select_related(*linked).with_activity().get(pk=project.pk)
    meetings = row.visits.live().order_by("-held_on", "-pk")[:MEETINGS]
    return {
        "heading": _("first report"), "project": row, "meetings": meetings,
        "protection": protection_of(row), "site": claimed(row).site and (row.park or row.site_text),
    }  # fmt: skip


def protection_of(project, terms=None) -> dict:
    """The state of a project's protection in words, with its tone; {} where there is none."""
    terms, on = terms or ProtectionRule.terms(), today()
    if project.pooled_on:
        text = _("in the open pool since %(day)s") % {"day": project.pooled_on}
        return {"text": text, "tone": "bad"}
    if not project.is_protectable():
        return {}
    until = project.protected_until(terms)
    if until < on:
        text = _("protection ended on %(day)s: log what was done") % {"day": until}
        return {"text": text, "tone": "bad", "until": until}
    soon = (until - on).days <= terms.notice_days
    text = _("protected until %(day)s") % {"day": until}
    return {"text": text, "tone": "warn" if soon else "good", "until": until}


# -- requests, firms, the pool ---------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page("view_claimrequest")
def one_request(request, pk: int):
    """A request with the evidence; the bureau answers, the asking team may withdraw."""
    rows = _listed_requests(ClaimRequest.objects.open_to(request.user), request.user)
    row = get_object_or_404(rows.select_related("decided_by"), pk=pk)
    may_decide = "change_conflict" in permissions_of(request.user.role) and row.is_open_request
    errors = []
    if request.method == "POST":
        done, errors = _answer(request, row)
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(f"{reverse('crm_claims')}?tab=requests")
    about = Project.objects.filter(pk=row.project_id).open_to(request.user)
    context = {
        "title": _("Request to join or take over"), "claim": row, "errors": errors,
        "may_decide": may_decide,
        "may_withdraw": row.is_open_request and row.task_force_id in request.user.team_ids,
        "evidence": _evidence(row.project) if about.exists() else None, "post": request.POST,
    }  # fmt: skip
    return in_frame(request, "crm/claim_request.html", context, status=422 if errors else 200)


def _answer(request, row) -> tuple[str, list]:
    post = request.POST
    try:
        if "withdraw" in post:
            claims.withdraw(row, by=request.user)
            return _("Withdrawn."), []
        claims.answer(
            row, accept="accept" in post, by=request.user, reason=post.get("reason", "")[:300],
            percent=_percent(post.get("percent", "")),
        )  # fmt: skip
    except ValidationError as error:
        return "", error.messages
    return _("Answered. The history keeps who, when and why."), []


@require_POST
@page("add_claimrequest")
def take(request, pk: int):
    """Take a project of the open pool."""
    project = get_object_or_404(Project.objects.pooled(), pk=pk)
    return _done(
        request, lambda: claims.take_from_pool(project, by=request.user),
        reverse("admin:crm_project_change", args=[pk]), _("Taken: your task force leads it now."),
    )  # fmt: skip


@require_POST
@page("add_claimrequest")
def claim_firm(request, pk: int):
    """Take a firm that nobody works with, or ask to take over one that somebody does."""
    firm = get_object_or_404(Company.objects.visible_to(request.user).live(), pk=pk)
    back = reverse("admin:crm_company_change", args=[pk])
    if firm.owning_team_id is None:
        text = _("Claimed for your task force.")
        return _done(request, lambda: claims.claim(firm, by=request.user), back, text)
    reason = request.POST.get("reason", "")[:300]
    return _done(
        request,
        lambda: claims.ask(kind="take_over", company=firm, by=request.user, reason=reason),
        back, _("Asked. The bureau decides."),
    )  # fmt: skip


def _done(request, act, url: str, text: str):
    if not request.user.team_ids:
        raise Http404
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, text)
    return HttpResponseRedirect(url)
