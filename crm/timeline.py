"""Everything that happened with a firm, a project or a person, newest first: one query a page.

Every kind of event is one SELECT with the same columns, narrowed to what the reader may open; the
database joins them with UNION ALL. A page starts after the last event of the page before (keyset),
so that late pages cost what the first one does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, TruncDate
from django.utils.translation import gettext_lazy as _

from crm.access import permissions_of
from crm.field_history import changes_of
from crm.periods import today

PAGE = 30
TEXT = models.TextField()
COLUMNS = ("day", "moment", "rank", "key", "who", "title", "text", "code", "extra")
CHIPS = {
    "visit": _("Visits"), "stage": _("stages"), "change": _("field changes"), "file": _("files"),
    "money": _("money"), "deal": _("deals"), "follow_up": _("follow-ups"),
    "request": _("requests"), "note": _("notes"), "directive": _("directives"),
    "commitment": _("commitments"), "signal": _("signals"),
}  # fmt: skip


# Kinds that share a chip with another.
GROUPS = {
    "status": "stage", "project": "stage",
    "promised": "commitment", "promise_due": "commitment", "promise_kept": "commitment",
}  # fmt: skip


def every(rows):
    return rows


@dataclass(frozen=True)
class Source:
    """One kind of event: its model, how it hangs on each anchor, and its columns.

    ``links`` maps the anchor's model to the lookup that leads there. ``day`` is the business date
    by which the event is sorted; without it the moment of entry decides. ``only`` narrows the rows
    to those that are such an event at all.
    """

    kind: str
    model: str
    links: dict
    columns: dict
    moment: str = "created_at"
    day: str = ""
    author: str = "created_by"
    only: Callable = every

    @property
    def rank(self) -> int:
        """Breaks ties between kinds; the same number for every kind on every database."""
        return KINDS.index(self.kind)

    def rows(self, anchor, user):
        """The events of this kind on the record as rows of ``COLUMNS``, None without any."""
        link = self.links.get(anchor._meta.model_name)
        if link is None or f"view_{self.model}" not in permissions_of(user.role):
            return None
        model = apps.get_model("crm", self.model)
        rows = self.only(model.objects.open_to(user)).filter(**{link: anchor.pk})
        if hasattr(model, "archived_at"):
            rows = rows.filter(archived_at=None)
        return _selected(rows, self)


def _selected(rows, source: Source):
    """The rows as ``COLUMNS``, under names that no model has."""
    empty = dict.fromkeys(("title", "text", "code", "extra"), Value(""))
    texts = {f"ev_{name}": Cast(value, TEXT) for name, value in (empty | source.columns).items()}
    entered = TruncDate(source.moment)
    return (
        rows.order_by()
        .annotate(
            ev_rank=Value(source.rank, models.IntegerField()),
            ev_day=Coalesce(F(source.day), entered) if source.day else entered,
            ev_moment=F(source.moment),
            ev_key=F("pk"),
            ev_who=_name(source.author),
            **texts,
        )
        .values_list(*(f"ev_{name}" for name in COLUMNS))
    )


def _name(author: str):
    """The full name of a person, else the account's name."""
    full, login = f"{author}__full_name", f"{author}__username"
    return Cast(Coalesce(NullIf(F(full), Value("")), F(login), Value("")), TEXT)


def _arrow(before: str, after: str):
    return Concat(F(before), Value(">"), F(after), output_field=TEXT)


def _promise(kind: str, day: str, only: Callable = every) -> Source:
    """A commitment made, due or kept; one of a deal that binds nobody any more is no event."""
    links = {"project": "deal__project", "company": "deal__project__lead_investor",
             "user": "created_by"}  # fmt: skip
    return Source(
        kind, "commitment", links,
        {"title": F("content"), "text": F("result"), "code": F("side"), "extra": F("fulfilled_on")},
        day=day, only=lambda rows: only(rows.binding()),
    )  # fmt: skip


