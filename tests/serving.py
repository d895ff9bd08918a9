"""The app served as a newcomer would start it, in a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def variables(folder: Path, database: str, port: int) -> dict[str, str]:
    """The environment of ``manage.py demo`` with its files in ``folder``."""
    return os.environ | {
        "CRM_DEMO": "1",
        "CRM_DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "PORT": str(port),
    }


def prepare(sources: Path, folder: Path, database: str) -> None:
    """What ``manage.py demo`` does before it serves."""
    subprocess.run(
        [sys.executable, "manage.py", "demo", "--prepare"],
        cwd=sources, env=variables(folder, database, free_port()), check=True, capture_output=True,
    )  # fmt: skip


@contextlib.contextmanager
def serve(sources: Path, folder: Path, database: str):
    """Prepare and serve the demo of the sources; yields its address."""
    port, path = free_port(), folder / "server.log"
    with path.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=sources, env=variables(folder, database, port), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/login/", process, path)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str, process, log: Path) -> None:
    for _ in range(1_200):
        if process.poll() is not None:
            raise RuntimeError(f"the demo stopped while starting:\n{log.read_text()}")
        try:
            urllib.request.urlopen(url, timeout=10)  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError(f"the demo did not answer at {url}:\n{log.read_text()}")
