"""Events of a timeline as a page shows them: icon, headline, text, where they lead."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.field_history import in_words
from crm.models import Arrival, Commitment, Deal, FieldChange, Note, Signal, StageMove, Visit
from crm.money import format_yuan
from crm.periods import today
from crm.stages import ProjectStatus, Stage

ICONS = {
    "visit": "visit", "stage": "arrow", "status": "arrow", "change": "edit", "file": "file",
    "money": "report", "deal": "deal", "follow_up": "check", "request": "help", "note": "note",
    "directive": "flag", "project": "project", "signal": "bell", "promised": "deal",
    "promise_due": "clock", "promise_kept": "check",
}  # fmt: skip
ADMIN = {
    "visit": "visit", "money": "arrival", "deal": "deal", "follow_up": "followup",
    "project": "project", "signal": "signal", "promised": "commitment",
    "promise_due": "commitment", "promise_kept": "commitment",
}  # fmt: skip
SAME_SAVE_SECONDS = 2


def shown(events, user) -> list[dict]:
    """The events for a template; field changes of one save stand together."""
    changes = [event for event in events if event.kind == "change"]
    words = dict(zip(map(id, changes), in_words([_change(e) for e in changes], user), strict=True))
    lacked = _lacked([event.key for event in events if event.kind == "stage"])
    rows: list[dict] = []
    own = _own_notes(events, user)
    for event in events:
        if event.kind == "change" and rows and _is_same_save(rows[-1]["event"], event):
            rows[-1]["changes"].append(words[id(event)])
            continue
        row = {"event": event, "icon": ICONS[event.kind], "url": _url(event), "changes": [],
               "is_own_note": event.kind == "note" and event.key in own}  # fmt: skip
        rows.append(row | _WORDS[event.kind](event))
        if event.kind == "stage" and event.key in lacked:
            text = _("entered without: %(what)s") % {"what": lacked[event.key]}
            rows[-1]["text"] = "\n".join(filter(None, [event.text, text]))
        if event.kind == "change":
            rows[-1]["changes"].append(words[id(event)])
    return rows


def _lacked(moves: list[int]) -> dict[int, str]:
    """What was overridden in these moves, in words; one query where there are any."""
    if not moves:
        return {}
    found = StageMove.objects.filter(pk__in=moves).exclude(overridden=[])
    return {move.pk: "、".join(move.overridden_labels()) for move in found}


def _own_notes(events, user) -> set[int]:
    """Notes that the reader wrote and has not corrected yet."""
    keys = [event.key for event in events if event.kind == "note"]
    own = Note.objects.filter(pk__in=keys, created_by=user, corrected_by=None)
    return set(own.values_list("pk", flat=True)) if keys else set()


def _change(event) -> FieldChange:
    return FieldChange(
        model=event.title, field=event.code, before=event.text, after=event.extra
    )  # fmt: skip


def _is_same_save(last, event) -> bool:
    apart = abs((last.moment - event.moment).total_seconds())
    return last.kind == "change" and last.who == event.who and apart < SAME_SAVE_SECONDS


def _url(event) -> str:
    if event.kind in ADMIN:
        return reverse(f"admin:crm_{ADMIN[event.kind]}_change", args=[event.key])
    if event.kind in ("stage", "status"):
        return reverse("admin:crm_project_change", args=[event.extra])
    pages = {"file": "crm_download", "request": "crm_request", "directive": "crm_directive"}
    return reverse(pages[event.kind], args=[event.key]) if event.kind in pages else ""


def _yuan(cents: str | None) -> str:
    """Money as the database keeps it, in fen, in words; empty is undetermined."""
    return format_yuan(Decimal(cents) / 100 if cents else None)


def _visit(event):
    mode = Visit.Mode(event.code).label
    text = event.text or ""
    if event.extra:
        text += f"\n{_('next step')}：{event.extra}"
    return {"head": f"{mode} · {event.title}", "text": text.strip()}


def _moved(choices):
    def words(event):
        origin, _sep, target = event.code.partition(">")
        before = choices(origin).label if origin else "—"
        return {
            "head": f"{before} → {choices(target).label}", "text": event.text,
            "tone": f"stage-{target}" if choices is Stage else f"status-{target}",
        }  # fmt: skip

    return words


def _money(event):
    state = Arrival.State(event.code).label
    month = f"{date.fromisoformat(event.extra):%Y-%m}"
    head = f"{_('money arrived')} {_yuan(event.title)} · {month} · {state}"
    return {"head": head, "text": event.text}


def _deal(event):
    head = f"{Deal.Kind(event.code).label} {event.title} · {_yuan(event.text)}"
    return {
        "head": head,
        "text": "" if event.extra == "in_force" else Deal.Status(event.extra).label,
    }


def _due(event, done: str) -> dict:
    """A deadline with its state: done on, overdue, or due on."""
    if event.extra:
        return {"state": done % {"day": event.extra}, "mood": "good"}
    if not event.code:
        return {"state": _("no deadline yet"), "mood": "warn"}
    late = date.fromisoformat(event.code) < today()
    text = _("overdue since %(day)s") if late else _("due %(day)s")
    return {"state": text % {"day": event.code}, "mood": "bad" if late else ""}


def _follow_up(event):
    return {"head": event.title, "text": event.text} | _due(event, _("done on %(day)s"))


def _matter(event):
    return {"head": event.title, "text": event.text} | _due(event, _("closed on %(day)s"))


def _signal(event):
    strength = Signal.Strength(int(event.extra)).label
    head = f"{Signal.Kind(event.code).label}（{strength}）：{event.title}"
    return {"head": head, "text": event.text}


def _promise(event, said: str) -> dict:
    side = Commitment.Side(event.code).label
    return {"head": f"{said} · {side}：{event.title}", "text": ""}


def _promise_due(event):
    """On its day a promise was kept before or later, or is overdue."""
    if event.extra:
        state = {"state": _("kept on %(day)s") % {"day": event.extra}, "mood": "good"}
    elif event.day < today():
        state = {"state": _("overdue"), "mood": "bad"}
    else:
        state = {"state": _("due today"), "mood": ""}
    return _promise(event, _("commitment due")) | state


_WORDS = {
    "signal": _signal,
    "promised": lambda event: _promise(event, _("commitment made")),
    "promise_due": _promise_due,
    "promise_kept": lambda event: _promise(event, _("commitment kept")) | {"text": event.text},
    "visit": _visit,
    "stage": _moved(Stage),
    "status": _moved(ProjectStatus),
    "change": lambda event: {"head": "", "text": ""},
    "file": lambda event: {"head": event.text or event.title, "text": ""},
    "money": _money,
    "deal": _deal,
    "follow_up": _follow_up,
    "request": _matter,
    "directive": lambda e: _matter(e) | {"head": f"{e.text}：{e.title}", "text": ""},
    "note": lambda event: {"head": "", "text": event.text, "corrected": bool(event.extra),
                           "corrects": bool(event.code)},
    "project": lambda event: {"head": event.title, "text": event.text,
                              "tone": f"stage-{event.code}"},
}  # fmt: skip
