"""``python -m tests.drills.killed_commits [TIMES [ROWS]]``: kill -9 while a ledger is written.

Each time a process of its own commits a checked ledger and is killed at a random moment. After that
all rows are there and the job says done, or none is and it reads failed within a minute; anything
else ends the drill with 1. Runs on SQLite and PostgreSQL at once, on databases made for it; how far
it is goes to the standard error.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from tests.databases import throw_away_postgres

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = "--on-this-database"
TIMES, ROWS = 50, 20_000
LIMIT_SECONDS = 60


def main(times: int, rows: int) -> int:
    with tempfile.TemporaryDirectory(prefix="crm-drill-") as folder, throw_away_postgres() as url:
        places = {"SQLite": f"sqlite:///{folder}/drill.sqlite3"} | (
            {"PostgreSQL": url} if url else {}
        )
        with ThreadPoolExecutor() as both:
            drills = {
                name: both.submit(on_database, place, Path(folder) / name, times, rows)
                for name, place in places.items()
            }
        found = {name: drill.result() for name, drill in drills.items()}
    for name, result in found.items():
        print(f"{name}: {json.dumps(result)}")
    return 0 if len(found) == 2 and all(map(is_clean, found.values())) else 1


def on_database(url: str, folder, times: int, rows: int, *, waits: bool = True) -> dict:
    """Kill commits on one database; how each ended, counted."""
    variables = os.environ | {
        "DATABASE_URL": url, "CRM_DATA_DIR": str(folder), "CRM_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.drills.killed_commits", HERE, str(times), str(rows)]
    done = subprocess.run(
        [*command, "wait" if waits else ""], env=variables, cwd=ROOT, stdout=subprocess.PIPE,
        check=True,
    )  # fmt: skip
    return json.loads(done.stdout.decode().splitlines()[-1])


def is_clean(result: dict) -> bool:
    return not any(result[name] for name in ("partial", "false done", "unfinished", "stuck"))


class Drill:
    """One database and the ledger that is written to it over and over."""

    def __init__(self, rows: int):
        from crm.access import Role
        from tests import make
        from tests.bench import visit_rows

        visit_rows.fill_register()
        self.rows, self.clear, self.waits, self.job = rows, visit_rows.clear, False, None
        self.user, self.data = make.user(Role.BUREAU), visit_rows.workbook(rows)
        self.counts = dict.fromkeys(
            ("killed", "done", "failed", "partial", "false done", "unfinished", "stuck",
             "longest wait"), 0,
        )  # fmt: skip

    def run(self, times: int, waits: bool) -> dict:
        """Until so many were killed; one done before its moment tells how long they take."""
        whole = self._commit(seconds=None)
        self.waits = waits  # once the time is really waited
        while (killed := self.counts["killed"]) < times:
            moment = random.uniform(0.3, 1.05) * whole  # noqa: S311 - no secret
            lived = self._commit(seconds=moment)
            whole = lived if self.counts["killed"] == killed else whole
            print(json.dumps(self.counts), file=sys.stderr, flush=True)
        return self.counts

    def _commit(self, seconds: float | None) -> float:
        """Commit in a process of its own, killed after so long; then judge what is left.

        Returns how long the process lived.
        """
        self.job = job = self._ready()
        job.begin("commit")
        command = [sys.executable, "manage.py", "run_import", str(job.pk), "commit", job.runner]
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.counts["killed"] += 1
        lived = time.monotonic() - start
        self._judge(job)
        return lived

    def _ready(self):
        """The ledger checked; a commit that was killed leaves the check as good as it was."""
        from crm.ledgers import guards, jobs
        from crm.models import ImportJob, Visit

        if self.job and self.job.state == "failed" and not Visit.objects.exists():
            ImportJob.objects.filter(pk=self.job.pk).update(state="checked", message="")
            self.job.refresh_from_db()
            return self.job
        guards.CLOCK_SECONDS = 120  # reading is not what is drilled: a busy machine may take longer
        self.clear()
        job = jobs.upload(self.user, "visits", self.data, "拜访台账.xlsx")
        job.begin("check")
        jobs.run(job, "check")
        if job.state != "checked":
            raise AssertionError(f"{job.state}: {job.message}")
        return job

    def _judge(self, job) -> None:
        from crm.models import Visit

        written = Visit.objects.count()
        job.refresh_from_db()
        if written not in (0, self.rows):
            self.counts["partial"] += 1
        elif job.state == "done":
            self.counts["done" if written else "false done"] += 1
        elif written:
            self.counts["unfinished"] += 1
        else:
            self._must_read_failed(job)

    def _must_read_failed(self, job) -> None:
        """Without a sign of life the job reads failed in time; mostly the time is only turned.

        A server that was told to commit does so though its client is dead: then all rows are there.
        """
        from crm.models import ImportJob, Visit

        start = time.monotonic()
        if not self.waits:
            self._turn_time_back(job)
        self.waits = False
        while time.monotonic() - start < LIMIT_SECONDS:
            ImportJob.objects.fail_stalled()
            job.refresh_from_db()
            if job.state in ("failed", "done"):
                break
            time.sleep(1)
        waited = round(time.monotonic() - start, 1)
        self.counts["longest wait"] = max(self.counts["longest wait"], waited)
        written = Visit.objects.count()
        if job.state == "done":
            self.counts["done" if written == self.rows else "false done"] += 1
        else:
            is_over = job.state == "failed" and not job.is_running and not written
            self.counts["failed" if is_over else "stuck"] += 1

    @staticmethod
    def _turn_time_back(job) -> None:
        from django.utils import timezone

        from crm.models import ImportJob, lifesigns

        lifesigns.forget(job)
        earlier = timezone.now() - timedelta(seconds=LIMIT_SECONDS)
        ImportJob.objects.filter(pk=job.pk).update(heartbeat_at=earlier)


def _here(times: int, rows: int, waits: bool) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    print(json.dumps(Drill(rows).run(times, waits)))


if __name__ == "__main__":
    if sys.argv[1:2] == [HERE]:
        _here(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:5] == ["wait"])
    else:
        given = [int(argument) for argument in sys.argv[1:3]]
        sys.exit(main(*given, *(TIMES, ROWS)[len(given) :]))
