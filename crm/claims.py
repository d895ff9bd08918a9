"""What follows from first reports: claims, requests, the bureau's decisions, the open pool."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.access import TEAM_ROLES, permissions_of
from crm.merging import merge
from crm.models import (
    ClaimRequest,
    Company,
    Conflict,
    CreditShare,
    Notice,
    Project,
    ProtectionRule,
    User,
)

HALF = Decimal(50)
Decision = Conflict.Decision
NIGHTLY = "nightly"


# -- task forces -----------------------------------------------------------------------------------


def claim(company: Company, *, by) -> None:
    """A task force takes a firm that nobody works with; raises ValidationError when somebody does.

    A firm alone gives no protection: that comes with a project and a contact.
    """
    if by.role not in TEAM_ROLES or by.team is None:
        raise PermissionDenied
    with transaction.atomic():
        row = Company.objects.select_for_update().get(pk=company.pk)
        if row.owning_team_id is not None:
            raise ValidationError(
                _("%(team)s already works with this firm."), params={"team": row.owning_team}
            )
        row.owning_team = by.team
        row.save_as(by, reason=_("claimed"))


def ask(*, kind: str, by, reason: str, project=None, company=None, percent=None) -> ClaimRequest:
    """Ask the bureau to join in a project, or to take over a project or a firm."""
    if by.role not in TEAM_ROLES or by.team is None:
        raise PermissionDenied
    if not _may_ask(by, project, company):
        raise PermissionDenied
    request = ClaimRequest(
        kind=kind, project=project, company=company, task_force=by.team, asked_by=by,
        reason=reason.strip(), percent=percent,
    )  # fmt: skip
    request.sign(by)
    request.full_clean(exclude={"created_by", "updated_by"})
    request.save()
    return request


def _may_ask(by, project, company) -> bool:
    """About a firm of another team, or the project that an own one clashes with."""
    if company is not None:
        return company.owning_team_id not in {None, *by.team_ids}
    own = Project.objects.all().editable_by(by)
    clashes = Conflict.objects.open().filter(other_project=project, project__in=own)
    return project is not None and clashes.exists()


def withdraw(request: ClaimRequest, *, by) -> None:
    """The asking team takes its request back."""
    with transaction.atomic():
        row = _open_request(request)
        if row.task_force_id not in by.team_ids:
            raise PermissionDenied
        row.state = ClaimRequest.State.WITHDRAWN
        row.updated_by = by
        row.save()


def take_from_pool(project: Project, *, by) -> None:
    """A task force takes a project of the open pool, and its firm when that one had no other."""
    former = project.lead_team_id
    with transaction.atomic():
        project.take_from_pool(by=by)
        _hand_firm(project.lead_investor, former, by.team, by)


# -- the bureau ------------------------------------------------------------------------------------


def decide(conflict: Conflict, decision: str, *, by, reason: str, percent=None) -> None:
    """Decide a conflict, and do what follows from it; the history keeps who, when and why.

    Merging, joint and hand-over make one project of two: the first one stays. Raises
    PermissionDenied or ValidationError; nothing is written then.
    """
    if "change_conflict" not in permissions_of(by.role):
        raise PermissionDenied
    with transaction.atomic():
        row = Conflict.objects.select_for_update().get(pk=conflict.pk)
        _check_decision(row, decision, reason)
        share = percent if decision != Decision.JOINT else percent or HALF
        row.decide(decision, by=by, reason=reason.strip(), percent=share)
        _FOLLOWS[decision](row, by, reason, share)


def _check_decision(conflict, decision: str, reason: str) -> None:
    if not conflict.is_undecided:
        raise ValidationError(_("This conflict is already decided."))
    if decision not in _FOLLOWS:
        raise ValidationError({"decision": _("Choose a decision.")})
    if not reason.strip():
        raise ValidationError({"reason": _("A decision needs its reason.")})
    if decision == Decision.MERGE and conflict.other_project is None:
        raise ValidationError({"decision": _("There is no other project to merge with.")})


def _merge_into_first(conflict, by, reason, _share) -> Project:
    first = Project.objects.get(pk=conflict.other_project_id)
    merge(Project.objects.get(pk=conflict.project_id), into=first, by=by, reason=reason)
    return Project.objects.get(pk=first.pk)


def _keep_apart(conflict, by, reason, share) -> None:
    """Both go on; the later team may work with the firm, see ``CompanyQuerySet.open_q``."""


def _join(conflict, by, reason, share) -> None:
    later = conflict.project
    if conflict.other_project_id:
        first = _merge_into_first(conflict, by, reason, share)
        share_credit(first, later.lead_team, share, by=by)
    else:
        owner = later.lead_investor.owning_team
        share_credit(later, owner, 100 - share, by=by)


def _hand_over(conflict, by, reason, share) -> None:
    later = conflict.project
    if conflict.other_project_id:
        first = _merge_into_first(conflict, by, reason, share)
        _hand_project(first, later.lead_team, later.owner, by, reason)
    else:
        _hand_firm(later.lead_investor, later.lead_investor.owning_team_id, later.lead_team, by)


_FOLLOWS = {
    Decision.MERGE: _merge_into_first,
    Decision.SEPARATE: _keep_apart,
    Decision.JOINT: _join,
    Decision.TRANSFER: _hand_over,
}


def answer(request: ClaimRequest, *, accept: bool, by, reason: str, percent=None) -> None:
    """Accept or decline a request; what was asked for is done in the same transaction."""
    if "change_conflict" not in permissions_of(by.role):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("A decision needs its reason.")})
    with transaction.atomic():
        row = _open_request(request)
        row.state = ClaimRequest.State.ACCEPTED if accept else ClaimRequest.State.DECLINED
        row.decided_by, row.decided_at, row.updated_by = by, timezone.now(), by
        row.decision_reason = reason.strip()
        row.percent = percent or row.percent
        row.save()
        if accept:
            _fulfil(row, by, reason)


def _open_request(request) -> ClaimRequest:
    row = ClaimRequest.objects.select_for_update().get(pk=request.pk)
    if not row.is_open_request:
        raise ValidationError(_("This request is already answered."))
    return row


def _fulfil(request, by, reason) -> None:
    if request.company_id:
        _hand_firm(request.company, request.company.owning_team_id, request.task_force, by)
    elif request.kind == ClaimRequest.Kind.JOIN:
        share_credit(request.project, request.task_force, request.percent or HALF, by=by)
    else:
        _hand_project(request.project, request.task_force, request.asked_by, by, reason)


def share_credit(project: Project, team, percent: Decimal, *, by) -> None:
    """Give a task force a share, out of the lead team's; the shares add up to 100 afterwards."""
    shares = {share.task_force_id: share for share in project.credit_shares.select_for_update()}
    lead = shares.get(project.lead_team_id) or CreditShare(
        project=project, task_force=project.lead_team, percent=0,
    )  # fmt: skip
    others = sum(s.percent for key, s in shares.items() if key not in {lead.task_force_id, team.pk})
    rest = 100 - others - percent
    if not 0 < percent < 100 or rest <= 0:
        raise ValidationError({"percent": _("The lead task force has to keep a share.")})
    joint = shares.get(team.pk) or CreditShare(
        project=project, task_force=team, part=CreditShare.Part.JOINT
    )
    rows = [(lead, rest), (joint, percent)]
    # What shrinks goes first, so that the sum never passes 100 on the way.
    for share, value in sorted(rows, key=lambda pair: pair[1] - (pair[0].percent or 0)):
        share.percent = value
        share.save_as(by)


