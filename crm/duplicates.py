"""Possible same firms and projects, while somebody types or a ledger is checked.

What is another task force's is told without its details: who leads and how far it is.
"""

from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.conflicts import Level, level_of
from crm.matching import typed
from crm.models import Company, CompanyName, Project
from crm.models.conflicts import claimed, clashes_of, rivals_near, rivals_of
from crm.names import clean_text, core_name, match_key, place_of

MOST = 5
CANDIDATES = 80
NEAR = Decimal("0.70")  # below it two cores only share a beginning
_WEIGHT = {"same": 0, "code": 0, "likely": 1, "alike": 2, "group": 3}
_WHY = {
    "code": _("same credit code"),
    "same": _("same name"),
    "likely": _("same core name"),
    "alike": _("similar name"),
    "group": _("same core name, another place: perhaps of one group"),
}


@dataclass(frozen=True)
class Similar:
    """A possible twin. ``pk`` only where the reader may open its page."""

    kind: str
    title: str
    why: str
    tone: str
    detail: str = ""
    pk: int | None = None


# -- firms -----------------------------------------------------------------------------------------


def similar_firms(user, name: str, *, code: str = "", but: int | None = None) -> list[Similar]:
    """Firms that may be the one being typed, the likeliest first; their public part only."""
    key = match_key(clean_text(name))
    if len(key) < 2 and not code:
        return []
    rows = Company.objects.visible_to(user).live().exclude(pk=but)
    rows = rows.select_related("owning_team", "region").prefetch_related("other_names").order_by()
    found = {row.pk: row for row in _candidates(rows, key, code)}
    judged = [(_likeness(row, key, code), row) for row in found.values()]
    kept = [(why, row) for why, row in judged if why]
    kept.sort(key=lambda pair: (_WEIGHT[pair[0]], len(pair[1].name), pair[1].name))
    return [_firm(row, why) for why, row in kept[:MOST]]


def _candidates(rows, key: str, code: str):
    """By code, by name now or formerly, by core, and by the beginning of the core."""
    core = core_name(key)
    exact = Q(name_key=key) | Q(core_key=core)
    if code:
        exact |= Q(uscc=match_key(code).upper())
    named = CompanyName.objects.filter(name_key=key).values("company")
    yield from rows.filter(exact)[:CANDIDATES]
    yield from rows.filter(pk__in=named)[:CANDIDATES]
    for length in (3, 2):
        if len(core) >= length:
            yield from rows.answering([core[:length]])[:CANDIDATES]


def _likeness(firm, key: str, code: str) -> str:
    if code and firm.uscc == match_key(code).upper():
        return "code"
    if key in {firm.name_key, *(other.name_key for other in firm.other_names.all())}:
        return "same"
    core = core_name(key)
    if core == firm.core_key:
        places = {place_of(key), place_of(firm.name)} - {""}
        return "likely" if len(places) < 2 else "group"
    near = max(_ratio(core, firm.core_key), _ratio(core, firm.core_key[: len(core)]))
    return "alike" if len(core) > 2 and near >= NEAR else ""


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, *sorted((one, other)), autojunk=False).ratio()


def _firm(firm, why: str) -> Similar:
    owner = str(firm.owning_team or _("free to claim"))
    detail = " · ".join(str(part) for part in (firm.region, owner) if part)
    tone = "bad" if why in ("same", "code") else "warn" if why == "likely" else ""
    return Similar("company", firm.name, str(_WHY[why]), tone, detail, firm.pk)


# -- projects --------------------------------------------------------------------------------------


def similar_projects(user, draft: Project) -> list[Similar]:
    """Projects that an unsaved or stored project may clash with, the most serious first."""
    firm = draft.lead_investor
    if firm is None and len(match_key(draft.name)) < 3:
        return []
    rivals = rivals_near(draft, rivals_of([draft])) + _named_alike(user, draft)
    opened = Project.objects.filter(pk__in=[r.pk for r in rivals]).open_to(user)
    mine = set(opened.values_list("pk", flat=True))
    seen = {row.pk: (level_of(claimed(draft), claimed(row)), row) for row in rivals}
    judged = sorted(
        ((level, row) for level, row in seen.values() if level), key=lambda pair: pair[0]
    )
    told = [similar for level, row in judged if (similar := _project(row, level, row.pk in mine))]
    return [*_foreign_firm(user, firm), *told][:MOST]


def foreseen(project: Project, rivals: dict, *, by) -> list[str]:
    """What will clash once a project of a ledger is written, in the words of the conflict."""
    return [clash.note for clash in clashes_of(project, rivals_near(project, rivals), by=by)]


def _named_alike(user, draft) -> list[Project]:
    """The reader's own projects of other firms with a name like this one."""
    keys = typed(draft.name)
    if not keys or len(keys[0]) < 3:
        return []
    rows = Project.objects.open_to(user).live().exclude(pk=draft.pk).order_by()
    rows = rows.select_related("lead_investor", "lead_team")
    return list(rows.answering([keys[0][:4]])[:CANDIDATES])


def _project(row, level: Level, is_mine: bool) -> Similar | None:
    tone = "bad" if level.blocks else "warn" if level == Level.LIKELY else ""
    why = f"L{level:d} {_LEVELS[level]}"
    if is_mine:
        detail = " · ".join(map(str, filter(None, [row.lead_team, row.get_stage_display()])))
        return Similar("project", row.name, why, tone, detail, row.pk)
    if row.is_confidential:
        text = str(_("The bureau decides who leads a project of this firm."))
        return Similar("project", text, why, tone) if level.blocks else None
    text = _("first reported by %(team)s, now “%(stage)s”") % {
        "team": row.lead_team or "—", "stage": row.get_stage_display(),
    }  # fmt: skip
    return Similar("project", str(text), why, tone)


def _foreign_firm(user, firm) -> list[Similar]:
    """A firm that another task force works with: its report becomes a conflict."""
    owner = firm and firm.owning_team
    if not owner or not user.team_ids or owner.pk in user.team_ids:
        return []
    why = str(_("the report will wait for the bureau's decision"))
    return [Similar("company", str(firm), why, "warn", str(owner), firm.pk)]


_LEVELS = {
    Level.SAME: _("the same: to be merged"),
    Level.ALIKE: _("nearly the same: the bureau decides"),
    Level.LIKELY: _("perhaps the same"),
    Level.HINT: _("a hint"),
}
