"""Peak memory of a whole import and a whole export, and how long a check takes.

Each is done by a process of its own (``python -m tests.bench.memory ACT ROWS``), so that nothing of
another one counts; the process that reads the file is counted with it. An export must not grow with
its rows; an import keeps its rows and has a limit.
"""

import io
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.figures import Figure

ROWS_IN, ROWS_OUT, ROWS_CHECKED = 50_000, 100_000, 5_000
MOST_MEGABYTES = 1_200
CHECK_SECONDS = 20
FLAT = 1.25


def measure(quick: bool) -> Iterator[Figure]:
    from tests.bench import exporting, visit_rows

    visit_rows.fill_register()
    visit_rows.clear()
    checked = _in_own_process("check", ROWS_CHECKED)
    yield Figure(f"check of {ROWS_CHECKED:,} rows, against {CHECK_SECONDS} s", checked["seconds"],
                 CHECK_SECONDS, "s", at_most=1)  # fmt: skip
    rows = 5_000 if quick else ROWS_IN
    found = _in_own_process("import", rows)
    yield Figure(f"import of {rows:,} rows, peak memory against the limit", found["megabytes"],
                 MOST_MEGABYTES, "MB", at_most=1)  # fmt: skip
    rows = 20_000 if quick else ROWS_OUT
    exporting.fill(rows // 10)
    few = _in_own_process("export", rows // 10)
    exporting.fill(rows)
    many = _in_own_process("export", rows)
    yield Figure(f"export of {rows:,} rows, peak memory against a tenth of them",
                 many["megabytes"], few["megabytes"], "MB", at_most=FLAT)  # fmt: skip
    visit_rows.clear()


def _in_own_process(act: str, rows: int) -> dict:
    command = [sys.executable, "-m", "tests.bench.memory", act, str(rows)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _import(rows: int, *, steps: tuple[str, ...] = ("check", "commit")) -> None:
    from crm.ledgers import guards, jobs
    from tests.bench import visit_rows

    guards.CLOCK_SECONDS = 120  # the time is measured here, and a busy machine is no failure
    job = jobs.upload(_user(), "visits", visit_rows.workbook(rows), "拜访台账.xlsx")
    for step in steps:
        if not job.begin(step):
            raise AssertionError(f"{step}: {job.state} {job.message} {job.counts}")
        jobs.run(job, step)
    if job.counts["new"] != rows:
        raise AssertionError(f"{job.state} {job.message} {job.counts}")


def _check(rows: int) -> None:
    _import(rows, steps=("check",))


def _export(rows: int) -> None:
    from crm.ledgers.exporting import export
    from crm.models import Visit

    user = _user()
    with io.FileIO(os.devnull, "wb") as target:
        if export("visits", Visit.objects.visible_to(user), user, to=target) != rows:
            raise AssertionError("not all rows were exported")


def _user():
    from crm.access import Role
    from crm.models import User
    from tests import make

    return User.objects.filter(role=Role.BUREAU).first() or make.user(Role.BUREAU)


ACTS = {"check": _check, "import": _import, "export": _export}


def main(act: str, rows: int) -> None:
    import django

    django.setup()
    start = time.perf_counter()
    ACTS[act](rows)
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    kilobytes = sum(resource.getrusage(who).ru_maxrss for who in whose)
    print(json.dumps({"seconds": round(time.perf_counter() - start, 2),
                      "megabytes": round(kilobytes / 1024)}))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
