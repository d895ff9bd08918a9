"""How far a step is while its one transaction is open, told where other processes hear it.

What a transaction writes nobody sees before it ends. On PostgreSQL a second connection tells;
SQLite has one writer and lives on one machine, so that a small file beside the data does.
"""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

_PATIENCE = "SET statement_timeout = 2000"
_TELL = (
    "UPDATE crm_importjob SET step_done = %s, step_total = %s, heartbeat_at = %s"
    " WHERE id = %s AND runner = %s"
)


def tell(job, done: int, total: int) -> None:
    """Say that the step is alive; a sign that cannot be given is no reason to end it."""
    if connection.vendor == "postgresql":
        _tell_beside(job, done, total)
        return
    file = _file(job)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{job.runner} {done} {total}")


def _tell_beside(job, done: int, total: int) -> None:
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(_PATIENCE)
            cursor.execute(_TELL, [done, total, timezone.now(), job.pk, job.runner])
            cursor.execute("RESET statement_timeout")
    except DatabaseError:
        return
    finally:
        beside.close()


def heard(job) -> tuple[int, int, datetime] | None:
    """What the running step said last in its file, and when; None without any."""
    try:
        runner, done, total = _file(job).read_text().split()
        moment = datetime.fromtimestamp(_file(job).stat().st_mtime, UTC)
    except (OSError, ValueError):
        return None
    return (int(done), int(total), moment) if runner == job.runner else None


def forget(job) -> None:
    with contextlib.suppress(OSError):
        _file(job).unlink(missing_ok=True)


def _file(job) -> Path:
    return Path(settings.DATA_DIR) / "running" / str(job.pk)
