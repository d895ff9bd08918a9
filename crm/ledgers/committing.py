"""Writing a checked ledger: everything in one transaction, or nothing."""

import json
import time
import zlib

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import models
from crm.models import AuditEntry, ImportJob, ImportPlan, ReferenceProposal
from crm.models.audit import Action
from crm.models.base import Record
from crm.models.inserting import insert_values
from crm.models.writing import add_all, change_all
from crm.names import match_key

from .checking import make_plan
from .directory import chunks
from .keeping import PlanChanged, Writing, digest, key_of, pack, unpack
from .kinds import LEDGERS

# Parents before what refers to them.
ORDER = (
    models.Institution, models.Chain, models.Segment, models.DataCentre, models.DataCentreCompute,
    models.Company, models.CompanyName, models.CompanyMark, models.Contact, models.Event,
    models.Trip, models.Project, models.ProjectInvestor, models.CreditShare, models.Phase,
    models.FactorNeeds, models.ComputeCapacity, models.Milestone, models.Assessment, models.Deal,
    models.DealParty, models.Arrival, models.Commitment, models.Visit, models.FollowUp,
    models.Request, models.Invitation, models.Introduction, models.AllianceMeeting,
    models.MeetingAttendance, models.TrainingAgreement, models.Programme, models.TrainingYear,
    models.Conflict,
)  # fmt: skip
STAGE_LINKS = ("visits", "conflicts", "assessments", "deals__parties", "credit_shares",
               "project_company")  # fmt: skip
LOGGED = ("action_time", "user", "content_type", "object_id", "object_repr", "action_flag",
          "change_message")  # fmt: skip
CHUNK = 2_000
TELL_SECONDS = 0.5
# One import writes at a time: two of the same file would else meet at a unique name.
LOCK = 4_070_001


def commit(job: ImportJob) -> None:
    """Write under lock what the check page showed.

    Raises PlanChanged when that would be something else by now, or StaleRecord when the job was
    taken away; nothing is written then.
    """
    with transaction.atomic():
        alone()
        bad = job.counts["errors"] + job.counts["conflicts"]
        if bad and not job.leaves_out_bad:
            raise PlanChanged
        writing = _planned(job)
        journal = write(writing, job)
        ImportPlan.objects.filter(job=job).delete()
        job.finish(
            ImportJob.State.DONE, journal=journal, committed_at=timezone.now(),
            counts=job.counts | _stored(writing) | {"left_out": bad},
        )  # fmt: skip
        told = {key: job.counts.get(key, 0) for key in ("created", "updated", "left_out")}
        AuditEntry.objects.record(Action.IMPORTED, by=job.owner, about=job, kind=job.kind, **told)


def _planned(job) -> Writing:
    """The plan that was kept; made anew from the file when the data changed since."""
    kept = ImportPlan.objects.filter(job=job).first()
    if kept and kept.seen == digest(LEDGERS[job.kind].watched(), job.owner):
        return unpack(zlib.decompress(kept.content))
    content = pack(make_plan(job))
    if key_of(content) != job.plan_key:
        raise PlanChanged
    return unpack(content)


