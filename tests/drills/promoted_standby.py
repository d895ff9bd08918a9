"""``python -m tests.drills.promoted_standby [ROUNDS]``: the primary dies, its standby takes over.

Two PostgreSQL servers with synchronous streaming replication. Writers save visits as the site does;
at a random moment the primary is killed with SIGKILL, the standby promoted, and every visit whose
saving was acknowledged has to be on it, with its history. Ends with 1 when one is missing.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.databases import _nobody, _runner, _within_reach, server_binaries

ROOT = Path(__file__).resolve().parent.parent.parent
DRILL = ("-m", "tests.drills.promoted_standby")
WRITERS, ROUNDS = 4, 3


def main(rounds: int) -> int:
    binaries = server_binaries()
    if binaries is None or not (binaries / "pg_basebackup").exists():
        print("This drill needs the programs of a PostgreSQL server, pg_basebackup among them.")
        return 2
    results = [one_round(binaries) for _ in range(rounds)]
    for result in results:
        print(json.dumps(result))
    return 0 if all(not result["lost"] and result["acknowledged"] for result in results) else 1


def one_round(binaries: Path) -> dict:
    """Write, kill, promote, count."""
    with two_servers(binaries) as servers:
        run(servers.primary, "manage.py", "migrate", "--verbosity", "0")
        run(servers.primary, *DRILL, "--prepare")
        writers = [start_writer(servers.primary) for _ in range(WRITERS)]
        until_busy(servers.primary)
        time.sleep(random.uniform(1, 6))  # noqa: S311 - any moment will do
        servers.kill_primary()
        begun = time.monotonic()
        servers.promote()
        took = time.monotonic() - begun
        texts = [writer.communicate(timeout=60)[0].decode() for writer in writers]
        acknowledged = [line for text in texts for line in text.split() if line.isdigit()]
        kept = visits_of(servers.standby)
        lost = [pk for pk in acknowledged if int(pk) not in kept]
    return {
        "acknowledged": len(acknowledged), "on the standby": len(kept), "lost": len(lost),
        "promoted in seconds": round(took, 1),
    }  # fmt: skip


class Servers:
    """A primary and the standby that follows it, in one folder, over sockets only."""

    def __init__(self, binaries: Path, folder: Path):
        account = _nobody() if os.geteuid() == 0 else None
        if account:
            folder.chmod(0o755)
            os.chown(folder, account.pw_uid, account.pw_gid)
            binaries = _within_reach(binaries, folder)
        self.folder, self.binaries, self.run = folder, binaries, _runner(folder, account)
        self.primary, self.standby = (
            f"postgres://crm@/postgres?host={folder}&port={port}" for port in (5432, 5433)
        )

    def start(self) -> None:
        init = ["-D", self.folder / "one", "-U", "crm", "-A", "trust", "-E", "UTF8"]
        self.run([self.binaries / "initdb", *init, "--locale=C.UTF-8"])
        self._start("one", 5432, "-c synchronous_standby_names='*' -c synchronous_commit=local")
        copy = ["-h", self.folder, "-U", "crm", "-D", self.folder / "two", "-R", "-X", "stream"]
        self.run([self.binaries / "pg_basebackup", *copy])
        self._start("two", 5433, "")
        self._wait_for_sync()

    def _start(self, name: str, port: int, options: str) -> None:
        shared = f"-k {self.folder} -p {port} -c listen_addresses='' {options}"
        log = self.folder / f"{name}.log"
        data = self.folder / name
        self.run([self.binaries / "pg_ctl", "-D", data, "-w", "-l", log, "-o", shared, "start"])

    def _wait_for_sync(self) -> None:
        import psycopg

        with psycopg.connect(self.primary, autocommit=True) as session:
            for _ in range(100):
                state = session.execute("SELECT sync_state FROM pg_stat_replication").fetchone()
                if state and state[0] == "sync":
                    # From here on a commit is acknowledged when the standby has it, too.
                    session.execute("ALTER DATABASE postgres SET synchronous_commit = on")
                    return
                time.sleep(0.1)
        raise RuntimeError("the standby does not follow")

    def kill_primary(self) -> None:
        postmaster = (self.folder / "one" / "postmaster.pid").read_text().split()[0]
        children = subprocess.run(["pgrep", "-P", postmaster], capture_output=True, text=True)
        for pid in [postmaster, *children.stdout.split()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def promote(self) -> None:
        self.run([self.binaries / "pg_ctl", "-D", self.folder / "two", "-w", "promote"])

    def stop(self) -> None:
        for name in ("one", "two"):
            command = [
                self.binaries / "pg_ctl",
                "-D",
                self.folder / name,
                "-m",
                "immediate",
                "stop",
            ]
            self.run(command, check=False)


@contextlib.contextmanager
def two_servers(binaries: Path):
    folder = Path(tempfile.mkdtemp(prefix="crm-standby-"))
    servers = Servers(binaries, folder)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def variables(url: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings", "CRM_DEMO": "1",
    }  # fmt: skip


def run(url: str, *command: str) -> None:
    subprocess.run([sys.executable, *command], env=variables(url), cwd=ROOT, check=True)


def start_writer(url: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *DRILL, "--write"], env=variables(url), cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def until_busy(url: str) -> None:
    """Return when all writers have begun, or raise TimeoutError."""
    for _ in range(600):
        if len(visits_of(url)) > 5 * WRITERS:
            return
        time.sleep(0.2)
    raise TimeoutError("nobody writes")


def visits_of(url: str) -> set[int]:
    import psycopg

    with psycopg.connect(url) as session:
        return {row[0] for row in session.execute("SELECT id FROM crm_visit")}


def prepare() -> None:
    """The rows that visits are about."""
    from tests import make

    make.keeper(), make.company(), make.team()


def write() -> None:
    """Save visits until the database is gone; the number of each after its commit."""
    from django.db import DatabaseError

    from crm.models import Company, TaskForce, Visit
    from crm.periods import today
    from tests import make

    user = make.keeper()
    about = {"company": Company.objects.get(), "task_force": TaskForce.objects.get()}
    with contextlib.suppress(DatabaseError):
        while True:
            visit = Visit(**about, held_on=today(), content="写到主库断开为止")
            visit.save_as(user)
            print(visit.pk, flush=True)


ROLES = {"--prepare": prepare, "--write": write}

if __name__ == "__main__":
    if sys.argv[-1] in ROLES:
        import django

        django.setup()
        ROLES[sys.argv[-1]]()
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
