"""Writing a checked ledger: everything in one transaction, or nothing."""

import json

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import models
from crm.models import ImportJob, ReferenceProposal
from crm.models.base import Record
from crm.models.writing import add_all, change_all
from crm.names import match_key

from .checking import Plan, count, make_plan
from .directory import chunks
from .entry import Verdict

# Parents before what refers to them.
ORDER = (
    models.Company, models.CompanyName, models.CompanyMark, models.Contact, models.Event,
    models.Trip, models.Project, models.ProjectInvestor, models.CreditShare, models.Phase,
    models.FactorNeeds, models.ComputeCapacity, models.Milestone, models.Assessment, models.Deal,
    models.DealParty, models.Arrival, models.Visit, models.FollowUp, models.Request,
)  # fmt: skip
STAGE_LINKS = ("visits", "conflicts", "assessments", "deals__parties", "credit_shares",
               "project_company")  # fmt: skip
CHUNK = 2_000
# One import writes at a time: two of the same file would else meet at a unique name.
LOCK = 4_070_001


class PlanChanged(Exception):
    """The data is no longer as it was when the ledger was checked."""


def commit(job: ImportJob) -> None:
    """Read the file once more under lock, and write what the check page showed.

    Raises PlanChanged when that would be something else by now, or StaleRecord when the job was
    taken away; nothing is written then.
    """
    with transaction.atomic():
        _alone()
        plan = make_plan(job)
        if plan.key != job.plan_key:
            raise PlanChanged
        if len(plan.good) < len(plan.entries) and not job.leaves_out_bad:
            raise PlanChanged
        journal = write(plan, job)
        job.finish(
            ImportJob.State.DONE, journal=journal, committed_at=timezone.now(),
            counts=count(plan) | _stored(plan),
        )  # fmt: skip


def _alone() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write(plan: Plan, job: ImportJob) -> dict:
    """Write a plan; returns the journal that ``undoing`` reads."""
    space, user = plan.ledger.workspace, job.owner
    before = {key: _before(space, key) for key in space.changed}
    more: list = []
    for model in ORDER:
        brought = [row for row in more if type(row) is model]
        more += add_all(model, space.added[model] + brought, by=user)
        space.added[model] += brought
    moves = [row for row in more if isinstance(row, models.StageMove)]
    for model in ORDER:
        rows, fields = space.changed_of(model), space.fields_of(model)
        change_all(model, rows, fields, by=user, source="import", job=job)
    links = _write_links(space)
    moves += _enter_stages(space, job)
    for move in moves:
        move.import_job = job
    models.StageMove.objects.bulk_create(moves, batch_size=CHUNK)
    _log(plan, job)
    _propose(plan.ledger, job)
    return _journal(space, before, links, moves)


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


def _log(plan: Plan, job) -> None:
    """One line a row in the record's history."""
    kinds, rows = {}, []
    for entry in plan.good:
        if entry.instance is None or not (entry.is_record_new or entry.changes):
            continue
        model = type(entry.instance)
        kinds[model] = kinds.get(model) or ContentType.objects.get_for_model(model)
        rows.append(LogEntry(
            user=job.owner, content_type=kinds[model], object_id=str(entry.instance.pk),
            object_repr=str(entry.instance)[:200], change_message=_message(entry, job),
            action_flag=ADDITION if entry.is_record_new else CHANGE,
        ))  # fmt: skip
    LogEntry.objects.bulk_create(rows, batch_size=CHUNK)


def _message(entry, job) -> str:
    labels = "、".join(dict.fromkeys(change["label"] for change in entry.changes))
    return _("Ledger “%(file)s”, row %(row)s: %(labels)s") % {
        "file": job.file_name, "row": entry.number, "labels": labels,
    }  # fmt: skip


def _propose(ledger, job) -> None:
    """Names the reference data does not know go to the bureau, once each."""
    for (target, text), rows in ledger.proposals.items():
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


def _stored(plan: Plan) -> dict:
    """Records of the ledger's kind as the database holds them now."""
    model = plan.ledger.model
    new = {e.instance.pk for e in plan.good if e.is_record_new}
    changed = {e.instance.pk for e in plan.good if e.verdict == Verdict.CHANGED} - new
    created, updated = (
        sum(model._base_manager.filter(pk__in=part).count() for part in chunks(keys))
        for keys in (new, changed)
    )
    left_out = len(plan.entries) - len(plan.good)
    return {"created": created, "updated": updated, "left_out": left_out}
