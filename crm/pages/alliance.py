"""The alliance: who is a member, who brings what, what came of it, meetings and promises."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.access import permissions_of
from crm.indicators import Scope, alliance, with_precision
from crm.indicators.alliance import Brought
from crm.indicators.behind import Behind
from crm.models import (
    AllianceCommitment,
    AllianceMeeting,
    AllianceMembership,
    Introduction,
    MeetingAttendance,
    Project,
    ReferenceFact,
)
from crm.money import format_yuan
from crm.periods import FIRST_YEAR, Period, today

from .frame import in_frame, page
from .reports import link_for

MOST = 12
PARTS = [part.value for part in AllianceMembership.Part]
CITED = "alliance"


@page("view_alliancemembership")
@require_safe
def overview(request):
    """Members in the order of what they brought; all of it as far as open to the reader."""
    user, on = request.user, today()
    period = Period(Period.year(FIRST_YEAR).start, Period.year_to_date(on).end)
    found = alliance.brought_by(Scope(user), period)
    members = _members(user, found, period, on)
    whole = alliance.in_all(found.values())
    context = {
        "title": _("Investment alliance"), "members": members, "on": on,
        "cited": ReferenceFact.objects.visible_to(user).filter(key=CITED).first(),
        "figures": _figures(members, whole, user, period),
        "introductions": _introductions(user), "meetings": _meetings(user),
        "promises": _promises(user), "adds": _adds(user),
        "may_report": "view_report" in permissions_of(user.role),
    }  # fmt: skip
    return in_frame(request, "crm/alliance.html", context)


def _adds(user) -> dict[str, str]:
    """Where this reader may add what."""
    codes = permissions_of(user.role)
    names = ("alliancemembership", "introduction", "alliancemeeting", "alliancecommitment")
    return {
        name: reverse(f"admin:crm_{name}_add") if f"add_{name}" in codes else "" for name in names
    }


def _figures(members, whole: Brought, user, period: Period) -> list[dict]:
    link = link_for(user)
    known = None if whole.deals and whole.deals == whole.unknown else whole.yuan
    amount = with_precision(format_yuan(known), whole.precision)
    active = [member for member in members if member["brought"].introductions]

    def behind(name: str) -> str:
        return link(Behind(f"alliance_{name}", period))

    return [
        {"label": _("members"), "value": len(members), "url": "",
         "note": _("%(count)s made introductions") % {"count": len(active)}},
        {"label": _("introductions"), "value": whole.introductions, "url": behind("introductions"),
         "note": _("%(count)s firms") % {"count": len(whole.firms)}},
        {"label": _("projects brought"), "value": len(whole.projects), "url": behind("projects"),
         "note": _("%(count)s in talks or further") % {"count": len(whole.talks)}},
        {"label": _("deals"), "value": whole.deals, "url": behind("deals"),
         "note": amount if whole.deals else "—"},
    ]  # fmt: skip


def _members(user, found: dict, period: Period, on) -> list[dict]:
    """Present members with what they brought, their meetings and their promises; four queries."""
    rows = AllianceMembership.objects.live().visible_to(user)
    rows = rows.filter(Q(left_on=None) | Q(left_on__gt=on)).select_related("company")
    came = _counted(MeetingAttendance, "membership", came=Q(state=MeetingAttendance.State.CAME))
    kept = _counted(AllianceCommitment, "membership", kept=Q(fulfilled_on__isnull=False),
                    late=Q(fulfilled_on=None, due_on__lt=on))  # fmt: skip
    link = link_for(user)
    members = [
        {
            "row": row, "brought": found.get(row.pk, Brought()),
            "amount": _amount(found.get(row.pk)), "meetings": came.get(row.pk, {}),
            "promises": kept.get(row.pk, {}),
            "links": {
                name: link(Behind(f"alliance_{name}", period).where(member=row.pk))
                for name in ("introductions", "projects", "deals")
            },
        }
        for row in rows
    ]  # fmt: skip
    return sorted(members, key=_place)


def _place(member: dict):
    brought, row = member["brought"], member["row"]
    return (-brought.yuan, -brought.deals, -len(brought.projects), -brought.introductions,
            PARTS.index(row.part), row.company.sort_key)  # fmt: skip


def _amount(brought: Brought | None) -> str:
    if brought is None or not brought.deals:
        return ""
    known = None if brought.deals == brought.unknown else brought.yuan
    return with_precision(format_yuan(known), brought.precision)


def _counted(model, by: str, **conditions) -> dict:
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    rows = model.objects.live().order_by().values(by).annotate(total=Count("pk"), **counts)
    return {row.pop(by): row for row in rows}


def _introductions(user) -> list:
    """The latest, each with the projects of the firm that followed, as far as open."""
    rows = Introduction.objects.live().open_to(user)
    linked = rows.select_related("membership__company", "company", "project", "task_force")
    shown = list(linked.order_by("-introduced_on", "-pk")[:MOST])
    period = Period(Period.year(FIRST_YEAR).start, Period.year_to_date(today()).end)
    pairs = alliance.brought(Scope(user), rows.filter(pk__in=[row.pk for row in shown]), period)
    projects = Project.objects.open_to(user).in_bulk(list(pairs))
    for row in shown:
        row.came = [projects[pk] for pk, by in pairs.items() if by == row.pk and pk in projects]
    return shown


def _meetings(user) -> list:
    came = Count("attendance", filter=Q(attendance__state=MeetingAttendance.State.CAME))
    rows = AllianceMeeting.objects.live().visible_to(user)
    counted = rows.annotate(invited=Count("attendance"), came=came)
    return list(counted.order_by("-held_on", "-pk")[:MOST])


def _promises(user) -> list:
    """Open promises of members, the latest due first; then what was kept last."""
    rows = AllianceCommitment.objects.live().visible_to(user).waiting()
    return list(rows.select_related("membership__company").order_by("due_on", "pk")[:MOST])
