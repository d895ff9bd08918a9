"""``python -m tests.daily``: the daily jobs, counted, as a table; not 0 when one misses."""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browsers import ARGUMENTS, find_chromium
from tests.daily.counting import Outcome, all_jobs, do
from tests.daily.targets import TARGETS
from tests.serving import ROOT, serve, variables

LINE = "{number:>2}  {name:<58} {clicks:>9} {keys:>6} {seconds:>8} {limit:>7}  {met}"


def main() -> int:
    chosen = _arguments()
    path = find_chromium()
    if path is None:
        print("No Chromium found; nothing was measured.")
        return 1
    numbers = set(chosen.numbers or TARGETS)
    jobs = [job for job in all_jobs() if job.number in numbers]
    print(LINE.format(number="#", name="job", clicks="clicks", keys="keys", seconds="seconds",
                      limit="target", met="met"))  # fmt: skip
    with _served(chosen) as address, _chromium(path) as browser:
        outcomes = [_told(do(browser, address, job)) for job in jobs]
    return _summary(outcomes, numbers - {job.number for job in jobs})


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.daily")
    parser.add_argument("numbers", nargs="*", type=int, help="jobs to do; all without")
    parser.add_argument("--data", choices=["demo", "big"], default="demo")
    told = "use this one, with big data an empty one; its rows are changed"
    parser.add_argument("--database", metavar="URL", help=told)
    return parser.parse_args()


@contextlib.contextmanager
def _served(chosen):
    with tempfile.TemporaryDirectory(prefix="crm-daily-") as name:
        folder = Path(name)
        database = chosen.database or f"sqlite:///{folder / 'daily.sqlite3'}"
        if chosen.data == "big":
            _fill(folder, database)
        with serve(ROOT, folder, database) as address:
            yield address


def _fill(folder: Path, database: str) -> None:
    """The demo and, around it, 20,000 firms, 5,000 projects and 300,000 visits."""
    settings = variables(folder, database, port=8000)
    for command in (["demo", "--prepare"], ["generate_data"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=settings, check=True)


@contextlib.contextmanager
def _chromium(path: str):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _told(outcome: Outcome) -> Outcome:
    job, count = outcome.job, outcome.count
    limit = f"≤ {job.target.seconds:g}" if job.target.seconds else "–"
    line = LINE.format(
        number=job.number, name=str(job).partition(" ")[2],
        clicks=f"{count.clicks} of {job.target.clicks}", keys=count.keys,
        seconds=f"{count.seconds:.1f}", limit=limit, met="yes" if outcome.is_met else "NO",
    )  # fmt: skip
    print(line, flush=True)
    if outcome.fault:
        print(f"    {outcome.fault.splitlines()[0]}", flush=True)
    return outcome


def _summary(outcomes: list[Outcome], without: set[int]) -> int:
    missed = sorted({o.job.number for o in outcomes if not o.is_met} | without)
    for number in sorted(without):
        print(f"{number:>2}  {TARGETS[number].name}: no such job in tests/daily")
    done = {outcome.job.number for outcome in outcomes} | without
    what = f"missed: {', '.join(map(str, missed))}" if missed else "none missed"
    ways = len(outcomes)
    print(f"{len(done) - len(missed)} of {len(done)} daily jobs met in {ways} ways, {what}")
    return 1 if missed else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("CRM_DEMO", "1")
    import django

    django.setup()
    sys.exit(main())
