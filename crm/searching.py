"""Find anything: one question over firms, projects, people, deals, visits and trips.

Each kind is asked for names that begin with the word, then for any part of a name, until there is
enough; so a common word costs no more than a rare one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.admin.models import LogEntry
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.matching import Place, phone_tail, pieces, place, typed
from crm.models import Company, Contact, Deal, Project, Trip, Visit
from crm.models.finding import inside
from crm.money import format_yuan

MOST = 10  # of a kind; more are counted as "10+"
CANDIDATES = 120  # of a kind and a place in the name, of which the best are shown
LAST_WRITTEN = 60


@dataclass(frozen=True)
class Hit:
    """One record as this reader may see it; ``title`` in pieces, each with whether it was typed."""

    kind: str
    pk: int
    title: list[tuple[str, bool]]
    detail: list[str] = field(default_factory=list)
    badge: tuple[str, str] = ("", "")
    is_archived: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class Group:
    """The best hits of a kind, the best first."""

    kind: str
    label: str
    hits: list[Hit]
    has_more: bool

    @property
    def count(self) -> str:
        return f"{MOST}+" if self.has_more else str(len(self.hits))


def find(user, text: str) -> list[Group]:
    """What answers to a text, by kind; only what the user may list, named as they may name it."""
    asked = _Asked(user, text)
    if not asked.keys and not asked.digits:
        return []
    groups = [asked.group(kind) for kind in KINDS if _may_view(user, kind)]
    return [group for group in groups if group.hits]


def best(user, kind: str, text: str) -> list:
    """Rows of one kind that answer by their own names, the best first, at most MOST."""
    if not _may_view(user, kind):
        return []
    return _Asked(user, text).named(kind)[:MOST]


def recent(user, opened: list[tuple[str, int]] = ()) -> list[Hit]:
    """The records last opened on this device and last written by this user, at most MOST."""
    wanted = dict.fromkeys([*opened[:MOST], *_last_written(user)])
    shown = {}
    for kind in KINDS:
        keys = [pk for name, pk in wanted if name == kind]
        if keys and _may_view(user, kind):
            rows = list(KINDS[kind].rows(user).filter(pk__in=keys))
            prefetch_related_objects(rows, *KINDS[kind].parts)
            shown |= {(kind, row.pk): _hit(kind, row, user, []) for row in rows}
    return [shown[key] for key in wanted if key in shown][:MOST]


def _last_written(user) -> list[tuple[str, int]]:
    entries = LogEntry.objects.filter(user=user, content_type__app_label="crm")
    newest = entries.order_by("-pk").values_list("content_type__model", "object_id")[:LAST_WRITTEN]
    return [(kind, int(pk)) for kind, pk in newest if kind in KINDS and str(pk).isdecimal()]


def _may_view(user, kind: str) -> bool:
    return f"view_{kind}" in permissions_of(user.role)


class _Asked:
    """One question; firms found lead to their people, projects and visits, projects to deals."""

    def __init__(self, user, text):
        self.user, self.keys, self.digits = user, typed(text), phone_tail(text)
        self.found: dict[str, list] = {}

    def group(self, kind: str) -> Group:
        rows = KINDS[kind].find(self)
        self.found[kind] = rows
        hits = [_hit(kind, row, self.user, self.keys) for row in rows[:MOST]]
        return Group(kind, KINDS[kind].label, hits, len(rows) > MOST)

    def named(self, kind: str) -> list:
        """Rows by their own names, the best first."""
        found = {}
        for key in self.keys:
            starts = self._holding(kind, f" {key}")
            if len(starts) >= CANDIDATES:  # the very name may not be among them
                starts |= self._holding(kind, f" {key} ")
            found |= starts
            if len(found) <= MOST and len(key) > 1:
                found |= self._holding(kind, inside(key))
            if len(found) > MOST:
                break
        rows = list(found.values())
        prefetch_related_objects(rows, *KINDS[kind].parts)
        return sorted(rows, key=lambda row: self._rank(kind, row))[: MOST + 1]

    def _holding(self, kind: str, pattern: str) -> dict:
        """Some rows with the pattern in their names, a firm's in former and short names too."""
        rows = KINDS[kind].rows(self.user)
        found = {row.pk: row for row in rows.by_own_names(pattern)[:CANDIDATES]}
        if kind == "company":
            found |= {row.pk: row for row in rows.by_other_names(pattern)[:CANDIDATES]}
        return found

    def _rank(self, kind, row):
        names, sounds, cores = KINDS[kind].words(row)
        where = min(
            (place(key, names, sounds=sounds, cores=cores) for key in self.keys),
            default=Place.INSIDE,
        )
        archived = row.archived_at is not None
        return (where, archived, not _is_own(kind, row, self.user), len(names[0]), names[0])

    def people(self) -> list:
        """By the end of a number, else by name, then those of the firms found."""
        rows = KINDS["contact"].rows(self.user)
        if self.digits:
            return list(rows.with_number_ending(self.digits, reader=self.user)[: MOST + 1])
        return self._with("contact", rows.filter(company__in=self._found("company")))

    def projects(self) -> list:
        """By name, then the open ones of the firms found."""
        rows = KINDS["project"].rows(self.user).filter(is_open=True)
        return self._with("project", rows.filter(lead_investor__in=self._found("company")))

    def _with(self, kind: str, others) -> list:
        """What answers by its own name, then others that it leads to."""
        named = self.named(kind)
        if len(named) > MOST:
            return named
        more = others.exclude(pk__in=[row.pk for row in named])[: MOST + 1]
        return [*named, *more][: MOST + 1]

    def _found(self, kind: str) -> list[int]:
        return [row.pk for row in self.found.get(kind, ())]

    def deals(self) -> list:
        """By contract number, then those of the projects found."""
        projects = [row.pk for row in self.found.get("project", ()) if row.is_open]
        return self._with("deal", KINDS["deal"].rows(self.user).filter(project__in=projects))

    def visits(self) -> list:
        """The last visits to the firms found."""
        rows = KINDS["visit"].rows(self.user).filter(company__in=self._found("company"))
        return list(rows.order_by("-held_on", "-pk")[: MOST + 1])