SOURCES = (
    Source("visit", "visit", {"company": "company", "project": "project", "user": "our_people",
                              "contact": "their_people"},
           {"title": F("company__name"), "text": F("content"), "code": F("mode"),
            "extra": F("next_step")}, day="held_on"),
    Source("stage", "stagemove", {"project": "project", "user": "by"},
           {"title": F("project__name"), "text": F("reason"),
            "code": _arrow("from_stage", "to_stage"), "extra": F("project_id")},
           moment="recorded_at", day="effective_on", author="by"),
    Source("status", "statuschange", {"project": "project", "user": "by"},
           {"title": F("project__name"), "text": F("reason"),
            "code": _arrow("from_status", "to_status"), "extra": F("project_id")},
           moment="recorded_at", day="effective_on", author="by"),
    Source("file", "attachment", {"project": "project", "company": "company",
                                  "user": "created_by"},
           {"title": F("filename"), "text": F("title")}),
    Source("money", "arrival", {"project": "project", "user": "created_by"},
           {"title": F("amount_yuan"), "text": F("evidence"), "code": F("state"),
            "extra": F("month")}),
    Source("deal", "deal", {"project": "project", "user": "created_by"},
           {"title": F("number"), "text": F("amount_yuan"), "code": F("kind"),
            "extra": F("status")}, day="signed_on"),
    Source("follow_up", "followup", {"company": "company", "project": "project", "user": "owner"},
           {"title": F("what"), "text": F("result"), "code": F("due_on"), "extra": F("done_on")}),
    Source("request", "request", {"company": "company", "project": "project",
                                  "user": "created_by"},
           {"title": F("content"), "text": F("progress"), "code": F("due_on"),
            "extra": F("closed_on")}, day="raised_on"),
    Source("directive", "directive", {"company": "company", "project": "project",
                                      "user": "created_by"},
           {"title": F("text"), "text": F("leader"), "code": F("due_on"),
            "extra": F("closed_on")}, day="given_on"),
    Source("note", "note", {"company": "company", "project": "project", "contact": "contact",
                            "user": "created_by"},
           {"text": F("text"), "code": F("corrects_id"), "extra": F("corrected_by__id")}),
    Source("project", "project", {"company": "lead_investor", "user": "owner"},
           {"title": F("name"), "text": F("summary"), "code": F("stage")}, day="reported_on",
           moment="reported_at"),
    Source("signal", "signal", {"company": "company", "user": "created_by"},
           {"title": F("text"), "text": F("source"), "code": F("kind"), "extra": F("strength")},
           day="seen_on"),
    _promise("promised", "deal__signed_on"),
    _promise("promise_due", "due_on", lambda rows: rows.filter(due_on__lte=today())),
    _promise("promise_kept", "fulfilled_on", lambda rows: rows.exclude(fulfilled_on=None)),
)  # fmt: skip
CHANGE = Source(
    "change", "fieldchange", {},
    {"title": F("model"), "text": F("before"), "code": F("field"), "extra": F("after")},
    moment="at", author="by",
)  # fmt: skip


KINDS = [source.kind for source in (*SOURCES, CHANGE)]


def timeline(anchor, user, *, chip: str = "", after: str = "") -> tuple[list, str]:
    """A page of events on a record that is open to the reader, and the place where the next begins.

    ``chip`` narrows to one kind, ``after`` is the place the page before ended at; the place is
    empty on the last page.
    """
    place = read_place(after)
    parts = [
        _after(rows, source, place)
        for source, rows in _parts(anchor, user)
        if chip not in CHIPS or chip == GROUPS.get(source.kind, source.kind)
    ]
    if not parts:
        return [], ""
    joined = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    order = ("-ev_day", "-ev_moment", "-ev_rank", "-ev_key")
    rows = [Event(*row) for row in joined.order_by(*order)[: PAGE + 1]]
    return rows[:PAGE], place_of(rows[PAGE - 1]) if len(rows) > PAGE else ""


def _parts(anchor, user):
    for source in SOURCES:
        rows = source.rows(anchor, user)
        if rows is not None:
            yield source, rows
    if anchor._meta.model_name != "user":
        changes = changes_of(anchor, user).select_related(None)
        yield CHANGE, _selected(changes, CHANGE)


def _after(rows, source: Source, place):
    """Only what comes after the place: days, then moments, then kinds, then keys, all falling."""
    if place is None:
        return rows
    day, moment, rank, key = place
    same = Q(ev_moment__lt=moment)
    if source.rank < rank:
        same |= Q(ev_moment=moment)
    elif source.rank == rank:
        same |= Q(ev_moment=moment, ev_key__lt=key)
    return rows.filter(Q(ev_day__lt=day) | (Q(ev_day=day) & same))


@dataclass(frozen=True)
class Event:
    """One line of a timeline; what the four texts mean depends on the kind (see ``SOURCES``)."""

    day: date
    moment: datetime
    rank: int
    key: int
    who: str
    title: str
    text: str
    code: str
    extra: str

    @property
    def kind(self) -> str:
        return KINDS[self.rank]


def place_of(event: Event) -> str:
    return f"{event.day.isoformat()}~{event.moment.isoformat()}~{event.rank}~{event.key}"


def read_place(text: str):
    """(day, moment, rank, key), or None for anything that is no place."""
    parts = text.split("~")
    if len(parts) != 4 or not all(re.fullmatch("[0-9]{1,18}", part) for part in parts[2:]):
        return None
    try:
        day, moment = date.fromisoformat(parts[0]), datetime.fromisoformat(parts[1])
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return day, moment, int(parts[2]), int(parts[3])
