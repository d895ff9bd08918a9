"""``python -m tests.drills [--short] [SQLite|PostgreSQL]``: the faults, and what became of them.

Prints one line for each fault and database with how often it was tried; exits with 1 when a promise
was broken once, or a database was not there to be tried.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tests.databases import postgres_server
from tests.serving import ROOT, prepare

from . import killed_commits

# Like the throw-away server of the tests, but what was told to be written is written.
OPTIONS = "-c fsync=off -c full_page_writes=off -c listen_addresses=''"
LINE = "{fault:<44} {database:<11} {repeats:>6} {missed:>6} {seconds:>6.0f} s  {note}"


def main(arguments: list[str]) -> int:
    is_short = "--short" in arguments
    wanted = [name for name in arguments if name != "--short"] or ["SQLite", "PostgreSQL"]
    print(f"{'fault':<44} {'database':<11} {'tried':>6} {'missed':>6}   time  note", flush=True)
    missed = sum(on(name, is_short) for name in wanted)
    print(f"missed: {missed}")
    return 1 if missed else 0


def on(name: str, is_short: bool) -> int:
    """All drills on one kind of database; how many promises were broken."""
    with tempfile.TemporaryDirectory(prefix="crm-drills-") as folder:
        if name == "SQLite":
            return drilled(f"sqlite:///{folder}/crm.sqlite3", Path(folder), is_short)
        with postgres_server(OPTIONS) as server:
            if server is None:
                print("PostgreSQL is not there.")
                return 1
            return drilled(server.url, Path(folder), is_short, server.restart)


def drilled(url: str, folder: Path, is_short: bool, restart=None) -> int:
    prepare(ROOT, folder, url)
    missed = run(url, folder, is_short, restart)
    if not is_short:
        missed += _killed_imports(_beside(url), folder)
    return missed


def run(url: str, folder: Path, is_short: bool, restart=None) -> int:
    """The drills on a prepared database; ``restart`` takes it away and brings it back."""
    variables = os.environ | {
        "DATABASE_URL": url, "CRM_DATA_DIR": str(folder), "CRM_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings", "CRM_LOG_LEVEL": "CRITICAL",
    }  # fmt: skip
    variables.pop("CRM_DRILL_RESTART", None)
    pipes = []
    if restart:
        (asked, ask), (wait, done) = os.pipe(), os.pipe()
        pipes = [ask, wait]
        variables["CRM_DRILL_RESTART"] = f"{ask}:{wait}"
        threading.Thread(target=_restarting, args=(asked, done, restart), daemon=True).start()
    command = [sys.executable, "-m", "tests.drills.on_database", *(["--short"] * is_short)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, pass_fds=pipes
    )
    for pipe in pipes:
        os.close(pipe)
    missed = sum(_told(json.loads(line)) for line in process.stdout)
    return missed + (1 if process.wait() else 0)


def _restarting(asked: int, done: int, restart) -> None:
    while os.read(asked, 1):
        restart()
        os.write(done, b"d")


def _told(outcome: dict) -> int:
    missed = len(outcome["misses"])
    print(LINE.format(**outcome, missed=missed), flush=True)
    for miss in outcome["misses"][:5]:
        print(f"    {miss}", flush=True)
    return missed


def _beside(url: str) -> str:
    """An empty database on the same server, for the drill that fills its own."""
    if url.startswith("sqlite"):
        return url.replace("crm.sqlite3", "imports.sqlite3")
    import psycopg

    with psycopg.connect(url, autocommit=True) as session:
        session.execute("CREATE DATABASE imports")
    return url.replace("/postgres?", "/imports?")


def _killed_imports(url: str, folder: Path) -> int:
    """The drill of killed commits."""
    found = killed_commits.on_database(url, folder, 20, 5_000, waits=False)
    is_clean = killed_commits.is_clean(found)
    outcome = {
        "fault": "kill -9 of an import's commit", "repeats": 20, "seconds": 0,
        "database": url.split(":")[0], "misses": [] if is_clean else [json.dumps(found)],
        "note": f"{found['done']} done, {found['failed']} failed",
    }  # fmt: skip
    return _told(outcome)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