def _is_own(kind: str, row, user) -> bool:
    team = {
        "company": "owning_team_id", "project": "lead_team_id", "trip": "task_force_id",
        "visit": "task_force_id",
    }.get(kind)  # fmt: skip
    return team is not None and getattr(row, team) in user.team_ids


def _hit(kind: str, row, user, keys) -> Hit:
    title, detail, badge = KINDS[kind].show(row, keys)
    return Hit(
        kind, row.pk, pieces(title, keys), [str(part) for part in detail if part], badge,
        is_archived=row.archived_at is not None, is_own=_is_own(kind, row, user),
    )  # fmt: skip


# -- the kinds -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """How rows of a kind are read, found, ranked and shown."""

    label: str
    rows: Callable
    find: Callable
    show: Callable
    words: Callable = lambda row: ([""], "", [])
    parts: tuple[str, ...] = ()  # what is read along with the rows that are shown


def _company_words(firm):
    others = firm.other_names.all()
    names = [firm.name_key, *(other.name_key for other in others), (firm.uscc or "").lower()]
    sounds = [firm.search_text, *(other.search_text for other in others)]
    return names, " ".join(sounds), [firm.core_key]


def _show_company(firm, keys):
    """The public part of the register, and the other name that was typed."""
    other = next((o for o in firm.other_names.all() if _answers(o, keys)), None)
    named = f"{other.get_kind_display()}：{other.name}" if other else ""
    own_name_answers = any(key in f"{firm.name_key} {firm.search_text}" for key in keys)
    owner = firm.owning_team or _("free to claim")
    return firm.name, ["" if own_name_answers else named, firm.region, owner], ("", "")


def _answers(other, keys) -> bool:
    return any(key in f"{other.name_key} {other.search_text}" for key in keys)


def _show_project(project, keys):
    badge = (f"stage-{project.stage}", project.get_stage_display())
    if not project.is_open:
        return project.code_name, [_("confidential")], badge
    amount = format_yuan(project.planned_yuan)
    return project.name, [project.number, project.lead_investor, project.lead_team, amount], badge


def _project_words(project):
    if not project.is_open:
        return [project.code_key], "", []
    return [project.name_key, project.code_key, project.number.lower()], project.search_text, []


def _show_deal(deal, keys):
    detail = [deal.project, deal.get_kind_display(), format_yuan(deal.amount_yuan), deal.signed_on]
    return str(deal), detail, ("", "")


KINDS = {
    "company": Kind(
        _("Firms"),
        lambda user: Company.objects.visible_to(user).select_related("region", "owning_team")
        .order_by(),
        lambda asked: asked.named("company"), _show_company, _company_words, ("other_names",),
    ),
    "project": Kind(
        _("Projects"),
        lambda user: Project.objects.visible_to(user)
        .select_related("lead_investor", "lead_team").order_by(),
        lambda asked: asked.projects(), _show_project, _project_words,
    ),
    "contact": Kind(
        _("Contacts"),
        lambda user: Contact.objects.open_to(user).select_related("company").order_by(),
        lambda asked: asked.people(),
        lambda person, keys: (person.name, [person.position, person.company], ("", "")),
        lambda person: ([person.name_key], person.search_text, []),
    ),
    "deal": Kind(
        _("Deals"),
        lambda user: Deal.objects.open_to(user).select_related("project").order_by(),
        lambda asked: asked.deals(), _show_deal, lambda deal: ([deal.number_key], "", []),
    ),
    "visit": Kind(
        _("Visits"),
        lambda user: Visit.objects.open_to(user).select_related("company", "task_force").order_by(),
        lambda asked: asked.visits(),
        lambda visit, keys: (
            str(visit.company),
            [visit.held_on, visit.get_mode_display(), visit.task_force, visit.content[:40]],
            ("", ""),
        ),
    ),
    "trip": Kind(
        _("Trips"),
        lambda user: Trip.objects.open_to(user).select_related("task_force").order_by(),
        lambda asked: asked.named("trip"),
        lambda trip, keys: (trip.name, [trip.started_on, trip.task_force], ("", "")),
        lambda trip: ([trip.name_key], trip.search_text, []),
    ),
}  # fmt: skip
