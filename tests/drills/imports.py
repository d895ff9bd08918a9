"""Many who import the same ledger at once, a commit that is sent again, a disk that is full."""

import subprocess
import sys

from tests.serving import ROOT

from .outcomes import Outcome, damage
from .people import at_once

ROWS = 40
HEADING = "日期,企业名称,洽谈内容,专班"


def ledger(place, number: int) -> bytes:
    """A visit ledger of firms that are all new; the same number gives the same file."""
    lines = [
        f"2026-{row % 9 + 1:02d}-{row % 27 + 1:02d},演练{number}号{row}数据有限公司,第{row}次座谈,"
        f"{place.team.name}"
        for row in range(ROWS)
    ]
    return "\n".join([HEADING, *lines]).encode()


def checked_job(place, data: bytes):
    from crm.ledgers import jobs

    job = jobs.upload(place.bureau, "visits", data, "演练.csv")
    job.begin("check")
    jobs.run(job, "check")
    if job.state != "checked":
        raise RuntimeError(f"the drill's ledger was not read: {job.state} {job.message}")
    return job


def written(number: int) -> int:
    from crm.models import Visit

    return Visit.objects.filter(company__name__startswith=f"演练{number}号").count()


def many_importers(place, times: int, importers: int = 8) -> Outcome:
    """Each row once, and no import is stuck, however many bring the same file at once."""
    misses = []
    for number in range(1000, 1000 + times):
        found = [checked_job(place, ledger(place, number)) for _ in range(importers)]
        running = [_commit(place, job) for job in found]
        for process in running:
            process.wait(timeout=300)
        for job in found:
            job.refresh_from_db()
        if any(job.runner or job.state not in ("done", "checked", "failed") for job in found):
            misses.append(f"stuck: {[job.state for job in found]}")
        if written(number) != ROWS:
            misses.append(f"{written(number)} visits, not {ROWS}")
    name = f"{importers} import the same file at once"
    return Outcome(name, times, misses + damage())


def _commit(place, job):
    job.begin("commit")
    command = [sys.executable, "manage.py", "run_import", str(job.pk), "commit", job.runner]
    return subprocess.Popen(
        command, cwd=ROOT, env=place.served.variables, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def replayed_commit(place, times: int) -> Outcome:
    """The click on 导入 sent five times, twice in the same moment: written once."""
    misses, one = [], place.pair[0]
    for number in range(2000, 2000 + times):
        job = checked_job(place, ledger(place, number))
        sent = lambda pk=job.pk: one.post(f"/crm/importjob/{pk}/commit/", {})  # noqa: E731
        answers = [*at_once(sent, sent), sent(), sent(), sent()]
        job.refresh_from_db()
        statuses = {getattr(answer, "status", repr(answer)) for answer in answers}
        if (written(number), job.state, statuses) != (ROWS, "done", {302}):
            misses.append(f"{written(number)} visits, {job.state}, {statuses}")
    return Outcome("the commit of an import, sent five times", times, misses + damage())


def full_disk_import(place, times: int) -> Outcome:
    """A ledger that does not fit leaves no row, and goes in once there is room."""
    from crm.models import ImportJob

    misses = []
    for number in range(3000, 3000 + times):
        job = checked_job(place, ledger(place, number))
        job.begin("commit")
        place.served.manage("run_import", job.pk, "commit", job.runner, file_limit=16_384)
        job.refresh_from_db()
        if written(number) or job.state == "done":
            misses.append(f"{written(number)} visits, {job.state}")
        ImportJob.objects.filter(pk=job.pk).update(state="checked", runner="")
        job.begin("commit")
        place.served.manage("run_import", job.pk, "commit", job.runner)
        if written(number) != ROWS:
            misses.append("refused although there is room again")
    return Outcome("disk full while importing", times, misses + damage())
