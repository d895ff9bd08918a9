"""The life of an import: uploaded, checked, committed, undone; one step at a time, by its owner."""

import contextlib
import gc
import logging
import subprocess
import sys

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from crm.access import permissions_of
from crm.models import ImportJob, StaleRecord

from .book import UnusableFile
from .checking import check
from .committing import commit
from .guards import MAX_UPLOAD
from .keeping import PlanChanged
from .undoing import undo

log = logging.getLogger(__name__)
Step, State = ImportJob.Step, ImportJob.State
STEPS = {Step.CHECK: check, Step.COMMIT: commit, Step.UNDO: undo}
# What is read in about a second is done at once; the rest gets a process of its own.
SMALL = 60_000


def upload(user, kind: str, data: bytes, name: str) -> ImportJob:
    """Keep a file for import. Raises PermissionDenied, or UnusableFile when it is too large."""
    if "import_ledger" not in permissions_of(user.role):
        raise PermissionDenied
    if len(data) > MAX_UPLOAD:
        limit = MAX_UPLOAD // 1024**2
        raise UnusableFile(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    job = ImportJob(
        owner=user, kind=kind, file_name=name[-200:], size=len(data),
        language=translation.get_language() or settings.LANGUAGE_CODE, is_sample=user.is_sample,
    )  # fmt: skip
    job.file.save(name, ContentFile(data), save=False)
    job.save()
    return job


def start(job: ImportJob, step: str, **values) -> bool:
    """Begin a step and run it, here or in a process of its own; False when it cannot begin now."""
    if "import_ledger" not in permissions_of(job.owner.role) or not job.begin(step, **values):
        return False
    if job.size <= SMALL or not settings.IMPORTS_IN_OWN_PROCESS:
        run(job, step)
    elif settings.WORKER:
        run_step.enqueue(job.pk, step, job.runner)
    else:
        _spawn(job, step)
    return True


@task()
def run_step(pk: int, step: str, runner: str) -> None:
    """Run a step that was begun; nothing when its job was taken away or ended meanwhile."""
    found = ImportJob.objects.filter(pk=pk, runner=runner).first()
    if found is not None and found.is_running:
        run(found, step)


def _spawn(job, step) -> None:
    subprocess.Popen(  # noqa: S603 - our own command with a number and a fixed word
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_import", str(job.pk), step,
         job.runner],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def run(job: ImportJob, step: str) -> None:
    """Run a step that was begun; whatever happens, the job says how it ended."""
    with translation.override(job.language), _no_collecting():
        try:
            STEPS[step](job)
        except StaleRecord:
            log.warning("import %s: the step %s was taken away", job.pk, step)
        except PlanChanged:
            _check_again(job)
        except (UnusableFile, ValidationError, PermissionDenied, DatabaseError) as error:
            log.info("import %s: %s failed: %r", job.pk, step, error)
            _fail(job, step, _reason(error))
        except Exception:
            log.exception("import %s: %s failed", job.pk, step)
            _fail(job, step, _("The step could not be completed; nothing was written."))
            raise
    job.refresh_from_db()


@contextlib.contextmanager
def _no_collecting():
    """Thousands of rows that live until the end make every look for garbage long and vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _reason(error) -> str:
    if isinstance(error, PermissionDenied):
        return _("Part of it is not yours to write; nothing was written.")
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, IntegrityError):
        return _("Somebody else wrote the same at this moment; nothing was written. Check again.")
    if isinstance(error, DatabaseError):
        return _("The database did not answer in time; nothing was written.")
    return str(error)


def _fail(job, step, message: str) -> None:
    state = State.DONE if step == Step.UNDO else State.FAILED
    job.finish(state, message=message)


def _check_again(job) -> None:
    """The data changed since the check: show the new plan before anything is written."""
    message = _("The data changed since the check; nothing was written. Please look again.")
    job.finish(State.CHECKED, message=message)
    if job.begin(Step.CHECK):
        check(job)
        ImportJob.objects.filter(pk=job.pk).update(message=message)
