"""Two people at the same record in the same moment, and everything sent twice."""

import json
import uuid

from django.db import connection

from tests.forms import form_of

from .outcomes import Outcome, damage
from .people import Answer, at_once, visit_of


def same_field(place, times: int) -> Outcome:
    """Two editors of one field: one wins, the other sees what happened and keeps what was typed."""
    from crm.models import FieldChange, FollowUp

    row, misses = place.follow_up(), []
    path = f"/crm/followup/{row.pk}/change/"
    for turn in range(times):
        forms = [form_of(one.get(path)) | {"what": f"{turn} {one.name}"} for one in place.pair]
        answers = at_once(*(
            lambda one=one, form=form: one.post(path, form)
            for one, form in zip(place.pair, forms, strict=True)
        ))  # fmt: skip
        stored = FollowUp.objects.get(pk=row.pk).what
        misses += _one_won(answers, forms, stored, "what")
    changes = FieldChange.objects.filter(model="followup", record_id=row.pk, field="what")
    if changes.count() != times:
        misses.append(f"{changes.count()} changes in the history, not {times}")
    return Outcome("two editors, one field", times, misses)


def _one_won(answers, forms, stored, name) -> list[str]:
    won = [_status(answer) == 302 for answer in answers]
    if sorted(won) != [False, True]:
        return [f"answers {[_status(answer) for answer in answers]}"]
    winner, loser = won.index(True), won.index(False)
    misses = [] if stored == forms[winner][name] else ["the winner's text is not stored"]
    if _status(answers[loser]) != 200 or forms[loser][name] not in answers[loser].content.decode():
        misses.append("the other one's text is gone")
    return misses


def _status(answer) -> int | str:
    return answer.status if isinstance(answer, Answer) else repr(answer)


def other_fields(place, times: int) -> Outcome:
    """Two editors of different fields: both changes are kept."""
    from crm.models import FollowUp

    row, misses = place.follow_up(), []
    path = f"/crm/followup/{row.pk}/change/"
    for turn in range(times):
        first, second = (form_of(one.get(path)) for one in place.pair)
        typed = f"{turn} {uuid.uuid4()}"
        day = f"2027-01-{turn % 28 + 1:02d}"
        answers = at_once(
            lambda form=first | {"what": typed}: place.pair[0].post(path, form),
            lambda form=second | {"due_on": day}: place.pair[1].post(path, form),
        )
        stored = FollowUp.objects.get(pk=row.pk)
        if (stored.what, str(stored.due_on)) != (typed, day):
            told = [_status(answer) for answer in answers]
            misses.append(f"one change is gone: {told}")
    return Outcome("two editors, different fields", times, misses)


def same_move(place, times: int) -> Outcome:
    """Two drag the same card to the same stage: one move in the history."""
    misses = []
    for _ in range(times):
        project = place.project()
        path = f"/board/{project.pk}/move/?to=negotiating"
        asked = [one.get(f"{path}&version={project.version}") for one in place.pair]
        forms = [form_of(Answer(200, json.loads(each.content)["html"].encode())) for each in asked]
        at_once(*(
            lambda one=one, form=form, path=path: one.post(path, form)
            for one, form in zip(place.pair, forms, strict=True)
        ))  # fmt: skip
        moves = project.moves.filter(to_stage="negotiating").count()
        if moves != 1:
            misses.append(f"{moves} moves of project {project.pk}")
    return Outcome("two move the same project", times, misses)


def double_submit(place, times: int) -> Outcome:
    """The same new record sent five times, twice in the same moment: one record."""
    from crm.models import Event

    misses, one = [], place.pair[0]
    for _ in range(times):
        name = f"双击 {uuid.uuid4()}"
        form = form_of(one.get("/crm/event/add/")) | {
            "name": name, "started_on": "2026-03-01", "ended_on": "2026-03-02", "kind": "promotion"
        }  # fmt: skip
        sent = lambda form=form: one.post("/crm/event/add/", form)  # noqa: E731
        answers = [*at_once(sent, sent), sent(), sent(), sent()]
        count = Event.objects.filter(name=name).count()
        if count != 1 or {_status(answer) for answer in answers} != {302}:
            misses.append(f"{count} records, {[_status(answer) for answer in answers]}")
    return Outcome("a new record sent five times", times, misses)


def offline_twice(place, times: int) -> Outcome:
    """A phone sends what it kept five times, twice in the same moment: one visit."""
    from crm.models import Visit

    misses, one = [], place.officers[0]
    for _ in range(times):
        token = str(uuid.uuid4())
        form = visit_of(place.entry, token)
        sent = lambda form=form: one.post("/m/visits/new/", form, Accept="application/json")  # noqa: E731
        answers = [*at_once(sent, sent), sent(), sent(), sent()]
        count = Visit.objects.filter(content=token).count()
        if count != 1 or {_status(answer) for answer in answers} != {200}:
            misses.append(f"{count} visits, {[_status(answer) for answer in answers]}")
    return Outcome("a visit kept offline, sent five times", times, misses)


def merge_against_edit(place, times: int) -> Outcome:
    """One merges a firm away while another one edits it: no edit is silently lost."""
    from crm.models import Company, FieldChange

    misses, (one, two) = [], place.pair
    for turn in range(times):
        loser, keeper = place.firm(), place.firm()
        merge = f"/merges/company/{loser.pk}/into/{keeper.pk}/"
        edit = f"/crm/company/{loser.pk}/change/"
        merging = form_of(one.get(merge), "") | {"reason": "同一企业"}
        typed = f"主营业务 {turn} {uuid.uuid4()}"
        editing = form_of(two.get(edit)) | {"main_business": typed}
        answers = at_once(
            lambda form=merging, path=merge: one.post(path, form),
            lambda form=editing, path=edit: two.post(path, form),
        )
        connection.close()
        statuses = [_status(answer) for answer in answers]
        kept = Company._base_manager.filter(main_business=typed).exists()
        kept |= FieldChange.objects.filter(record_id=loser.pk, after=typed).exists()
        said_saved = statuses[1] == 302 and "/crm/company/" in answers[1].location
        if any(not isinstance(each, int) or each >= 500 for each in statuses):
            misses.append(f"answers {statuses}")
        elif said_saved and not kept:
            misses.append("an edit was taken and is gone")
    return Outcome("a merge against an edit", times, misses + damage())