def _hand_project(project, team, owner, by, reason) -> None:
    former = project.lead_team_id
    project.hand_to(team, owner=owner, by=by, reason=reason)
    _hand_firm(project.lead_investor, former, team, by)


def _hand_firm(firm, former, team, by) -> None:
    """The firm goes with its project, unless a third task force works with it."""
    if firm is None or firm.owning_team_id not in {None, former}:
        return
    row = Company.objects.select_for_update().get(pk=firm.pk)
    before = row.stored()
    row.owning_team, row.updated_by = team, by
    row.save()
    row.keep_changes(before, by=by, reason=_("goes with the decision"))


# -- every night -----------------------------------------------------------------------------------


def release_due(on: date, *, dry: bool = False) -> dict[str, int]:
    """Put what nobody worked on into the open pool, and tell owners whose protection ends soon.

    Run as often as one likes: what is released or told is not so again.
    """
    terms = ProtectionRule.terms()
    counts = {"released": 0, "told": 0}
    rows = Project.objects.protectable().select_related("owner", "lead_team", "lead_investor")
    for project in rows.iterator(chunk_size=500):
        if not project.is_protectable():
            continue
        until = project.protected_until(terms)
        if until < on:
            counts["released"] += 1
            if not dry:
                project.release(by=_nightly(), on=on, reason=_("no activity: protection ended"))
        elif (until - on).days <= terms.notice_days and project.owner_id:
            counts["told"] += _tell(project, until, dry)
    return counts


def _tell(project, until: date, dry: bool) -> int:
    """A notice for the owner, one for each last day; returns how many are new."""
    key = f"protection-{project.pk}-{until}"
    if Notice.objects.filter(recipient=project.owner, key=key).exists():
        return 0
    if not dry:
        Notice.objects.tell([project.owner], Notice.Kind.PROTECTION, project, key=key)
    return 1


def _nightly() -> User:
    """The account that the history names for what happens by itself; nobody signs in with it."""
    user, _is_new = User.objects.get_or_create(
        username=NIGHTLY, defaults={"full_name": _("nightly job"), "is_active": False}
    )
    return user