def alone() -> None:
    """Let one import or undo write at a time; what waits goes on when the other has ended."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write(writing: Writing, job: ImportJob) -> dict:
    """Write a plan; returns the journal that ``undoing`` reads."""
    space, user, tell = writing.space, job.owner, _teller(writing, job)
    _refuse_strangers(space)
    before = {key: _before(space, key) for key in space.changed}
    more: list = []
    for model in ORDER:
        brought = [row for row in more if type(row) is model]
        more += add_all(model, space.added[model] + brought, by=user, tell=tell)
        space.added[model] += brought
    moves = [row for row in more if isinstance(row, models.StageMove)]
    for model in ORDER:
        rows, fields = space.changed_of(model), space.fields_of(model)
        change_all(model, rows, fields, by=user, source="import", job=job)
        tell(len(rows))
    links = _write_links(space)
    moves += _enter_stages(space, job)
    for move in moves:
        move.import_job = job
    models.StageMove.objects.bulk_create(moves, batch_size=CHUNK)
    raised = models.Conflict.objects.raise_for(space.added[models.Project], by=user)
    space.added[models.Conflict] = raised
    _log(writing, job, tell)
    _propose(writing, job)
    return _journal(space, before, links, moves)


def _refuse_strangers(space) -> None:
    """Rows of a model without a place in ORDER would be told as written, and be nowhere."""
    planned = {model for model, rows in space.added.items() if rows}
    if strangers := (planned | {model for model, _pk in space.changed}) - set(ORDER):
        raise TypeError(f"not in ORDER: {sorted(model.__name__ for model in strangers)}")


def _teller(writing: Writing, job):
    """A function that hears of rows written, and says every half second how many there are."""
    space = writing.space
    total = sum(map(len, space.added.values())) + len(space.changed) + len(writing.lines)
    done, said_at = 0, time.monotonic()

    def tell(count: int) -> None:
        nonlocal done, said_at
        done += count
        if time.monotonic() - said_at >= TELL_SECONDS:
            said_at = time.monotonic()
            job.tell(min(done, total), total)

    return tell


def _before(space, key) -> dict:
    stored = space.changed[key].__dict__["_stored"]
    names = {key[0]._meta.get_field(name).attname for name in space.fields[key]}
    return {name: stored[name] for name in names}


def _write_links(space) -> dict[str, list[int]]:
    """Many-to-many links; returns the keys of the rows added, by table."""
    added: dict[str, list] = {}
    for row, name, other in space.links:
        field = row._meta.get_field(name)
        through = field.remote_field.through
        values = {field.m2m_column_name(): row.pk, field.m2m_reverse_name(): other.pk}
        added.setdefault(through._meta.label, []).append(through(**values))
    for rows in added.values():
        type(rows[0]).objects.bulk_create(rows, batch_size=CHUNK)
    return {label: [row.pk for row in rows] for label, rows in added.items()}


def _enter_stages(space, job) -> list:
    """The recorded overrides that bring projects to the stage of their ledger."""
    projects = list({p.pk: p for p, _s, _o in space.entries_to_stage}.values())
    for project in projects:
        project.__dict__.pop("_prefetched_objects_cache", None)
    for start in range(0, len(projects), CHUNK):
        prefetch_related_objects(projects[start : start + CHUNK], *STAGE_LINKS)
    reason = _("Taken over from the ledger “%(file)s”.") % {"file": job.file_name}
    moves = [
        project.take_move(stage, by=job.owner, on=on, reason=reason[:300])
        for project, stage, on in space.entries_to_stage
        if project.stage != stage
    ]
    change_all(models.Project, projects, {"stage", "stage_since"}, by=job.owner)
    return moves


def _log(writing: Writing, job, tell) -> None:
    """One line a row in the record's history."""
    kinds = {type(line.instance) for line in writing.lines}
    kinds = {model: ContentType.objects.get_for_model(model).pk for model in kinds}
    text = _("Ledger “%(file)s”, row %(row)s: %(labels)s")
    moment = timezone.now()
    rows = [
        (moment, job.owner_id, kinds[type(line.instance)], str(line.instance.pk), line.name,
         ADDITION if line.is_new else CHANGE,
         text % {"file": job.file_name, "row": line.number, "labels": line.labels})
        for line in writing.lines
    ]  # fmt: skip
    insert_values(LogEntry, LOGGED, rows, tell)


def _propose(writing: Writing, job) -> None:
    """Names the reference data does not know go to the bureau, once each."""
    for target, text, rows in writing.proposals:
        ReferenceProposal.objects.get_or_create(
            target=target, text_key=match_key(text)[:120],
            defaults={"text": text, "seen_in": job.file_name[:200], "seen_rows": rows,
                      "created_by": job.owner, "updated_by": job.owner,
                      "is_sample": job.owner.is_sample},
        )  # fmt: skip


def _journal(space, before, links, moves) -> dict:
    """What was written, so that it can be taken back: keys, versions, former values."""
    added = {
        model._meta.label: [[row.pk, row.version] for row in rows]
        for model, rows in space.added.items() if rows and issubclass(model, Record)
    }  # fmt: skip
    changed = [
        [model._meta.label, pk, space.changed[(model, pk)].version, values]
        for (model, pk), values in before.items()
    ]
    journal = {"added": added, "changed": changed, "links": links, "moves": [m.pk for m in moves]}
    return json.loads(json.dumps(journal, cls=DjangoJSONEncoder))


def _stored(writing: Writing) -> dict:
    """Records that were written as the database holds them now."""
    keys: dict[tuple, set] = {}
    for line in writing.lines:
        keys.setdefault((type(line.instance), line.is_new), set()).add(line.instance.pk)
    counts = {"created": 0, "updated": 0}
    for (model, is_new), found in keys.items():
        found -= set() if is_new else keys.get((model, True), set())
        name = "created" if is_new else "updated"
        counts[name] += sum(model._base_manager.filter(pk__in=p).count() for p in chunks(found))
    return counts
